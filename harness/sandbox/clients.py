"""API clients: credentials, tokens, delivery of notifications, and the limits that belong to each."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from harness.contract.limits import WRITES_PER_MINUTE
from harness.recorder.secret_places import OWN_TOKEN_PREFIX

__all__ = ["ApiClient", "Limits", "RateWindow"]

WIDE = 1_000_000
"""Limits are wide but in the scenario about them: `--pace documented` spaces the run's own triggers instead."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Calls allowed to one API client. ``window_s`` shortens the minute, for partners that share no clock."""

    reads_per_hour: int = WIDE
    writes_per_minute: int = WIDE
    writes_per_hour: int = WIDE
    window_s: float | None = None


@dataclass(slots=True)
class RateWindow:
    """One fixed window of calls."""

    length: timedelta
    allowed: int
    started: datetime | None = None
    used: int = 0

    def take(self, now: datetime) -> bool:
        """Count a call; False where none is left until :attr:`reset`."""
        if self.started is None or now >= self.started + self.length:
            self.started, self.used = now, 0
        if self.used >= self.allowed:
            return False
        self.used += 1
        return True

    def headers(self, now: datetime) -> dict[str, str]:
        """As the API tells them [doc]."""
        reset = (self.started or now) + self.length
        return {
            "X-RateLimit-Limit": str(self.allowed),
            "X-RateLimit-Used": str(self.used),
            "X-RateLimit-Remaining": str(max(0, self.allowed - self.used)),
            "X-RateLimit-Reset": reset.isoformat(timespec="seconds"),
        }


@dataclass(slots=True)
class ApiClient:
    """One API client. Its secret does not show in a repr."""

    id: str
    secret: str = field(repr=False)
    name: str = "partner"
    delivery: str = "push"
    callback_url: str | None = None
    callback_api_key: str | None = field(default=None, repr=False)
    callback_api_key_header: str = "X-Api-Key"
    realtime: bool = False
    docplanner_pms: bool = False
    """Whether it is a client of DocplannerPMS, which may do and is told a little more [doc]."""
    limits: Limits = field(default_factory=Limits)
    released_at: datetime | None = None
    tokens: dict[str, datetime] = field(default_factory=dict, repr=False)
    """Each access token with the instant at which it ends."""
    windows: dict[str, RateWindow] = field(default_factory=dict)

    @property
    def pushes(self) -> bool:
        """Whether notifications are pushed to it."""
        return self.delivery in {"push", "both"}

    @property
    def pulls(self) -> bool:
        """Whether notifications wait for it to pull them."""
        return self.delivery in {"pull", "both"}

    def new_token(self, now: datetime, lifetime_s: float) -> str:
        """An access token that ends after ``lifetime_s``."""
        token = f"{OWN_TOKEN_PREFIX}{secrets.token_urlsafe(32)}"
        self.tokens = {one: end for one, end in self.tokens.items() if end > now}
        self.tokens[token] = now + timedelta(seconds=lifetime_s)
        return token

    def knows(self, token: str, now: datetime) -> bool:
        """Whether the token is this client's and has not ended."""
        end = self.tokens.get(token)
        return end is not None and now < end

    def limit(self, limits: Limits) -> None:
        """Other limits from now on; windows begin anew."""
        self.limits = limits
        self.windows = {}

    def take(self, *, writes: bool, now: datetime) -> tuple[bool, dict[str, str]]:
        """Count a call; whether it may go on, and the headers that tell how many are left."""
        names = ("writes_per_minute", "writes_per_hour") if writes else ("reads_per_hour",)
        allowed = True
        for name in names:
            window = self.windows.get(name) or self._window(name)
            self.windows[name] = window
            if not window.take(now):
                return False, window.headers(now)
        return allowed, self.windows[names[0]].headers(now)

    @staticmethod
    def used_up(reset: datetime, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers of a limit that is used up until ``reset``, made of those of a call that was allowed."""
        limit = headers.get("X-RateLimit-Limit", "0")
        told = {"X-RateLimit-Limit": limit, "X-RateLimit-Used": limit, "X-RateLimit-Remaining": "0"}
        return {**told, "X-RateLimit-Reset": reset.isoformat(timespec="seconds")}

    def _window(self, name: str) -> RateWindow:
        length = timedelta(minutes=1) if name.endswith("minute") else timedelta(hours=1)
        if self.limits.window_s is not None and name != "writes_per_hour":
            length = timedelta(seconds=self.limits.window_s)
        return RateWindow(length, getattr(self.limits, name, WRITES_PER_MINUTE))
