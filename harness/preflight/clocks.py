"""How far another machine's clock is from ours, by the ``Date`` of its answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from harness.preflight.line import Line, Status

__all__ = ["SKEW", "Drift", "clock_line", "drift"]

SKEW = timedelta(seconds=5)
"""How far clocks may be apart before it is worth a word. [assumed]"""
TICK = timedelta(seconds=2)
"""An HTTP date tells whole seconds, rounded down, and servers keep it for another one. Source: RFC 9110, 5.6.7."""
NTP = "Set both by NTP; `date -u` tells which of them is wrong."


@dataclass(frozen=True, slots=True)
class Drift:
    """The other clock less ours lies within ``least`` and ``most``."""

    least: timedelta
    most: timedelta

    @property
    def likely(self) -> timedelta:
        """The middle."""
        return (self.least + self.most) / 2

    def beyond(self, limit: timedelta) -> bool:
        """Whether it is surely more than ``limit`` in either direction."""
        return self.least > limit or self.most < -limit


def drift(date: str | None, sent: datetime, received: datetime) -> Drift | None:
    """From an answer's ``Date``; ``sent`` and ``received`` are by our clock. None where it tells nothing."""
    try:
        there = parsedate_to_datetime(date or "")
    except (ValueError, OverflowError):
        return None
    there = there if there.tzinfo else there.replace(tzinfo=UTC)
    return Drift(there - received, there + TICK - sent)


def clock_line(what: str, told: Drift | None, limit: timedelta | None = None) -> Line:
    """The line; a clock further off than ``limit`` is in the way, one beyond :data:`SKEW` worth a word."""
    if told is None:
        return Line(what, Status.UNKNOWN, "its answers carry no date", "Compare it with this machine's by hand.")
    seconds = told.likely.total_seconds()
    if limit is not None and told.beyond(limit):
        return Line(what, Status.TROUBLE, f"{seconds:+.0f} s from ours", NTP)
    if told.beyond(SKEW):
        return Line(what, Status.WARNING, f"{seconds:+.0f} s from ours", NTP)
    return Line(
        what,
        Status.OK,
        f"{seconds:+.1f} s from ours, give or take {(told.most - told.least).total_seconds() / 2:.1f} s",
    )
