"""News for whoever waits: what happened, numbered, with a long poll that costs no thread."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection
from dataclasses import dataclass

from harness.contract.json_value import JsonObject, JsonValue

__all__ = ["News"]

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class _Item:
    number: int
    told: JsonObject


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    """Somebody who waits; ``about`` None for whatever happens."""

    about: Collection[str] | None
    woken: asyncio.Future[None]

    def wake(self) -> None:
        """What they wait for has happened; twice is fine."""
        if not self.woken.done():
            self.woken.set_result(None)


class News:
    """Append-only; belongs to the server's event loop."""

    def __init__(self) -> None:
        self._items: list[_Item] = []
        self._last = 0
        self._latest: dict[str | None, int] = {}
        """By calendar, the number of its latest news."""
        self._waiting: set[_Waiter] = set()
        self._closed = False

    @property
    def last(self) -> int:
        """Number of the latest news; 0 for none yet."""
        return self._last

    def close(self) -> None:
        """Nobody waits any longer."""
        self._closed = True
        for waiter in self._waiting:
            waiter.wake()

    def add(
        self, what: str, *, address_id: str | None = None, operation: str | None = None, status: int | None = None
    ) -> None:
        """Something happened; everybody who waits for that is woken."""
        self._last += 1
        told: JsonObject = {
            "number": self._last,
            "what": what,
            "address_id": address_id,
            "operation": operation,
            "status": status,
        }
        self._items.append(_Item(self._last, told))
        self._latest[address_id] = self._last
        if len(self._items) > KEPT:
            del self._items[: KEPT // 2]
        for waiter in self._waiting:
            if waiter.about is None or address_id in waiter.about:
                waiter.wake()

    async def after(self, number: int, timeout_s: float, about: Collection[str] | None = None) -> JsonObject:
        """What happened after news ``number``; waits up to ``timeout_s`` for the first item.

        ``about`` are the calendars whose news is wanted; None for all there is, what concerns no calendar included.
        """
        if timeout_s > 0 and not self._closed and not self._any_after(number, about):
            waiter = _Waiter(about, asyncio.get_running_loop().create_future())
            self._waiting.add(waiter)
            try:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(waiter.woken, timeout_s)
            finally:
                self._waiting.discard(waiter)
        return {"last": self._last, "items": self._since(number, about)}

    def _any_after(self, number: int, about: Collection[str] | None) -> bool:
        if about is None:
            return self._last > number
        return any(self._latest.get(one, 0) > number for one in about)

    def _since(self, number: int, about: Collection[str] | None) -> list[JsonValue]:
        if not self._any_after(number, about):
            return []
        first = self._items[0].number
        later = (one.told for one in self._items[max(0, number - first + 1) :])
        return [one for one in later if about is None or one["address_id"] in about]
