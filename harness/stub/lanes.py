"""Workers that keep the order within a calendar and take calendars side by side.

A *lane* is one calendar. At most one worker is in a lane at a time, so what is done there needs no further lock.
Workers wake on a flag, or when a lane asked to be looked at again; nothing polls.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

__all__ = ["Lanes"]

LOGGER = logging.getLogger(__name__)
AFTER_ACCIDENT_S = 1.0


class Lanes:
    """``work`` does one thing in a lane and answers in how many seconds to look again; None for when it is flagged."""

    def __init__(self, threads: int, work: Callable[[str], float | None]) -> None:
        self._work = work
        self._ready: deque[str] = deque()
        self._due: dict[str, float] = {}
        self._busy: set[str] = set()
        self._again: set[str] = set()
        self._changed = threading.Condition()
        self._stopped = False
        self._threads = [
            threading.Thread(target=self._run, name=f"lanes-{number}", daemon=True) for number in range(threads)
        ]

    def start(self) -> None:
        """Start the workers."""
        for thread in self._threads:
            thread.start()

    def flag(self, lane: str) -> None:
        """There is something to do in ``lane``."""
        with self._changed:
            self._due.pop(lane, None)
            if lane in self._busy:
                self._again.add(lane)
            elif lane not in self._ready:
                self._ready.append(lane)
                self._changed.notify()

    def flag_all(self, lanes: Iterable[str]) -> None:
        """There is something to do in each of ``lanes``."""
        for lane in lanes:
            self.flag(lane)

    def stop(self, timeout_s: float = 10.0) -> None:
        """Finish what is under way and stop; waits at most ``timeout_s`` for it."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self) -> None:
        while (lane := self._next()) is not None:
            try:
                again_in = self._work(lane)
            except Exception:  # a defect in one calendar must not stop the others
                LOGGER.exception("work for calendar %s failed; it is tried again", lane)
                again_in = AFTER_ACCIDENT_S
            self._leave(lane, again_in)

    def _next(self) -> str | None:
        with self._changed:
            while not self._stopped:
                now = time.monotonic()
                for lane in [lane for lane, at in self._due.items() if at <= now]:
                    del self._due[lane]
                    self._ready.append(lane)
                if self._ready:
                    lane = self._ready.popleft()
                    self._busy.add(lane)
                    return lane
                self._changed.wait(min(self._due.values()) - now if self._due else None)
            return None

    def _leave(self, lane: str, again_in: float | None) -> None:
        with self._changed:
            self._busy.discard(lane)
            if lane in self._again or again_in == 0:
                self._again.discard(lane)
                self._ready.append(lane)
                self._changed.notify()
            elif again_in is not None:
                self._due[lane] = time.monotonic() + again_in
                self._changed.notify()
