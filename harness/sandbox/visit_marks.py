"""What is noted about a visit that was booked: confirmed, present, paid, deleted. Raises the API's refusals."""

from __future__ import annotations

from dataclasses import replace

from harness.contract.json_value import JsonValue
from harness.sandbox.bookings import Booking
from harness.sandbox.refusals import refuse
from harness.sandbox.state import Cause, State

__all__ = ["PAYMENTS", "VisitMarks"]

PAYMENTS = frozenset({"paid", "waiting_for_confirmation", "not-paid", "refunded", "charged_back"})


class VisitMarks:
    """The rules of one sandbox."""

    def __init__(self, state: State) -> None:
        self.state = state

    def confirm(self, booking: Booking, cause: Cause) -> Booking:
        """The visit is confirmed, once, before it begins [doc].

        Raises:
            Refusal: 409, it is deleted, cancelled, confirmed or past.
        """
        if booking.deleted:
            raise refuse("VisitDeleted", 409)
        if not booking.is_booked:
            raise refuse("VisitCanceled", 409)
        if booking.confirmed:
            raise refuse("AlreadyConfirmed", 409)
        if booking.start <= self.state.clock.now():
            raise refuse("PastVisit", 409)
        return self._keep("booking-confirmed", replace(booking, confirmed=True), cause)

    def mark(self, booking: Booking, presence: str, cause: Cause) -> Booking:
        """The patient came, or did not: only once the visit has begun [doc].

        Raises:
            Refusal: 409, it is cancelled; 400, it has not begun.
        """
        if not booking.is_booked:
            raise refuse("VisitMarkedAsCanceled", 409)
        if booking.start > self.state.clock.now():
            raise refuse("VisitInFuture", 400)
        marked = replace(booking, presence=presence)
        return self._keep("presence-marked", marked, cause, presence=presence.upper())

    def pay(self, booking: Booking, status: str, cause: Cause) -> Booking:
        """The payment of the visit has another status; what was never to be paid counts as not paid before."""
        before = booking.payment_status or "not-paid"
        paid = replace(booking, payment_status=status)
        changed_at = self.state.payloads.time(self.state.clock.now())
        told: JsonValue = {"status_from": before, "status_to": status, "changed_at": changed_at}
        return self._keep("booking-payment-status-changed", paid, cause, visit_payment_status=told)

    def delete(self, booking: Booking, cause: Cause) -> Booking:
        """The doctor takes the visit out of the calendar for good; told as a cancellation [assumed].

        Raises:
            Refusal: 409, it is deleted already.
        """
        if booking.deleted:
            raise refuse("VisitDeleted", 409)
        stood = booking.is_booked
        canceled = booking
        if stood:
            canceled = self.state.bookings.cancel(booking, by="doctor", at=self.state.clock.now())
        deleted = replace(canceled, deleted=True)
        if stood:
            return self._keep("booking-canceled", deleted, cause)
        self.state.bookings.update(deleted)
        return deleted

    def _keep(self, event: str, booking: Booking, cause: Cause, **rest: JsonValue) -> Booking:
        self.state.bookings.update(booking)
        address = self.state.directory.address(booking.address_id)
        payloads = self.state.payloads
        data = payloads.event(address, visit_booking=payloads.told_booking(booking, address), **rest)
        self.state.announce(event, address, data, cause)
        return booking
