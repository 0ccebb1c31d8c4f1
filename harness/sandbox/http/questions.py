"""Real-time questions to the partner system: may this be booked, may this be moved? [doc]."""

from __future__ import annotations

import orjson

from harness.contract.json_value import JsonObject, object_of
from harness.recorder.exchange import Exchange
from harness.sandbox.bookings import Booking
from harness.sandbox.calendars import Calendars
from harness.sandbox.clients import ApiClient
from harness.sandbox.directory import Address
from harness.sandbox.http.control_desk import Denied
from harness.sandbox.http.push import Push
from harness.sandbox.state import Cause, State
from harness.sandbox.visits import Wanted

__all__ = ["Questions"]


class Questions:
    """Asks the endpoints of the API clients that may see the clinic, and waits for their answers."""

    def __init__(self, state: State, rules: Calendars, push: Push) -> None:
        self._state = state
        self._rules = rules
        self._push = push

    async def approve_booking(self, address: Address, wanted: Wanted, cause: Cause) -> None:
        """Ask whoever has real-time checks: anything but a 2xx blocks [doc].

        Raises:
            Denied: 409, somebody did not approve.
        """
        for client in self._clients(address):
            if client.realtime:
                _need_approval(await self._ask(client, address, self._booking(address, wanted), cause))

    async def approve_move(self, booking: Booking, target: Address, wanted: Wanted, cause: Cause) -> None:
        """Likewise for a move."""
        for client in self._clients(target):
            if client.realtime:
                told = self._move(booking, target, wanted)
                _need_approval(await self._ask(client, target, ("booking-moving", told), cause))

    async def ask_booking(self, address: Address, wanted: Wanted, cause: Cause) -> JsonObject:
        """The partner's answer, as the control API tells it.

        Raises:
            Denied: 409, there is no endpoint to ask.
        """
        return await self._ask(self._reachable(address), address, self._booking(address, wanted), cause)

    async def ask_move(self, booking: Booking, target: Address, wanted: Wanted, cause: Cause) -> JsonObject:
        """Likewise for a move."""
        question = ("booking-moving", self._move(booking, target, wanted))
        return await self._ask(self._reachable(target), target, question, cause)

    def _booking(self, address: Address, wanted: Wanted) -> tuple[str, JsonObject]:
        payloads = self._state.payloads
        request = payloads.told_request(self._rules.visits.draft(address, wanted, by="user"), address)
        return "slot-booking", payloads.event(address, visit_booking_request=request)

    def _move(self, booking: Booking, target: Address, wanted: Wanted) -> JsonObject:
        payloads = self._state.payloads
        source = self._state.directory.address(booking.address_id)
        return payloads.event(
            target,
            canceling_booking={
                **payloads.told_booking(booking, source),
                "canceling_by": "user",
                "canceling_at": payloads.time(self._state.clock.now()),
            },
            creating_booking=payloads.told_request(self._rules.visits.draft(target, wanted, by="user"), target),
        )

    def _clients(self, address: Address) -> list[ApiClient]:
        granted = self._state.directory.facility_of(address).granted_to
        return [one for one in self._state.clients.values() if one.id in granted]

    def _reachable(self, address: Address) -> ApiClient:
        for client in self._clients(address):
            if client.callback_url:
                return client
        raise Denied(409, "conflict", "No API client of the clinic has an endpoint for questions.")

    async def _ask(
        self, client: ApiClient, address: Address, question: tuple[str, JsonObject], cause: Cause
    ) -> JsonObject:
        event, data = question
        asked = self._state.notification(client, event, address, data, cause)
        longest_s = self._state.behaviour_of(address.id).realtime_answer_s
        exchange = await self._push.post(client, asked.body, Push.key_headers(client), timeout_s=longest_s)
        self._push.record_exchange(exchange, asked)
        code = None
        if exchange.response_body and _is_denial(exchange):
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


def _is_denial(exchange: Exchange) -> bool:
    """Whether an error code in it counts: of a 4xx with JSON [doc]."""
    kinds = [value for name, value in exchange.response_headers if name.lower() == "content-type"]
    return exchange.status is not None and 400 <= exchange.status < 500 and "application/json" in "".join(kinds)  # noqa: PLR2004


def _need_approval(answer: JsonObject) -> None:
    if not answer["allowed"]:
        told, code = answer["status"] or answer["error"], answer["error_code"]
        said = f" with error_code {code}" if isinstance(code, int) else ""
        message = f"The partner system did not approve: it answered {told}{said}."
        raise Denied(409, "denied", message, error_code=code if isinstance(code, int) else None)
