"""How long to wait before more is written to a real Docplanner, by its headers and by our own count. Pure.

Source: behaviour.md, "Limits": 40 writes a minute and 2400 an hour for each API client; what remains and when the limit
is reset stand in headers, and where there are none nobody counts there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.safety.writes import Writes

__all__ = ["LIMITS", "Limit", "pause", "spent"]

SOON = timedelta(seconds=1)
"""A reset is told in whole seconds."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``writes`` within any ``window``."""

    writes: int
    window: timedelta


LIMITS = (Limit(40, timedelta(minutes=1)), Limit(2400, timedelta(hours=1)))


def spent(writes: Writes) -> int:
    """How many writes went to Docplanner by its API: what people did in its pages is not among them."""
    return sum(not one.by_person for one in writes.intended)


def pause(writes: Writes, need: int, now: datetime, limits: Sequence[Limit] = LIMITS) -> timedelta:
    """How long to wait until ``need`` more writes may be made; never longer than the longest window."""
    by_api = [one for one in writes.intended if not one.by_person]
    made = sorted(one.at for one in by_api if one.at <= now)
    waits = [_by_count(made, min(need, one.writes), now, one) for one in limits]
    ended = [writes.ended[one.id] for one in by_api if one.id in writes.ended]
    told = [one for one in ended if one.remaining is not None and one.reset is not None]
    if told and told[-1].remaining is not None and told[-1].reset is not None and told[-1].remaining < need:
        longest = max(one.window for one in limits)
        waits.append(min(told[-1].reset + SOON - now, longest))
    return max([*waits, timedelta(0)])


def _by_count(made: Iterable[datetime], need: int, now: datetime, limit: Limit) -> timedelta:
    within = [at for at in made if at > now - limit.window]
    over = len(within) + need - limit.writes
    return within[over - 1] + limit.window - now if over > 0 else timedelta(0)
