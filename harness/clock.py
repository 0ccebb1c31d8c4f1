"""What time it is: the only place that reads the machine's clock.

A rule that depends on time takes a :class:`Clock`, so that 72 hours pass in a test without waiting.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol

__all__ = ["Clock", "ManualClock", "MovableClock", "SystemClock"]


class Clock(Protocol):
    """Tells the time as an aware UTC instant."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The machine's present instant, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """Stands still until moved. For tests and pure models."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """The instant that was set last, in UTC."""
        return self._now

    def set(self, now: datetime) -> None:
        """From here on it is ``now``."""
        self._now = now.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move on by ``by``."""
        self._now += by


class MovableClock:
    """Runs like the clock beneath it, shifted by an offset that can be changed. Safe for threads."""

    def __init__(self, beneath: Clock | None = None) -> None:
        self._beneath: Clock = beneath or SystemClock()
        self._offset = timedelta(0)
        self._lock = Lock()

    def now(self) -> datetime:
        """The shifted instant, in UTC."""
        with self._lock:
            return self._beneath.now() + self._offset

    def set(self, now: datetime) -> None:
        """From here on it is ``now`` and time goes on from there."""
        with self._lock:
            self._offset = now.astimezone(UTC) - self._beneath.now()

    def advance(self, by: timedelta) -> None:
        """Jump by ``by`` (forwards, or backwards where negative)."""
        with self._lock:
            self._offset += by

    def shift(self, offset: timedelta) -> None:
        """Be that far ahead of the clock beneath from now on."""
        with self._lock:
            self._offset = offset

    @property
    def offset(self) -> timedelta:
        """How far this clock is ahead of the one beneath it."""
        with self._lock:
            return self._offset
