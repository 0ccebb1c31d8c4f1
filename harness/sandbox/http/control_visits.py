"""The control API's handlers on what becomes of a visit: confirmed, present, paid, deleted, spoken of."""

from __future__ import annotations

from harness.contract.json_value import JsonValue, text_of
from harness.sandbox.http.control_desk import Asked, Desk, Reply
from harness.sandbox.http.control_views import visit_json

__all__ = ["VisitDesk"]


class VisitDesk(Desk):
    """One visit after it was booked."""

    async def on_confirm_visit(self, asked: Asked) -> Reply:
        """A patient or the doctor confirms."""
        confirmed = self._rules.marks.confirm(self._booking(asked), asked.cause)
        return 200, visit_json(confirmed, self._state.payloads.time)

    async def on_mark_presence(self, asked: Asked) -> Reply:
        """The patient came, or did not."""
        marked = self._rules.marks.mark(self._booking(asked), text_of(asked.body.get("presence")), asked.cause)
        return 200, visit_json(marked, self._state.payloads.time)

    async def on_pay_visit(self, asked: Asked) -> Reply:
        """The payment changes status."""
        paid = self._rules.marks.pay(self._booking(asked), text_of(asked.body.get("status")), asked.cause)
        return 200, visit_json(paid, self._state.payloads.time)

    async def on_delete_visit(self, asked: Asked) -> Reply:
        """The doctor takes it out of the calendar for good."""
        self._rules.marks.delete(self._booking(asked), asked.cause)
        return 204, None

    async def on_give_opinion(self, asked: Asked) -> Reply:
        """The patient speaks of it."""
        self._state.opinions.give(self._booking(asked), self._clock.now())
        return 204, None

    async def on_get_opinion_requests(self, asked: Asked) -> Reply:
        """About which visits of the calendar patients were asked."""
        address, opinions = self._address(asked), self._state.opinions
        on_it = {one.id for one in self._state.bookings.on(address.id)}
        told: list[JsonValue] = [
            {
                "booking_id": one.booking_id,
                "phone": one.phone,
                "asked_at": self._state.payloads.time(one.asked_at),
                "given": opinions.is_given(one.booking_id),
            }
            for one in opinions.asked()
            if one.booking_id in on_it
        ]
        return 200, {"items": told}
