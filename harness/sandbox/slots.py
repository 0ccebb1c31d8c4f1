"""Work periods, and the slots that they are cut into. Pure.

Partners send work periods with services; Docplanner cuts them on a grid, the greatest common divisor of the period's
durations. A remainder too short for a service yields no slot. Source: behaviour.md, "Calendars" [old].
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

__all__ = ["Offer", "Offered", "Span", "Timetable", "WorkPeriod", "cut"]

Span = tuple[datetime, datetime]
"""From the first instant to just before the second."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A service within a period, and how long it takes there in minutes."""

    address_service_id: str
    duration: int


@dataclass(frozen=True, slots=True)
class WorkPeriod:
    """A period as it was sent and accepted; nothing offered means that the range is cleared."""

    start: datetime
    end: datetime
    services: tuple[Offered, ...]
    accepted_at: datetime
    anchor: datetime | None = None
    """Where the grid begins when that is not ``start``: a hole cut into a period moves no slot that is left."""

    @property
    def step(self) -> timedelta:
        """The grid: the greatest common divisor of the durations; zero where nothing is offered."""
        return timedelta(minutes=math.gcd(*(one.duration for one in self.services if one.duration > 0)))

    @property
    def first(self) -> datetime:
        """The first start on the grid."""
        anchor = self.anchor or self.start
        return anchor - (anchor - self.start) // self.step * self.step

    def has(self, start: datetime, end: datetime) -> bool:
        """Whether the time begins on the grid, lasts a multiple of it, and ends within the period."""
        if not self.step or start < self.start or end > self.end:
            return False
        return not (start - self.first) % self.step and not (end - start) % self.step


@dataclass(frozen=True, slots=True)
class Offer:
    """A time that can be booked for a service."""

    start: datetime
    end: datetime
    address_service_id: str
    duration: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """The work periods of one calendar, in order, not overlapping."""

    periods: tuple[WorkPeriod, ...] = ()

    def replaced(self, sent: Sequence[WorkPeriod], *, reach: str, zone: ZoneInfo) -> Timetable:
        """With the ranges of ``sent`` overridden, or with their whole days, as one change.

        ``reach`` is ``range`` or ``whole_day`` [open]. Of ranges in ``sent`` that overlap the later one wins [assumed].
        """
        timetable = self
        if reach == "whole_day":
            for day in sorted({period.start.astimezone(zone).date() for period in sent}):
                timetable = timetable.cleared(day, zone)
        for period in sent:
            timetable = timetable.without((period.start, period.end))
            if period.services:
                timetable = Timetable(tuple(sorted((*timetable.periods, period), key=lambda one: one.start)))
        return timetable

    def cleared(self, day: date, zone: ZoneInfo) -> Timetable:
        """Without anything on that local day."""
        first = datetime.combine(day, datetime.min.time(), zone)
        last = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
        # in UTC, where a difference is a difference also on the days on which clocks change
        return self.without((first.astimezone(UTC), last.astimezone(UTC)))

    def overlapping(self, since: datetime, till: datetime) -> tuple[WorkPeriod, ...]:
        """The periods that overlap the range."""
        return tuple(one for one in self.periods if one.start < till and one.end > since)

    def offers(self, taken: Iterable[Span], since: datetime, till: datetime) -> list[Offer]:
        """What starts in [since, till) and does not touch what is ``taken``."""
        busy = sorted(taken)
        return [
            offer
            for period in self.overlapping(since, till)
            for offer in cut(period)
            if since <= offer.start < till and not _touches(busy, offer)
        ]

    def without(self, hole: Span) -> Timetable:
        """With a hole cut into it."""
        since, till = hole
        untouched = tuple(one for one in self.periods if one.end <= since or one.start >= till)
        left = [
            replace(period, start=start, end=end, anchor=period.anchor or period.start)
            for period in self.overlapping(since, till)
            for start, end in ((period.start, since), (till, period.end))
            if start < end
        ]
        return Timetable(tuple(sorted((*untouched, *left), key=lambda one: one.start)))


def cut(period: WorkPeriod) -> list[Offer]:
    """Every start on the period's grid, for each service that still fits before the period's end."""
    if not (step := period.step):
        return []
    found = []
    start = period.first
    while start < period.end:
        for service in period.services:
            end = start + timedelta(minutes=service.duration)
            if service.duration > 0 and end <= period.end:
                found.append(Offer(start, end, service.address_service_id, service.duration))
        start += step
    return found


def _touches(busy: Sequence[Span], offer: Offer) -> bool:
    return any(till > offer.start for _, till in takewhile(lambda span: span[0] < offer.end, busy))
