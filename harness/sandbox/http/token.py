"""The token service: OAuth 2.0 client credentials, as Basic or in the body, as a form or multipart [doc]."""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from collections.abc import Mapping
from urllib.parse import unquote_plus

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from harness.contract.json_value import JsonObject
from harness.recorder.exchange import Exchange, exchange_body
from harness.recorder.journal import Journal
from harness.recorder.line import Actor, Channel, Kind
from harness.recorder.redaction import Redactor
from harness.sandbox.clients import ApiClient
from harness.sandbox.http.news import News
from harness.sandbox.state import State

__all__ = ["TOKEN_PATH", "Tokens"]

TOKEN_PATH = "/oauth/v2/token"  # noqa: S105 - a path
GRANT, SCOPE = "client_credentials", "integration"


class Tokens:
    """Answers token calls and writes each into the journal."""

    def __init__(self, state: State, journal: Journal, redactor: Redactor, news: News) -> None:
        self._state = state
        self._journal = journal
        self._redactor = redactor
        self._news = news

    async def handle(self, request: Request) -> Response:
        """One call."""
        started, clock = self._state.clock.now(), time.perf_counter()
        raw = await request.body()
        credentials = await _credentials(request)
        status, body = self._answer(credentials)
        content = orjson.dumps(body)
        response = Response(content, status, {"content-type": "application/json", "cache-control": "no-store"})
        exchange = Exchange(
            method=request.method,
            url=str(request.url),
            operation="token",
            request_headers=tuple(request.headers.items()),
            request_body=raw,
            status=status,
            response_headers=tuple(response.headers.items()),
            response_body=content,
            started_at=started,
            took_ms=(time.perf_counter() - clock) * 1000,
            error=None,
            breaches=(),
            injected=False,
        )
        client = self._state.clients.get(credentials.get("client_id", ""))
        told = {**exchange_body(exchange, self._redactor), "client_id": client.id if client else None}
        self._journal.write(Kind.EXCHANGE, told, actor=Actor.PARTNER, channel=Channel.TOKEN)
        self._news.add("token", status=status)
        return response

    def _answer(self, fields: Mapping[str, str]) -> tuple[int, JsonObject]:
        if fields.get("grant_type") != GRANT:
            return 400, _error("unsupported_grant_type", f"grant_type must be {GRANT}")
        if fields.get("scope", SCOPE) != SCOPE:
            return 400, _error("invalid_scope", f"scope must be {SCOPE}")
        client = self._client(fields.get("client_id", ""), fields.get("client_secret", ""))
        if client is None:
            return 401, _error("invalid_client", "The client credentials are invalid")
        behaviour = self._state.behaviour
        lifetime = behaviour.token_lifetime_s
        token = client.new_token(self._state.clock.now(), lifetime - behaviour.token_early_s)
        self._redactor.add_secret(token)
        return 200, {"access_token": token, "expires_in": int(lifetime), "token_type": "bearer", "scope": None}

    def _client(self, client_id: str, secret: str) -> ApiClient | None:
        client = self._state.clients.get(client_id)
        if client is None or not hmac.compare_digest(client.secret.encode(), secret.encode()):
            return None
        return client


async def _credentials(request: Request) -> dict[str, str]:
    """The fields of the form, with the credentials of a Basic header where there is one."""
    try:
        form = await request.form()
    except HTTPException:  # a multipart body that cannot be read names no grant
        return {}
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return fields
        fields["client_id"], fields["client_secret"] = unquote_plus(name), unquote_plus(secret)
    return fields


def _error(code: str, description: str) -> JsonObject:
    return {"error": code, "error_description": description}
