"""API calls as they came in. What is read from the same call once is not read again: partners ask alike all day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from starlette.datastructures import URL, Headers, QueryParams
from starlette.types import Receive, Scope

from harness.contract.exchange_check import check_request
from harness.contract.operations import Match, match

__all__ = ["API_PATH", "Asked", "asked_by", "body_of", "request_breaches"]

API_PATH = "/api/v3/integration"
REMEMBERED = 512
"""Calls of which what was read is remembered."""

RawHeaders = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A call without its body. Never changes: equal calls may be one object. Holds credentials: no repr."""

    method: str
    below: str
    """The path below that of the API, percent-encoded."""
    url: str
    base_url: str
    """Scheme and host by which the caller reached the sandbox."""
    headers: tuple[tuple[str, str], ...]
    token: str
    """Of an Authorization header with the scheme Bearer; empty for none."""
    query: Mapping[str, str]
    found: Match | None
    """The operation that is meant; None where there is none."""

    def __repr__(self) -> str:
        return f"Asked({self.method}, {self.found.operation.id if self.found else None})"


def asked_by(scope: Scope) -> Asked:
    """The call of that ASGI scope."""
    return _asked(
        scope["method"],
        scope.get("raw_path", b""),
        scope["path"],
        scope["query_string"],
        tuple(scope["headers"]),
        scope["scheme"],
        scope["server"],
    )


async def body_of(receive: Receive) -> bytes | None:
    """The whole body; None where the caller has gone."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        return bytes(message["body"])
    parts = []
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()
    return None


def request_breaches(asked: Asked, raw: bytes) -> tuple[str, ...]:
    """What the call breaches of the contract."""
    return _breaches(asked, raw) if raw else _breaches_without_body(asked)


def _breaches(asked: Asked, raw: bytes | None) -> tuple[str, ...]:
    found = asked.found
    return check_request(found.operation.id, asked.query, raw, params=found.params) if found else ()


@lru_cache(REMEMBERED)
def _breaches_without_body(asked: Asked) -> tuple[str, ...]:
    return _breaches(asked, None)


@lru_cache(REMEMBERED)
def _asked(
    method: str,
    raw_path: bytes,
    path: str,
    query: bytes,
    headers: RawHeaders,
    scheme: str,
    server: tuple[str, int | None] | None,
) -> Asked:
    scope: Scope = {"scheme": scheme, "server": server, "path": path, "query_string": query, "headers": headers}
    below = raw_path.decode("latin-1").partition("?")[0].partition(API_PATH)[2]
    said = Headers(raw=list(headers))
    authorization, _, token = said.get("authorization", "").partition(" ")
    return Asked(
        method=method,
        below=below,
        url=str(URL(scope=scope)),
        base_url=str(URL(scope={**scope, "path": "/", "query_string": b""})),
        headers=tuple(said.items()),
        token=token.strip() if authorization.lower() == "bearer" else "",
        query=dict(QueryParams(query)),
        found=match(method, below),
    )
