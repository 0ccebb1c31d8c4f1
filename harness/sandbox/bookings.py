"""Visits in one calendar: booked, moved under new ids, cancelled. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from harness.contract.json_value import JsonObject
from harness.sandbox.by_time import ByTime
from harness.sandbox.kept import Kept
from harness.sandbox.slots import Span

__all__ = ["Booking", "Bookings"]

BOOKED, CANCELED = "booked", "canceled"


@dataclass(frozen=True, slots=True)
class Booking:
    """One visit. A move cancels it and makes another one with a new id; the two name each other."""

    id: str
    address_id: str
    start: datetime
    minutes: int
    address_service_id: str | None
    service_name: str
    patient: JsonObject
    booked_by: str
    booked_at: datetime
    status: str = BOOKED
    canceled_by: str = ""
    canceled_at: datetime | None = None
    comment: str | None = None
    moved_from: str | None = None
    moved_to: str | None = None
    confirmed: bool = False
    presence: str | None = None
    payment_status: str | None = None
    """None where nothing is to be paid online."""
    insurance: JsonObject | None = None
    deleted: bool = False
    """Taken out of the calendar for good: no list has it any longer."""

    @property
    def end(self) -> datetime:
        """When it ends."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def span(self) -> Span:
        """The time that it takes."""
        return self.start, self.end

    @property
    def holds_money(self) -> bool:
        """Whether a payment hangs on it."""
        return self.payment_status in {"paid", "waiting_for_confirmation"}

    @property
    def is_booked(self) -> bool:
        """Whether it stands."""
        return self.status == BOOKED


class Bookings:
    """Every visit of the sandbox, by id and by calendar. No two that stand overlap on one calendar."""

    def __init__(self) -> None:
        self.by_id: Kept[Booking] = Kept()
        self._every: dict[str, ByTime] = {}
        """Every visit of a calendar, by its address."""
        self._standing: dict[str, ByTime] = {}
        """Those that stand, likewise."""

    def get(self, booking_id: str) -> Booking | None:
        """The visit, or None."""
        return self.by_id.get(booking_id)

    def count(self) -> int:
        """How many visits were ever made."""
        return len(self.by_id)

    def on(self, address_id: str) -> Iterator[Booking]:
        """Every visit of the calendar, what was deleted included, in the order in which they were made."""
        keys = self._every.get(address_id, ByTime()).keys()
        return (self.by_id[one] for one in sorted(keys, key=int))

    def starting_in(self, address_id: str, since: datetime, till: datetime) -> list[Booking]:
        """What starts in [since, till), by time."""
        return self._sorted(self._every.get(address_id, ByTime()).starting_in(since, till))

    def overlapping(self, address_id: str, since: datetime, till: datetime) -> list[Booking]:
        """What overlaps [since, till), by time."""
        return self._sorted(self._every.get(address_id, ByTime()).overlapping(since, till))

    def taken(self, address_id: str, since: datetime, till: datetime, *, but: str | None = None) -> list[Span]:
        """The time that visits which stand take and that overlaps [since, till); the visit ``but`` does not count."""
        standing = self._standing.get(address_id)
        if standing is None:
            return []
        return [self.by_id[one].span for one in standing.overlapping(since, till) if one != but]

    def is_free(self, address_id: str, span: Span, *, but: str | None = None) -> bool:
        """Whether no visit that stands overlaps ``span``; the visit ``but`` does not count."""
        return not self.taken(address_id, *span, but=but)

    def add(self, booking: Booking) -> Booking:
        """A new visit.

        Raises:
            ValueError: the time is taken; callers ask first.
        """
        if not self.is_free(booking.address_id, booking.span):
            message = f"{booking.start} is taken on address {booking.address_id}"
            raise ValueError(message)
        self._keep(booking)
        return booking

    def cancel(self, booking: Booking, *, by: str, at: datetime) -> Booking:
        """The visit no longer stands."""
        canceled = replace(booking, status=CANCELED, canceled_by=by, canceled_at=at)
        self._keep(canceled)
        return canceled

    def move(self, old: Booking, new: Booking, *, by: str, at: datetime) -> tuple[Booking, Booking]:
        """The old visit cancelled, the new one made, each naming the other [doc].

        Raises:
            ValueError: the new time is taken by another visit; nothing has changed.
        """
        if not self.is_free(new.address_id, new.span, but=old.id):
            message = f"{new.start} is taken on address {new.address_id}"
            raise ValueError(message)
        canceled = replace(old, status=CANCELED, canceled_by=by, canceled_at=at, moved_to=new.id)
        made = replace(new, moved_from=old.id)
        self._keep(canceled)
        self._keep(made)
        return canceled, made

    def update(self, booking: Booking) -> None:
        """Keep a visit that was changed in place: confirmed, present."""
        self._keep(booking)

    def chain(self, booking: Booking) -> tuple[str, str]:
        """Ids of the first and the newest visit of the chain of moves that it belongs to."""
        first, newest = booking, booking
        while first.moved_from and (before := self.by_id.get(first.moved_from)):
            first = before
        while newest.moved_to and (after := self.by_id.get(newest.moved_to)):
            newest = after
        return first.id, newest.id

    def _sorted(self, found: list[str]) -> list[Booking]:
        """By time; what was deleted is in no list."""
        shown = (booking for one in found if not (booking := self.by_id[one]).deleted)
        return sorted(shown, key=lambda one: (one.start, int(one.id)))

    def _keep(self, booking: Booking) -> None:
        before = self.by_id.get(booking.id)
        if before is None:
            self._every.setdefault(booking.address_id, ByTime()).add(booking.id, *booking.span)
        if before is not None and before.is_booked:
            self._standing[booking.address_id].remove(booking.id, *before.span)
        if booking.is_booked:
            self._standing.setdefault(booking.address_id, ByTime()).add(booking.id, *booking.span)
        self.by_id[booking.id] = booking
