"""A journal that still grows, read without reading anything twice."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

import orjson

from harness.recorder.line import Kind, Line

__all__ = ["JournalTail"]

BLOCK = 1 << 20
"""Bytes read at once."""


class JournalTail:
    """Knows how far a journal had grown whenever it was asked, and goes on from there.

    For one thread. A line that is still being written is left for the next reading.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._numbers = [0]
        self._offsets = [0]
        """Where the line after each of the numbers begins, in bytes."""

    def end(self) -> int:
        """The number of the journal's last line; 0 where it has none, or does not exist yet."""
        number, offset = self._numbers[-1], self._offsets[-1]
        try:
            with self._path.open("rb") as file:
                file.seek(offset)
                place = offset
                while block := file.read(BLOCK):
                    number += block.count(b"\n")
                    if (last := block.rfind(b"\n")) >= 0:
                        offset = place + last + 1
                    place += len(block)
        except FileNotFoundError:
            return number
        self._note(number, offset)
        return number

    def after(self, number: int, *, scenario: str | None = None, kind: Kind | None = None) -> Iterator[Line]:
        """The lines after that number, in order; with ``scenario`` or ``kind``, those of that one alone.

        Raises:
            OutputUnusable: the file holds something else than journal lines.
        """
        place = bisect_right(self._numbers, number) - 1
        n, offset = self._numbers[place], self._offsets[place]
        # most lines are others': they are told by their text, before anything is decoded
        told = {"scenario": scenario, "kind": kind}
        wanted = [
            b'"%s":%s' % (name.encode(), orjson.dumps(value)) for name, value in told.items() if value is not None
        ]
        try:
            file = self._path.open("rb")
        except FileNotFoundError:
            return
        with file:
            file.seek(offset)
            for encoded in file:
                if not encoded.endswith(b"\n"):
                    return
                n += 1
                if n <= number or not all(one in encoded for one in wanted):
                    continue
                line = Line.decoded(encoded, where=(self._path.name, n))
                if scenario in {None, line.scenario} and kind in {None, line.kind}:
                    yield line

    def _note(self, number: int, offset: int) -> None:
        if number > self._numbers[-1]:
            self._numbers.append(number)
            self._offsets.append(offset)
