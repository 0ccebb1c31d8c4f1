"""Breaks: time that is blocked in one calendar. Pure. They may overlap. Source: behaviour.md, "Calendars" [doc]."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from harness.sandbox.refusals import refuse
from harness.sandbox.slots import Span

__all__ = ["Break", "Breaks"]


@dataclass(frozen=True, slots=True)
class Break:
    """Blocked time; ``made_by`` is doctor or integration."""

    id: str
    address_id: str
    since: datetime
    till: datetime
    description: str | None
    made_by: str


class Breaks:
    """Every break, by id."""

    def __init__(self) -> None:
        self._by_id: dict[str, Break] = {}

    def overlapping(self, address_id: str, since: datetime, till: datetime) -> list[Break]:
        """Those of the calendar that overlap the range, by time [assumed]."""
        found = (one for one in self._by_id.values() if one.address_id == address_id)
        return sorted((one for one in found if one.since < till and one.till > since), key=lambda one: one.since)

    def taken(self, address_id: str) -> list[Span]:
        """The time that breaks cover."""
        return [(one.since, one.till) for one in self._by_id.values() if one.address_id == address_id]

    def find(self, address_id: str, break_id: str) -> Break:
        """The break of that calendar.

        Raises:
            Refusal: 404, there is none.
        """
        found = self._by_id.get(break_id)
        if found is None or found.address_id != address_id:
            raise refuse("BreakNotFound", 404)
        return found

    def has(self, wanted: Break) -> bool:
        """Whether the calendar has a break of the same range and description."""
        key = (wanted.address_id, wanted.since, wanted.till, wanted.description)
        return any((one.address_id, one.since, one.till, one.description) == key for one in self._by_id.values())

    def add(self, made: Break) -> Break:
        """A new break.

        Raises:
            Refusal: 409, the same range and description is there; 422, it ends before it begins.
        """
        if made.till <= made.since:
            raise refuse("InvalidDateRange", 422)
        if self.has(made):
            raise refuse("BreakAlreadyExists", 409)
        self._by_id[made.id] = made
        return made

    def move(self, found: Break, since: datetime, till: datetime) -> Break:
        """To another range.

        Raises:
            Refusal: 422, the same range again, or one that ends before it begins.
        """
        if till <= since:
            raise refuse("TillEarlierThanSince", 422, TILL=till.isoformat(), SINCE=since.isoformat())
        if (since, till) == (found.since, found.till):
            raise refuse("SameDateRange", 422)
        moved = replace(found, since=since, till=till)
        self._by_id[found.id] = moved
        return moved

    def remove(self, found: Break) -> None:
        """It is gone."""
        del self._by_id[found.id]
