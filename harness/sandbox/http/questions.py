"""Real-time questions to the partner system: may this be booked, may this be moved? [doc]."""

from __future__ import annotations

import orjson

from harness.contract.json_value import JsonObject, object_of
from harness.sandbox.bookings import Booking
from harness.sandbox.calendars import Calendars, Wanted
from harness.sandbox.directory import Address
from harness.sandbox.http.control_desk import Denied
from harness.sandbox.http.push import Push
from harness.sandbox.state import Cause, State

__all__ = ["Questions"]


class Questions:
    """Asks the partner's endpoint and waits for the answer."""

    def __init__(self, state: State, rules: Calendars, push: Push) -> None:
        self._state = state
        self._rules = rules
        self._push = push

    async def approve(self, event: str, address: Address, wanted: Wanted, booking: Booking | None) -> None:
        """Ask first, where the API client has real-time checks: anything but a 2xx blocks [doc]."""
        if not self._state.first_client.realtime:
            return
        answer = await self.ask(event, address, wanted, booking)
        if not answer["allowed"]:
            raise Denied(409, "denied", f"The partner system did not approve: it answered {answer['status']}.")

    async def ask(self, event: str, address: Address, wanted: Wanted, booking: Booking | None) -> JsonObject:
        """The partner's answer, as the control API tells it.

        Raises:
            Denied: there is no endpoint to ask.
        """
        state, client = self._state, self._state.first_client
        if not client.callback_url:
            raise Denied(409, "conflict", "The API client has no endpoint for questions.")
        request = state.payloads.told_request(self._rules.draft(address, wanted, by="user"), address)
        if event == "booking-moving" and booking is not None:
            told = state.payloads.event(
                address,
                canceling_booking=state.payloads.told_booking(booking, address),
                creating_booking=request,
            )
        else:
            told = state.payloads.event(address, visit_booking_request=request)
        notification = state.notification(client, event, address, told, Cause())
        exchange = await self._push.post(client, notification.body, Push.key_headers(client))
        code = None
        if exchange.response_body:
            try:
                code = object_of(orjson.loads(exchange.response_body)).get("error_code")
            except orjson.JSONDecodeError:
                code = None
        status = exchange.status
        return {
            "allowed": status is not None and 200 <= status < 300,  # noqa: PLR2004 - any 2xx
            "status": status,
            "took_ms": round(exchange.took_ms, 1),
            "error_code": code if isinstance(code, int) else None,
            "error": exchange.error,
        }
