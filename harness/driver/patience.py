"""Waiting where people look: the time in which somebody is asked does not count, and nobody is asked twice a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.clock import Clock
from harness.waiting import News

__all__ = ["Patience"]

LONGEST_PAUSE = timedelta(seconds=1)


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
