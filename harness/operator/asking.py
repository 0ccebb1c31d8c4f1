"""What an adapter that people stand behind makes of their answers.

A task that was refused (:attr:`~harness.operator.port.Said.REFUSED`) is given back as it is: what a refusal means, the
adapter knows.
"""

from __future__ import annotations

from harness.errors import PersonCouldNotTell, PersonSkipped
from harness.operator.port import Answer, Operator, Question, Said, Task

__all__ = ["have_done", "have_seen"]


def have_done(operator: Operator, task: Task) -> Answer:
    """Ask until the task is done, or refused; the answer that said so.

    Raises:
        PersonSkipped: the person would not do it now.
        PersonCouldNotTell: the person does not know whether it is done.
        OperatorGone: nobody answers.
    """
    while (answer := operator.do(task)).said is Said.REPEAT:
        continue
    return _ended(answer, task.words)


def have_seen(operator: Operator, question: Question) -> Answer:
    """Ask until the person has looked; the answer, with one of the question's choices.

    Raises:
        PersonSkipped: the person would not look now.
        PersonCouldNotTell: the person cannot tell what is there.
        OperatorGone: nobody answers.
    """
    while (answer := operator.look(question)).said is Said.REPEAT:
        continue
    return _ended(answer, question.words)


def _ended(answer: Answer, words: str) -> Answer:
    told = f"{words} {_said(answer)}"
    if answer.said is Said.SKIPPED:
        raise PersonSkipped(told)
    if answer.said is Said.CANNOT_TELL:
        raise PersonCouldNotTell(told)
    return answer


def _said(answer: Answer) -> str:
    what = "skipped it" if answer.said is Said.SKIPPED else "could not tell"
    return f"({answer.by} {what}{f': {answer.note}' if answer.note else ''})"
