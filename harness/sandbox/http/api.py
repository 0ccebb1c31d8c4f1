"""The Docplanner API over HTTP: authorisation, limits, trouble on purpose, the operation, the journal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import orjson
from starlette.types import Receive, Scope, Send

from harness.contract.catalogue import ERRORS
from harness.contract.json_value import JsonObject, JsonValue
from harness.contract.operations import Match, match
from harness.recorder.exchange import Exchange, clean_exchange
from harness.recorder.journal import Journal
from harness.recorder.line import Actor, Channel, Kind
from harness.recorder.redaction import Redactor
from harness.sandbox.calendars import Calendars
from harness.sandbox.clients import ApiClient
from harness.sandbox.faults import Fault
from harness.sandbox.forms import in_form
from harness.sandbox.http.asked import API_PATH, Asked, asked_by, body_of, request_breaches
from harness.sandbox.http.booking_api import BOOKING_OPERATIONS
from harness.sandbox.http.calendar_api import CALENDAR_OPERATIONS
from harness.sandbox.http.mapping_api import MAPPING_OPERATIONS
from harness.sandbox.http.news import News
from harness.sandbox.http.push import Push
from harness.sandbox.http.slot_lists import SlotLists
from harness.sandbox.http.wire import ERROR_TYPE, SUCCESS_TYPE, Answer, Call, error_answer
from harness.sandbox.http.written import Written, response_breaches
from harness.sandbox.refusals import Refusal, invalid
from harness.sandbox.state import State

__all__ = ["ABORT", "API_PATH", "OPERATIONS", "Api"]

ABORT = "acceptance.abort"
"""Under this name the extensions of a scope say how to close its connection."""
OPERATIONS = {**MAPPING_OPERATIONS, **CALENDAR_OPERATIONS, **BOOKING_OPERATIONS}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NO_CREDENTIALS = "Authentication credentials could not be found."
ENDED: Mapping[str, JsonObject] = {
    "message": {"message": "The access token provided has expired."},
    "no_credentials": {"message": NO_CREDENTIALS},
    "oauth": {"error": "invalid_grant", "error_description": "The access token provided has expired."},
    "empty": {},
}
"""The bodies for an expired token, by the setting [open]; the texts are what other services of the kind say."""
BARE = frozenset({b"", orjson.dumps(ENDED["oauth"])})
"""Those of them without a message."""


@dataclass(frozen=True, slots=True)
class Handled:
    """An answer, with what the journal needs to know beside it; ``cut`` means that none is sent."""

    answer: Answer
    client: ApiClient | None = None
    """Who asked; None where nobody was known."""
    injected: bool = False
    cut: bool = False


class Api:
    """Answers API calls of the partner and writes each into the journal."""

    def __init__(
        self, state: State, rules: Calendars, journal: Journal, redactor: Redactor, news: News, push: Push
    ) -> None:
        self._state = state
        self._rules = rules
        self._journal = journal
        self._redactor = redactor
        self._news = news
        self._push = push
        self._slot_lists = SlotLists()

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call: what is answered is journalled and kept before it is sent."""
        started, clock = self._state.clock.now(), time.perf_counter()
        raw = await body_of(receive)
        if raw is None:
            return  # nobody is there to read an answer
        asked = asked_by(scope)
        handled = await self._answer(asked, raw)
        response = self._written(handled.answer, asked.found)
        took_ms = (time.perf_counter() - clock) * 1000
        self._record(asked, raw, response, handled, started, took_ms)
        self._state.commit()
        if handled.cut:
            scope["extensions"][ABORT]["close"]()
            # Stays until it is closed: an application that ends without an answer is given one.
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        await send(response.start)
        await send({"type": "http.response.body", "body": response.body})

    async def _answer(self, asked: Asked, raw: bytes) -> Handled:
        headers: Mapping[str, str] = {}
        client = None
        try:
            client = self._authorised(asked)
            allowed, headers = client.take(writes=asked.method != "GET", now=self._state.clock.now())
            if asked.method != "GET":
                self._state.clients.touch(client.id)  # reads alone do not make the windows worth keeping
            if not allowed:
                told: JsonObject = {"errors": [], "message": "Too many requests"}
                return Handled(Answer(429, told, headers), client)
            if asked.found is None:
                raise _unrouted(asked.method, asked.below)
            return await self._perform(asked, asked.found, client, raw, headers)
        except Refusal as refusal:
            return Handled(error_answer(refusal, headers), client)

    async def _perform(
        self, asked: Asked, found: Match, client: ApiClient, raw: bytes, headers: Mapping[str, str]
    ) -> Handled:
        address_id = found.params.get("address_id")
        target = "write" if found.operation.writes else "read"
        fault = self._state.faults.fire(address_id, client.id, target, found.operation.id)
        if fault is not None:
            self.tell(fault, found.operation.id, address_id)
            if fault.when == "before" and fault.effect == "slow":
                await asyncio.sleep(fault.delay_s)
            elif fault.when == "before" and fault.effect != "omit":
                return self._failed(fault, client, headers)
        handler = OPERATIONS[found.operation.id]
        try:
            answer = handler(self._call(asked, found, client, raw, fault))
        except Refusal as refusal:
            return Handled(error_answer(refusal, headers), client, injected=fault is not None)
        self._afterwards(found, address_id)
        if fault is not None and fault.when == "after":
            if fault.effect != "slow":
                return self._failed(fault, client, headers)
            await asyncio.sleep(fault.delay_s)
        told = Answer(answer.status, answer.body, {**headers, **answer.headers}, answer.encoded)
        return Handled(told, client, injected=fault is not None)

    def _afterwards(self, found: Match, address_id: str | None) -> None:
        """What is due later: changes of working time become readable."""
        if found.operation.id in {"replaceSlots", "deleteSlots"} and address_id:
            due = self._state.clock.now() + timedelta(seconds=self._state.behaviour_of(address_id).slots_delay_s)
            self._state.alarm(due, lambda: self._news.add("slots-readable", address_id=address_id))

    def _failed(self, fault: Fault, client: ApiClient, headers: Mapping[str, str]) -> Handled:
        told: JsonObject = {"errors": [], "message": "Service unavailable"}
        if fault.effect == "limit":
            reset = self._state.clock.now() + timedelta(seconds=fault.delay_s)
            used = client.used_up(reset, headers)
            return Handled(Answer(429, {"errors": [], "message": "Too many requests"}, used), client, injected=True)
        return Handled(Answer(fault.status, told), client, injected=True, cut=fault.effect == "cut")

    def _call(self, asked: Asked, found: Match, client: ApiClient, raw: bytes, fault: Fault | None) -> Call:
        base = self._state.settings.public_url or asked.base_url
        return Call(
            state=self._state,
            rules=self._rules,
            client=client,
            operation_id=found.operation.id,
            params=found.params,
            query=asked.query,
            raw=raw,
            body=_json_body(raw) if found.operation.writes else {},
            base_url=f"{base.rstrip('/')}{API_PATH}",
            left_out=fault.booking_id if fault else None,
            slot_lists=self._slot_lists,
        )

    def _authorised(self, asked: Asked) -> ApiClient:
        if not asked.token:
            raise Refusal(401, {"message": NO_CREDENTIALS})
        now = self._state.clock.now()
        for client in self._state.clients.values():
            if client.knows(asked.token, now):
                return client
        raise Refusal(401, ENDED[self._state.behaviour.expired_token_body])

    def _written(self, answer: Answer, found: Match | None) -> Written:
        if answer.encoded is not None:
            return Written(answer.status, answer.encoded, answer.headers, SUCCESS_TYPE)
        if answer.body is None:
            return Written(answer.status, b"", answer.headers, None)
        failed = answer.status >= 400  # noqa: PLR2004 - errors have a media type of their own [doc]
        address_id = found.params.get("address_id") if found else None
        body: JsonValue = answer.body
        if not failed:
            body = in_form(body, self._state.behaviour_of(address_id))
        return Written(answer.status, orjson.dumps(body), answer.headers, ERROR_TYPE if failed else SUCCESS_TYPE)

    def _record(
        self, asked: Asked, raw: bytes, response: Written, handled: Handled, started: datetime, took_ms: float
    ) -> None:
        found, status = asked.found, response.status
        operation = found.operation.id if found else None
        address_id = found.params.get("address_id") if found else None
        breaches: tuple[str, ...] = ()
        if found and not handled.injected:
            breaches = request_breaches(asked, raw)
            # in what form a token is refused is open, so the contract does not hold there
            if not (status == HTTPStatus.UNAUTHORIZED and response.body in BARE):
                breaches += response_breaches(found.operation.id, response)
        exchange = Exchange(
            method=asked.method,
            url=asked.url,
            operation=operation,
            request_headers=asked.headers,
            request_body=raw or None,
            status=None if handled.cut else status,
            response_headers=response.headers,
            response_body=response.body or None,
            started_at=started,
            took_ms=took_ms,
            error="the connection was cut on purpose" if handled.cut else None,
            breaches=breaches,
            injected=handled.injected,
        )
        client_id = handled.client.id if handled.client else None
        self._journal.write(
            Kind.EXCHANGE,
            clean_exchange(exchange, self._redactor, client_id=client_id),
            actor=Actor.PARTNER,
            channel=Channel.API,
            scenario=self._state.scenario_of(address_id),
            address=address_id,
        )
        if operation in {"pullNotification", "pullMultipleNotification"}:
            self._record_pulled()
        self._news.add("exchange", address_id=address_id, operation=operation, status=exchange.status)

    def _record_pulled(self) -> None:
        """Each notification that was just pulled is a try of its own, under the act that led to it."""
        for one in self._state.mailbox.just_pulled():
            last = one.tries[-1]
            told: JsonObject = {
                "notification_id": one.id,
                "event": one.name,
                "channel": "pull",
                "try": len(one.tries),
                "status": None,
                "at": last.at.isoformat(),
                "json": orjson.loads(one.body),
            }
            self._push.record(told, one)
            self._news.add("notification", address_id=one.address_id)

    def tell(self, fault: Fault, operation: str, address_id: str | None) -> None:
        """Trouble on purpose has met a call or a message."""
        self._journal.write(
            Kind.FAULT,
            {"fault_id": fault.id, "effect": fault.effect, "when": fault.when, "operation": operation},
            actor=Actor.HARNESS,
            channel=Channel.NOTIFICATION if fault.target == "message" else Channel.API,
            scenario=fault.scenario or self._state.scenario_of(address_id),
            cause=fault.cause,
            address=address_id,
        )
        self._news.add("fault", address_id=address_id, operation=operation)


def _unrouted(method: str, path: str) -> Refusal:
    """Unknown route 404, wrong method 405 [doc]."""
    if allowed := [other for other in METHODS if other != method and match(other, path)]:
        return Refusal(405, {"errors": [], "message": "Method not allowed"}, {"Allow": ", ".join(allowed)})
    return Refusal(404, ERRORS["ObjectNotFound"].body())


def _json_body(raw: bytes) -> JsonObject:
    if not raw.strip():
        return {}
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise invalid("the body is not JSON") from error
    if not isinstance(body, dict):
        raise invalid("the body is not a JSON object")
    return body
