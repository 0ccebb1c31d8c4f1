"""A visit goes to Docplanner: booked, moved or cancelled there, so that both hold the same.

There is no idempotency key: after a write whose end nobody knows, Docplanner is read before anything is repeated.
What Docplanner refuses because the time is taken is a conflict: the visit is kept, and staff are warned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from harness.client.models import Booking, CalendarAt, NewBooking
from harness.client.outcome import Done, Refused, Unknown
from harness.stub import mapping, schedules, visits
from harness.stub.link import Link
from harness.stub.receiving import bookings as received
from harness.stub.sending.marks import send_marks
from harness.stub.sending.result import NOTHING_TO_WAIT_FOR, Later, Sent, too_many
from harness.stub.visits import Visit

__all__ = ["send_visit"]

PATIENCE = timedelta(seconds=60)
"""So long after working time was accepted a refusal may mean that it cannot be read yet.
Source: behaviour.md, "Calendars": replaceSlots answers 201 before slots can be read."""


def send_visit(link: Link, visit_id: str) -> Sent | Later:
    """Bring Docplanner to what the clinic holds of the visit."""
    with link.database.reading() as connection:
        visit = visits.by_id(connection, link.tenant.id, visit_id)
        there = visit and (visit.sent_address_id if visit.live else visit.address_id)
        at = mapping.calendar_at(connection, link.tenant.id, there) if there else None
    if visit is None:
        return NOTHING_TO_WAIT_FOR
    if at is None:
        return _ended(link, visit, "failed", "the calendar is not shared by Docplanner any more")
    if visit.uncertain:
        return _look(link, at, visit)
    if visit.booked and not visit.live:
        return _book(link, at, visit)
    if visit.live and not visit.booked:
        return _cancel(link, at, visit)
    if visit.live and not visit.as_sent:
        return _move(link, at, visit)
    return send_marks(link, at, visit)


def _book(link: Link, at: CalendarAt, visit: Visit) -> Sent | Later:
    if link.defects.on("staff-bookings-not-sent"):
        return _ended(link, visit, "synced", None)
    if visit.sync_state == "conflict":
        return NOTHING_TO_WAIT_FOR
    there = _visits_around(link, at, visit)
    if isinstance(there, Later):
        return there
    if taken := _taken_by(there, visit):
        return _conflict(link, at, visit, taken)
    with link.database.reading() as connection:
        service = mapping.current_service(connection, link.tenant.id, at.address_id, visit.address_service_id)
    sent = _place(visit, service)
    _change(link, visit, uncertain=True, **sent)  # so that it is looked for, whatever happens from here on
    new = NewBooking(service or "", visit.patient, visit.minutes, visit.comment)
    outcome = link.api.bookings.book(at, link.local(visit.start), new)
    if isinstance(outcome, Done):
        return _booked(link, visit, outcome.value, sent)
    if isinstance(outcome, Unknown):
        return Later(outcome.reason)
    _change(link, visit, uncertain=False)
    if too_many(outcome) or _may_not_be_readable_yet(link, visit):
        return Later(str(outcome))
    if link.defects.on("conflict-shown-synced"):
        return _ended(link, visit, "synced", None)
    there = _visits_around(link, at, visit)
    if not isinstance(there, Later) and (taken := _taken_by(there, visit)):
        return _conflict(link, at, visit, taken)
    return _ended(link, visit, "failed", f"Docplanner refused the visit: {outcome}")


def _look(link: Link, at: CalendarAt, visit: Visit) -> Sent | Later:
    """A write was sent whose end nobody knows: see what became of it, then go on from there."""
    if visit.live and visit.booking_id:
        return _look_after_move(link, at, visit, visit.booking_id)
    start, end = visit.sent_start or visit.start, visit.sent_end or visit.end
    there = _visits_around(link, at, replace(visit, start=start, end=end))
    if isinstance(there, Later):
        return there
    with link.database.reading() as connection:
        unknown = [one for one in there if visits.known_booking(connection, link.tenant.id, one.id) is None]
    mine = [one for one in unknown if one.start == start and visits.same_person(visit.patient, one.patient)]
    if mine:
        _booked(link, visit, mine[0].id, {})
        return Later("the last try took place")
    _change(link, visit, uncertain=False)
    return Later("the last try did not take place")


def _look_after_move(link: Link, at: CalendarAt, visit: Visit, booking_id: str) -> Sent | Later:
    truth = link.api.bookings.one(at, booking_id)
    if not isinstance(truth, Done):
        return Later(str(truth))
    newest = truth.value.moving.newest if truth.value.moving else booking_id
    if not truth.value.canceled:
        _change(link, visit, uncertain=False)
        return Later("the last try did not take place")
    found = received.find(link, at, newest) if newest != booking_id else None
    if isinstance(found, Unknown):
        return Later(found.reason)
    if found is None or found[1].canceled:
        _change(link, visit, uncertain=False)
        received.cancel(link, booking_id)
        return NOTHING_TO_WAIT_FOR
    where, booking = found
    with link.database.writing() as connection:
        visits.kill(connection, link.tenant.id, booking_id)
    sent = {"sent_address_id": where.address_id, "sent_start": booking.start, "sent_end": booking.end}
    _booked(link, visit, newest, sent)
    return Later("the last try took place")


def _cancel(link: Link, at: CalendarAt, visit: Visit) -> Sent | Later:
    if link.defects.on("staff-cancellations-not-sent"):
        return _ended(link, visit, "synced", None, live=False)
    outcome = link.api.bookings.cancel(at, visit.booking_id or "")
    if isinstance(outcome, Unknown) or (isinstance(outcome, Refused) and too_many(outcome)):
        return Later(str(outcome))
    if isinstance(outcome, Refused):
        truth = link.api.bookings.one(at, visit.booking_id or "")
        if isinstance(truth, Unknown):
            return Later(truth.reason)
        if isinstance(truth, Done) and not truth.value.canceled:
            return _ended(link, visit, "failed", f"Docplanner refused the cancellation: {outcome}")
        if isinstance(truth, Done) and truth.value.moving and truth.value.moving.newest != visit.booking_id:
            return _cancel_successor(link, visit, truth.value.moving.newest)
    with link.database.writing() as connection:
        visits.kill(connection, link.tenant.id, visit.booking_id or "")
        visits.change(connection, visit.id, live=False, sync_state="synced", sync_message=None)
    return NOTHING_TO_WAIT_FOR


def _cancel_successor(link: Link, visit: Visit, newest: str) -> Later:
    """Staff cancelled what was moved in the meantime: cancel what became of it."""
    with link.database.writing() as connection:
        visits.kill(connection, link.tenant.id, visit.booking_id or "")
        visits.link(connection, link.tenant.id, newest, visit.id)
        visits.change(connection, visit.id, booking_id=newest)
    return Later("it was moved in the meantime")


def _move(link: Link, at: CalendarAt, visit: Visit) -> Sent | Later:
    target = _target(link, visit)
    there = _visits_around(link, target, visit) if target else ()
    if isinstance(there, Later):
        return there
    if target is None:
        return _put_back(link, visit, "Docplanner does not share the calendar any more")
    if taken := _taken_by(there, visit):
        return _put_back(link, visit, f"Docplanner has another visit then, booking {taken.id}")
    if link.defects.on("staff-moves-only-cancel"):
        link.api.bookings.cancel(at, visit.booking_id or "")
        return _ended(link, visit, "synced", None, live=False, **_place(visit, visit.address_service_id))
    _change(link, visit, uncertain=True)
    with link.database.reading() as connection:
        tenant = link.tenant.id
        service = mapping.current_service(connection, tenant, target.address_id, visit.address_service_id)
    outcome = link.api.bookings.move(
        at,
        visit.booking_id or "",
        link.local(visit.start),
        address_service_id=service or "",
        minutes=visit.minutes,
        address_id=target.address_id if target != at else None,
    )
    if isinstance(outcome, Done):
        with link.database.writing() as connection:
            visits.kill(connection, tenant, visit.booking_id or "")
        return _booked(link, visit, outcome.value, _place(visit, service))
    if isinstance(outcome, Unknown):
        return Later(outcome.reason)
    _change(link, visit, uncertain=False)
    if too_many(outcome):
        return Later(str(outcome))
    truth = link.api.bookings.one(at, visit.booking_id or "")
    if isinstance(truth, Unknown):
        return Later(truth.reason)
    if isinstance(truth, Done) and truth.value.canceled:  # moved or cancelled at Docplanner meanwhile: that counts
        received.take(link, at, truth.value, patient=visit.patient)
        return NOTHING_TO_WAIT_FOR
    if _may_not_be_readable_yet(link, visit):
        return Later(str(outcome))
    return _put_back(link, visit, f"Docplanner refused the move: {outcome}")


def _target(link: Link, visit: Visit) -> CalendarAt | None:
    with link.database.reading() as connection:
        return mapping.calendar_at(connection, link.tenant.id, visit.address_id)


def _visits_around(link: Link, at: CalendarAt, visit: Visit) -> tuple[Booking, ...] | Later:
    """What Docplanner has booked on the days of the visit."""
    if link.defects.on("bookings-never-listed"):
        return ()
    start, end = link.around(visit.start, visit.end)
    outcome = link.api.bookings.every(at, start, end)
    if isinstance(outcome, Done):
        return tuple(one for one in outcome.value if not one.canceled)
    return Later(str(outcome))


def _taken_by(there: tuple[Booking, ...], visit: Visit) -> Booking | None:
    overlapping = (one for one in there if one.start < visit.end and one.end > visit.start)
    return next((one for one in overlapping if one.id != visit.booking_id), None)


def _may_not_be_readable_yet(link: Link, visit: Visit) -> bool:
    """Whether the clinic offers the time, and Docplanner was told so just now."""
    day = link.day_of(visit.start)
    with link.database.reading() as connection:
        at = schedules.accepted_at(connection, link.tenant.id, visit.address_id, day)
        offered = schedules.of_day(connection, link.tenant.id, visit.address_id, day)
    recent = at is not None and link.clock.now() - at < PATIENCE
    return recent and schedules.covers(offered, visit.start, visit.end, visit.address_service_id)


def _place(visit: Visit, service: str | None) -> dict[str, object]:
    """The fields that say what Docplanner is sent of the visit."""
    return {
        "sent_address_id": visit.address_id,
        "sent_start": visit.start,
        "sent_end": visit.end,
        "sent_service_id": service,
    }


def _booked(link: Link, visit: Visit, booking_id: str, sent: Mapping[str, object]) -> Sent:
    """Docplanner has the visit as it was sent. What staff changed since is owed by another row."""
    state = {"live": True, "uncertain": False, "sync_state": "synced", "sync_message": None}
    with link.database.writing() as connection:
        visits.link(connection, link.tenant.id, booking_id, visit.id)
        visits.change(connection, visit.id, booking_id=booking_id, **state, **sent)
    return NOTHING_TO_WAIT_FOR


def _conflict(link: Link, at: CalendarAt, visit: Visit, taken: Booking) -> Sent:
    """Both sides took the time: the marketplace's visit counts, the staff's is kept and marked."""
    received.take(link, at, taken, patient=taken.patient)
    return _ended(link, visit, "conflict", f"the time is taken at Docplanner by booking {taken.id}")


def _put_back(link: Link, visit: Visit, message: str) -> Sent:
    """The move is impossible: the visit stays where Docplanner has it, and staff are warned."""
    stays = {
        "address_id": visit.sent_address_id or visit.address_id,
        "start": visit.sent_start or visit.start,
        "end": visit.sent_end or visit.end,
        "address_service_id": visit.sent_service_id or visit.address_service_id,
    }
    return _ended(link, visit, "conflict", message, **stays)


def _ended(link: Link, visit: Visit, state: str, message: str | None, **more: object) -> Sent:
    _change(link, visit, sync_state=state, sync_message=message, uncertain=False, **more)
    return NOTHING_TO_WAIT_FOR


def _change(link: Link, visit: Visit, **changes: object) -> None:
    """Change these fields alone: staff may change others at the same time."""
    with link.database.writing() as connection:
        visits.change(connection, visit.id, **changes)
