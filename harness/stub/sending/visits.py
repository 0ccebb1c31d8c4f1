"""A visit goes to Docplanner: booked, moved or cancelled there, so that both hold the same.

There is no idempotency key: after a write whose end nobody knows, Docplanner is read before anything is repeated.
What Docplanner refuses because the time is taken is a conflict: the visit is kept, and staff are warned.
"""

from __future__ import annotations

from harness.client.models import Booking, CalendarAt, NewBooking
from harness.client.outcome import Done, Refused, Unknown
from harness.stub import mapping, visits
from harness.stub.later import Later, decided
from harness.stub.link import Link
from harness.stub.receiving import bookings as received
from harness.stub.sending.marks import send_marks
from harness.stub.sending.moves import send_move
from harness.stub.sending.traces import change, end, has, look, may_not_be_readable_yet, place, taken_by
from harness.stub.visits import Visit

__all__ = ["send_visit"]


def send_visit(link: Link, visit_id: str) -> None:
    """Bring Docplanner to what the clinic holds of the visit.

    Raises:
        Later: it could not be finished now.
    """
    with link.database.reading() as connection:
        visit = visits.by_id(connection, link.tenant.id, visit_id)
        there = visit and (visit.sent_address_id if visit.live else visit.address_id)
        at = mapping.calendar_at(connection, link.tenant.id, there) if there else None
        if at and link.defects.on("namesakes-sent-to-first"):
            at = mapping.namesake_calendar(connection, link.tenant.id, at)
    if visit is None:
        return
    if at is None:
        end(link, visit, "failed", "the calendar is not shared by Docplanner any more")
    elif visit.uncertain and link.defects.on("writes-repeated-blindly"):
        change(link, visit, uncertain=False)
        raise Later("it is sent again")
    elif visit.uncertain:
        look(link, at, visit)
        raise Later("looked what became of the last try")
    elif visit.booked and not visit.live:
        _book(link, at, visit)
    elif visit.live and not visit.booked:
        _cancel(link, at, visit)
    elif visit.live and not visit.as_sent:
        send_move(link, at, visit)
    else:
        send_marks(link, at, visit)


def _book(link: Link, at: CalendarAt, visit: Visit) -> None:
    if link.defects.on("staff-bookings-not-sent"):
        end(link, visit, "synced", None)
        return
    if visit.sync_state == "conflict":
        return
    if taken := taken_by(link, at, visit):
        _yield(link, at, visit, taken)
        return
    with link.database.reading() as connection:
        service = mapping.current_service(connection, link.tenant.id, at.address_id, visit.address_service_id)
    sent = place(visit, service)
    change(link, visit, uncertain=True, **sent)  # so that it is looked for, whatever happens from here on
    new = NewBooking(service or "", visit.patient, visit.minutes, visit.comment)
    start = link.local(visit.start)
    if link.defects.on("offset-of-today-sent"):
        start = link.with_offset_of_today(visit.start)
    outcome = link.api.bookings.book(at, start, new)
    if isinstance(outcome, Refused):
        change(link, visit, uncertain=False)
    if isinstance(outcome, Unknown) and link.defects.on("lost-answers-given-up"):
        end(link, visit, "failed", "Docplanner gave no answer")
        return
    outcome = decided(outcome)
    if isinstance(outcome, Done):
        has(link, visit, outcome.value, sent)
    else:
        _refused(link, at, visit, outcome)


def _refused(link: Link, at: CalendarAt, visit: Visit, outcome: Refused) -> None:
    if taken := taken_by(link, at, visit):
        _yield(link, at, visit, taken)
    elif may_not_be_readable_yet(link, visit):
        raise Later(str(outcome))
    else:
        end(link, visit, "failed", f"Docplanner refused the visit: {outcome}")


def _yield(link: Link, at: CalendarAt, visit: Visit, taken: Booking) -> None:
    """Both sides took the time: the marketplace's visit counts, the staff's is kept and marked."""
    received.take(link, at, taken, patient=taken.patient)
    state = "synced" if link.defects.on("conflict-shown-synced") else "conflict"
    end(link, visit, state, f"the time is taken at Docplanner by booking {taken.id}")


def _cancel(link: Link, at: CalendarAt, visit: Visit) -> None:
    if link.defects.on("staff-cancellations-not-sent"):
        end(link, visit, "synced", None, live=False)
        return
    booking_id = visit.booking_id or ""
    outcome = link.api.bookings.cancel(at, booking_id)
    if isinstance(outcome, Unknown) and link.defects.on("lost-cancellations-rolled-back"):
        end(link, visit, "failed", "Docplanner gave no answer", status="booked")
        return
    outcome = decided(outcome)
    if isinstance(outcome, Refused):
        truth = decided(link.api.bookings.one(at, booking_id))
        if isinstance(truth, Done) and not truth.value.canceled:
            end(link, visit, "failed", f"Docplanner refused the cancellation: {outcome}")
            return
        if isinstance(truth, Done) and truth.value.moving and truth.value.moving.newest != booking_id:
            _follow(link, visit, truth.value.moving.newest)
    with link.database.writing() as connection:
        visits.kill(connection, link.tenant.id, booking_id)
        visits.change(connection, visit.id, live=False, sync_state="synced", sync_message=None)


def _follow(link: Link, visit: Visit, newest: str) -> None:
    """Staff cancelled what was moved in the meantime: what became of it is cancelled next."""
    with link.database.writing() as connection:
        visits.kill(connection, link.tenant.id, visit.booking_id or "")
        visits.link(connection, link.tenant.id, newest, visit.id)
        visits.change(connection, visit.id, booking_id=newest)
    raise Later("it was moved in the meantime")
