"""How long to wait before more is asked of a real Docplanner, by its headers and by our own count. Pure.

Source: behaviour.md, "Limits": 40 writes a minute and 2400 an hour, and 8000 reads an hour, for each API client; what
remains and when the limit is reset stand in headers, and where there are none nobody counts there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.contract.limits import READS_PER_HOUR, WRITES_PER_HOUR, WRITES_PER_MINUTE
from harness.safety.writes import Writes

__all__ = ["LIMITS", "READS", "Limit", "Told", "by_count", "by_headers", "pause", "spent"]

SOON = timedelta(seconds=1)
"""A reset is told in whole seconds."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``calls`` within any ``window``."""

    calls: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Told:
    """What the headers of an answer said: so many calls are left until the reset."""

    remaining: int
    reset: datetime


LIMITS = (Limit(WRITES_PER_MINUTE, timedelta(minutes=1)), Limit(WRITES_PER_HOUR, timedelta(hours=1)))
"""Of writes."""
READS = Limit(READS_PER_HOUR, timedelta(hours=1))


def spent(writes: Writes) -> int:
    """How many writes went to Docplanner by its API: what people did in its pages is not among them."""
    return sum(not one.by_person for one in writes.intended)


def pause(writes: Writes, need: int, now: datetime, limits: Sequence[Limit] = LIMITS) -> timedelta:
    """How long to wait until ``need`` more writes may be made; never longer than the longest window."""
    by_api = [one for one in writes.intended if not one.by_person]
    made = sorted(one.at for one in by_api if one.at <= now)
    waits = [by_count(made, min(need, one.calls), now, one) for one in limits]
    ended = [writes.ended[one.id] for one in by_api if one.id in writes.ended]
    told = [Told(one.remaining, one.reset) for one in ended if one.remaining is not None and one.reset is not None]
    if told:
        waits.append(by_headers(told[-1], need, now, max(one.window for one in limits)))
    return max(waits, default=timedelta(0))


def by_count(made: Sequence[datetime], need: int, now: datetime, limit: Limit) -> timedelta:
    """How long to wait until ``need`` more calls may be made, of at most ``limit.calls``; ``made`` is in order."""
    within = [at for at in made if at > now - limit.window]
    over = len(within) + need - limit.calls
    return within[over - 1] + limit.window - now if over > 0 else timedelta(0)


def by_headers(told: Told, need: int, now: datetime, longest: timedelta) -> timedelta:
    """How long to wait where fewer than ``need`` are left; never longer than ``longest``: a clock may be wrong."""
    if told.remaining >= need:
        return timedelta(0)
    return max(min(told.reset + SOON - now, longest), timedelta(0))
