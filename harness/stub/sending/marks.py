"""Confirmation and presence of a visit go to Docplanner."""

from __future__ import annotations

from harness.client.models import CalendarAt
from harness.client.outcome import Done, Refused
from harness.stub import visits
from harness.stub.link import Link
from harness.stub.sending.result import NOTHING_TO_WAIT_FOR, Later, Sent, too_many
from harness.stub.visits import Visit

__all__ = ["send_marks"]

ALREADY = 409
"""A visit that is confirmed already is refused with 409: that is what was wanted."""


def send_marks(link: Link, at: CalendarAt, visit: Visit) -> Sent | Later:
    """Bring confirmation and presence at Docplanner to what the clinic holds. Both may be sent twice without harm."""
    if not visit.live or not visit.booked or visit.booking_id is None:
        return NOTHING_TO_WAIT_FOR
    if visit.confirmed and not visit.sent_confirmed:
        outcome = link.api.bookings.confirm(at, visit.booking_id)
        if not isinstance(outcome, Done) and not (isinstance(outcome, Refused) and not too_many(outcome)):
            return Later(str(outcome))
        _note(link, visit, outcome if isinstance(outcome, Refused) and outcome.status != ALREADY else None)
        _change(link, visit, sent_confirmed=True)
    if visit.presence and visit.presence != visit.sent_presence:
        mark = link.api.bookings.mark_present if visit.presence == "present" else link.api.bookings.mark_absent
        outcome = mark(at, visit.booking_id)
        if not isinstance(outcome, Done) and not (isinstance(outcome, Refused) and not too_many(outcome)):
            return Later(str(outcome))
        _note(link, visit, outcome if isinstance(outcome, Refused) else None)
        _change(link, visit, sent_presence=visit.presence)
    return NOTHING_TO_WAIT_FOR


def _note(link: Link, visit: Visit, refused: Refused | None) -> None:
    if refused:
        _change(link, visit, sync_state="failed", sync_message=f"Docplanner refused: {refused}")


def _change(link: Link, visit: Visit, **changes: object) -> None:
    with link.database.writing() as connection:
        visits.change(connection, visit.id, **changes)
