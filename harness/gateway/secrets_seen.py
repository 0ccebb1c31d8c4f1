"""Secrets that pass through are known as such from then on, before anything is written."""

from __future__ import annotations

import base64
import binascii
import contextlib
from urllib.parse import parse_qs, unquote_plus

from harness.contract.checker import decoded
from harness.contract.json_value import object_of
from harness.errors import ConfigurationError
from harness.gateway.heads import Headers
from harness.gateway.kept import Passed
from harness.recorder.redaction import MASK, Redactor
from harness.recorder.secret_places import OWN_TOKEN_PREFIX
from harness.recorder.secret_text import SHORTEST

__all__ = ["Learning"]

MOST = 300
"""Secrets that are learned; each makes every journal line a little dearer. Where they stand, they are masked anyway."""
USUAL = frozenset(
    {"host", "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "connection"}
    | {"content-encoding", "content-length", "content-type", "date", "expect", "forwarded", "origin", "pragma"}
    | {"traceparent", "tracestate", "transfer-encoding", "user-agent", "via", "x-forwarded-for", "x-forwarded-host"}
    | {"x-forwarded-proto", "x-real-ip", "x-request-id"}
)
"""Headers of a notification that are nobody's key. The name of the header with the key is agreed privately [doc]."""


class Learning:
    """Teaches a redactor what is secret in each exchange."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._known: set[str] = set()

    def from_call(self, passed: Passed) -> None:
        """Credentials and tokens of a call to Docplanner."""
        scheme, _, value = _value(passed.request_headers, b"authorization").partition(" ")
        if scheme.lower() == "bearer":
            self._learn(value)
        elif scheme.lower() == "basic":
            self._learn(value)
            with contextlib.suppress(binascii.Error, UnicodeDecodeError):
                self._learn(unquote_plus(base64.b64decode(value).decode().partition(":")[2]))
        if "/oauth/" in passed.path:
            form = parse_qs((passed.request.read(passed.request_headers) or b"").decode("utf-8", "replace"))
            for secret in form.get("client_secret", []):
                self._learn(secret)
            answer = decoded(passed.answer.read(passed.answer_headers) or b"")
            told = object_of(answer) if isinstance(answer, dict) else {}
            for name in ("access_token", "refresh_token"):
                self._learn(str(told.get(name) or ""))

    def from_message(self, passed: Passed) -> None:
        """The API key of a notification, whatever its header is called; its value is masked besides."""
        masked: Headers = []
        for name, value in passed.request_headers:
            usual = name.decode("latin-1").lower() in USUAL
            if not usual:
                self._learn(value.decode("latin-1"))
            masked.append((name, value if usual else MASK.encode()))
        passed.request_headers = masked

    def _learn(self, secret: str) -> None:
        secret = secret.strip()
        if len(secret) < SHORTEST or secret in self._known or len(self._known) >= MOST:
            return
        if secret.startswith(OWN_TOKEN_PREFIX):
            return  # known by how it begins
        self._known.add(secret)
        try:
            self._redactor.add_secret(secret)
        except ConfigurationError:  # shorter than it looked
            return


def _value(headers: Headers, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), "")
