"""What day it is at Docplanner and at the clinic: moved on where the partner system shares its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from harness.driver.days import clock_change
from harness.driver.outcomes import NotProven
from harness.driver.scene import Scene
from harness.marketplace.port import TimeThere
from harness.partner.port import PartnerSystem
from harness.recorder.line import Actor
from harness.vocabulary import Calendar

__all__ = ["ELSEWHERE", "TimeDesk", "day_of_change"]

ELSEWHERE = ZoneInfo("Europe/Berlin")
"""Whose days of change are taken for marketplaces where clocks never change: the partner's server may stand there."""
NOON = time(12)


def day_of_change(zone: ZoneInfo, today: date, *, forward: bool) -> date:
    """The next day, tomorrow or later, on which clocks go forward, or back: in ``zone``, or else :data:`ELSEWHERE`."""
    tomorrow = today + timedelta(days=1)
    found = clock_change(zone, tomorrow, forward=forward) or clock_change(ELSEWHERE, tomorrow, forward=forward)
    if found is None:
        message = f"clocks change neither in {zone.key} nor in {ELSEWHERE.key}"
        raise NotProven(message, reason="precondition unmet", blame="harness")
    return found


@dataclass(frozen=True, slots=True)
class TimeDesk:
    """Moves both sides on together. What was armed or booked before is then as old as that."""

    scene: Scene
    partner: PartnerSystem
    there: TimeThere

    def day_before_change(self, *, forward: bool) -> None:
        """It is noon, or later, of the day before clocks go forward, or back; the scenario's days are counted anew."""
        self.scene.need("clock", self._share)
        days = self.scene.days
        before = day_of_change(days.zone, days.today, forward=forward) - timedelta(days=1)
        by = datetime.combine(before, NOON, days.zone) - self.scene.clock.now()
        if by > timedelta(0):
            self._move(by)
        days.begin(self.scene.clock.now())

    def pass_by(self, by: timedelta, calendar: Calendar) -> None:
        """So much time passes: by the clock where it is shared, else for the messages about the calendar alone."""
        if self.scene.settings.can("clock"):
            self._move(by)
        else:
            self.age(calendar, by, f"Messages about the calendar grow {by.total_seconds() / 3600:g} hours older")

    def age(self, calendar: Calendar, by: timedelta, words: str) -> None:
        """Messages about the calendar are so much older."""
        self.scene.act(
            Actor.DOCPLANNER, words, lambda cause: self.there.age(calendar.id, by, cause), address=calendar.id
        )

    def exhaust(self, calendar: Calendar) -> None:
        """Docplanner gives up on the messages about the calendar that did not arrive."""
        self.scene.act(
            Actor.DOCPLANNER,
            "Docplanner gives up on what did not arrive",
            lambda cause: self.there.exhaust_retries(calendar.id, cause),
            address=calendar.id,
        )

    def _move(self, by: timedelta) -> None:
        to = self.scene.clock.now() + by
        self.scene.act(
            Actor.HARNESS,
            f"Time passes until {self.scene.days.words(to)}, in the clinic's system",
            lambda _: self.partner.set_clock(to),
        )
        self.scene.act(
            Actor.HARNESS,
            f"Time passes until {self.scene.days.words(to)}, at Docplanner",
            lambda cause: self.there.pass_by(to - self.scene.clock.now(), cause),
        )
        self.scene.advance(to - self.scene.clock.now())
        self.scene.last = None  # what was done before the jump is no beginning of a wait

    def _share(self) -> None:
        """Ask the clinic's system to take for now what is now: without effect where it obeys."""
        self.scene.act(
            Actor.HARNESS,
            "The run asks the clinic's system to share its clock",
            lambda _: self.partner.set_clock(self.scene.clock.now()),
        )
