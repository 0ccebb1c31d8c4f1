"""Waiting for something to become true: looks at once, wakes on news, gives up with the last thing seen.

The only place of the harness that waits. There is no sleep in it: between two looks it waits on :class:`News`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from harness.clock import Clock

__all__ = ["News", "Waited", "eventually"]

Seen = TypeVar("Seen")
Objection = TypeVar("Objection")

FIRST_PAUSE = timedelta(milliseconds=15)
"""Between the first two looks after news: a system needs a moment after it has answered."""
LONGEST_PAUSE = timedelta(seconds=1)


class News(Protocol):
    """Something that can tell that anything has happened."""

    def mark(self) -> int:
        """A number that grows with each piece of news."""
        ...

    def wait(self, after: int, timeout: timedelta) -> bool:
        """Wait until there is news after mark ``after``; False where ``timeout`` passed without."""
        ...


@dataclass(frozen=True, slots=True)
class Waited(Generic[Seen, Objection]):
    """How a wait ended: ``objection`` is None where what was waited for came true."""

    seen: Seen
    objection: Objection | None
    looks: int
    started_at: datetime
    ended_at: datetime
    settled: bool


def eventually(
    look: Callable[[], Seen],
    judge: Callable[[Seen], Objection | None],
    *,
    within: timedelta,
    news: News,
    clock: Clock,
    settled: Callable[[], bool] | None = None,
) -> Waited[Seen, Objection]:
    """Look until ``judge`` has no objection, at most ``within`` long; one look is made at the very end.

    ``settled`` may end the wait early: it says that nothing more can come. What it says counts only where a look made
    after it still meets an objection.
    """
    started = clock.now()
    deadline = started + within
    pause = FIRST_PAUSE
    looks = 0
    final = False
    while True:
        mark = news.mark()
        seen = look()
        looks += 1
        objection = judge(seen)
        now = clock.now()
        if objection is None or final or now >= deadline:
            return Waited(seen, objection, looks, started, now, settled=final)
        if settled is not None and settled():
            final = True
            continue
        woken = news.wait(mark, min(pause, deadline - now))
        pause = FIRST_PAUSE if woken else min(pause * 2, LONGEST_PAUSE)
