"""A request and its answer, and how they stand in the journal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import orjson

from harness.recorder.line import JsonObject, JsonValue
from harness.recorder.redaction import Clean, Redactor
from harness.recorder.secret_text import SecretText

__all__ = ["GUARD_MARK", "LONGEST_TEXT", "Exchange", "clean_exchange", "exchange_body", "message_body"]

LONGEST_TEXT = 64 * 1024
"""Characters of a body that is neither JSON nor a form; what is longer is cut."""
LONGEST_READ = 4 * 1024 * 1024
"""Bytes of a body that is looked into at all."""
TEXTUAL = re.compile(r"text/|[/+](json|xml|x-www-form-urlencoded|javascript)|multipart/", re.IGNORECASE)
REMEMBERED = 256
"""Requests without a body of which it is remembered how they are written: a partner's all look alike."""
FORM = "application/x-www-form-urlencoded"

GUARD_MARK = "X-Acceptance-Guard"
"""A header of answers that the guard before a real Docplanner gives in its place, and nobody else."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, as they went over the wire. Holds secrets: never written as it is."""

    method: str
    url: str
    operation: str | None
    """Id of the operation that it means; None where it means none."""
    request_headers: Headers
    request_body: bytes | None
    status: int | None
    """HTTP status; None where nothing answered."""
    response_headers: Headers
    response_body: bytes | None
    started_at: datetime
    took_ms: float
    error: str | None
    """Why there is no answer."""
    breaches: tuple[str, ...]
    """What either side has against its contract."""
    injected: bool
    """Whether the run itself made the answer so."""

    def __repr__(self) -> str:
        return f"Exchange({self.method} {self.operation}, status={self.status})"


def exchange_body(exchange: Exchange, redactor: Redactor) -> JsonObject:
    """The body of a journal line of kind ``exchange``, redacted."""
    return {
        "method": exchange.method,
        "url": redactor.text(exchange.url),
        "operation": exchange.operation,
        "request": message_body(exchange.request_headers, exchange.request_body, redactor),
        "status": exchange.status,
        "response": message_body(exchange.response_headers, exchange.response_body, redactor),
        "started_at": exchange.started_at.isoformat(),
        "took_ms": round(exchange.took_ms, 1),
        "error": None if exchange.error is None else redactor.text(exchange.error),
        "breaches": [redactor.text(breach) for breach in exchange.breaches],
        "injected": exchange.injected,
    }


def clean_exchange(exchange: Exchange, redactor: Redactor, **more: str | None) -> Clean:
    """The same, and ``more`` beside it, ready to be written: what has come before is not gone through again."""
    known = redactor.known
    told = {
        "method": redactor.text(exchange.method),
        "url": redactor.text(exchange.url),
        "operation": exchange.operation,
        "request": _clean_request(exchange.request_headers, exchange.request_body, redactor),
        "status": exchange.status,
        "response": _clean_message(exchange.response_headers, exchange.response_body, redactor),
        "started_at": exchange.started_at.isoformat(),
        "took_ms": round(exchange.took_ms, 1),
        "error": None if exchange.error is None else redactor.text(exchange.error),
        "breaches": [redactor.text(breach) for breach in exchange.breaches],
        "injected": exchange.injected,
    }
    told |= {name: value and redactor.text(value) for name, value in more.items()}
    return Clean(orjson.dumps(told), known)


def message_body(headers: Headers, body: bytes | None, redactor: Redactor) -> JsonObject:
    """One side of an exchange, redacted: ``headers``, and ``json`` or ``text`` where there is a body.

    Names of headers are in lower case; one that comes twice has its values joined by a comma.
    """
    shown, content_type = _shown(headers, redactor)
    if not body:
        return {"headers": shown}
    if clean := _clean_json(content_type, body, redactor):
        told: JsonValue = orjson.loads(clean.encoded)
        return {"headers": shown, "json": told}
    return {"headers": shown, "text": _text(content_type, body, redactor)}


def _clean_request(headers: Headers, body: bytes | None, redactor: Redactor) -> object:
    if body:
        return _clean_message(headers, body, redactor)
    return orjson.Fragment(_without_body(headers, redactor, redactor.known))


@lru_cache(REMEMBERED)
def _without_body(headers: Headers, redactor: Redactor, known: SecretText) -> bytes:
    del known  # with another secret it is another question
    return orjson.dumps(_clean_message(headers, None, redactor))


def _clean_message(headers: Headers, body: bytes | None, redactor: Redactor) -> Mapping[str, object]:
    shown, content_type = _shown(headers, redactor)
    if len(shown) < len(headers):  # joined values are a new text
        shown = dict(redactor.headers((name, str(value)) for name, value in shown.items()))
    if not body:
        return {"headers": shown}
    if clean := _clean_json(content_type, body, redactor):
        return {"headers": shown, "json": orjson.Fragment(clean.encoded)}
    return {"headers": shown, "text": _text(content_type, body, redactor)}


def _shown(headers: Headers, redactor: Redactor) -> tuple[JsonObject, str]:
    shown: JsonObject = {}
    content_type = ""
    for name, value in redactor.headers(headers):
        lowered = name.lower()
        shown[lowered] = f"{shown[lowered]}, {value}" if lowered in shown else value
        if lowered == "content-type":
            content_type = value
    return shown, content_type


def _clean_json(content_type: str, body: bytes, redactor: Redactor) -> Clean | None:
    """The body as JSON; None where it is something else."""
    if len(body) > LONGEST_READ or FORM in content_type.lower() or body.lstrip()[:1] not in {b"{", b"[", b'"'}:
        return None
    try:
        return redactor.cleaned(body)
    except orjson.JSONDecodeError:
        return None


def _text(content_type: str, body: bytes, redactor: Redactor) -> str:
    if len(body) > LONGEST_READ:
        return f"[{len(body)} bytes, too long to be kept]"
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("latin-1") if TEXTUAL.search(content_type) else "\0"
    if "\0" in text:
        return f"[{len(body)} bytes that are not text]"
    # Redacted before it is cut: half a secret would not be found.
    text = redactor.text(text)
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]}\n[cut: {len(text) - LONGEST_TEXT} more characters]"
    return text
