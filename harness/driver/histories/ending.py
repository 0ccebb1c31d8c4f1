"""How a history ended: what was done, and what both sides showed once all had come to rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from harness.driver.histories.mixes import Drawn
from harness.driver.histories.plan import Plan
from harness.driver.scene import Act
from harness.verdict.checks.histories import HistoryEndsEqual
from harness.verdict.finding import Problem
from harness.verdict.observation import CalendarsSeen

__all__ = ["Ending"]


@dataclass(frozen=True, slots=True)
class Ending:
    """``problem`` is what the check has against it, ``unsure`` that it did not come up again on new calendars."""

    drawn: Drawn
    plan: Plan
    check: HistoryEndsEqual
    seen: CalendarsSeen
    problem: Problem | None
    limit: timedelta
    last: Act | None
    unsure: bool = False
    seen_by: tuple[str, ...] = ()
    """Persons who said what the clinic's side showed."""

    def look(self) -> CalendarsSeen:
        """What both sides showed."""
        return self.seen
