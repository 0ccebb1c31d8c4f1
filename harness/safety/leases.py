"""Days of real calendars on which a scenario may play: whole local days on which there is nothing yet.

A scenario is given the days from the first that is free in every calendar that it needs, so many as it counts on, one
after another. Two scenarios never share a day of a calendar, so a test estate with two doctors is enough for many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from harness.client.models import CalendarAt
from harness.safety.picture import Picture

__all__ = ["Leased", "Leases", "empty_days"]


@dataclass(frozen=True, slots=True)
class Leased:
    """So many days from ``first`` on, in these calendars."""

    first: date
    days: int
    calendars: tuple[CalendarAt, ...]

    @property
    def dates(self) -> tuple[date, ...]:
        """Each day of it."""
        return tuple(self.first + timedelta(days=one) for one in range(self.days))


class Leases:
    """Hands out days that are free. ``free`` are the empty days of each calendar."""

    def __init__(self, free: Mapping[CalendarAt, Iterable[date]]) -> None:
        self._free = {calendar: set(days) for calendar, days in free.items()}

    def lease(self, calendars: Iterable[CalendarAt], days: int) -> Leased | None:
        """The earliest so many days in a row that are free in all of the calendars; None where there are none."""
        wanted = tuple(calendars)
        common = set.intersection(*(self._free.get(one, set()) for one in wanted)) if wanted else set()
        for first in sorted(common):
            leased = Leased(first, days, wanted)
            if common.issuperset(leased.dates):
                for one in wanted:
                    self._free[one].difference_update(leased.dates)
                return leased
        return None

    def give_back(self, leased: Leased, empty: Mapping[CalendarAt, Iterable[date]]) -> None:
        """Days of an ended scenario are free again where its calendars were seen to be ``empty`` then."""
        for one in leased.calendars:
            self._free[one] |= set(leased.dates) & set(empty.get(one, ()))


def empty_days(picture: Picture, first: date, last: date, zone: ZoneInfo) -> frozenset[date]:
    """Local days from ``first`` to ``last`` on which the calendar shows nothing: no slot, no visit, no break.

    A cancelled visit is something too: it would be taken for one of the scenario's. Both days must lie within the
    window of the picture.
    """
    spans = [(one.start, one.start) for one in picture.offered]
    spans += [(one.start, one.start + timedelta(minutes=one.minutes)) for one in picture.visits]
    spans += [(one.since, one.till) for one in picture.breaks]
    taken = {day for since, till in spans for day in _days(since, till, zone)}
    return frozenset({first + timedelta(days=one) for one in range((last - first).days + 1)} - taken)


def _days(since: datetime, till: datetime, zone: ZoneInfo) -> Iterable[date]:
    """Local days that the span touches; an end at midnight touches no other day."""
    day, end = since.astimezone(zone).date(), till.astimezone(zone)
    yield day
    while (day := day + timedelta(days=1)) <= end.date() and datetime.combine(day, datetime.min.time(), zone) < end:
        yield day
