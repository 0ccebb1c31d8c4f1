"""Bookings of Docplanner become visits of the clinic.

News may come twice, late and in any order, and may be lost. So news of a booking that is not known is only a reason to
read the booking, and ids that were cancelled or moved away from are remembered: they never live again.
Source: behaviour.md, "Bookings": a move makes a new id; a chain of moves is told by ``booking.moving``.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from harness.client.models import Booking, CalendarAt, Person
from harness.client.outcome import Done
from harness.stub import mapping, visits
from harness.stub.later import Later, decided
from harness.stub.link import Link
from harness.stub.visits import Visit

__all__ = ["cancel", "find", "hand_on", "listed", "mark", "put_where_told", "store_anew", "take"]

PAGE = 100
"""How many bookings Docplanner lists on a page, unless it is asked for more."""
STRANGER = Person("?", "")


def find(link: Link, at: CalendarAt, booking_id: str) -> tuple[CalendarAt, Booking] | None:
    """The booking and its calendar: ``at``, or another one of the facility. None where Docplanner has none.

    Which address news of a move to another address names is not documented.

    Raises:
        Later: Docplanner could not be read.
    """
    with link.database.reading() as connection:
        others = [one for one in mapping.every_calendar(connection, link.tenant.id, at.facility_id) if one != at]
    for candidate in (at, *others):
        outcome = decided(link.api.bookings.one(candidate, booking_id))
        if isinstance(outcome, Done):
            return candidate, outcome.value
    return None


def listed(link: Link, at: CalendarAt, since: datetime, till: datetime) -> tuple[Booking, ...]:
    """Every booking that Docplanner has in the range, cancelled ones included.

    Raises:
        Later: Docplanner could not be read.
    """
    if link.defects.on("bookings-never-listed"):
        return ()
    outcome = decided(link.api.bookings.every(at, since, till))
    if isinstance(outcome, Done):
        return outcome.value[:PAGE] if link.defects.on("first-page-only") else outcome.value
    message = f"bookings could not be listed: {outcome}"
    raise Later(message)


def take(link: Link, at: CalendarAt, booking: Booking, *, patient: Person | None, old: str | None = None) -> None:
    """Take the booking as Docplanner holds it; ``old`` is the id from which it was moved, where that is known.

    Raises:
        Later: Docplanner could not be read as far as that needs.
    """
    if old is not None:
        with link.database.writing() as connection:
            hand_on(connection, link, old, booking.id)
    newest = booking.moving.newest if booking.moving else booking.id
    if booking.canceled and newest != booking.id:
        found = find(link, at, newest)
        with link.database.writing() as connection:
            hand_on(connection, link, booking.id, newest)
        if found and not found[1].canceled:
            _hold(link, found[0], found[1], patient or booking.patient)
        else:
            cancel(link, booking.id)
            cancel(link, newest)
    elif booking.canceled:
        cancel(link, booking.id)
    else:
        _hold(link, at, booking, patient)


def cancel(link: Link, booking_id: str) -> None:
    """The booking does not take place: its visit is cancelled, unless the visit has gone on under another id."""
    with link.database.writing() as connection:
        visits.kill(connection, link.tenant.id, booking_id)
        visit = visits.by_booking(connection, link.tenant.id, booking_id)
        if visit and visit.booking_id == booking_id and visit.live:
            visits.change(connection, visit.id, status="canceled", live=False, sync_state="synced", sync_message=None)


def store_anew(link: Link, at: CalendarAt, booking: Booking) -> None:
    """Make a visit of the booking without a look at what is there: what a careless system does."""
    with link.database.writing() as connection:
        visit = _new(link, at, booking, booking.patient)
        visits.add(connection, link.tenant.id, visit)
        visits.link(connection, link.tenant.id, booking.id, visit.id)


def put_where_told(link: Link, at: CalendarAt, old: str, booking: Booking) -> None:
    """Put the visit where news of a move say, however old they are: what a careless system does."""
    with link.database.writing() as connection:
        visit = visits.by_booking(connection, link.tenant.id, old)
        if visit is not None:
            visits.change(connection, visit.id, address_id=at.address_id, start=booking.start, end=booking.end)


def mark(link: Link, booking_id: str, *, confirmed: bool = False, presence: str | None = None) -> bool:
    """Docplanner has the visit confirmed, or the patient marked present or absent; False for one not known."""
    with link.database.writing() as connection:
        visit = visits.by_booking(connection, link.tenant.id, booking_id)
        if visit is None:
            return False
        if confirmed:
            visits.change(connection, visit.id, confirmed=True, sent_confirmed=True)
        if presence:
            marked = presence.casefold()
            visits.change(connection, visit.id, presence=marked, sent_presence=marked)
        return True


def _hold(link: Link, at: CalendarAt, booking: Booking, patient: Person | None) -> None:
    tenant = link.tenant.id
    with link.database.writing() as connection:
        if link.defects.on("namesakes-merged"):
            at = mapping.namesake_calendar(connection, tenant, at)
        known = visits.known_booking(connection, tenant, booking.id)
        if known and known.dead:
            return
        visit = _visit_of(connection, link, at, booking, patient)
        if visit and visit.live and _place(visit) == (booking.id, at.address_id, booking.start):
            _marks(connection, visit, booking)
            return
        if visit is None and link.defects.on("one-visit-an-hour") and _clinic_has_visit(connection, link, at, booking):
            return
        rivals = _rivals(connection, link, at, booking, visit)
        if rivals and link.defects.on("taken-time-refused"):
            return
        if visit is None:
            visit = _new(link, at, booking, patient)
            visits.add(connection, tenant, visit)
            visits.link(connection, tenant, booking.id, visit.id)
        else:
            _follow(connection, link, at, visit, booking)
        _marks(connection, visit, booking)
        for rival in rivals:
            told = f"Docplanner has another visit then, booking {booking.id}"
            visits.change(connection, rival.id, sync_state="conflict", sync_message=told)


def hand_on(connection: Connection, link: Link, old: str, new: str) -> None:
    """A visit went on from one booking id to another: the old id is dead, both name the same visit."""
    tenant = link.tenant.id
    visits.kill(connection, tenant, old)
    before, after = visits.by_booking(connection, tenant, old), visits.by_booking(connection, tenant, new)
    if before and after and before.id != after.id:
        _merge(connection, link, before, after)
    elif before:
        _know(connection, link, before, new, current=before.booking_id == old)
        known = visits.known_booking(connection, tenant, new)
        if known and known.dead and before.live and before.booking_id == old:
            visits.change(connection, before.id, status="canceled", live=False)
    elif after:
        visits.link(connection, tenant, old, after.id)


def _place(visit: Visit) -> tuple[str | None, str | None, datetime | None]:
    """Where Docplanner has the visit, as far as the clinic knows."""
    return visit.booking_id, visit.sent_address_id, visit.sent_start


def _merge(connection: Connection, link: Link, before: Visit, after: Visit) -> None:
    """News came in another order than it was made, so one visit is there twice: keep the one that was first."""
    visits.relink(connection, link.tenant.id, after, before)
    visits.remove(connection, after)
    place = ("address_id", "start", "end", "address_service_id")
    names = (*place, "booking_id", "live", "confirmed", "presence", "sync_state", "sync_message")
    sent = [name for name in after.__dataclass_fields__ if name.startswith("sent_")]
    status = before.status if before.live and not before.booked else after.status  # what staff cancelled stays so
    visits.change(connection, before.id, status=status, **{name: getattr(after, name) for name in (*names, *sent)})


def _visit_of(
    connection: Connection, link: Link, at: CalendarAt, booking: Booking, patient: Person | None
) -> Visit | None:
    """The visit that the booking is: by its id, by an earlier one, or by a try whose end was not known."""
    tenant = link.tenant.id
    visit = visits.by_booking(connection, tenant, booking.id)
    if visit is None and booking.moving and booking.moving.origin != booking.id:
        visit = visits.by_booking(connection, tenant, booking.moving.origin)
    person = booking.patient or patient
    if visit is None and person is not None:
        visit = visits.uncertain(connection, tenant, at.address_id, booking.start, person)
    return visit


def _rivals(connection: Connection, link: Link, at: CalendarAt, booking: Booking, visit: Visit | None) -> list[Visit]:
    """Visits of staff at that time which Docplanner does not have."""
    found = visits.overlapping(connection, link.tenant.id, at.address_id, booking.start, booking.end)
    return [one for one in found if one.origin == "partner" and not one.live and (visit is None or one.id != visit.id)]


def _clinic_has_visit(connection: Connection, link: Link, at: CalendarAt, booking: Booking) -> bool:
    """Whether any calendar of the clinic has a visit at that time."""
    tenant = link.tenant.id
    return any(
        visits.overlapping(connection, tenant, one.address_id, booking.start, booking.end)
        for one in mapping.every_calendar(connection, tenant, at.facility_id)
    )


def _new(link: Link, at: CalendarAt, booking: Booking, patient: Person | None) -> Visit:
    start, end = booking.start, booking.end
    if link.defects.on("offset-dropped"):
        start, end = link.local(start).replace(tzinfo=UTC), link.local(end).replace(tzinfo=UTC)
    person = patient or booking.patient or STRANGER
    if link.defects.on("surname-dropped"):
        person = Person(person.name, person.phone)
    return Visit(
        id=visits.new_id(),
        address_id=at.address_id,
        start=start,
        end=end,
        address_service_id=booking.address_service_id,
        patient=person,
        comment=booking.comment,
        status="booked",
        origin="docplanner",
        sync_state="synced",
        booking_id=booking.id,
        live=True,
        sent_address_id=at.address_id,
        sent_start=start,
        sent_end=end,
        sent_service_id=booking.address_service_id,
    )


def _follow(connection: Connection, link: Link, at: CalendarAt, visit: Visit, booking: Booking) -> None:
    """The visit is where Docplanner has it now. What staff cancelled meanwhile stays cancelled, and is still owed."""
    if link.defects.on("other-calendars-ignored") and visit.address_id != at.address_id:
        return
    _know(connection, link, visit, booking.id, current=True)
    service = booking.address_service_id or visit.address_service_id
    place = {"address_id": at.address_id, "start": booking.start, "end": booking.end, "address_service_id": service}
    sent = {"sent_address_id": at.address_id, "sent_start": booking.start, "sent_end": booking.end}
    known = {**sent, "live": True, "uncertain": False, "sent_service_id": service}
    tried = visit.uncertain and not visit.live
    cancelled_by_staff = (visit.live or tried) and not visit.booked
    if tried and (visit.sent_address_id, visit.sent_start) == (at.address_id, booking.start) and not visit.as_sent:
        # it is there as the clinic sent it, so what staff did since is newer
        visits.change(connection, visit.id, **known)
        return
    status = "canceled" if cancelled_by_staff else "booked"
    visits.change(connection, visit.id, **place, **known, status=status, sync_state="synced", sync_message=None)


def _know(connection: Connection, link: Link, visit: Visit, booking_id: str, *, current: bool = False) -> None:
    """Docplanner knows the visit by this id; ``current`` where that is the valid one from now on."""
    earlier = [one for one in visits.ids_of(connection, link.tenant.id, visit.id) if one != booking_id]
    if link.defects.on("move-chain-lost") and len(earlier) > 1:
        return
    visits.link(connection, link.tenant.id, booking_id, visit.id)
    if current and not link.defects.on("first-id-kept"):
        visits.change(connection, visit.id, booking_id=booking_id)


def _marks(connection: Connection, visit: Visit, booking: Booking) -> None:
    """Confirmation and presence, where the booking tells of them."""
    if booking.confirmed:
        visits.change(connection, visit.id, confirmed=True, sent_confirmed=True)
    if booking.presence:
        presence = booking.presence.casefold()
        visits.change(connection, visit.id, presence=presence, sent_presence=presence)
