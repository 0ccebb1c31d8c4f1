"""The control API's handlers on the sandbox's memory: a snapshot of everything, and back to it."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

import orjson

from harness.contract.json_value import JsonObject, JsonValue
from harness.recorder.redaction import Redactor
from harness.sandbox.clients import ApiClient
from harness.sandbox.http.alarm import Alarm
from harness.sandbox.http.control_desk import Asked, Denied, Desk, Reply
from harness.sandbox.http.news import News
from harness.sandbox.http.push import Push
from harness.sandbox.rows import KINDS, load, row_of
from harness.sandbox.state import State

__all__ = ["StateDesk", "resume"]

VERSION = 1
SECRETS: JsonObject = {"secret": "", "callback_api_key": None, "tokens": {}}
"""What a snapshot says of an API client in place of its secrets."""


def resume(state: State, push: Push, news: News) -> None:
    """Set going what was under way when the state was kept: tries, delayed messages, changes that become readable."""
    for address_id, calendar in state.calendars.items():
        for one in calendar.pending:
            state.alarm(one.readable_at, partial(news.add, "slots-readable", address_id=address_id))
    for fault in state.faults.every():
        for held in fault.held if fault.effect == "delay" else ():
            state.wake_for(fault, held)
    push.resume()


class StateDesk(Desk):
    """Everything at once."""

    redactor: Redactor
    alarm: Alarm

    async def on_get_snapshot(self, asked: Asked) -> Reply:
        """All that the sandbox knows, without the secrets of API clients."""
        del asked
        rows: JsonObject = {kind.name: {} for kind in KINDS}
        for kind in KINDS:
            told: dict[str, JsonValue] = {}
            for key, entry in kind.entries(self._state).items():
                told[key] = orjson.loads(row_of(kind, entry))
                if isinstance(entry, ApiClient):
                    told[key] = {**orjson.loads(row_of(kind, entry)), **SECRETS}
            rows[kind.name] = told
        return 200, {"version": VERSION, "taken_at": self._state.payloads.time(self._clock.now()), "rows": rows}

    async def on_restore_snapshot(self, asked: Asked) -> Reply:
        """Know what the snapshot tells and nothing else; ids go on."""
        body: dict[str, Any] = dict(asked.body)
        if body["version"] != VERSION:
            raise Denied(422, "invalid", f"version: expected {VERSION}, seen {body['version']}.")
        before = dict(self._state.clients)
        try:
            load(body["rows"], self._state, self._clock)
        except ValueError as error:
            raise Denied(422, "invalid", f"The snapshot cannot be restored: {error}.") from error
        self._push.forget()
        self.alarm.forget()
        fresh: list[JsonValue] = []
        for client in list(self._state.clients.values()):
            known = before.get(client.id)
            if known is not None:
                client.secret, client.tokens = known.secret, known.tokens
                client.callback_api_key = known.callback_api_key
            else:
                client.secret = secrets.token_urlsafe(32)
                self.redactor.add_secret(client.secret)
                fresh.append({"client_id": client.id, "client_secret": client.secret})
        resume(self._state, self._push, self._news)
        self._push.clock_moved()
        self._news.add("clock")
        return 200, {"new_clients": fresh}
