"""Keeping to the limits that Docplanner announces.

Source: behaviour.md, "Access", limits: ``X-RateLimit-Remaining`` and ``-Reset`` (ISO 8601); no headers, no limiter; 429
until the reset. Reads and writes are counted apart. A 429 was not carried out, so it is safe to repeat.
"""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from threading import Condition

import httpx

from harness.clock import Clock

__all__ = ["Gate", "Kind", "PacedTransport", "number_of", "remaining_of", "reset_of"]

TOO_MANY = 429
REMAINING, NOTHING = "X-RateLimit-Remaining", "0"
AT_LEAST = timedelta(milliseconds=500)
"""What is waited after a 429, however near its reset is."""
REPEATS = 3
"""How often one request is sent again after a 429 that names its reset."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Kind(enum.StrEnum):
    """What Docplanner counts apart."""

    READ = "read"
    WRITE = "write"


class Gate:
    """Until when requests of each kind must wait. Shared by whoever wants to know before trying."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._shut: dict[Kind, datetime] = {}
        self._news = Condition()
        self._closed = False

    def shut(self, kind: Kind, until: datetime) -> None:
        """No request of ``kind`` before ``until``."""
        with self._news:
            self._shut[kind] = max(until, self._shut.get(kind, until))

    def pause(self, kind: Kind, at_least: timedelta) -> None:
        """No request of ``kind`` for so long, whatever was said before."""
        self.shut(kind, self._clock.now() + at_least)

    def left(self, kind: Kind) -> timedelta:
        """How long requests of ``kind`` must still wait; zero where they need not."""
        with self._news:
            return max(self._shut.get(kind, self._clock.now()) - self._clock.now(), timedelta(0))

    def wait(self, kind: Kind, at_most: timedelta) -> bool:
        """Wait until requests of ``kind`` may go; False where that takes longer than ``at_most`` or the gate closes."""
        with self._news:
            left = max(self._shut.get(kind, self._clock.now()) - self._clock.now(), timedelta(0))
            if left > at_most:
                return False
            if left:
                self._news.wait_for(lambda: self._closed, left.total_seconds())
            return not self._closed

    def close(self) -> None:
        """Nobody waits any longer."""
        with self._news:
            self._closed = True
            self._news.notify_all()


class PacedTransport(httpx.BaseTransport):
    """Holds requests back until Docplanner takes them again; a 429 with a reset is waited for and sent again.

    Where the wait would be longer than ``patience`` the 429 is handed on, or made up where none came yet.
    A 429 without a reset, or while calls remain, is not about the limits and handed on at once.
    """

    def __init__(self, inner: httpx.BaseTransport, gate: Gate, *, patience: timedelta = timedelta(seconds=5)) -> None:
        self._inner = inner
        self._gate = gate
        self._patience = patience

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` when it may be sent."""
        kind = Kind.READ if request.method in READING else Kind.WRITE
        if not self._gate.wait(kind, self._patience):
            message = b'{"errors": [], "message": "held back until the limit is reset"}'
            return httpx.Response(TOO_MANY, content=message, request=request)
        for _ in range(REPEATS):
            answer = self._inner.handle_request(request)
            reset = reset_of(answer.headers)
            if answer.status_code != TOO_MANY or reset is None or not _used_up(answer):
                break
            self._gate.shut(kind, reset)
            self._gate.pause(kind, AT_LEAST)  # a reset in whole seconds may have passed before the limit has
            if not self._gate.wait(kind, self._patience):
                return answer
            answer.close()
        else:
            answer = self._inner.handle_request(request)
            reset = reset_of(answer.headers)
        if reset is not None and answer.headers.get(REMAINING) == NOTHING:
            self._gate.shut(kind, reset)
        return answer

    def close(self) -> None:
        """Close what is beneath, and let nobody wait any longer."""
        self._gate.close()
        self._inner.close()


def _used_up(answer: httpx.Response) -> bool:
    """Whether no call remains, or nobody says how many do: releaseNotifications has a limit of its own [doc]."""
    return bool(answer.headers.get(REMAINING, NOTHING) == NOTHING)


def remaining_of(headers: httpx.Headers) -> int | None:
    """How many calls are left; None where the headers do not say it."""
    return number_of(headers, REMAINING)


def reset_of(headers: httpx.Headers) -> datetime | None:
    """When the limit is reset; None where the headers do not say it, or without a time zone."""
    try:
        reset = datetime.fromisoformat(headers.get("X-RateLimit-Reset", ""))
    except ValueError:
        return None
    return reset if reset.tzinfo else None


def number_of(headers: httpx.Headers, name: str) -> int | None:
    """A whole number that a header holds; None where it holds none."""
    told = headers.get(name, "")
    return int(told) if told.isdecimal() and told.isascii() else None
