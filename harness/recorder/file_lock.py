"""An open file held by one process at a time.

The journal itself is what is locked, so that no lock file stays behind in the output directory; waiting for it is the
system's affair and costs microseconds. (The filelock package asks again every 50 ms, and needs a file of its own.)
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

if sys.platform == "win32":
    import msvcrt
    import os
else:
    import fcntl

__all__ = ["held"]

FAR_AWAY = 1 << 62
"""Bytes from the start, where no journal reaches: a lock on Windows forbids others to read what it covers."""

if sys.platform == "win32":

    @contextmanager
    def held(descriptor: int) -> Iterator[None]:
        """The open file is this descriptor's alone while the block lasts; others that ask for it wait."""
        _on_windows(descriptor, msvcrt.LK_LOCK)
        try:
            yield
        finally:
            _on_windows(descriptor, msvcrt.LK_UNLCK)

    def _on_windows(descriptor: int, mode: int) -> None:
        os.lseek(descriptor, FAR_AWAY, os.SEEK_SET)
        msvcrt.locking(descriptor, mode, 1)

else:

    @contextmanager
    def held(descriptor: int) -> Iterator[None]:
        """The open file is this descriptor's alone while the block lasts; others that ask for it wait."""
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)
