"""Relative days and times of features, and the instants that they mean in the clinic's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from harness.driver.outcomes import NotProven

__all__ = ["Day", "Days", "Hours", "Moment", "clock_change"]

LONGEST_DAYS = 54 * 7
"""No change that comes every year is further away: the last Sunday of a month moves by up to 53 weeks."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day counted from today: 1 is tomorrow. ``whole``: the first one from there on with 24 hours."""

    offset: int
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A local time on a relative day."""

    day: Day
    at: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Spans of local time on one relative day."""

    day: Day
    spans: tuple[tuple[time, time], ...]


class Days:
    """The days of one scenario: what "tomorrow" is does not change under it, unless it moves the clock itself."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.zone = zone
        self.begin(now)

    def begin(self, now: datetime) -> None:
        """Days are counted from the local day of ``now``."""
        self.today = now.astimezone(self.zone).date()

    def day_of(self, day: Day) -> date:
        """The calendar day."""
        counted = self.today + timedelta(days=day.offset)
        while day.whole and self._length(counted) != timedelta(days=1):
            counted += timedelta(days=1)
        return counted

    def at(self, moment: Moment) -> datetime:
        """The instant, with the zone's offset on that day."""
        return self.on(self.day_of(moment.day), moment.at)

    def check(self, day: date) -> None:
        """Nothing where something may be arranged on that day.

        Raises:
            NotProven: it may not.
        """

    def on(self, day: date, at: time) -> datetime:
        """The instant of a local time on a calendar day.

        Raises:
            NotProven: clocks leave that time out on that day.
        """
        instant = datetime.combine(day, at, self.zone)
        if at != time() and instant.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != instant.replace(
            tzinfo=None
        ):
            told = f"there is no {at:%H:%M} on {day:%a %d %b}: clocks go forward"
            raise NotProven(told, reason="precondition unmet", blame="harness")
        return instant

    def spans(self, hours: Hours) -> tuple[tuple[datetime, datetime], ...]:
        """The spans as instants."""
        day = self.day_of(hours.day)
        return tuple((self.on(day, start), self.on(day, end)) for start, end in hours.spans)

    def midnight(self, day: date) -> datetime:
        """The instant at which the day begins."""
        return self.on(day, time())

    def _length(self, day: date) -> timedelta:
        begins, ends = (self.midnight(one).astimezone(UTC) for one in (day, day + timedelta(days=1)))
        return ends - begins

    def window(self, days: int) -> tuple[datetime, datetime]:
        """From the beginning of today over ``days`` days."""
        return self.midnight(self.today), self.midnight(self.today + timedelta(days=days))

    def words(self, instant: datetime) -> str:
        """The instant as people say it: ``Tue 24 Nov 09:00``."""
        return f"{instant.astimezone(self.zone):%a %d %b %H:%M}"


def clock_change(zone: ZoneInfo, first: date, *, forward: bool) -> date | None:
    """The first day from ``first`` on with clocks going forward there, or back; None where it never is."""
    for count in range(LONGEST_DAYS):
        day = first + timedelta(days=count)
        begins, ends = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
        longer = ends.astimezone(UTC) - begins.astimezone(UTC) - timedelta(days=1)
        if longer and (longer < timedelta(0)) == forward:
            return day
    return None
