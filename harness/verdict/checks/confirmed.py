"""Checks of confirmations."""

from __future__ import annotations

from dataclasses import dataclass

from harness.verdict.finding import Problem
from harness.verdict.observation import CalendarSeen, PersonSeen
from harness.verdict.people import resembles

__all__ = ["VisitConfirmed"]

SIDES = {"partner": "the clinic's calendar", "docplanner": "Docplanner"}


@dataclass(frozen=True, slots=True)
class VisitConfirmed:
    """The patient's booked visit is shown as confirmed."""

    patient: PersonSeen

    def judge(self, seen: CalendarSeen) -> Problem | None:
        """None where there is one, and it is."""
        theirs = [one for one in seen.visits if one.booked and resembles(one.patient, self.patient)]
        if theirs and all(one.confirmed for one in theirs):
            return None
        return Problem(
            f"The confirmation of {self.patient.name}'s visit is not in {SIDES[seen.side]}",
            "one visit, confirmed",
            "a visit that is not confirmed" if theirs else "no visit",
            "pass confirmations on in both directions",
        )
