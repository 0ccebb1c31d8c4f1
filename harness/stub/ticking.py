"""Something that is done every so often."""

from __future__ import annotations

import threading
from collections.abc import Callable

__all__ = ["Ticker"]

STOP_S = 10.0


class Ticker:
    """Does ``do`` every ``interval_s`` seconds in a thread of its own, first after one interval."""

    def __init__(self, name: str, interval_s: float, do: Callable[[], None]) -> None:
        self._interval_s = interval_s
        self._do = do
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start counting."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; waits for what is under way, at most 10 seconds."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _run(self) -> None:
        while not self._stopped.wait(self._interval_s):
            self._do()
