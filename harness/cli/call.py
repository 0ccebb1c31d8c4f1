"""``acceptance call``: one call of the Docplanner API, shown as it went over the wire, redacted, with its curl."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import typer

from harness.cli.call_guard import allowed_scope, way_to
from harness.cli.call_words import Request, operation_named, read_words
from harness.client.auth import Credentials, TokenRefused
from harness.client.calls import Calls, Endpoint, nothing
from harness.client.outcome import Done, Outcome, Refused, Unknown
from harness.clock import SystemClock
from harness.config.credentials import ApiClient, find_credentials
from harness.contract.exchange_check import check_response
from harness.contract.json_value import JsonObject
from harness.contract.marketplaces import MARKETPLACES
from harness.contract.operations import match
from harness.errors import ConfigurationError, DocplannerError
from harness.later import later
from harness.loopback import is_own_machine
from harness.recorder.exchange import Exchange, exchange_body
from harness.recorder.redaction import Redactor
from harness.recorder.rendering import as_curl, as_text
from harness.recorder.transport import RecordingTransport
from harness.safety.guard import Asked, Guard, Scope

__all__ = ["CallRequest", "api_base", "api_client", "call", "credentials_for", "credentials_of", "endpoint_at"]

API_PATH, TOKEN_PATH = "/api/v3/integration", "/oauth/v2/token"
USER_AGENT = "docplanner-acceptance"
USUAL = "znanylekarz.pl"
EXIT_DONE, EXIT_REFUSED, EXIT_UNKNOWN = 0, 1, 2
PATIENCE = timedelta(seconds=60)
"""The longest that a call waits for a rate limit to be reset."""


@dataclass(frozen=True, slots=True)
class CallRequest:
    """The words and options of ``acceptance call`` as they were typed."""

    operation: str
    words: tuple[str, ...]
    where: str
    """An address such as http://127.0.0.1:8300, or a marketplace's domain."""
    credentials_file: Path | None
    write: bool
    facilities: tuple[str, ...]
    keep: bool = False
    """Whether what is written is meant to stay."""
    marketplace: str | None = None
    """Whose time zone its days have; None for that of the address, where it is a marketplace's."""


def call(asked: CallRequest, *, as_json: bool) -> int:
    """Make the call, print the exchange; 0 where it was carried out, 1 where it was refused, 2 where nobody knows.

    Raises:
        ConfigurationError: the words, the place or the credentials cannot be used, or the call is not allowed.
    """
    operation = operation_named(asked.operation)
    base = api_base(asked.where)
    request = read_words(operation, asked.words)
    scope = allowed_scope(operation, request.params, base, write=asked.write, facilities=asked.facilities)
    credentials = credentials_for(base, asked.credentials_file)
    redactor = Redactor([credentials.client_secret], patient_key=secrets.token_bytes(32), own_phone_block="")
    try:
        endpoint = endpoint_at(base, credentials)
        meant = Asked(operation, request.params, request.body)
        with way_to(endpoint, scope, meant, _zone(base, asked.marketplace), keep=asked.keep) as way:
            outcome, seen = _send(request, endpoint, way.transport, scope)
    except (TokenRefused, DocplannerError) as refused:
        raise ConfigurationError(str(refused)) from refused
    shown = exchange_body(seen, redactor) if seen else None
    noted = way.journal if way.journal and not asked.keep and isinstance(outcome, Done | Unknown) else None
    typer.echo(_as_json(outcome, shown, noted) if as_json else _as_words(outcome, shown, noted))
    if isinstance(outcome, Done):
        return EXIT_DONE
    return EXIT_REFUSED if isinstance(outcome, Refused) else EXIT_UNKNOWN


def _send(
    request: Request, endpoint: Endpoint, way: httpx.BaseTransport, scope: Scope
) -> tuple[Outcome[None], Exchange | None]:
    """The outcome, and the last exchange of the operation itself: a 401 is repeated with a new token."""
    seen: list[Exchange] = []

    def operation_of(sent: httpx.Request) -> str | None:
        found = match(sent.method, sent.url.raw_path.decode().partition("?")[0].removeprefix(API_PATH))
        return found.operation.id if found else None

    calls = Calls(
        endpoint,
        clock=SystemClock(),
        transport=RecordingTransport(Guard(way, scope), seen.append, operation_of),
        patience=PATIENCE,
    )
    try:
        outcome = calls.send(request.operation.method, request.parts, nothing, query=request.query, body=request.body)
    finally:
        calls.close()
    last = next((one for one in reversed(seen) if one.operation == request.operation.id), None)
    if last is None or last.status is None:
        return outcome, last
    headers = dict(last.response_headers)
    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), None)
    breaches = check_response(request.operation.id, last.status, content_type, last.response_body, headers=headers)
    return outcome, replace(last, breaches=breaches)


def api_base(where: str) -> httpx.URL:
    """The address that was typed, or that of a marketplace; secrets leave this machine over TLS alone.

    Raises:
        ConfigurationError: it is neither.
    """
    if where in MARKETPLACES:
        return httpx.URL(f"https://www.{where}")
    url = httpx.URL(where) if "://" in where else None
    if url is None or url.scheme not in {"http", "https"} or not url.host:
        message = f"{where!r} is neither an address such as http://127.0.0.1:8300 nor a marketplace."
        raise ConfigurationError(message, hint=f"Marketplaces: {', '.join(MARKETPLACES)}.")
    if url.scheme == "http" and not is_own_machine(url.host):
        message = f"{where} would carry the client secret unprotected over the network."
        raise ConfigurationError(message, hint="Use https://.")
    return url.copy_with(path=url.path.removesuffix("/").removesuffix(API_PATH) or "/", query=None)


def endpoint_at(base: httpx.URL, credentials: Credentials) -> Endpoint:
    """The API at that address."""
    return Endpoint(f"{str(base).rstrip('/')}{API_PATH}", credentials, USER_AGENT)


def credentials_for(base: httpx.URL, file: Path | None) -> Credentials:
    """As :func:`api_client`, for the Docplanner at that address."""
    return credentials_of(base, api_client(file))


def api_client(file: Path | None) -> ApiClient:
    """From the file, or else from the environment; never from the command line, which other users can read.

    Raises:
        ConfigurationError: it is missing there, or others can read the file.
    """
    mistakes: list[str] = []
    found = find_credentials(os.environ, file, None, later("keyring", "get_password"), mistakes, file_first=True)
    if found is None:
        hint = "\nFor an embedded sandbox write them with `acceptance sandbox --json` to a file of your own."
        raise ConfigurationError(" ".join(mistakes), hint=hint)
    return found


def credentials_of(base: httpx.URL, client: ApiClient) -> Credentials:
    """The API client's, for the Docplanner at that address."""
    return Credentials(f"{str(base).rstrip('/')}{TOKEN_PATH}", client.client_id, client.client_secret)


def _zone(base: httpx.URL, marketplace: str | None) -> str:
    """The time zone in which days are cleared and put back."""
    named = marketplace or next((one for one in MARKETPLACES if base.host.endswith(one)), USUAL)
    if named not in MARKETPLACES:
        message = f"There is no marketplace {named!r}."
        raise ConfigurationError(message, hint=f"There are {', '.join(MARKETPLACES)}.")
    return MARKETPLACES[named].time_zone


def _as_words(outcome: Outcome[None], shown: JsonObject | None, noted: Path | None) -> str:
    ending = "Done." if isinstance(outcome, Done) else _told(outcome)
    ending += f" Noted in {noted}: `acceptance cleanup` undoes it." if noted else ""
    if shown is None:
        return ending
    return f"{as_text(shown)}\nThe same with curl:\n\n{as_curl(shown)}\n{ending}"


def _as_json(outcome: Outcome[None], shown: JsonObject | None, noted: Path | None) -> str:
    word = "done" if isinstance(outcome, Done) else "refused" if isinstance(outcome, Refused) else "unknown"
    told = {
        "outcome": word,
        "message": None if isinstance(outcome, Done) else _told(outcome),
        "exchange": shown,
        "curl": as_curl(shown) if shown else None,
        "noted": str(noted) if noted else None,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _told(outcome: Outcome[None]) -> str:
    if isinstance(outcome, Refused):
        return f"Refused: {outcome}"
    return "" if isinstance(outcome, Done) else f"Nobody knows whether it took place: {outcome.reason}"
