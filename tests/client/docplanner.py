"""The far side of the client, as a small callable: it answers what it was told to, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

import httpx

from harness.client.api import DocplannerApi
from harness.client.auth import Credentials
from harness.client.calls import Calls, Endpoint
from harness.client.models import CalendarAt
from harness.clock import Clock, ManualClock

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AT = CalendarAt("1", "2", "3")
ADDRESS = "/api/v3/integration/facilities/1/doctors/2/addresses/3"
CREDENTIALS = Credentials("https://docplanner.test/oauth/v2/token", "client", "canary-secret")

Respond = Callable[[httpx.Request], httpx.Response]


@dataclass
class FarSide:
    """Answers API calls with ``respond``; hands out tokens that differ, each good for ``life_s``."""

    respond: Respond = lambda _: httpx.Response(200, json={"_items": []})
    life_s: int = 3600
    tokens: int = 0
    refused_tokens: set[str] = field(default_factory=set)
    asked: list[httpx.Request] = field(default_factory=list)
    bearers: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        with self.lock:
            if request.url.path.startswith("/oauth"):
                self.tokens += 1
                told = {
                    "access_token": f"canary-token-{self.tokens}",
                    "expires_in": self.life_s,
                    "token_type": "bearer",
                }
                return httpx.Response(200, json=told)
            self.asked.append(request)
            self.bearers.append(request.headers["Authorization"].removeprefix("Bearer "))
        if request.headers["Authorization"].removeprefix("Bearer ") in self.refused_tokens:
            return httpx.Response(401, json={"message": "Authentication credentials could not be found."})
        return self.respond(request)


def api(far_side: Respond, *, clock: Clock | None = None, patience: timedelta = timedelta(seconds=5)) -> DocplannerApi:
    """The client in front of ``far_side``."""
    endpoint = Endpoint("https://docplanner.test/api/v3/integration", CREDENTIALS, "Reference clinic/1.0")
    transport = httpx.MockTransport(far_side)
    return DocplannerApi(Calls(endpoint, clock=clock or ManualClock(NOW), transport=transport, patience=patience))
