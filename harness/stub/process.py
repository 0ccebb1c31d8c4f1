"""The reference stub in a process of its own, as a run starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from harness.errors import BrokenHarness

__all__ = ["started"]

START_S = 20.0


@contextmanager
def started(defects: Sequence[str]) -> Iterator[Callable[[], str]]:
    """A stub that lives until the block ends; yields what waits until it is ready and tells its address."""
    command = [sys.executable, "-m", "harness.stub", "--port", "0", "--json", "--until-stdin-closes"]
    command += [part for name in defects for part in ("--defect", name)]
    process = subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )

    def ready() -> str:
        watchdog = threading.Timer(START_S, process.kill)
        watchdog.start()
        try:
            line = process.stdout.readline() if process.stdout else b""
        finally:
            watchdog.cancel()
        try:
            return str(json.loads(line)["control_url"])
        except (ValueError, KeyError) as error:
            message = f"The reference stub did not start (exit code {process.poll()})."
            raise BrokenHarness(message) from error

    try:
        yield ready
    finally:
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()
