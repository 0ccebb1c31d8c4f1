"""News of the embedded sandbox: one long poll in the background wakes every wait of this process."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from threading import Condition, Event, Thread
from typing import Self

import httpx
import msgspec

__all__ = ["NewsFeed", "NewsOfCalendars"]

POLL_S = 20.0
RETRY_S = 0.5
"""After a failed poll: the sandbox may just be stopping."""


class _Item(msgspec.Struct, frozen=True):
    number: int
    what: str
    address_id: str | None = None


class _News(msgspec.Struct, frozen=True):
    last: int
    items: tuple[_Item, ...]


class NewsFeed:
    """Counts what happens at the sandbox. Use as a context manager."""

    def __init__(self, control_url: str, *, token: str) -> None:
        self._url = f"{control_url.rstrip('/')}/news"
        self._http = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=POLL_S + 10)
        self._changed = Condition()
        self._count = 0
        self._kinds: set[str] = set()
        self._latest: dict[str | None, int] = {}
        self._stopped = Event()
        self._thread = Thread(target=self._listen, name="news", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._http.close()

    def mark(self) -> int:
        """How much news there has been so far."""
        with self._changed:
            return self._count

    def wait(self, after: int, timeout: timedelta, about: Collection[str] | None = None) -> bool:
        """Wait for news after ``after``, of the calendars ``about`` where named; False where ``timeout`` passed."""

        def happened() -> bool:
            return any(number > after for place, number in self._latest.items() if about is None or place in about)

        with self._changed:
            return self._changed.wait_for(happened, timeout.total_seconds())

    def wait_for(self, what: str, timeout: timedelta) -> bool:
        """Wait until news of the kind ``what`` has come; False where ``timeout`` passed without."""
        with self._changed:
            return self._changed.wait_for(lambda: what in self._kinds, timeout.total_seconds())

    def _listen(self) -> None:
        last = 0
        while not self._stopped.is_set():
            try:
                answer = self._http.get(self._url, params={"after": last, "timeout_s": POLL_S})
                news = msgspec.json.decode(answer.raise_for_status().content, type=_News)
            except (httpx.HTTPError, msgspec.DecodeError, RuntimeError):
                # RuntimeError: the client was closed under the poll, at the end of the run
                self._stopped.wait(RETRY_S)
                continue
            last = news.last
            if news.items:
                with self._changed:
                    self._count = last
                    self._kinds.update(item.what for item in news.items)
                    self._latest.update({item.address_id: item.number for item in news.items})
                    self._changed.notify_all()


class NewsOfCalendars:
    """The feed as one scenario hears it: of its own calendars, so that nobody is woken by the others' news."""

    def __init__(self, feed: NewsFeed, calendars: Callable[[], Collection[str]]) -> None:
        self._feed = feed
        self._calendars = calendars

    def mark(self) -> int:
        """How much news there has been so far."""
        return self._feed.mark()

    def wait(self, after: int, timeout: timedelta) -> bool:
        """Wait for news of the calendars; False where ``timeout`` passed without."""
        return self._feed.wait(after, timeout, self._calendars())
