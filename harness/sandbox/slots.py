"""Work periods, and the slots that they are cut into. Pure.

Partners send work periods with services; Docplanner cuts them on a grid, the greatest common divisor of the period's
durations. A remainder too short for a service yields no slot. Source: behaviour.md, "Calendars" [old].
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

__all__ = ["Offer", "Offered", "Span", "Timetable", "WorkPeriod", "cut", "end_of_chain", "widened"]

Span = tuple[datetime, datetime]
"""From the first instant to just before the second."""
REMEMBERED = 64
"""Periods of which the slots are remembered: the same weeks are asked for again and again. So few that reading a week
costs the same whether ten doctors are there or a thousand."""
LONGEST = timedelta(days=1)
"""No service lasts longer than the day that its period is in."""


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

    def begins(self, start: datetime) -> bool:
        """Whether a visit may begin there: within the period, on its grid."""
        return bool(self.step) and self.start <= start < self.end and not (start - self.first) % self.step

    def lasts(self, minutes: int, service_id: str, length: str) -> bool:
        """Whether a visit may last so long: a multiple of the ``grid``, as ``offered``, or ``any`` minutes [open]."""
        if length == "offered":
            return Offered(service_id, minutes) in self.services
        return length == "any" or not timedelta(minutes=minutes) % self.step


@dataclass(frozen=True, slots=True)
class Offer:
    """A time that can be booked for a service."""

    start: datetime
    end: datetime
    address_service_id: str
    duration: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """The work periods of one calendar, in order, not overlapping: starts and ends rise, so a range is found fast."""

    periods: tuple[WorkPeriod, ...] = ()

    def replaced(self, sent: Sequence[WorkPeriod], *, reach: str, zone: ZoneInfo) -> Timetable:
        """With the ranges of ``sent`` overridden, or with their whole days, as one change.

        ``reach`` is ``range`` or ``whole_day`` [open]. Of ranges in ``sent`` that overlap the later one wins.
        """
        timetable = self
        if reach == "whole_day":
            for day in sorted({period.start.astimezone(zone).date() for period in sent}):
                timetable = timetable.cleared(day, zone)
        for period in compact(sent):
            timetable = timetable.without((period.start, period.end))
            if period.services:
                place = bisect_left(timetable.periods, period.start, key=_start)
                timetable = Timetable((*timetable.periods[:place], period, *timetable.periods[place:]))
        return timetable

    def cleared(self, day: date, zone: ZoneInfo) -> Timetable:
        """Without anything on that local day."""
        first = datetime.combine(day, datetime.min.time(), zone)
        last = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
        # in UTC, where a difference is a difference also on the days on which clocks change
        return self.without((first.astimezone(UTC), last.astimezone(UTC)))

    def overlapping(self, since: datetime, till: datetime) -> tuple[WorkPeriod, ...]:
        """The periods that overlap the range."""
        first, beyond = self._between(since, till)
        return self.periods[first:beyond]

    def covers(self, span: Span) -> bool:
        """Whether every minute of the span is working time, whatever is offered in it."""
        since, till = span
        for period in self.overlapping(since, till):
            if period.start > since:
                return False
            since = max(since, period.end)
        return since >= till

    def offers(
        self,
        taken: Iterable[Span],
        since: datetime,
        till: datetime,
        *,
        spanning: bool = False,
        begun: bool = False,
    ) -> list[Offer]:
        """What starts in [since, till) and does not touch what is ``taken``.

        With ``spanning`` a service may end in a period that adjoins; with ``begun`` what started earlier and ends
        within the range counts too. Both are [open].
        """
        busy = _merged(taken)
        earliest = since - LONGEST if spanning and begun else since
        return [
            offer
            for period in self.overlapping(earliest, till)
            for offer in (cut(period, self._after(period)) if spanning else _cut_alone(period))
            if offer.start < till
            and (offer.end > since if begun else offer.start >= since)
            and not _touches(busy, offer)
        ]

    def without(self, hole: Span) -> Timetable:
        """With a hole cut into it."""
        since, till = hole
        first, beyond = self._between(since, till)
        left = (
            replace(period, start=start, end=end, anchor=period.anchor or period.start)
            for period in self.periods[first:beyond]
            for start, end in ((period.start, since), (till, period.end))
            if start < end
        )
        return Timetable((*self.periods[:first], *left, *self.periods[beyond:])) if first < beyond else self

    def _after(self, period: WorkPeriod) -> tuple[WorkPeriod, ...]:
        """The periods in which a service that begins in ``period`` may end."""
        return self.overlapping(*widened(period.end, period.end))

    def _between(self, since: datetime, till: datetime) -> tuple[int, int]:
        """The places of the first period that overlaps the range, and of the first one beyond it."""
        return bisect_right(self.periods, since, key=_end), bisect_left(self.periods, till, key=_start)


def _start(period: WorkPeriod) -> datetime:
    return period.start


def _end(period: WorkPeriod) -> datetime:
    return period.end


def compact(periods: Iterable[WorkPeriod]) -> list[WorkPeriod]:
    """The same in less memory: instants in UTC, one tuple for all that offer the same."""
    offered: dict[tuple[Offered, ...], tuple[Offered, ...]] = {}
    return [
        replace(
            one,
            start=one.start.astimezone(UTC),
            end=one.end.astimezone(UTC),
            services=offered.setdefault(one.services, one.services),
        )
        for one in periods
    ]


def end_of_chain(period: WorkPeriod, service_id: str, periods: Sequence[WorkPeriod]) -> datetime:
    """Until when the service is offered without a gap: over the ``periods`` that adjoin and offer it too."""
    end = period.end
    for other in periods:  # they are in order
        if other.start == end and any(one.address_service_id == service_id for one in other.services):
            end = other.end
    return end


def cut(period: WorkPeriod, chain: Sequence[WorkPeriod] = ()) -> list[Offer]:
    """Every start on the period's grid, for each service that still fits before its end, or that of the ``chain``."""
    if not (step := period.step):
        return []
    ends = {one.address_service_id: end_of_chain(period, one.address_service_id, chain) for one in period.services}
    found = []
    start = period.first
    while start < period.end:
        for service in period.services:
            end = start + timedelta(minutes=service.duration)
            if service.duration > 0 and end <= ends[service.address_service_id]:
                found.append(Offer(start, end, service.address_service_id, service.duration))
        start += step
    return found


def _cut_alone(period: WorkPeriod) -> Sequence[Offer]:
    # Remembered for UTC alone, as timetables are: in a zone with summer time two instants of one wall clock are equal.
    return _remembered(period) if period.start.tzinfo is UTC and period.end.tzinfo is UTC else cut(period)


@lru_cache(REMEMBERED)
def _remembered(period: WorkPeriod) -> tuple[Offer, ...]:
    return tuple(cut(period))


def widened(since: datetime, till: datetime) -> Span:
    """A day more on both sides: what can touch an offer of the range lies within."""
    with suppress(OverflowError):  # the ends of the calendar
        since -= LONGEST
    with suppress(OverflowError):
        till += LONGEST
    return since, till


def _merged(taken: Iterable[Span]) -> list[Span]:
    """The time that is taken as spans that do not overlap, in order."""
    merged: list[Span] = []
    for since, till in sorted(taken):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], till))
        else:
            merged.append((since, till))
    return merged


def _touches(busy: Sequence[Span], offer: Offer) -> bool:
    """Whether the first span that ends after the offer's start begins before its end."""
    place = bisect_right(busy, offer.start, key=lambda span: span[1])
    return place < len(busy) and busy[place][0] < offer.end
