"""The journal: append-only, one JSON object a line, written by several processes at once.

A line's number is its place in the file. Who writes holds the file, counts the lines that others have added since its
own last one, and writes its line in one piece: no number is given twice and none is left out.
"""

from __future__ import annotations

import os
import secrets
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Protocol, Self, overload

import orjson

from harness.clock import Clock, SystemClock
from harness.errors import BrokenHarness, OutputUnusable
from harness.recorder.file_lock import held
from harness.recorder.line import VERSION, Actor, Channel, Kind, Line
from harness.recorder.redaction import Clean, Redactor
from harness.recorder.tail import JournalTail

__all__ = ["Journal", "JournalFile", "MemoryJournal", "read_journal"]

BLOCK = 1 << 20
"""Bytes read at once."""
MEMORY_LINES = 10_000
"""Lines that a journal in memory keeps."""


class Journal(Protocol):
    """Takes what is seen."""

    def write(
        self,
        kind: Kind,
        body: Mapping[str, object] | Clean,
        *,
        actor: Actor,
        channel: Channel | None = None,
        scenario: str | None = None,
        cause: int | None = None,
        address: str | None = None,
    ) -> int:
        """Add a line, redacted, and give its number. It stands when this returns."""
        ...


class _Stamp:
    """Makes lines: knows what all lines of one writer have in common."""

    def __init__(self, run: str, process: str, redactor: Redactor, clock: Clock, sandbox_clock: Clock | None) -> None:
        self.process = process
        self.redactor = redactor
        self._run = run
        self._clock = clock
        self._sandbox_clock = sandbox_clock

    def about(
        self, channel: Channel | None, scenario: str | None, cause: int | None, address: str | None
    ) -> dict[str, object]:
        """To what a line belongs; what came in with a request is redacted like all else."""
        return {
            "channel": channel,
            "scenario": scenario and self.redactor.text(scenario),
            "cause": cause,
            "address": address and self.redactor.text(address),
        }

    def encoded(self, n: int, clean_body: bytes, kind: Kind, actor: Actor, about: Mapping[str, object]) -> bytes:
        """Line ``n``, without its end; in the order of fields in which people read it best."""
        sandbox_clock = self._sandbox_clock
        return orjson.dumps(
            {
                "v": VERSION,
                "run": self._run,
                "n": n,
                "process": self.process,
                "at": self._clock.now().astimezone(UTC),
                "sandbox_at": sandbox_clock.now().astimezone(UTC) if sandbox_clock else None,
                "kind": kind,
                "actor": actor,
                **about,
                "body": orjson.Fragment(clean_body),
            }
        )


class JournalFile:
    """A journal in a file. Safe for threads, and for other processes that write the same file in the same way."""

    def __init__(
        self,
        path: Path,
        *,
        run: str,
        process: str,
        redactor: Redactor,
        clock: Clock,
        sandbox_clock: Clock | None = None,
    ) -> None:
        self.path = Path(path)
        self._stamp = _Stamp(run, process, redactor, clock, sandbox_clock)
        self._threads = Lock()
        self._lines = 0
        self._size = 0
        self._owner = os.getpid()
        self._descriptor = _opened(self.path)

    def __repr__(self) -> str:
        return f"JournalFile({str(self.path)!r}, process={self._stamp.process!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(
        self,
        kind: Kind,
        body: Mapping[str, object] | Clean,
        *,
        actor: Actor,
        channel: Channel | None = None,
        scenario: str | None = None,
        cause: int | None = None,
        address: str | None = None,
    ) -> int:
        """Add a line, redacted, and give its number. It stands in the file when this returns.

        Raises:
            BrokenHarness: the journal is closed.
        """
        clean = self._stamp.redactor.encoded(body)
        about = self._stamp.about(channel, scenario, cause, address)
        with self._threads:
            if self._descriptor < 0:
                message = f"A line of kind {kind} came after the journal {self.path.name} was closed."
                raise BrokenHarness(message)
            if self._owner != os.getpid():
                self._open_again()
            with held(self._descriptor):
                self._catch_up()
                # Stamped while the file is held: the order of lines is the order of their times.
                self._append(self._stamp.encoded(self._lines + 1, clean, kind, actor, about) + b"\n")
                return self._lines

    def close(self) -> None:
        """Write no more. Nothing but the journal itself stays behind; closing twice is fine."""
        with self._threads:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def _open_again(self) -> None:
        # This process was forked off the one that opened the file, and shares its lock until it opens one of its own.
        self._owner = os.getpid()
        self._lines = self._size = 0
        self._descriptor = _opened(self.path)

    def _append(self, encoded: bytes) -> None:
        rest = memoryview(encoded)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self._lines += 1
        self._size += len(encoded)

    def _catch_up(self) -> None:
        """Count what other processes have added since the last line of this one."""
        if os.fstat(self._descriptor).st_size == self._size:
            return
        os.lseek(self._descriptor, self._size, os.SEEK_SET)
        whole = self._size
        while block := os.read(self._descriptor, BLOCK):
            self._lines += block.count(b"\n")
            if (last := block.rfind(b"\n")) >= 0:
                whole = self._size + last + 1
            self._size += len(block)
        if whole < self._size:
            # A process was killed while it wrote. Nobody was given that line's number: it was never written.
            os.ftruncate(self._descriptor, whole)
            self._size = whole


class Lines(Sequence[Line]):
    """The latest lines, each read when it is looked at for the first time: most are never looked at."""

    def __init__(self, limit: int) -> None:
        self._kept: deque[_Written] = deque(maxlen=limit)

    def add(self, encoded: bytes) -> None:
        """One more; the oldest goes where there is no room."""
        self._kept.append(_Written(encoded))

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Line]:
        return iter([one.line() for one in list(self._kept)])  # as they are now: others go on writing

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> list[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | list[Line]:
        if isinstance(place, slice):
            return [one.line() for one in list(self._kept)[place]]
        return self._kept[place].line()


class _Written:
    """A line, and what was read of it."""

    __slots__ = ("_encoded", "_line")

    def __init__(self, encoded: bytes) -> None:
        self._encoded = encoded
        self._line: Line | None = None

    def line(self) -> Line:
        """The line."""
        if (line := self._line) is None:
            line = self._line = Line.decoded(self._encoded)
        return line


class MemoryJournal:
    """A journal that keeps its latest lines in ``lines``: for tests, and for servers that stand alone.

    Without a redactor no secret is known and every patient is masked.
    """

    def __init__(
        self,
        *,
        run: str = "memory",
        process: str = "memory",
        redactor: Redactor | None = None,
        clock: Clock | None = None,
        sandbox_clock: Clock | None = None,
        limit: int = MEMORY_LINES,
    ) -> None:
        self.lines = Lines(limit)
        redactor = redactor or Redactor((), patient_key=secrets.token_bytes(32), own_phone_block="")
        self._stamp = _Stamp(run, process, redactor, clock or SystemClock(), sandbox_clock)
        self._threads = Lock()
        self._written = 0

    def write(
        self,
        kind: Kind,
        body: Mapping[str, object] | Clean,
        *,
        actor: Actor,
        channel: Channel | None = None,
        scenario: str | None = None,
        cause: int | None = None,
        address: str | None = None,
    ) -> int:
        """Add a line, redacted, and give its number. What it keeps is what a file would give back."""
        clean = self._stamp.redactor.encoded(body)
        about = self._stamp.about(channel, scenario, cause, address)
        with self._threads:
            self.lines.add(self._stamp.encoded(self._written + 1, clean, kind, actor, about))
            self._written += 1
            return self._written


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    except OSError as error:
        message = f"The journal {path} cannot be written: {error.strerror}."
        raise OutputUnusable(message, hint="Name another directory with --output.") from error


def read_journal(path: Path, *, after: int = 0) -> Iterator[Line]:
    """The lines after number ``after``, in order; a line still being written is left for the next reading.

    A journal that does not exist yet has no lines.

    Raises:
        OutputUnusable: the file holds something else than journal lines.
    """
    return JournalTail(Path(path)).after(after)
