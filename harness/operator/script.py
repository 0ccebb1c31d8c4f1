"""A script in the person's place: a Python function, or a file of answers in their order."""

from __future__ import annotations

import runpy
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from harness.errors import ConfigurationError, OperatorGone
from harness.operator.port import Answer, Operator, Question, Task

__all__ = ["ScriptedOperator", "from_file"]

Script = Callable[[Task | Question], Answer]
FUNCTION = "answer"


@dataclass(frozen=True, slots=True)
class ScriptedOperator:
    """Answers what ``script`` says; an answer without time gets the machine's."""

    script: Script

    def do(self, task: Task) -> Answer:
        """What the script says to the task."""
        return self._dated(self.script(task))

    def look(self, question: Question) -> Answer:
        """What the script says to the question."""
        return self._dated(self.script(question))

    @staticmethod
    def _dated(answer: Answer) -> Answer:
        return answer if answer.at else replace(answer, at=datetime.now(UTC))


@dataclass(slots=True)
class _Lines:
    """Answers in the order of a file."""

    path: Path
    left: deque[Answer] = field(default_factory=deque)

    def __call__(self, asked: Task | Question) -> Answer:
        if not self.left:
            message = f"{self.path} has no answer left to: {asked.words}"
            raise OperatorGone(message)
        return self.left.popleft()


def from_file(path: Path) -> Operator:
    """The script in a file: Python with a function ``answer(asked)``, or answers as JSON lines.

    A line is such as ``{"said": "done", "by": "Ola"}``.

    Raises:
        ConfigurationError: the file cannot be read, has no such function, or a line is no answer; all lines are named.
    """
    try:
        if path.suffix == ".py":
            return ScriptedOperator(_function(path))
        lines = path.read_bytes().splitlines()
    except OSError as error:
        message = f"The operator's script {path} cannot be read: {error.strerror}."
        raise ConfigurationError(message) from error
    found, mistakes = _Lines(path), []
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                found.left.append(msgspec.json.decode(line, type=Answer))
        except msgspec.DecodeError as error:
            mistakes.append(f"line {number}: {error}")
    if mistakes:
        raise ConfigurationError("\n  ".join([f"{path} is no list of answers:", *mistakes]))
    return ScriptedOperator(found)


def _function(path: Path) -> Script:
    function = runpy.run_path(str(path)).get(FUNCTION)
    if not callable(function):
        message = f"The operator's script {path} has no function {FUNCTION}(asked)."
        raise ConfigurationError(message)
    return function  # type: ignore[no-any-return]
