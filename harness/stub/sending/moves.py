"""A visit that staff moved goes to its new time at Docplanner; where that is impossible it goes back."""

from __future__ import annotations

from harness.client.models import CalendarAt
from harness.client.outcome import Done, Refused
from harness.stub import mapping, visits
from harness.stub.later import Later, decided
from harness.stub.link import Link
from harness.stub.receiving import bookings as received
from harness.stub.sending.traces import change, end, has, may_not_be_readable_yet, place, put_back, taken_by
from harness.stub.visits import Visit

__all__ = ["send_move"]


def send_move(link: Link, at: CalendarAt, visit: Visit) -> None:
    """Move the booking from ``at`` to where the clinic holds the visit.

    Raises:
        Later: it could not be finished now.
    """
    with link.database.reading() as connection:
        target = mapping.calendar_at(connection, link.tenant.id, visit.address_id)
    if target is None:
        _put_back(link, visit, "Docplanner does not share the calendar any more")
    elif taken := taken_by(link, target, visit):
        _put_back(link, visit, f"Docplanner has another visit then, booking {taken.id}")
    elif link.defects.on("old-calendar-kept") and target != at:
        end(link, visit, "synced", None, **place(visit, visit.address_service_id))
    elif link.defects.on("staff-moves-only-cancel"):
        link.api.bookings.cancel(at, visit.booking_id or "")
        end(link, visit, "synced", None, live=False, **place(visit, visit.address_service_id))
    else:
        _move(link, at, visit, target)


def _move(link: Link, at: CalendarAt, visit: Visit, target: CalendarAt) -> None:
    tenant, booking_id = link.tenant.id, visit.booking_id or ""
    with link.database.reading() as connection:
        service = mapping.current_service(connection, tenant, target.address_id, visit.address_service_id)
    change(link, visit, uncertain=True)  # so that it is looked for, whatever happens from here on
    outcome = link.api.bookings.move(
        at,
        booking_id,
        link.local(visit.start),
        address_service_id=service or "",
        minutes=visit.minutes,
        address_id=target.address_id if target != at else None,
    )
    if isinstance(outcome, Refused):
        change(link, visit, uncertain=False)
    outcome = decided(outcome)
    if isinstance(outcome, Refused):
        _refused(link, at, visit, outcome)
        return
    with link.database.writing() as connection:
        visits.kill(connection, tenant, booking_id)
    has(link, visit, outcome.value, place(visit, service))


def _refused(link: Link, at: CalendarAt, visit: Visit, outcome: Refused) -> None:
    truth = decided(link.api.bookings.one(at, visit.booking_id or ""))
    if isinstance(truth, Done) and truth.value.canceled:  # moved or cancelled at Docplanner meanwhile: that counts
        received.take(link, at, truth.value, patient=visit.patient)
    elif may_not_be_readable_yet(link, visit):
        raise Later(str(outcome))
    else:
        _put_back(link, visit, f"Docplanner refused the move: {outcome}")


def _put_back(link: Link, visit: Visit, message: str) -> None:
    """The move is impossible: the visit stays where Docplanner has it, and staff are warned."""
    stays = {
        "address_id": visit.sent_address_id or visit.address_id,
        "start": visit.sent_start or visit.start,
        "end": visit.sent_end or visit.end,
        "address_service_id": visit.sent_service_id or visit.address_service_id,
    }
    put_back(link, visit, message, stays)
