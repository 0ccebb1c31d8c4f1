"""Docplanner as behaviour.md tells it, minute by minute and without cleverness: what the sandbox is compared with."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SAME_AGAIN = timedelta(minutes=3)
Services = tuple[tuple[str, int], ...]
"""Address service ids with their minutes."""
Sent = tuple[int, int, Services]
"""A work period: from a minute to another, and what it offers."""


def minute_of(at: datetime) -> int:
    """Whole minutes, counted from long ago."""
    return (at - EPOCH) // MINUTE


def instant(minute: int) -> datetime:
    """The instant of a minute."""
    return EPOCH + minute * MINUTE


@dataclass(frozen=True)
class Worked:
    """What one minute of working time knows: its period, what that offers, and where its grid begins."""

    number: int
    services: Services
    anchor: int


@dataclass
class Visited:
    """A visit; ``chain`` are the ids that it had before."""

    address_id: str
    start: int
    end: int
    stands: bool = True
    chain: tuple[str, ...] = ()


@dataclass
class NaiveCalendar:
    """One address."""

    services: dict[str, str]
    """Address service id to the id in the dictionary."""
    enabled: bool = True
    accepted: dict[int, Worked] = field(default_factory=dict)
    readable: dict[int, Worked] = field(default_factory=dict)
    pending: list[tuple[datetime, dict[int, Worked]]] = field(default_factory=list)
    last: tuple[tuple[Sent, ...], datetime] | None = None
    breaks: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass
class NaiveDocplanner:
    """Some calendars of one facility, and the news that one API client was due."""

    zone: ZoneInfo
    now: datetime
    reach: str
    delay: timedelta
    calendars: dict[str, NaiveCalendar] = field(default_factory=dict)
    visits: dict[str, Visited] = field(default_factory=dict)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    """Event, address, and the id of what it is about."""
    periods: int = 0

    def local_day(self, minute: int) -> date:
        """The day of the marketplace on which the minute lies."""
        return instant(minute).astimezone(self.zone).date()

    def look(self, address_id: str) -> NaiveCalendar:
        """The calendar, with what can be read by now."""
        calendar = self.calendars[address_id]
        while calendar.pending and calendar.pending[0][0] <= self.now:
            calendar.readable = calendar.pending.pop(0)[1]
        return calendar

    def tell(self, event: str, address_id: str, about: str, by: str) -> None:
        """What the partner did itself is not told to it."""
        if by != "integration":
            self.told.append((event, address_id, about))

    # -- working time ---------------------------------------------------------------------------------------------

    def replace(self, address_id: str, sent: tuple[Sent, ...]) -> bool:
        """Whether replaceSlots is answered with 201."""
        calendar = self.look(address_id)
        for start, end, services in sent:
            if end <= start or self.local_day(start) != self.local_day(end - 1):
                return False
            if any(name not in calendar.services for name, _ in services):
                return False
        if calendar.last and calendar.last[0] == sent and self.now - calendar.last[1] < SAME_AGAIN:
            return self.now >= calendar.last[1] + self.delay  # 429 while it is in work, then ignored
        work = dict(calendar.accepted)
        if self.reach == "whole_day":
            days = {self.local_day(start) for start, _, _ in sent}
            work = {minute: one for minute, one in work.items() if self.local_day(minute) not in days}
        for start, end, services in sent:
            self.periods += 1
            for minute in range(start, end):
                work.pop(minute, None)
                if services:
                    work[minute] = Worked(self.periods, services, start)
        calendar.enabled = True
        calendar.last = (sent, self.now)
        self._accept(calendar, work)
        return True

    def clear(self, address_id: str, day: date) -> None:
        """DeleteSlots."""
        calendar = self.look(address_id)
        calendar.last = None
        self._accept(calendar, {one: work for one, work in calendar.accepted.items() if self.local_day(one) != day})

    def _accept(self, calendar: NaiveCalendar, work: dict[int, Worked]) -> None:
        calendar.accepted = work
        calendar.pending.append((self.now + self.delay, work))

    # -- what is free ---------------------------------------------------------------------------------------------

    def busy(self, address_id: str, but: str | None = None) -> set[int]:
        """Minutes of visits that stand."""
        return {
            minute
            for name, one in self.visits.items()
            if one.stands and one.address_id == address_id and name != but
            for minute in range(one.start, one.end)
        }

    def blocked(self, address_id: str) -> set[int]:
        """Minutes of breaks."""
        return {minute for start, end in self.calendars[address_id].breaks.values() for minute in range(start, end)}

    def slots(self, address_id: str) -> set[tuple[int, int, str]]:
        """Every start that is free, with its end and service."""
        calendar = self.look(address_id)
        taken = self.busy(address_id) | self.blocked(address_id)
        found = set()
        for minute, work in calendar.readable.items():
            if (minute - work.anchor) % _grid(work.services):
                continue
            for name, length in work.services:
                span = range(minute, minute + length)
                inside = all(calendar.readable.get(one, work).number == work.number for one in span)
                inside = inside and all(one in calendar.readable for one in span)
                if inside and name in calendar.services and not taken & set(span):
                    found.add((minute, minute + length, name))
        return found

    # -- visits ---------------------------------------------------------------------------------------------------

    def allows(self, address_id: str, start: int, end: int, service: str, by: str, but: str | None = None) -> bool:
        """Whether a visit has room: all but the doctor need time on the grid of one period that offers the service."""
        calendar = self.look(address_id)
        span = set(range(start, end))
        if service not in calendar.services or span & self.busy(address_id, but):
            return False
        if by == "doctor":
            return True
        if by == "user" and instant(start) < self.now:
            return False
        work = calendar.readable.get(start)
        if not calendar.enabled or work is None or span & self.blocked(address_id):
            return False
        step = _grid(work.services)
        inside = all(calendar.readable.get(one) == work for one in span)
        on_grid = not (start - work.anchor) % step and not (end - start) % step
        return inside and on_grid and service in {name for name, _ in work.services}

    def book(self, made: str, address_id: str, start: int, end: int, by: str) -> None:
        """The visit stands."""
        self.visits[made] = Visited(address_id, start, end)
        self.tell("slot-booked", address_id, made, by)

    def move(self, made: str, visit: str, address_id: str, start: int, end: int, by: str) -> None:
        """The old one stands no longer; the new one has another id."""
        old = self.visits[visit]
        old.stands = False
        self.visits[made] = Visited(address_id, start, end, chain=(*old.chain, visit))
        self.tell("booking-moved", address_id, made, by)

    def cancel(self, visit: str, by: str) -> None:
        """It stands no longer."""
        self.visits[visit].stands = False
        self.tell("booking-canceled", self.visits[visit].address_id, visit, by)

    def ends_of(self, visit: str) -> tuple[str, str]:
        """The first id of the chain and the newest."""
        first = (*self.visits[visit].chain, visit)[0]
        return first, next(name for name, one in reversed(self.visits.items()) if (*one.chain, name)[0] == first)


def _grid(services: Services) -> int:
    return math.gcd(*(length for _, length in services))
