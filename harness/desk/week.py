"""A week of one calendar, laid out day by day: what stands where, in minutes of the local day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from harness.desk.local_time import midnight

__all__ = ["DAYS", "Day", "Entry", "Placed", "Week", "laid_out"]

DAYS = 7
USUAL_HOURS = (8, 18)
"""Shown also where nothing stands in them."""
LEAST_MINUTES = 10
"""How high the shortest entry is drawn."""
MINUTES_A_DAY = 24 * 60
MOST_LANES = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that takes time: ``kind`` is slot, visit or break. ``link`` is where it is booked or changed."""

    kind: str
    start: datetime
    end: datetime
    link: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry on one day. ``row`` counts minutes from the first hour shown, from 1; ``span`` is how many it takes.

    ``lane`` is how many earlier breaks of the day it overlaps, so that none hides another; 0 for all else.
    """

    number: int
    entry: Entry
    row: int
    span: int
    lane: int
    since: datetime
    """When it begins, local; before the day where it began earlier."""
    till: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """One day with what stands on it, by time."""

    day: date
    placed: tuple[Placed, ...]
    is_today: bool
    now_row: int | None
    """Where the present is drawn; None where it is not among the hours shown."""
    changes_clocks: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days, and the hours of the day that are shown: from ``first_hour`` to just before ``last_hour``."""

    days: tuple[Day, ...]
    first_hour: int
    last_hour: int

    @property
    def hours(self) -> range:
        """Every hour shown."""
        return range(self.first_hour, self.last_hour)

    @property
    def placed(self) -> list[Placed]:
        """Everything, in order."""
        return [one for day in self.days for one in day.placed]


def laid_out(entries: Iterable[Entry], first: date, now: datetime, zone: ZoneInfo) -> Week:
    """The seven days from ``first``. What reaches over midnight stands on each day that it touches."""
    ordered = sorted(entries, key=lambda one: (one.start, one.kind != "break", one.end))
    days = [first + timedelta(days=number) for number in range(DAYS)]
    spans = [_clipped(entry, day, zone) for day in days for entry in _on(ordered, day, zone)]
    # A break over whole days needs no hours of its own.
    inner = [span for span in spans if span != (0, MINUTES_A_DAY)]
    first_hour = min([USUAL_HOURS[0], *(since // 60 for since, _ in inner)])
    last_hour = max([USUAL_HOURS[1], *(-(-till // 60) for _, till in inner)])
    made: list[Day] = []
    number = 0
    for day in days:
        placed: list[Placed] = []
        for entry in _on(ordered, day, zone):
            since, till = _clipped(entry, day, zone)
            since, till = max(since, first_hour * 60), min(till, last_hour * 60)
            row = since - first_hour * 60 + 1
            span = max(LEAST_MINUTES, till - since)
            lane = _lane(entry, placed) if entry.kind == "break" else 0
            number += 1
            local = entry.start.astimezone(zone), entry.end.astimezone(zone)
            placed.append(Placed(number, entry, row, span, lane, *local))
        made.append(_day(day, placed, now.astimezone(zone), (first_hour, last_hour), zone))
    return Week(tuple(made), first_hour, last_hour)


def _day(day: date, placed: Sequence[Placed], now: datetime, hours: tuple[int, int], zone: ZoneInfo) -> Day:
    today = now.date() == day
    minute = now.hour * 60 + now.minute
    seen = today and hours[0] * 60 <= minute < hours[1] * 60
    long = midnight(day + timedelta(days=1), zone) - midnight(day, zone)
    return Day(day, tuple(placed), today, minute - hours[0] * 60 + 1 if seen else None, long != timedelta(days=1))


def _on(entries: Sequence[Entry], day: date, zone: ZoneInfo) -> list[Entry]:
    since, till = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    return [one for one in entries if one.start < till and one.end > since]


def _clipped(entry: Entry, day: date, zone: ZoneInfo) -> tuple[int, int]:
    """First and last minute of the entry on the day, by the clock on the wall."""
    since, till = entry.start.astimezone(zone), entry.end.astimezone(zone)
    first = 0 if since.date() < day else since.hour * 60 + since.minute
    last = MINUTES_A_DAY if till.date() > day else till.hour * 60 + till.minute
    return first, max(first, last)


def _lane(entry: Entry, placed: Sequence[Placed]) -> int:
    beside = [one for one in placed if one.entry.kind == "break" and one.entry.end > entry.start]
    return min(len(beside), MOST_LANES - 1)
