"""A request and its answer, and how they stand in the journal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import orjson

from harness.recorder.line import JsonObject, JsonValue
from harness.recorder.redaction import Redactor

__all__ = ["LONGEST_TEXT", "Exchange", "exchange_body", "message_body"]

LONGEST_TEXT = 64 * 1024
"""Characters of a body that is neither JSON nor a form; what is longer is cut."""
LONGEST_READ = 4 * 1024 * 1024
"""Bytes of a body that is looked into at all."""
TEXTUAL = re.compile(r"text/|[/+](json|xml|x-www-form-urlencoded|javascript)|multipart/", re.IGNORECASE)
FORM = "application/x-www-form-urlencoded"

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


def message_body(headers: Headers, body: bytes | None, redactor: Redactor) -> JsonObject:
    """One side of an exchange, redacted: ``headers``, and ``json`` or ``text`` where there is a body.

    Names of headers are in lower case; one that comes twice has its values joined by a comma.
    """
    shown: JsonObject = {}
    content_type = ""
    for name, value in redactor.headers(headers):
        lowered = name.lower()
        shown[lowered] = f"{shown[lowered]}, {value}" if lowered in shown else value
        if lowered == "content-type":
            content_type = value
    return {"headers": shown, **(_content(content_type, body, redactor) if body else {})}


def _content(content_type: str, body: bytes, redactor: Redactor) -> JsonObject:
    if len(body) > LONGEST_READ:
        return {"text": f"[{len(body)} bytes, too long to be kept]"}
    if FORM not in content_type.lower() and body.lstrip()[:1] in {b"{", b"[", b'"'}:
        try:
            value: JsonValue = orjson.loads(body)
        except orjson.JSONDecodeError:
            pass
        else:
            return {"json": redactor.json(value)}
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("latin-1") if TEXTUAL.search(content_type) else "\0"
    if "\0" in text:
        return {"text": f"[{len(body)} bytes that are not text]"}
    # Redacted before it is cut: half a secret would not be found.
    text = redactor.text(text)
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]}\n[cut: {len(text) - LONGEST_TEXT} more characters]"
    return {"text": text}
