"""One call: its address, its answer, and whether it may have happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from urllib.parse import quote, urlencode

import httpx
import orjson

from harness.client.auth import ClientCredentials, Credentials, TokenRefused
from harness.client.outcome import Done, Outcome, Refused, Unknown
from harness.client.pacing import Gate, PacedTransport
from harness.client.reading import Unreadable
from harness.client.retrying import RetryingTransport
from harness.clock import Clock
from harness.contract.json_value import JsonObject, JsonValue, array_of, object_of, text_of

__all__ = ["Answer", "Calls", "Endpoint", "nothing"]

T = TypeVar("T")

ACCEPTED = "application/vnd.docplanner+json, application/vnd.error+docplanner+json, application/json"
REDIRECTS = range(300, 400)
REFUSALS = range(400, 500)
REQUEST_TIMEOUT = 408
"""The server gave up waiting for the request: nobody knows what it did with it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the API is, and how it is spoken to. ``timeout_s`` is how long one call may take."""

    api_base_url: str
    """Up to and including ``/api/v3/integration``."""
    credentials: Credentials
    user_agent: str
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer."""

    json: JsonValue
    location: str | None


class Calls:
    """Sends calls and tells how they ended; safe for threads."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        clock: Clock,
        transport: httpx.BaseTransport | None = None,
        auth: ClientCredentials | None = None,
        patience: timedelta = timedelta(seconds=5),
    ) -> None:
        self.gate = Gate(clock)
        self._base = endpoint.api_base_url.rstrip("/")
        inner = transport or httpx.HTTPTransport(limits=httpx.Limits(max_connections=32, max_keepalive_connections=32))
        self._http = httpx.Client(
            transport=RetryingTransport(PacedTransport(inner, self.gate, patience=patience)),
            auth=auth or ClientCredentials(endpoint.credentials, clock),
            headers={"Accept": ACCEPTED, "User-Agent": endpoint.user_agent},
            timeout=httpx.Timeout(endpoint.timeout_s, connect=min(5.0, endpoint.timeout_s)),
            follow_redirects=False,
        )

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._http.is_closed

    def close(self) -> None:
        """Close the connections; whoever waits for a limit stops waiting."""
        self.gate.close()
        self._http.close()

    def send(
        self,
        method: str,
        parts: Sequence[str],
        read: Callable[[Answer], T],
        *,
        query: Mapping[str, str] | None = None,
        body: JsonObject | None = None,
    ) -> Outcome[T]:
        """Send one call; ``parts`` of the path and the query are percent-encoded here."""
        path = "/".join(quote(part, safe="") for part in parts)
        url = f"{self._base}/{path}" + (f"?{urlencode(query, quote_via=quote, safe='')}" if query else "")
        what = f"{method} /{path}"
        content = None if body is None else orjson.dumps(body)
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            answer = self._http.request(method, url, content=content, headers=headers)
        except TokenRefused as refused:
            return Unknown(str(refused))
        except httpx.HTTPError as error:
            return Unknown(f"{what}: {type(error).__name__}, no answer")
        return _outcome(what, answer, read)


def nothing(_: Answer) -> None:
    """Read nothing from the answer."""


def _outcome(what: str, answer: httpx.Response, read: Callable[[Answer], T]) -> Outcome[T]:
    if answer.is_success:
        try:
            return Done(read(Answer(_json(answer.content), answer.headers.get("Location"))))
        except Unreadable as error:
            return Unknown(f"{what}: answered {answer.status_code}, and {error}")
    if answer.status_code in REFUSALS and answer.status_code != REQUEST_TIMEOUT:
        told = object_of(_json(answer.content))
        return Refused(answer.status_code, text_of(told.get("message")), _sentences(told.get("errors")))
    if answer.status_code in REDIRECTS:
        return Refused(answer.status_code, f"redirected to {answer.headers.get('Location')}: is the address right?")
    return Unknown(f"{what}: answered {answer.status_code}")


def _json(content: bytes) -> JsonValue:
    if not content:
        return None
    try:
        value: JsonValue = orjson.loads(content)
    except ValueError:
        return None
    return value


def _sentences(errors: JsonValue) -> tuple[str, ...]:
    if isinstance(errors, dict):
        return tuple(f"{field}: {text_of(one)}" for field, told in errors.items() for one in array_of(told))
    return tuple(text_of(one) for one in array_of(errors))
