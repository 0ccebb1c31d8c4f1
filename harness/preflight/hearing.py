"""What the answers of a real Docplanner say beside their bodies: date, limits, and how the token service answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from harness.clock import Clock
from harness.contract.checker import decoded
from harness.contract.json_value import text_of

__all__ = ["Heard", "Hearing"]

TOKEN_PATH = "/oauth/v2/token"  # noqa: S105 - a path, no token
OAUTH_ERRORS = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)
"""Words that a token service may answer, and none that could repeat a secret. Source: RFC 6749, 5.2."""


NO_TOKEN = "no token"  # noqa: S105 - that there is none


@dataclass(frozen=True, slots=True)
class Heard:
    """One exchange. ``status`` is None where no answer came; ``trouble`` then names what happened instead."""

    token: bool
    status: int | None
    trouble: str
    date: str | None
    sent: datetime
    received: datetime
    error: str = ""
    """What the token service called it, in a word of the standard, or that it gave no token; empty for a token."""
    limit: str = ""
    remaining: str = ""
    reset: str = ""


@dataclass(slots=True)
class Hearing:
    """Everything that was heard, in the order in which it came. Safe for threads."""

    transport: Callable[[], httpx.BaseTransport]
    clock: Clock
    heard: list[Heard] = field(default_factory=list)

    def __call__(self) -> httpx.BaseTransport:
        """A transport that listens."""
        return _Listening(self.transport(), self)

    @property
    def token(self) -> Heard | None:
        """How the token service answered last; None where it was not asked."""
        return next((one for one in reversed(self.heard) if one.token), None)


class _Listening(httpx.BaseTransport):
    def __init__(self, inner: httpx.BaseTransport, hearing: Hearing) -> None:
        self._inner = inner
        self._hearing = hearing

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        clock, sent = self._hearing.clock, self._hearing.clock.now()
        token = request.url.path.endswith(TOKEN_PATH)
        try:
            answer = self._inner.handle_request(request)
        except httpx.HTTPError as cut:
            trouble = type(cut).__name__ + (", its certificate is not trusted" if "CERTIFICATE" in str(cut) else "")
            self._hearing.heard.append(Heard(token, None, trouble, None, sent, clock.now()))
            raise
        received, headers = clock.now(), answer.headers
        error = ""
        if token:
            answer.read()
            content = decoded(answer.content)
            told = content if isinstance(content, dict) else {}
            word = text_of(told.get("error"))
            error = word if word in OAUTH_ERRORS else "" if told.get("access_token") else NO_TOKEN
        self._hearing.heard.append(
            Heard(
                token,
                answer.status_code,
                "",
                headers.get("date"),
                sent,
                received,
                error,
                headers.get("x-ratelimit-limit", ""),
                headers.get("x-ratelimit-remaining", ""),
                headers.get("x-ratelimit-reset", ""),
            )
        )
        return answer

    def close(self) -> None:
        self._inner.close()
