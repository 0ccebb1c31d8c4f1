"""Confirmation and presence of a visit go to Docplanner. Both may be sent twice without harm."""

from __future__ import annotations

from harness.client.models import CalendarAt
from harness.client.outcome import Done, Refused
from harness.stub import visits
from harness.stub.later import decided
from harness.stub.link import Link
from harness.stub.visits import Visit

__all__ = ["send_marks"]

ALREADY = 409
"""A visit that is confirmed already is refused with 409: that is what was wanted."""


def send_marks(link: Link, at: CalendarAt, visit: Visit) -> None:
    """Bring confirmation and presence at Docplanner to what the clinic holds.

    Raises:
        Later: it could not be finished now.
    """
    if not visit.live or visit.booking_id is None:
        return
    if visit.confirmed and not visit.sent_confirmed and not link.defects.on("confirmations-not-sent"):
        outcome = decided(link.api.bookings.confirm(at, visit.booking_id))
        fine = isinstance(outcome, Done) or outcome.status == ALREADY
        _note(link, visit, None if fine or isinstance(outcome, Done) else outcome, sent_confirmed=True)
    if visit.presence and visit.presence != visit.sent_presence and not link.defects.on("presence-not-sent"):
        came = visit.presence == "present" or link.defects.on("absence-sent-as-presence")
        mark = link.api.bookings.mark_present if came else link.api.bookings.mark_absent
        marked = decided(mark(at, visit.booking_id))
        _note(link, visit, marked if isinstance(marked, Refused) else None, sent_presence=visit.presence)


def _note(link: Link, visit: Visit, refused: Refused | None, **sent: object) -> None:
    problem = {"sync_state": "failed", "sync_message": f"Docplanner refused: {refused}"} if refused else {}
    with link.database.writing() as connection:
        visits.change(connection, visit.id, **sent, **problem)
