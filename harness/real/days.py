"""The days of a scenario that plays on a real calendar: those that it was leased, and no others."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from harness.driver.days import Day, Days
from harness.driver.outcomes import NotProven

__all__ = ["LeasedDays"]


class LeasedDays(Days):
    """``tomorrow`` is the first of the ``days`` leased days; everything is looked at within them alone."""

    def __init__(self, first: date, days: int, zone: ZoneInfo) -> None:
        self.zone = zone
        self.today = first - timedelta(days=1)
        self._first, self._days = first, days

    def begin(self, now: datetime) -> None:
        """The days stay: nobody moves the clock of a real Docplanner."""

    def day_of(self, day: Day) -> date:
        """The calendar day.

        Raises:
            NotProven: it is none of the leased ones.
        """
        counted = super().day_of(day)
        self.check(counted)
        return counted

    def check(self, day: date) -> None:
        """Nothing where the day is leased.

        Raises:
            NotProven: it is not.
        """
        if not self._first <= day < self._first + timedelta(days=self._days):
            told = f"{day:%a %d %b} is none of the days that were kept for the scenario in a real calendar"
            raise NotProven(told, reason="needs the embedded sandbox", blame=None)

    def window(self, days: int) -> tuple[datetime, datetime]:
        """The leased days, at most ``days`` of them."""
        return self.midnight(self._first), self.midnight(self._first + timedelta(days=min(days, self._days)))
