"""Things of one calendar in the order of time, so that a range is found without looking at all of them. Pure."""

from __future__ import annotations

from bisect import bisect_left, insort
from datetime import datetime, timedelta

__all__ = ["ByTime"]

Entry = tuple[datetime, datetime, str]


class ByTime:
    """Keys, each with the span that it takes; spans may overlap."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._longest = timedelta(0)

    def add(self, key: str, since: datetime, till: datetime) -> None:
        """The key takes [since, till) from now on; a key is added once."""
        self._longest = max(self._longest, till - since)
        insort(self._entries, (since, till, key))

    def remove(self, key: str, since: datetime, till: datetime) -> None:
        """It takes that no longer."""
        del self._entries[bisect_left(self._entries, (since, till, key))]

    def overlapping(self, since: datetime, till: datetime) -> list[str]:
        """Keys of what overlaps [since, till), by start."""
        # what begins earlier than the longest span before the range has ended when it begins
        found = self._entries[self._at(since, self._longest) : self._at(till)]
        return [key for start, end, key in found if end > since and start < till]

    def starting_in(self, since: datetime, till: datetime) -> list[str]:
        """Keys of what starts in [since, till), by start."""
        return [key for _, _, key in self._entries[self._at(since) : self._at(till)]]

    def keys(self) -> list[str]:
        """All of them, by start."""
        return [key for _, _, key in self._entries]

    def _at(self, instant: datetime, earlier: timedelta = timedelta(0)) -> int:
        """The place of the first entry that starts then or ``earlier`` by no more than that."""
        return bisect_left(self._entries, instant, key=lambda entry: entry[0] + earlier)
