"""The journal of intended writes: what stands in it before it is made survives whatever happens to us.

One JSON object a line, appended in one piece and flushed to the disk before the write is sent. It holds what was there
before and what was meant to be changed; who the patients are stands nowhere in it. Several processes may write one.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from harness.client.models import CalendarAt
from harness.errors import OutputUnusable
from harness.safety.guard import Asked
from harness.safety.picture import Picture, Window

__all__ = ["Begun", "Intended", "Kept", "Scheduled", "WriteJournal", "Writes", "read_writes", "unfinished"]

VERSION = 1
IN_PATH = {"bookSlot": ("start",), "deleteSlots": ("date",)}
PRIVATE = frozenset({"patient", "comment", "label", "description", "phone"})
"""Fields of a body that may name somebody."""


class Begun(msgspec.Struct, frozen=True, tag="begun"):
    """Where the writes go, and between which days."""

    run: str
    at: datetime
    origin: str
    client_id: str
    facilities: tuple[str, ...]
    time_zone: str
    window: Window
    version: int = VERSION


class Before(msgspec.Struct, frozen=True, tag="before"):
    """What a calendar showed before anything was written to it."""

    calendar: CalendarAt
    picture: Picture


class Intended(msgspec.Struct, frozen=True, tag="intended"):
    """A write that is about to be made."""

    id: str
    at: datetime
    operation: str
    params: dict[str, str]
    body: dict[str, Any]
    """As JSON, without who it is about."""
    by_person: bool = False
    """Whether a person was asked for the like of it, in Docplanner's own pages."""

    @property
    def calendar(self) -> CalendarAt | None:
        """The calendar that it is about."""
        ids = [self.params.get(name) for name in ("facility_id", "doctor_id", "address_id")]
        return CalendarAt(*[one for one in ids if one]) if all(ids) else None


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """How a write ended; where this is missing nobody knows."""

    id: str
    status: int | None
    location: str | None
    remaining: int | None = None
    """How many writes Docplanner said are left."""
    reset: datetime | None = None
    """Until when."""


class Kept(msgspec.Struct, frozen=True):
    """A working period as the partner system held it: the services that may be booked, with their minutes."""

    start: datetime
    end: datetime
    services: tuple[tuple[str, int], ...]


class Scheduled(msgspec.Struct, frozen=True, tag="scheduled"):
    """Working time that staff are about to change in the partner system, and what it was ``before``."""

    at: datetime
    address_id: str
    days: tuple[date, ...]
    before: tuple[Kept, ...] | None
    """None where only a person could have told."""


class PutBack(msgspec.Struct, frozen=True, tag="put back"):
    """The partner system has its working time again."""

    at: datetime


class Undone(msgspec.Struct, frozen=True, tag="undone"):
    """Everything is as before, as far as it can be."""

    at: datetime
    left: tuple[str, ...]


Entry = Begun | Before | Intended | Ended | Scheduled | PutBack | Undone


@dataclass(slots=True)
class Writes:
    """What a journal of writes holds."""

    path: Path
    begun: Begun | None = None
    before: dict[CalendarAt, Picture] = field(default_factory=dict)
    intended: list[Intended] = field(default_factory=list)
    ended: dict[str, Ended] = field(default_factory=dict)
    scheduled: list[Scheduled] = field(default_factory=list)
    """What the partner system must still be given back, oldest first."""
    finished: bool = False
    """Whether nothing is left to undo."""


class WriteJournal:
    """Appends to a journal of writes; each line is on the disk when its method returns. Safe for threads."""

    def __init__(self, path: Path) -> None:
        """Make the file, for its owner alone, or go on with it.

        Raises:
            OutputUnusable: it cannot be written.
        """
        self.path = path
        self._ids = itertools.count(1)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            _flush_directory(path.parent)
        except OSError as error:
            message = f"The journal of writes {path} cannot be written: {error.strerror}."
            raise OutputUnusable(message, hint="Without it nothing is written to Docplanner.") from error
        self._end_torn_line()

    def begin(self, begun: Begun) -> None:
        """Say where the writes will go."""
        self._append(begun)

    def before(self, calendar: CalendarAt, picture: Picture) -> None:
        """Keep what the calendar shows now."""
        self._append(Before(calendar, picture))

    def intend(self, asked: Asked, at: datetime) -> str:
        """Keep what is about to be written; the id under which to say how it ended."""
        body = asked.body if isinstance(asked.body, dict) else {}
        told = {name: value for name, value in body.items() if name not in PRIVATE}
        name = f"{os.getpid()}-{next(self._ids)}"
        operation = asked.operation.id if asked.operation else ""
        self._append(Intended(name, at, operation, dict(asked.params), told))
        return name

    def asked(self, operation: str, calendar: CalendarAt, values: Mapping[str, object], at: datetime) -> None:
        """Keep what a person is about to be asked for, as the ``operation`` that would do the like of it."""
        ids = {name: getattr(calendar, name) for name in ("facility_id", "doctor_id", "address_id")}
        path = {name: str(value) for name, value in values.items() if name in IN_PATH.get(operation, ())}
        body = {name: value for name, value in values.items() if name not in path}
        name = f"{os.getpid()}-{next(self._ids)}"
        self._append(Intended(name, at, operation, {**ids, **path}, body, by_person=True))

    def end(
        self,
        name: str,
        status: int | None,
        location: str | None,
        remaining: int | None = None,
        reset: datetime | None = None,
    ) -> None:
        """Say how it ended, and what the answer's headers said of writes that are left until a reset."""
        self._append(Ended(name, status, location, remaining, reset))

    def schedule(self, at: datetime, address_id: str, days: tuple[date, ...], before: tuple[Kept, ...] | None) -> None:
        """Keep what the partner system's working time of ``days`` is now."""
        self._append(Scheduled(at, address_id, days, before))

    def put_back(self, at: datetime) -> None:
        """Say that the partner system has its working time again."""
        self._append(PutBack(at))

    def finish(self, at: datetime, left: tuple[str, ...]) -> None:
        """Say that everything was undone, but for what is ``left`` for good."""
        self._append(Undone(at, left))

    def close(self) -> None:
        """Write no more."""
        os.close(self._descriptor)

    def _append(self, entry: Entry) -> None:
        try:
            _write_whole(self._descriptor, msgspec.json.encode(entry) + b"\n")
            os.fsync(self._descriptor)
        except OSError as error:
            message = f"The journal of writes {self.path} cannot be written: {error.strerror}."
            raise OutputUnusable(message, hint="Without it nothing is written to Docplanner.") from error

    def _end_torn_line(self) -> None:
        """A process may have died within its last line: what comes now begins a line of its own."""
        size = os.fstat(self._descriptor).st_size
        if size:
            os.lseek(self._descriptor, size - 1, os.SEEK_SET)
            if os.read(self._descriptor, 1) != b"\n":
                os.write(self._descriptor, b"\n")


def read_writes(path: Path) -> Writes:
    """What stands in the journal; a line on which a process died is left out: its write was never sent.

    Raises:
        OutputUnusable: it cannot be read, or is of another version.
    """
    writes = Writes(path)
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        message = f"The journal of writes {path} cannot be read: {error.strerror}."
        raise OutputUnusable(message) from error
    for line in lines:
        with contextlib.suppress(msgspec.DecodeError):
            _take(writes, msgspec.json.decode(line, type=Entry))
    if writes.begun is None or writes.begun.version != VERSION:
        message = f"{path} is no journal of writes of this version."
        raise OutputUnusable(message, hint="Name one of those below .acceptance/writes.")
    return writes


def unfinished(directory: Path) -> list[Path]:
    """The journals below ``directory`` whose writes were not all undone, oldest first."""
    return [path for path in sorted(directory.glob("*.jsonl")) if _is_unfinished(path)]


def _is_unfinished(path: Path) -> bool:
    try:
        writes = read_writes(path)
    except OutputUnusable:
        return False  # it never came to its first line, or is something else
    return bool(writes.intended or writes.scheduled) and not writes.finished


def _take(writes: Writes, entry: Entry) -> None:
    match entry:
        case Begun():
            writes.begun = writes.begun or entry
        case Before():
            writes.before.setdefault(entry.calendar, entry.picture)
        case Intended():
            writes.intended.append(entry)
            writes.finished = False
        case Ended():
            writes.ended[entry.id] = entry
        case Scheduled():
            writes.scheduled.append(entry)
            writes.finished = False
        case PutBack():
            writes.scheduled.clear()
        case Undone():
            writes.finished = True


def _write_whole(descriptor: int, line: bytes) -> None:
    if os.write(descriptor, line) < len(line):  # the rest would become a line of its own
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _flush_directory(directory: Path) -> None:
    """A new file is not lost with the power either, where the system lets a directory be flushed."""
    with contextlib.suppress(OSError, AttributeError):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
