"""One person for several processes, and scripts in a person's place."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import AuthenticationError
from pathlib import Path

import pytest

from harness.errors import ConfigurationError, OperatorGone
from harness.operator.desk import OperatorDesk, RemoteOperator
from harness.operator.port import YES, Answer, Question, Said, Task, Who
from harness.operator.script import ScriptedOperator, from_file

TASK = Task(Who.DOCTOR, "Block the hour.", "add_break", {"address_id": "7", "since": "2026-11-24T10:00:00+01:00"})
QUESTION = Question(Who.STAFF, "Is it so?", "breaks", ("1  Tue",), tells="no")


@dataclass
class Slow:
    """Takes its time, and notices when it is asked twice at once."""

    asked: list[Task | Question] = field(default_factory=list)
    under_way: int = 0
    most: int = 0
    go_on: threading.Event = field(default_factory=threading.Event)

    def __call__(self, asked: Task | Question) -> Answer:
        """Done, and yes."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.asked.append(asked)
        self.go_on.wait(10)
        self.under_way -= 1
        return Answer(Said.DONE, "Ola", choice=YES if isinstance(asked, Question) else None)


@pytest.fixture
def slow() -> Slow:
    """The script of the desk."""
    return Slow()


@pytest.fixture
def desk(slow: Slow) -> Iterator[OperatorDesk]:
    """A desk with that script."""
    with OperatorDesk(ScriptedOperator(slow)) as opened:
        yield opened


def test_what_is_asked_and_answered_crosses_processes_whole(slow: Slow, desk: OperatorDesk) -> None:
    """Tasks, questions, and answers with their time."""
    slow.go_on.set()
    remote = RemoteOperator(desk.address)

    assert remote.do(TASK).said is Said.DONE
    answer = remote.look(QUESTION)
    remote.close()

    assert answer.yes
    assert answer.at is not None
    assert slow.asked == [TASK, QUESTION]


def test_two_who_ask_are_answered_one_after_the_other(slow: Slow, desk: OperatorDesk) -> None:
    """A person plays one scenario at a time."""
    answers: list[Answer] = []
    asking = [threading.Thread(target=lambda: answers.append(RemoteOperator(desk.address).do(TASK))) for _ in range(2)]
    for one in asking:
        one.start()
    slow.go_on.set()
    for one in asking:
        one.join(10)

    assert len(answers) == 2
    assert slow.most == 1


def test_a_stranger_without_the_key_is_not_heard_and_stops_nobody(slow: Slow, desk: OperatorDesk) -> None:
    """The desk goes on for those who know it."""
    port = desk.address.partition(":")[0]
    with pytest.raises((AuthenticationError, OSError, EOFError)):
        RemoteOperator(f"{port}:guessed")
    slow.go_on.set()
    assert RemoteOperator(desk.address).do(TASK).said is Said.DONE


def test_once_nobody_answers_nobody_is_asked_again(tmp_path: Path) -> None:
    """The desk says why; whoever asks then is told that the person has gone."""
    file = tmp_path / "answers.jsonl"
    file.write_text('{"said": "done", "by": "Ola"}\n\n', encoding="utf-8")
    with OperatorDesk(from_file(file)) as desk:
        remote = RemoteOperator(desk.address)
        assert remote.do(TASK).by == "Ola"
        for _ in range(2):
            with pytest.raises(OperatorGone):
                remote.do(TASK)
        assert desk.gone is not None
        assert "no answer left to: Block the hour." in desk.gone


def test_all_mistakes_of_a_script_are_told_at_once(tmp_path: Path) -> None:
    """Lines that are no answers, a missing file, Python without the function."""
    file = tmp_path / "answers.jsonl"
    file.write_text('{"said": "maybe", "by": "Ola"}\nnot JSON\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"(?s)line 1: .*line 2: "):
        from_file(file)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        from_file(tmp_path / "none.jsonl")
    empty = tmp_path / "person.py"
    empty.write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"no function answer\(asked\)"):
        from_file(empty)
