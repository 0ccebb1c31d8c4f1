"""OAuth 2.0 client credentials as a generator of requests: the scheme itself does no I/O.

Source: behaviour.md, "Access": obey ``expires_in``; a 401 can come earlier and was not carried out, so what it answered
is safe to repeat once with a new token.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import cast

import httpx
import orjson

from harness.clock import Clock
from harness.contract.json_value import JsonValue, object_of
from harness.errors import DocplannerRefused

__all__ = ["ClientCredentials", "Credentials", "TokenRefused"]

SCOPE = "integration"
MARGIN = timedelta(seconds=30)
"""A token is given up so long before its end, or after nine tenths of its life where that is sooner."""
DEFAULT_LIFETIME_S = 3600
UNAUTHORIZED = 401


class TokenRefused(DocplannerRefused):
    """Docplanner gave no access token."""

    hint = "Are client id and secret those of this marketplace?"


@dataclass(frozen=True, slots=True)
class Credentials:
    """With which an access token is fetched. The secret does not show in a repr."""

    token_url: str
    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return f"Credentials(token_url={self.token_url!r}, client_id={self.client_id!r}, client_secret='***')"


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    good_until: datetime

    def __repr__(self) -> str:
        return f"_Token('***', good_until={self.good_until!r})"


class ClientCredentials(httpx.Auth):
    """Sends a bearer token; fetched once however many threads ask, kept until it ends, renewed once on a 401.

    ``kept`` and ``renewed`` False make the mistakes of a careless client on purpose: a token for each request, and none
    after a token ended early.
    """

    requires_response_body = True

    def __init__(self, credentials: Credentials, clock: Clock, *, kept: bool = True, renewed: bool = True) -> None:
        self._credentials = credentials
        self._clock = clock
        self._kept = kept
        self._renewed = renewed
        self._token: _Token | None = None
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"ClientCredentials({self._credentials!r})"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The token's request where one is due, the request itself, and both again where a 401 came.

        Raises:
            TokenRefused: the token service gave no token.
        """
        token = yield from self._current(None if self._kept else self._token)
        answer = yield _bearing(request, token)
        if answer.status_code == UNAUTHORIZED and self._renewed:
            token = yield from self._current(token)
            yield _bearing(request, token)

    def _current(self, refused: _Token | None) -> Generator[httpx.Request, httpx.Response, _Token]:
        """The token to use; a new one where there is none that is good, or the one there is was refused."""
        with self._lock:  # held while the token is fetched: other threads wait for it instead of fetching their own
            token = self._token
            if token is None or token is refused or self._clock.now() >= token.good_until:
                answer = yield self._request()
                token = self._token = self._read(answer)
        return token

    def _request(self) -> httpx.Request:
        basic = httpx.BasicAuth(self._credentials.client_id, self._credentials.client_secret)
        form = {"grant_type": "client_credentials", "scope": SCOPE}
        request = httpx.Request("POST", self._credentials.token_url, data=form)
        return next(basic.auth_flow(request))

    def _read(self, answer: httpx.Response) -> _Token:
        told = object_of(_json(answer.content)) if answer.is_success else {}
        value = told.get("access_token")
        if not isinstance(value, str) or not value:
            message = f"Docplanner gave no access token: {self._credentials.token_url} answered {answer.status_code}."
            raise TokenRefused(message, status=answer.status_code, error="unauthorized")
        life = told.get("expires_in")
        seconds = timedelta(seconds=float(life) if isinstance(life, int | float | str) else DEFAULT_LIFETIME_S)
        return _Token(value, self._clock.now() + max(seconds - MARGIN, seconds * 0.9))


def _bearing(request: httpx.Request, token: _Token) -> httpx.Request:
    request.headers["Authorization"] = f"Bearer {token.value}"
    return request


def _json(content: bytes) -> JsonValue:
    try:
        return cast("JsonValue", orjson.loads(content))
    except ValueError:
        return None
