"""Heads of requests and answers: what is refused, what is left out, and the answers that the gateway makes itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

import h11
import orjson

from harness.gateway.settings import Target

__all__ = ["MARK", "Headers", "Own", "answer_headers", "own_answer", "refusal_of", "request_headers"]

MARK = "X-Acceptance-Gateway"
"""A header that only answers of the gateway itself carry; it says why."""
OF_ONE_CONNECTION = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"upgrade",
    }
)
"""Source: RFC 9110, 7.6.1. Transfer-Encoding is made anew for the next connection, with the same meaning."""
FRAMING = frozenset({b"content-length", b"transfer-encoding", b"host"})
"""Never left out because a Connection header names them: where a message ends would no longer be clear."""
SEVERAL = re.compile(rb"[,\s]")

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Own:
    """An answer of the gateway itself, so that nobody takes it for Docplanner's or the partner's."""

    status: int
    reason: str
    """In a word, for machines."""
    words: str


def refusal_of(request: h11.Request, target: Target) -> Own | None:
    """Why the request is not passed on; None where it is."""
    names = [name for name, _ in request.headers]
    if request.method == b"CONNECT":
        return Own(405, "connect", "CONNECT is for proxies, and this is none: it sends to one place alone")
    if not request.target.startswith(b"/"):
        return Own(400, "target", "the target must be a path: this is no proxy, it sends to one place alone")
    if b"transfer-encoding" in names and (b"content-length" in names or request.http_version < b"1.1"):
        return Own(400, "framing", "the length of the body is told in two ways, or in one that HTTP/1.0 does not have")
    if target.path and request.target.partition(b"?")[0] != target.path.encode("ascii", "replace"):
        return Own(404, "path", "nothing is passed on but what is for the notification endpoint")
    return None


def request_headers(request: h11.Request, target: Target) -> Headers:
    """What goes on with the request: all but what concerned one connection, with the far side as Host."""
    kept = [pair for pair in _kept(request) if pair[0].lower() != b"host"]
    return [(b"Host", target.authority.encode("idna" if not target.authority.isascii() else "ascii")), *kept]


def answer_headers(answer: h11.Response | h11.InformationalResponse) -> Headers:
    """What goes back with the answer; where its end is told in two ways, by chunks alone."""
    kept = _kept(answer)
    if any(name.lower() == b"transfer-encoding" for name, _ in kept):
        kept = [pair for pair in kept if pair[0].lower() != b"content-length"]
    return kept


def own_answer(own: Own) -> tuple[h11.Response, bytes]:
    """The answer of ours as it is sent; the connection ends with it."""
    body = orjson.dumps({"message": f"acceptance gateway: {own.words}", "gateway": own.reason, "errors": []})
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        (MARK, own.reason),
        ("Connection", "close"),
    ]
    return h11.Response(status_code=own.status, headers=headers, reason=b"Gateway"), body


def _kept(message: h11.Request | h11.Response | h11.InformationalResponse) -> Headers:
    """Headers as they were written, without those of the connection on which they came."""
    named: set[bytes] = set()
    for name, value in message.headers:
        if name == b"connection":
            named |= {one.lower() for one in SEVERAL.split(value) if one}
    left_out = OF_ONE_CONNECTION | (named - FRAMING)
    return [pair for pair in message.headers.raw_items() if pair[0].lower() not in left_out]
