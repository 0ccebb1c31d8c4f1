"""News for whoever waits: what happened, numbered, with a long poll that costs no thread."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from harness.contract.json_value import JsonObject

__all__ = ["News"]

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class _Item:
    number: int
    told: JsonObject


class News:
    """Append-only; belongs to the server's event loop."""

    def __init__(self) -> None:
        self._items: list[_Item] = []
        self._last = 0
        self._happened = asyncio.Event()
        self._waiting = 0
        self._closed = False

    @property
    def last(self) -> int:
        """Number of the latest news; 0 for none yet."""
        return self._last

    def close(self) -> None:
        """Nobody waits any longer."""
        self._closed = True
        self._happened.set()

    def add(
        self, what: str, *, address_id: str | None = None, operation: str | None = None, status: int | None = None
    ) -> None:
        """Something happened; everybody who waits is woken."""
        self._last += 1
        told: JsonObject = {
            "number": self._last,
            "what": what,
            "address_id": address_id,
            "operation": operation,
            "status": status,
        }
        self._items.append(_Item(self._last, told))
        if len(self._items) > KEPT:
            del self._items[: KEPT // 2]
        if self._waiting:
            self._happened.set()
            self._happened = asyncio.Event()

    async def after(self, number: int, timeout_s: float) -> JsonObject:
        """What happened after news ``number``; waits up to ``timeout_s`` for the first item."""
        if self._last <= number and timeout_s > 0 and not self._closed:
            self._waiting += 1
            try:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._happened.wait(), timeout_s)
            finally:
                self._waiting -= 1
        first = self._items[0].number if self._items else 1
        return {"last": self._last, "items": [one.told for one in self._items[max(0, number - first + 1) :]]}
