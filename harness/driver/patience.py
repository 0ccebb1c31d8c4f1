"""Waiting where people look: the time in which somebody is asked does not count, and nobody is asked twice a second."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.clock import Clock
from harness.waiting import News

__all__ = ["Patience", "Pause", "await_limits", "let_pass"]

LONGEST_PAUSE = timedelta(seconds=1)

Body = dict[str, object]


@dataclass(frozen=True, slots=True)
class Pause:
    """How long a limit of a real Docplanner wants the next act to wait, and which one."""

    left: timedelta = timedelta(0)
    limit: str = ""


def await_limits(
    pause: Callable[[], Pause], note: Callable[[dict[str, object]], object], clock: Clock, news: News
) -> None:
    """Wait until no limit wants a pause; ``note`` is given an act for the journal each time that one does."""
    while (more := pause()).left > timedelta(0):
        words = f"The run waits {math.ceil(more.left.total_seconds())} s for Docplanner's limit of {more.limit}"
        note({"state": "done", "words": words, "limit": more.limit})
        let_pass(clock.now() + more.left, clock, news)


def let_pass(end: datetime, clock: Clock, news: News) -> None:
    """Wait until ``end``, whatever happens meanwhile."""
    while (rest := end - clock.now()) > timedelta(0):
        news.wait(news.mark(), rest)


@dataclass(slots=True)
class Patience:
    """A clock that stands still while a person is asked, and the moment at which a person is to look.

    ``asked`` is how long persons have been asked so far; ``quiet`` waits a while and says whether
    nothing happened.
    """

    beneath: Clock
    news: News
    quiet: Callable[[], bool]
    asked: Callable[[], timedelta]
    _deadline: datetime | None = None
    _looks: int = 0
    _waited: bool = True

    def now(self) -> datetime:
        """The present instant, less the time in which persons were asked."""
        return self.beneath.now() - self.asked()

    def begin(self, left: timedelta) -> None:
        """A wait begins that may take so long."""
        self._deadline = self.now() + left
        self._looks = 0

    def next_look(self) -> None:
        """One look, of one question or several, begins."""
        self._looks += 1
        self._waited = False

    def ripe(self) -> None:
        """Wait until a look is worth a person's while: once all is quiet; after a no, at the end of the time."""
        if self._deadline is None or self._waited:
            return
        self._waited = True
        while (left := self._deadline - self.now()) > timedelta(0):
            mark = self.news.mark()
            if self._looks == 1 and self.quiet():
                return
            self.news.wait(mark, min(left, LONGEST_PAUSE))
