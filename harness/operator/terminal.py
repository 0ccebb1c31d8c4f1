"""A person at the terminal. What they are asked stands between two lines, with the clock and who must act."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from harness.clock import Clock, SystemClock
from harness.errors import OperatorGone
from harness.operator.port import Answer, Question, Said, Task

__all__ = ["TerminalOperator", "typed_lines"]

RULE = "─" * 78
KEYS = {"s": Said.SKIPPED, "r": Said.REPEAT, "?": Said.CANNOT_TELL}
NOTE = "n"
TASK_KEYS = "Enter done · x the program refuses · s skip · r repeat · ? cannot tell · n note"
QUESTION_KEYS = "s skip · r repeat · ? cannot tell · n note"
BLOCK = 4096


class TerminalOperator:
    """Asks on ``out``, reads with ``read_line``; ``by`` is who attests, ``zone`` and ``clock`` the clinic's time.

    ``read_line`` gives a line without its end, and raises OperatorGone where no more come.
    """

    def __init__(
        self,
        by: str,
        *,
        zone: ZoneInfo,
        clock: Clock | None = None,
        out: TextIO | None = None,
        read_line: Callable[[], str] | None = None,
    ) -> None:
        self._by = by
        self._zone = zone
        self._clock = clock or SystemClock()
        self._out = out or sys.stderr
        self._read = read_line or typed_lines()

    def do(self, task: Task) -> Answer:
        """Show the task, and wait for a key."""
        note: str | None = None
        while True:
            self._show(task, TASK_KEYS)
            match self._read().strip().lower():
                case "":
                    return self._answer(Said.DONE, note)
                case "n":
                    note = self._note()
                case "x":
                    return self._answer(Said.REFUSED, note or self._asked("What does it say?"))
                case key if key in KEYS:
                    return self._answer(KEYS[key], note)
                case key:
                    self._say(f"{key!r} is none of the keys.")

    def look(self, question: Question) -> Answer:
        """Show what is asked, and wait for one of its answers, by number or word."""
        choices = " · ".join(f"{number} {one}" for number, one in enumerate(question.answers, start=1))
        note: str | None = None
        while True:
            self._show(question, f"{choices} · {QUESTION_KEYS}")
            typed = self._read().strip().lower()
            by_number = dict(zip(map(str, range(1, len(question.answers) + 1)), question.answers, strict=True))
            choice = by_number.get(typed) or next((one for one in question.answers if one.lower() == typed), None)
            if choice is not None:
                told = self._lines(question) if choice == question.tells else ()
                return replace(self._answer(Said.DONE, note), choice=choice, seen=told)
            if typed == NOTE:
                note = self._note()
            elif typed in KEYS:
                return self._answer(KEYS[typed], note)
            else:
                self._say(f"{typed!r} is none of the answers." if typed else "An answer is needed.")

    # -- within ---------------------------------------------------------------------------------------------------

    def _show(self, asked: Task | Question, keys: str) -> None:
        now = self._clock.now().astimezone(self._zone)
        about = f"  {asked.scenario}" if asked.scenario else ""
        lines = [RULE, f"{now:%a %d %b %H:%M:%S}  {str(asked.who).upper()}{about}", "", asked.words]
        if isinstance(asked, Question) and asked.expected is not None:
            lines += ["", *(f"    {one}" for one in asked.expected or ("nothing",))]
        self._say(*lines, "", keys)

    def _lines(self, question: Question) -> tuple[str, ...]:
        form = f", as in: {question.example}" if question.example else ""
        self._say(f"What is there? One line each{form}. An empty line ends it; at once: there is nothing.")
        seen: list[str] = []
        while line := self._read().strip():
            seen.append(line)
        return tuple(seen)

    def _note(self) -> str:
        return self._asked("Your note (it is kept in the report; name no real patient):")

    def _asked(self, what: str) -> str:
        self._say(what)
        return self._read().strip()

    def _answer(self, said: Said, note: str | None) -> Answer:
        return Answer(said, self._by, datetime.now(UTC), note or None)

    def _say(self, *lines: str) -> None:
        self._out.write("\n".join(lines) + "\n")
        self._out.flush()


def typed_lines(descriptor: int = 0) -> Callable[[], str]:
    """Reads lines straight from the descriptor: a thread that waits in ``sys.stdin`` would hold up the end of Python.

    Raises:
        OperatorGone: (the function that is given) no more lines come.
    """
    kept: list[bytes] = [b""]

    def next_line() -> str:
        while b"\n" not in kept[0]:
            block = os.read(descriptor, BLOCK)
            if not block:
                message = "The terminal gave no more answers."
                raise OperatorGone(message)
            kept[0] += block
        line, _, kept[0] = kept[0].partition(b"\n")
        return line.decode(errors="replace").rstrip("\r")

    return next_line
