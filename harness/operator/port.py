"""What is asked of a person, and what a person answers. Whoever asks knows no terminal, whoever answers no scenario.

A :class:`Task` is something to do, a :class:`Question` something to look at. Both say in plain words who must act and
what exactly; ``details`` says the same in facts, for a script that stands in for the person.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

__all__ = ["NO", "YES", "Answer", "Operator", "Question", "Said", "Task", "Who"]


class Who(enum.StrEnum):
    """Who must act, or look."""

    STAFF = "staff"
    """The clinic's staff, in the partner system."""
    PATIENT = "patient"
    """On the marketplace."""
    DOCTOR = "doctor"
    """In the Docplanner calendar."""
    SPECIALIST = "specialist"
    """Docplanner's own: shares clinics, knows what no page shows."""


class Said(enum.StrEnum):
    """How a person ended what they were asked."""

    DONE = "done"
    """Done; for a question: looked, and ``choice`` says what was seen."""
    SKIPPED = "skipped"
    """They would not do it now: the scenario is not run."""
    REPEAT = "repeat"
    """They want to be asked again. No adapter acts upon it: :mod:`harness.operator.asking` asks again."""
    CANNOT_TELL = "cannot tell"
    REFUSED = "refused"
    """For a task: they tried, and the program, or the page, would not do it. The note says what it said."""


YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a person does.

    ``words`` is the whole instruction: names, local date and time such as ``Thu 26 Nov 10:00``, doctor, address.
    ``verb`` is the port's method that it stands for, such as ``add_appointment``; ``details`` its arguments: JSON
    values, instants ISO 8601 with an offset, durations minutes, ids Docplanner's.
    """

    who: Who
    words: str
    verb: str
    details: Mapping[str, object] = field(default_factory=dict)
    scenario: str = ""
    """For which scenario it is asked; empty before the first."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a person looks at.

    ``expected`` is the short table that should be seen, one line each; None where nothing is known of it. ``answers``
    are the words that may be chosen. Where the choice is ``tells``, the person says what there is, one line each, in
    the form ``example``.
    """

    who: Who
    words: str
    verb: str
    expected: tuple[str, ...] | None = None
    answers: tuple[str, ...] = (YES, NO)
    tells: str | None = None
    example: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
    scenario: str = ""
    """For which scenario it is asked; empty before the first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person said. ``by`` is the name of who answered; ``at`` when, UTC, by the machine's clock."""

    said: Said
    by: str
    at: datetime | None = None
    note: str | None = None
    choice: str | None = None
    """For a question: one of its ``answers``."""
    seen: tuple[str, ...] = ()
    """For a question whose choice was ``tells``: what there is, line by line."""

    @property
    def yes(self) -> bool:
        """Whether the person looked, and it was so."""
        return self.said is Said.DONE and self.choice == YES


class Operator(Protocol):
    """A person who acts and looks.

    Raises from either method:
        OperatorGone: nobody is there to answer any more.
    """

    def do(self, task: Task) -> Answer:
        """Ask for the task, and wait until the person has ended it, however long that takes."""
        ...

    def look(self, question: Question) -> Answer:
        """Ask what is seen, and wait until the person has answered, however long that takes."""
        ...
