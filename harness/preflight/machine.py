"""This machine before a run: Python, time zones, the clock, the disk, and the ports that are to be listened on."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from harness.clock import Clock
from harness.preflight.line import Line, Status

__all__ = ["Place", "machine_lines"]

OLDEST = (3, 11)
"""Source: ``requires-python`` of the project."""
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""No run was ever made before: a clock that says so was never set."""
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
MEGABYTE = 1_000_000
ROOM_MB, LITTLE_MB = 50, 500
"""A run leaves some megabytes, its Allure page some tens; less than the first is in the way. [assumed]"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is to listen. Port 0 is any that is free."""

    what: str
    host: str
    port: int


def machine_lines(time_zone: str, output: Path, places: Iterable[Place], clock: Clock) -> tuple[Line, ...]:
    """All of it, in a few milliseconds; ``output`` need not exist yet."""
    return (_python(sys.version_info[:3]), _zone(time_zone), _clock(clock), *_disk(output), *map(_port, places))


def _python(version: tuple[int, ...]) -> Line:
    told = ".".join(str(one) for one in version)
    if version < OLDEST:
        return Line("Python", Status.TROUBLE, told, "Use Python 3.11 or newer: `uv run` finds or fetches one.")
    return Line("Python", Status.OK, told)


def _zone(name: str) -> Line:
    try:
        now = datetime.now(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        remedy = "Install the library tzdata, or the system's time zone database."
        return Line("time zone", Status.TROUBLE, f"{name} is not known on this machine", remedy)
    return Line("time zone", Status.OK, f"{name}, now UTC{now:%z}")


def _clock(clock: Clock) -> Line:
    now = clock.now()
    if not WRITTEN <= now < LATEST:
        remedy = "Set the machine's clock, best by NTP: slots in the past cannot be booked."
        return Line("clock of this machine", Status.TROUBLE, f"{now:%Y-%m-%d %H:%M} UTC", remedy)
    return Line("clock of this machine", Status.OK, f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _disk(output: Path) -> Iterator[Line]:
    there = next((one for one in (output, *output.absolute().parents) if one.exists()), Path())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        yield Line("output", Status.TROUBLE, f"{there} cannot be written: {error.strerror}", "Choose --output.")
        return
    yield Line("output", Status.OK, f"{there} can be written")
    free = shutil.disk_usage(there).free // MEGABYTE
    remedy = "" if free >= LITTLE_MB else "Make room, or choose --output on another disk."
    status = Status.OK if free >= LITTLE_MB else Status.WARNING if free >= ROOM_MB else Status.TROUBLE
    yield Line("disk space", status, f"{free} MB are free", remedy)


def _port(place: Place) -> Line:
    what = f"port of {place.what}"
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    told = f"{place.host}:{place.port}" if place.port else f"{place.host}, any port that is free"
    try:
        with socket.create_server((place.host, place.port), family=family):
            pass
    except OSError as error:
        remedy = "Choose another port, or 0 for any that is free; the address must be one of this machine."
        return Line(what, Status.TROUBLE, f"{told}: {os.strerror(error.errno or 0)}", remedy)
    return Line(what, Status.OK, told)
