"""What becomes of a person's answers."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from harness.errors import PersonCouldNotTell, PersonSkipped
from harness.operator.asking import have_done, have_seen
from harness.operator.port import NO, YES, Answer, Question, Said, Task, Who

TASK = Task(Who.STAFF, "Book Anna.", "add_appointment")
QUESTION = Question(Who.STAFF, "Is Anna there?", "appointments")


@dataclass
class Told:
    """Answers in their order."""

    answers: list[Answer]
    asked: list[str] = field(default_factory=list)

    def do(self, task: Task) -> Answer:
        """The next answer."""
        self.asked.append(task.verb)
        return self.answers.pop(0)

    def look(self, question: Question) -> Answer:
        """The next answer."""
        self.asked.append(question.verb)
        return self.answers.pop(0)


def test_a_task_is_asked_again_until_it_is_done() -> None:
    """Repeat asks the same once more."""
    told = Told([Answer(Said.REPEAT, "Ola"), Answer(Said.REPEAT, "Ola"), Answer(Said.DONE, "Ola")])
    assert have_done(told, TASK).said is Said.DONE
    assert told.asked == ["add_appointment"] * 3


def test_who_skipped_or_could_not_tell_is_named_with_the_note() -> None:
    """The trouble says what was asked, of whom, and what they noted."""
    with pytest.raises(PersonSkipped, match=r"Book Anna. \(Ola skipped it: no time\)"):
        have_done(Told([Answer(Said.SKIPPED, "Ola", note="no time")]), TASK)
    with pytest.raises(PersonCouldNotTell, match=r"Is Anna there\? \(Ola could not tell\)"):
        have_seen(Told([Answer(Said.CANNOT_TELL, "Ola")]), QUESTION)


def test_no_is_an_answer() -> None:
    """A question answered with no was looked at: nothing is raised."""
    answer = have_seen(Told([Answer(Said.DONE, "Ola", choice=NO)]), QUESTION)
    assert not answer.yes
    assert Answer(Said.DONE, "Ola", choice=YES).yes
