"""Checks of who came to a visit."""

from __future__ import annotations

from dataclasses import dataclass

from harness.verdict.finding import Problem
from harness.verdict.observation import CalendarSeen, PersonSeen
from harness.verdict.people import resembles

__all__ = ["PresenceShown"]

SIDES = {"partner": "the clinic's calendar", "docplanner": "Docplanner"}


@dataclass(frozen=True, slots=True)
class PresenceShown:
    """The patient's booked visit is shown as ``present`` or ``absent``, in whatever case it is written."""

    patient: PersonSeen
    presence: str

    def judge(self, seen: CalendarSeen) -> Problem | None:
        """None where there is one, and it is."""
        theirs = [one for one in seen.visits if one.booked and resembles(one.patient, self.patient)]
        told = sorted({(one.presence or "nothing said").casefold() for one in theirs})
        if told == [self.presence]:
            return None
        return Problem(
            f"That {self.patient.name} was {self.presence} is not in {SIDES[seen.side]}",
            f"one visit, {self.presence}",
            f"a visit, {' and '.join(told)}" if theirs else "no visit",
            "pass presence and absence on in both directions, each by its own call",
        )
