"""The gateway of a run in a process of its own: what it costs then delays neither the sandbox nor the scenarios."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from harness.errors import BrokenHarness, ConfigurationError
from harness.gateway.server import RunningGateway
from harness.gateway.settings import GatewaySettings

__all__ = ["Told", "started"]

START_S = 20.0
STOP_S = 10.0


@dataclass(frozen=True, slots=True)
class Told:
    """All that the process is told, on its standard input: secrets are in no argument and no environment."""

    settings: GatewaySettings
    journal: Path
    run: str
    secrets: tuple[str, ...]
    patient_key: str
    phone_block: str
    beside_sandbox: bool
    """Whether the embedded sandbox writes the same exchanges into the journal, with what it knows of them."""

    def __repr__(self) -> str:
        return f"Told(settings={self.settings!r}, run={self.run!r})"


@dataclass(frozen=True, slots=True)
class Ready:
    """What the process answers: where it listens, or why it does not."""

    gateway: RunningGateway | None = None
    trouble: str | None = None


@contextmanager
def started(told: Told) -> Iterator[RunningGateway]:
    """A gateway that serves until the block ends.

    Raises:
        ConfigurationError: an address or a port cannot be used.
        BrokenHarness: the process did not start.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "harness.gateway"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield _ready(process, told)
    finally:
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(timeout=STOP_S + told.settings.stop_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _ready(process: subprocess.Popen[bytes], told: Told) -> RunningGateway:
    watchdog = threading.Timer(START_S, process.kill)
    watchdog.start()
    try:
        if process.stdin:
            process.stdin.write(msgspec.json.encode(told, enc_hook=str) + b"\n")
            process.stdin.flush()
        line = process.stdout.readline() if process.stdout else b""
        ready = msgspec.json.decode(line, type=Ready)
    except (msgspec.DecodeError, OSError) as error:
        message = f"The gateway did not start (exit code {process.poll()})."
        raise BrokenHarness(message) from error
    finally:
        watchdog.cancel()
    if ready.gateway is None:
        raise ConfigurationError(ready.trouble or "The gateway did not start.")
    return ready.gateway
