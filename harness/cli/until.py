"""Serving until somebody ends it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

__all__ = ["until_interrupted"]


def until_interrupted() -> None:
    """Wait for Ctrl+C or SIGTERM."""
    stopped = threading.Event()
    handler: Callable[..., None] = lambda *_: stopped.set()  # noqa: E731 - two lines for one word
    signal.signal(signal.SIGTERM, handler)
    signal.signal(signal.SIGINT, handler)
    stopped.wait()
