"""What is known of a visit at Docplanner: what was sent, what became of it, what else is there at that time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection

from harness.client.models import Booking, CalendarAt
from harness.client.outcome import Done
from harness.stub import schedules, visits
from harness.stub.later import decided
from harness.stub.link import Link
from harness.stub.receiving import bookings as received
from harness.stub.visits import Visit

__all__ = ["change", "end", "has", "look", "may_not_be_readable_yet", "place", "put_back", "taken_by"]

BY_US = "integration"
"""Who booked what the clinic's system booked. Source: openapi.yaml, VisitBooking.booked_by."""
OF_STAFF = ("address_id", "start", "end", "address_service_id", "status")
"""What staff may have changed while a change was being sent."""

PATIENCE = timedelta(seconds=60)
"""So long after working time was accepted a refusal may mean that it cannot be read yet.
Source: behaviour.md, "Calendars": replaceSlots answers 201 before slots can be read."""


def place(visit: Visit, service: str | None) -> dict[str, object]:
    """The fields that say what Docplanner is sent of the visit."""
    return {
        "sent_address_id": visit.address_id,
        "sent_start": visit.start,
        "sent_end": visit.end,
        "sent_service_id": service,
    }


def has(link: Link, visit: Visit, booking_id: str, sent: Mapping[str, object]) -> None:
    """Docplanner has the visit as it was sent. What staff changed since is owed by another row."""
    with link.database.writing() as connection:
        visits.link(connection, link.tenant.id, booking_id, visit.id)
        told = {"sync_state": "synced", "sync_message": None} if _as_it_was(connection, link, visit) else {}
        visits.change(connection, visit.id, booking_id=booking_id, live=True, uncertain=False, **told, **sent)


def end(link: Link, visit: Visit, state: str, message: str | None, **facts: object) -> None:
    """So far and no further: staff see ``state`` and ``message``, unless they changed the visit meanwhile.

    What they changed is owed by another row; the ``facts`` of what Docplanner has count in any case.
    """
    _tell_staff(link, visit, {"sync_state": state, "sync_message": message}, facts)


def put_back(link: Link, visit: Visit, message: str, stays: Mapping[str, object]) -> None:
    """The visit stays where Docplanner has it, and staff are warned, unless they moved it on meanwhile.

    What was found about the time that it left says nothing about the time that it has now.
    """
    _tell_staff(link, visit, {"sync_state": "conflict", "sync_message": message, **stays}, {})


def _tell_staff(link: Link, visit: Visit, told: Mapping[str, object], facts: Mapping[str, object]) -> None:
    with link.database.writing() as connection:
        heard = told if _as_it_was(connection, link, visit) else {}
        visits.change(connection, visit.id, uncertain=False, **facts, **heard)


def _as_it_was(connection: Connection, link: Link, visit: Visit) -> bool:
    """Whether staff left the visit alone since it was read."""
    now = visits.by_id(connection, link.tenant.id, visit.id)
    return now is not None and all(getattr(now, name) == getattr(visit, name) for name in OF_STAFF)


def change(link: Link, visit: Visit, **changes: object) -> None:
    """Change these fields alone: staff may change others at the same time."""
    with link.database.writing() as connection:
        visits.change(connection, visit.id, **changes)


def taken_by(link: Link, at: CalendarAt, visit: Visit) -> Booking | None:
    """Another booked visit that Docplanner has at the time of this one.

    Raises:
        Later: Docplanner could not be read.
    """
    overlapping = (one for one in _around(link, at, visit) if one.start < visit.end and one.end > visit.start)
    return next((one for one in overlapping if one.id != visit.booking_id), None)


def may_not_be_readable_yet(link: Link, visit: Visit) -> bool:
    """Whether the clinic offers the time, and Docplanner was told so just now."""
    day = link.day_of(visit.start)
    with link.database.reading() as connection:
        at = schedules.accepted_at(connection, link.tenant.id, visit.address_id, day)
        offered = schedules.of_day(connection, link.tenant.id, visit.address_id, day)
    recent = at is not None and link.clock.now() - at < PATIENCE
    return recent and schedules.covers(offered, visit.start, visit.end, visit.address_service_id)


def look(link: Link, at: CalendarAt, visit: Visit) -> None:
    """A write was sent whose end nobody knows: note what became of it.

    Raises:
        Later: Docplanner could not be read.
    """
    if visit.live and visit.booking_id:
        _look_after_move(link, at, visit, visit.booking_id)
        return
    start, till = visit.sent_start or visit.start, visit.sent_end or visit.end
    there = received.listed(link, at, *link.around(start, till))
    with link.database.reading() as connection:
        mine = [one for one in there if one.start == start and _may_be(connection, link, visit, one)]
    found = min(mine, key=lambda one: one.canceled, default=None)
    if found is None:
        change(link, visit, uncertain=False)
        return
    has(link, visit, found.id, {})
    if found.canceled:  # patients have moved or cancelled it since: that counts
        truth = decided(link.api.bookings.one(at, found.id))
        received.take(link, at, truth.value if isinstance(truth, Done) else found, patient=visit.patient)


def _may_be(connection: Connection, link: Link, visit: Visit, booking: Booking) -> bool:
    """Whether the booking can be what became of the try: the patient's, and of no visit that staff made before."""
    if not visits.same_person(visit.patient, booking.patient) or (booking.canceled and booking.booked_by != BY_US):
        return False
    known = visits.known_booking(connection, link.tenant.id, booking.id)
    if known is None or known.appointment_id is None:
        return True
    holder = visits.by_id(connection, link.tenant.id, known.appointment_id)
    return booking.canceled and holder is not None and holder.origin != "partner"


def _look_after_move(link: Link, at: CalendarAt, visit: Visit, booking_id: str) -> None:
    truth = decided(link.api.bookings.one(at, booking_id))
    if isinstance(truth, Done) and not truth.value.canceled:
        change(link, visit, uncertain=False)
        return
    newest = truth.value.moving.newest if isinstance(truth, Done) and truth.value.moving else booking_id
    found = received.find(link, at, newest) if newest != booking_id else None
    if found is None or found[1].canceled:
        change(link, visit, uncertain=False)
        received.cancel(link, booking_id)
        return
    where, booking = found
    with link.database.writing() as connection:
        visits.kill(connection, link.tenant.id, booking_id)
    sent = {"sent_address_id": where.address_id, "sent_start": booking.start, "sent_end": booking.end}
    has(link, visit, newest, sent)


def _around(link: Link, at: CalendarAt, visit: Visit) -> tuple[Booking, ...]:
    """What Docplanner has booked on the days of the visit."""
    return tuple(one for one in received.listed(link, at, *link.around(visit.start, visit.end)) if not one.canceled)
