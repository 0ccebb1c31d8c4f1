"""The control API's handlers on messages: questions, forged and repeated news, trouble on purpose."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from harness.contract.json_value import text_of
from harness.sandbox.clients import ApiClient
from harness.sandbox.directory import Address
from harness.sandbox.faults import LIST, Fault, nonsense
from harness.sandbox.http.booking_api import patient_of
from harness.sandbox.http.control_desk import Asked, Denied, Desk, Reply, moment
from harness.sandbox.http.control_views import fault_json, notification_json
from harness.sandbox.http.push import Push
from harness.sandbox.http.questions import Questions
from harness.sandbox.http.wire import minutes_of
from harness.sandbox.notifications import Notification
from harness.sandbox.visits import Wanted

__all__ = ["MessageDesk"]


class MessageDesk(Desk):
    """What reaches the partner system, and what goes wrong on the way."""

    questions: Questions

    async def on_ask(self, asked: Asked) -> Reply:
        """A real-time question, without acting on its answer."""
        address, body = self._address(asked), asked.body
        wanted = Wanted(
            moment(body.get("start"), "start"),
            minutes_of(body.get("duration"), "duration"),
            text_of(body.get("address_service_id")),
            patient_of(body.get("patient")) if body.get("patient") else {"name": "Question"},
        )
        if body.get("event") == "slot-booking":
            return 200, await self.questions.ask_booking(address, wanted, asked.cause)
        booking = self._state.bookings.get(text_of(body.get("booking_id")))
        if booking is None:
            raise Denied(404, "not_found", "There is no visit booking_id that could be moved.")
        return 200, await self.questions.ask_move(booking, address, wanted, asked.cause)

    async def on_send_forged(self, asked: Asked) -> Reply:
        """News of a visit that does not exist, with the right key, a wrong one, or none. Once."""
        address, body, state = self._address(asked), asked.body, self._state
        client = self._reachable(address)
        wanted = Wanted(
            moment(body.get("start"), "start"),
            minutes_of(body.get("duration"), "duration"),
            text_of(body.get("address_service_id")),
            patient_of(body.get("patient")),
        )
        booking = self._rules.visits.draft(address, wanted, by="user")
        told = state.payloads.event(address, visit_booking=state.payloads.told_booking(booking, address))
        notification = state.notification(client, "slot-booked", address, told, asked.cause)
        key = text_of(body.get("key"))
        headers = Push.key_headers(client) if key == "right" else {}
        if key == "wrong":
            headers = {client.callback_api_key_header: "not-the-agreed-key"}
        exchange = await self._push.post(client, notification.body, headers)
        self._push.record_exchange(exchange, notification, injected=True)
        return 200, {"status": exchange.status, "took_ms": round(exchange.took_ms, 1), "error": exchange.error}

    async def on_send_raw(self, asked: Asked) -> Reply:
        """Whatever is wanted, by whatever method. Once."""
        client = self._reachable(self._address(asked))
        body = text_of(asked.body.get("body")).encode()
        method = text_of(asked.body.get("method"))
        exchange = await self._push.post(client, body, Push.key_headers(client), method=method)
        return 200, {"status": exchange.status, "took_ms": round(exchange.took_ms, 1), "error": exchange.error}

    def _reachable(self, address: Address) -> ApiClient:
        granted = self._state.directory.facility_of(address).granted_to
        for client in self._state.clients.values():
            if client.id in granted and client.callback_url:
                return client
        raise Denied(409, "conflict", "No API client of the clinic has an endpoint for notifications.")

    async def on_get_notifications(self, asked: Asked) -> Reply:
        """With their tries, oldest first."""
        query = asked.request.query_params
        self._state.mailbox.delete_old(self._clock.now())
        found = self._state.mailbox.every(client_id=query.get("client_id"), address_id=query.get("address_id"))
        return 200, {"items": [notification_json(one, self._state.payloads.time) for one in found]}

    async def on_resend(self, asked: Asked) -> Reply:
        """The same body again."""
        notification = self._state.mailbox.get(asked.params["notification_id"])
        if notification is None:
            raise Denied(404, "not_found", "There is no such notification.")
        channel = text_of(asked.body.get("channel")) or None
        client = self._state.clients[notification.client_id]
        if channel == "push" and not client.callback_url:
            raise Denied(409, "conflict", "The API client has no endpoint for notifications.")
        notification.told_by(asked.cause.line, asked.cause.scenario)
        self._state.deliver(client, notification, channel)
        return 202, None

    async def on_age_notifications(self, asked: Asked) -> Reply:
        """As if they had been made earlier: what is due by then happens, the bodies stay as they are."""
        seconds = asked.body["seconds"]
        by = timedelta(seconds=seconds if isinstance(seconds, int | float) else 0)
        found = self._chosen(asked)
        now = self._clock.now()
        self._state.mailbox.age({one.id for one in found}, by, now)
        client = self._state.clients.get(text_of(asked.body.get("client_id")))
        if client and client.released_at and not asked.body.get("address_id"):
            client.released_at -= by
        self._push.clock_moved()
        self._state.send_delayed()
        return 200, {"count": len(found)}

    async def on_exhaust_retries(self, asked: Asked) -> Reply:
        """All tries of what is still pushed are spent; what has its first try before it has that one alone."""
        return 200, {"count": self._push.exhaust(self._chosen(asked))}

    def _chosen(self, asked: Asked) -> list[Notification]:
        """Those of the API client and the calendar that the body names; of one of them at least."""
        address_id = text_of(asked.body.get("address_id")) or None
        client_id = text_of(asked.body.get("client_id")) or None
        if address_id is None and client_id is None:
            raise Denied(422, "invalid", "address_id or client_id: name the calendar, the API client, or both.")
        if address_id is not None:
            self._state.directory.address(address_id)
        if client_id is not None and client_id not in self._state.clients:
            raise Denied(404, "not_found", "There is no such API client.")
        return list(self._state.mailbox.every(client_id=client_id, address_id=address_id))

    async def on_get_faults(self, asked: Asked) -> Reply:
        """What is armed."""
        del asked
        return 200, {"items": [fault_json(one) for one in self._state.faults.every()]}

    async def on_add_fault(self, asked: Asked) -> Reply:
        """Trouble from now on."""
        body, state = asked.body, self._state
        address_id, client_id = text_of(body.get("address_id")) or None, text_of(body.get("client_id")) or None
        if address_id is not None:
            state.directory.address(address_id)
        if client_id is not None and client_id not in state.clients:
            raise Denied(404, "not_found", "There is no such API client.")
        booking_id = text_of(body.get("booking_id")) or None
        if booking_id is not None and state.bookings.get(booking_id) is None:
            raise Denied(404, "not_found", "There is no visit booking_id that lists could leave out.")
        numbers: dict[str, Any] = dict(body)
        fault = Fault(
            id=state.ids.new(),
            address_id=address_id,
            client_id=client_id,
            target=text_of(body["target"]),
            effect=text_of(body["effect"]),
            operation=text_of(body.get("operation")) or (LIST if body["effect"] == "omit" else None),
            when=text_of(body.get("when")) or "before",
            status=int(numbers.get("status", 503)),
            delay_s=float(numbers.get("delay_s") or 0.0),
            left=int(numbers.get("count", 2 if body["effect"] == "reorder" else 1)),
            booking_id=booking_id,
            cause=asked.cause.line,
            scenario=asked.cause.scenario,
        )
        if mistakes := nonsense(fault):
            raise Denied(422, "invalid", "; ".join(mistakes))
        self._state.faults.arm(fault)
        return 201, fault_json(fault)

    async def on_remove_fault(self, asked: Asked) -> Reply:
        """It is over; what it held is sent."""
        fault = self._state.faults.disarm(asked.params["fault_id"])
        if fault is None:
            raise Denied(404, "not_found", "There is no such fault.")
        for held in fault.held:
            if (notification := self._state.mailbox.get(held)) is not None:
                notification.told_by(asked.cause.line, None)
        self._state.end_fault(fault)
        return 204, None
