"""What is due later on the sandbox's clock: done when its time has come, by itself or because the clock was moved."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from harness.clock import Clock

__all__ = ["Alarm"]


class Alarm:
    """Belongs to the server's event loop; one task waits for whatever is due first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = count()
        self._changed = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._ring())

    def at(self, due: datetime, do: Callable[[], None]) -> None:
        """Call ``do`` once it is ``due``; what is due at the same instant in the order in which it came."""
        heapq.heappush(self._due, (due, next(self._number), do))
        self._changed.set()

    def clock_moved(self) -> None:
        """Do at once what is due by the new time."""
        self._ring_due()
        self._changed.set()

    def forget(self) -> None:
        """Nothing is due any more."""
        self._due.clear()

    async def close(self) -> None:
        """Nothing is done from now on."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    def _ring_due(self) -> None:
        while self._due and self._due[0][0] <= self._clock.now():
            heapq.heappop(self._due)[2]()

    async def _ring(self) -> None:
        while True:
            self._ring_due()
            self._changed.clear()
            left = (self._due[0][0] - self._clock.now()).total_seconds() if self._due else None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), left if left is None else max(0.0, left))
