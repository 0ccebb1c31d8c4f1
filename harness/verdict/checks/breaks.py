"""Checks of blocked time, as the minutes that it covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from harness.verdict.finding import Problem
from harness.verdict.instants import Instants
from harness.verdict.minutes import minutes_of, of_breaks
from harness.verdict.observation import BreaksSeen
from harness.verdict.wording import ranges, span, zone_of

__all__ = ["BreakGone", "BreakShown"]

SIDES = {"partner": "the clinic's calendar", "docplanner": "Docplanner"}


@dataclass(frozen=True, slots=True)
class BreakShown(Instants):
    """Exactly the time [since, till) is blocked, in one piece or in several."""

    since: datetime
    till: datetime
    time_zone: str = ""

    def judge(self, seen: BreaksSeen) -> Problem | None:
        """None where the blocked minutes are exactly these."""
        zone = zone_of(self.time_zone, self.since)
        due, there = minutes_of(self.since, self.till), of_breaks(seen.breaks)
        if due == there:
            return None
        missing, over = due - there, there - due
        told = [f"not blocked {ranges(missing, zone)}"] if missing else []
        told += [f"blocked too {ranges(over, zone)}"] if over else []
        hint = "the old time of a moved break may have been kept" if over and not missing else ""
        return Problem(
            f"The break is not as it should be in {SIDES[seen.side]}",
            f"blocked exactly {span(self.since, self.till, zone)}",
            "; ".join(told),
            hint,
        )


@dataclass(frozen=True, slots=True)
class BreakGone(Instants):
    """Nothing of [since, till) is blocked."""

    since: datetime
    till: datetime
    time_zone: str = ""

    def judge(self, seen: BreaksSeen) -> Problem | None:
        """None where it is free."""
        zone = zone_of(self.time_zone, self.since)
        left = minutes_of(self.since, self.till) & of_breaks(seen.breaks)
        if not left:
            return None
        return Problem(
            f"The break is still there in {SIDES[seen.side]}",
            f"{span(self.since, self.till, zone)} free",
            f"blocked {ranges(left, zone)}",
        )
