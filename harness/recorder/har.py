"""The traffic of a run as an HTTP Archive, which browsers and API tools open.

Made from journal lines, which are redacted already. What the archive has no field for stands in fields that begin with
an underscore, as its specification allows. Source of the form: the HTTP Archive format, version 1.2.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qsl

from harness.recorder.line import Channel, Kind, Line, query_in

__all__ = ["as_har"]

SHOWN = frozenset({Channel.API, Channel.TOKEN, Channel.NOTIFICATION})
"""What went between Docplanner and the partner system; the run's own arrangements are left out."""
UNKNOWN_SIZE = -1
"""The archive's word for what is not known."""


def as_har(lines: Iterable[Line], *, version: str) -> dict[str, object]:
    """The archive of every exchange between Docplanner and the partner system, in the journal's order.

    ``version`` is that of the harness. A message that was pulled has no request of its own and is left out.
    """
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "docplanner-acceptance", "version": version},
            "pages": [],
            "entries": list(_entries(lines)),
        }
    }


def _entries(lines: Iterable[Line]) -> Iterator[dict[str, object]]:
    for line in lines:
        body = line.body
        of_both = line.kind in {Kind.EXCHANGE, Kind.NOTIFICATION_TRY} and line.channel in SHOWN
        if not of_both or not isinstance(body.get("url"), str):
            continue
        took = body.get("took_ms")
        took_ms = float(took) if isinstance(took, int | float) else 0.0
        yield {
            "startedDateTime": _began(line, took_ms),
            "time": took_ms,
            "request": _request(body),
            "response": _response(body),
            "cache": {},
            "timings": {"send": 0, "wait": took_ms, "receive": 0},
            "_line": line.n,
            "_operation": body.get("operation") or body.get("event"),
            "_scenario": line.scenario,
            "_calendar": line.address,
            "_injected": body.get("injected") is True,
            **({"_error": body.get("error")} if body.get("error") else {}),
        }


def _began(line: Line, took_ms: float) -> str:
    told = line.body.get("started_at")
    try:
        began = datetime.fromisoformat(str(told))
    except ValueError:
        began = line.at - timedelta(milliseconds=took_ms)
    return began.isoformat()


def _request(body: Mapping[str, object]) -> dict[str, object]:
    url, side = str(body.get("url")), _side(body, "request")
    query = parse_qsl(query_in(url), keep_blank_values=True)
    text, media = _content(side)
    return {
        "method": str(body.get("method")),
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(side),
        "queryString": [{"name": name, "value": value} for name, value in query],
        **({} if text is None else {"postData": {"mimeType": media, "text": text}}),
        "headersSize": UNKNOWN_SIZE,
        "bodySize": UNKNOWN_SIZE if text is None else len(text.encode()),
    }


def _response(body: Mapping[str, object]) -> dict[str, object]:
    side, status = _side(body, "response"), body.get("status")
    known = status if isinstance(status, int) else 0  # what browsers write where there was no answer
    text, media = _content(side)
    return {
        "status": known,
        "statusText": HTTPStatus(known).phrase if known in HTTPStatus._value2member_map_ else "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(side),
        "content": {"size": len((text or "").encode()), "mimeType": media, **({} if text is None else {"text": text})},
        "redirectURL": next((one["value"] for one in _headers(side) if one["name"].lower() == "location"), ""),
        "headersSize": UNKNOWN_SIZE,
        "bodySize": UNKNOWN_SIZE,
    }


def _side(body: Mapping[str, object], side: str) -> Mapping[str, object]:
    message = body.get(side)
    return message if isinstance(message, dict) else {}


def _headers(side: Mapping[str, object]) -> list[dict[str, str]]:
    headers = side.get("headers")
    found = headers.items() if isinstance(headers, dict) else ()
    return [{"name": str(name), "value": str(value)} for name, value in found]


def _content(side: Mapping[str, object]) -> tuple[str | None, str]:
    """The text of a message and its media type; None where it has none, or none was kept."""
    media = next((one["value"] for one in _headers(side) if one["name"].lower() == "content-type"), "")
    if "json" in side:
        return json.dumps(side["json"], ensure_ascii=False), media or "application/json"
    text = side.get("text")
    return (text, media) if isinstance(text, str) else (None, media)
