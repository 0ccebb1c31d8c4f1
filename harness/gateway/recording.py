"""From what went through the gateway to journal lines: redacted, compared with the contract, told as news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from harness.contract.checker import decoded
from harness.contract.events import EVENTS
from harness.contract.exchange_check import check_notification, check_request, check_response
from harness.contract.json_value import JsonObject, JsonValue, array_of, object_of, text_of
from harness.contract.operations import Match, match
from harness.errors import HarnessError
from harness.gateway.heads import Headers
from harness.gateway.kept import Body, Passed
from harness.gateway.secrets_seen import Learning
from harness.gateway.settings import Target
from harness.recorder.exchange import Exchange, exchange_body
from harness.recorder.journal import Journal
from harness.recorder.line import Actor, Channel, Kind
from harness.recorder.redaction import Redactor

__all__ = ["API_PATH", "TOKEN_PATH", "Recording"]

API_PATH = "/api/v3/integration"
TOKEN_PATH = "/oauth/v2/token"  # noqa: S105 - a path, no token
PULLING = frozenset({"pullNotification", "pullMultipleNotification"})
SHOWN_TRIES = 10_000
"""Notifications of which the number of tries is remembered."""

Tell = Callable[[str, str | None, str | None, int | None], None]
"""Takes what happened, the calendar, the operation and the status."""


class Recording:
    """Writes a line for each exchange; ``tell`` gets the news once the line stands."""

    def __init__(self, journal: Journal, redactor: Redactor, tell: Tell, *, beside_sandbox: bool) -> None:
        self._beside_sandbox = beside_sandbox
        self._journal = journal
        self._redactor = redactor
        self._learning = Learning(redactor)
        self._tell = tell
        self._tries: Counter[bytes] = Counter()
        self._scenarios: dict[str, str] = {}
        self.written = 0
        self.lost = 0
        """Exchanges that went through and could not be written."""

    def belongs(self, address_id: str, scenario: str | None) -> None:
        """What is about that calendar belongs to the scenario from now on; None to none."""
        if scenario is None:
            self._scenarios.pop(address_id, None)
        else:
            self._scenarios[address_id] = scenario

    def call(self, target: Target, passed: Passed) -> None:
        """The partner called Docplanner."""
        self._safely(self._call, target, passed)

    def message(self, target: Target, passed: Passed) -> None:
        """Docplanner sent something to the partner's endpoint."""
        self._safely(self._message, target, passed)

    def _safely(self, write: Callable[[Target, Passed], None], target: Target, passed: Passed) -> None:
        """Nobody's traffic stops because it cannot be written down; that it was not is counted."""
        try:
            write(target, passed)
            self.written += 1
        except (HarnessError, OSError):
            self.lost += 1

    def _call(self, target: Target, passed: Passed) -> None:
        self._learning.from_call(passed)
        path, _, query = passed.path.partition("?")
        found = match(passed.method, path.removeprefix(API_PATH)) if path.startswith(f"{API_PATH}/") else None
        is_token = path == TOKEN_PATH
        operation = "token" if is_token else found.operation.id if found else None
        address = found.params.get("address_id") if found else None
        breaches = _breaches(found, query, passed) if found else ()
        number = self._journal.write(
            Kind.EXCHANGE,
            self._body(target, passed, operation, breaches),
            actor=Actor.PARTNER,
            channel=Channel.TOKEN if is_token else Channel.API,
            scenario=self._scenarios.get(address or ""),
            address=address,
        )
        if operation in PULLING and passed.status == HTTPStatus.OK:
            self._pulled(passed, number)
        self._tell("token" if is_token else "exchange", address, operation, passed.status)

    def _pulled(self, passed: Passed, number: int) -> None:
        """Each notification that was fetched is a try of its own."""
        answer = decoded(passed.answer.read(passed.answer_headers) or b"")
        told = object_of(answer) if isinstance(answer, dict) else {}
        single: list[JsonValue] = [dict(told)]
        for one in array_of(told.get("notifications")) if "notifications" in told else single:
            address = _address_of(object_of(one))
            body: JsonObject = {
                "event": text_of(object_of(one).get("name")) or None,
                "channel": "pull",
                "status": None,
                "at": passed.started_at.isoformat(),
                "json": one,
                "gateway": {"beside_sandbox": self._beside_sandbox},
            }
            self._write_notification(Kind.NOTIFICATION_TRY, body, address, cause=number)

    def _write_notification(self, kind: Kind, body: JsonObject, address: str | None, cause: int | None = None) -> None:
        self._journal.write(
            kind,
            body,
            actor=Actor.DOCPLANNER,
            channel=Channel.NOTIFICATION,
            scenario=self._scenarios.get(address or ""),
            address=address,
            cause=cause,
        )
        status = body.get("status")
        self._tell("notification", address, None, status if isinstance(status, int) else None)

    def _message(self, target: Target, passed: Passed) -> None:
        self._learning.from_message(passed)
        sent = passed.request.read(passed.request_headers)
        value = decoded(sent or b"")
        told = object_of(value) if isinstance(value, dict) else {}
        event = told.get("name") if passed.method == "POST" else None
        known = EVENTS.get(event) if isinstance(event, str) else None
        body = self._body(target, passed, None, ())
        body["event"] = event if isinstance(event, str) else None
        address = _address_of(told)
        kind = Kind.EXCHANGE
        if sent is not None and isinstance(event, str) and not (known and known.blocking):
            kind = Kind.NOTIFICATION_TRY
            if len(self._tries) > SHOWN_TRIES:
                self._tries.clear()
            self._tries[sent] += 1
            body |= {"channel": "push", "try": self._tries[sent], "breaches": list(check_notification(sent))}
        self._write_notification(kind, body, address)

    def _body(self, target: Target, passed: Passed, operation: str | None, breaches: tuple[str, ...]) -> JsonObject:
        own = passed.own
        exchange = Exchange(
            method=passed.method,
            url=f"{target.origin}{passed.path}",
            operation=operation,
            request_headers=_texts(passed.request_headers),
            request_body=passed.request.read(passed.request_headers) or None,
            status=passed.status,
            response_headers=_texts(passed.answer_headers),
            response_body=passed.answer.read(passed.answer_headers) or None,
            started_at=passed.started_at,
            took_ms=passed.took_ms,
            error=own.words if own else passed.broken,
            breaches=breaches,
            injected=False,
        )
        body = exchange_body(exchange, self._redactor)
        for side, kept, headers in (
            ("request", passed.request, passed.request_headers),
            ("response", passed.answer, passed.answer_headers),
        ):
            if kept.length and kept.read(headers) is None:
                unread = f"[{kept.length} bytes, too long or packed in a way that is not known]"
                body[side] = {**object_of(body[side]), "text": unread}
        body["gateway"] = {
            "answered": own.status if own else None,
            "reason": own.reason if own else None,
            "far_ms": round(passed.far_ms, 1),
            "beside_sandbox": self._beside_sandbox,
        }
        return body


def _breaches(found: Match, query: str, passed: Passed) -> tuple[str, ...]:
    """What either side has against its contract; nothing where the exchange is not whole."""
    if passed.own is not None or passed.broken is not None or passed.status is None:
        return ()
    told: tuple[str, ...] = ()
    request = _whole(passed.request, passed.request_headers)
    if request is not None:
        parameters = dict(parse_qsl(query, keep_blank_values=True))
        told += check_request(found.operation.id, parameters, request or None, params=found.params)
    answer = _whole(passed.answer, passed.answer_headers)
    # in what form a token is refused is open, so the contract does not hold there
    if answer is not None and passed.status != HTTPStatus.UNAUTHORIZED and passed.method != "HEAD":
        headers = {name.lower(): value for name, value in _texts(passed.answer_headers)}
        kind = headers.get("content-type")
        told += check_response(found.operation.id, passed.status, kind, answer or None, headers=headers)
    return told


def _whole(kept: Body, headers: Headers) -> bytes | None:
    return kept.read(headers) if kept.length else b""


def _texts(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _address_of(notification: Mapping[str, JsonValue]) -> str | None:
    """The calendar that a notification is about."""
    named = object_of(object_of(notification.get("data")).get("address")).get("id")
    return str(named) if isinstance(named, str | int) else None
