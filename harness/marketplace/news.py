"""News of the embedded sandbox, or of the gateway: a wait is one long poll, for what concerns the one who waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import timedelta
from threading import Event
from typing import Self

import httpx
import msgspec

__all__ = ["NewsFeed", "NewsOfCalendars"]

POLL_S = 20.0
RETRY_S = 0.5
"""After a failed poll: the sandbox may just be stopping."""


class _Item(msgspec.Struct, frozen=True):
    what: str


class _News(msgspec.Struct, frozen=True):
    last: int
    items: tuple[_Item, ...]


class NewsFeed:
    """Waits for what happens at the sandbox. Use as a context manager; safe for threads.

    Nothing is asked for while nobody waits: most of what happens in a run concerns somebody else.
    """

    def __init__(self, control_url: str, *, token: str) -> None:
        self._url = f"{control_url.rstrip('/')}/news"
        self._http = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=POLL_S + 10)
        self._heard = 0
        self._closed = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._http.close()

    def mark(self) -> int:
        """The number of the latest news that this feed has heard of; there may have been more since."""
        return self._heard

    def wait(self, after: int, timeout: timedelta, about: Collection[str] | None = None) -> bool:
        """Wait for news after ``after``, of the calendars ``about`` where named; False where ``timeout`` passed."""
        return self._next(after, timeout, about) is not None

    def wait_for(self, what: str, timeout: timedelta) -> bool:
        """Wait until there has been news of the kind ``what``; False where ``timeout`` passed without."""
        deadline, after = time.monotonic() + timeout.total_seconds(), 0
        while (news := self._next(after, timedelta(seconds=deadline - time.monotonic()), None)) is not None:
            if any(one.what == what for one in news.items):
                return True
            after = news.last
        return False

    def _next(self, after: int, timeout: timedelta, about: Collection[str] | None) -> _News | None:
        """The news after ``after``, once there is any; looks once even where no time is left."""
        deadline = time.monotonic() + timeout.total_seconds()
        while not self._closed.is_set():
            left = max(deadline - time.monotonic(), 0.0)
            if about is not None and not about:
                self._closed.wait(left)
                return None
            news = self._poll(after, min(left, POLL_S), about)
            if news is not None:
                self._heard = max(self._heard, news.last)
                if news.items:
                    return news
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            if news is None:
                self._closed.wait(min(left, RETRY_S))
        return None

    def _poll(self, after: int, timeout_s: float, about: Collection[str] | None) -> _News | None:
        """What the sandbox tells; None where it does not answer."""
        asked = httpx.QueryParams(after=after, timeout_s=round(timeout_s, 3), address_id=sorted(about or ()))
        try:
            answer = self._http.get(self._url, params=asked)
            return msgspec.json.decode(answer.raise_for_status().content, type=_News)
        except (httpx.HTTPError, msgspec.DecodeError, RuntimeError):
            return None  # RuntimeError: the client was closed under the poll, at the end of the run


class NewsOfCalendars:
    """The feed as one scenario hears it: of its own calendars, so that nobody is woken by the others' news."""

    def __init__(self, feed: NewsFeed, calendars: Callable[[], Collection[str]]) -> None:
        self._feed = feed
        self._calendars = calendars

    def mark(self) -> int:
        """The number of the latest news that was heard of."""
        return self._feed.mark()

    def wait(self, after: int, timeout: timedelta) -> bool:
        """Wait for news of the calendars; False where ``timeout`` passed without."""
        return self._feed.wait(after, timeout, self._calendars())
