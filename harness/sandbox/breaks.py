"""Breaks: time that is blocked in one calendar. Pure. They may overlap. Source: behaviour.md, "Calendars" [doc]."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from harness.sandbox.by_time import ByTime
from harness.sandbox.kept import Kept
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
    coupling: str | None = None
    """Breaks of one coupling move and go together; None for one that stands alone."""


class Breaks:
    """Every break, by id and by calendar."""

    def __init__(self) -> None:
        self.by_id: Kept[Break] = Kept()
        self._by_address: dict[str, ByTime] = {}

    def overlapping(self, address_id: str, since: datetime, till: datetime) -> list[Break]:
        """Those of the calendar that overlap the range, by time [assumed]."""
        return [self.by_id[one] for one in self._by_address.get(address_id, ByTime()).overlapping(since, till)]

    def on(self, address_id: str) -> list[Break]:
        """Every break of the calendar."""
        return [self.by_id[one] for one in self._by_address.get(address_id, ByTime()).keys()]  # noqa: SIM118 - no dictionary

    def taken(self, address_id: str, since: datetime, till: datetime) -> list[Span]:
        """The time that breaks cover and that overlaps [since, till)."""
        return [(one.since, one.till) for one in self.overlapping(address_id, since, till)]

    def find(self, address_id: str, break_id: str) -> Break:
        """The break of that calendar.

        Raises:
            Refusal: 404, there is none.
        """
        found = self.by_id.get(break_id)
        if found is None or found.address_id != address_id:
            raise refuse("BreakNotFound", 404)
        return found

    def coupled_with(self, found: Break) -> list[Break]:
        """The others of its coupling."""
        others = (one for one in self.by_id.values() if found.coupling and one.coupling == found.coupling)
        return [one for one in others if one.id != found.id]

    def has(self, wanted: Break) -> bool:
        """Whether the calendar has a break of the same range and description."""
        key = (wanted.since, wanted.till, wanted.description)
        found = self.overlapping(wanted.address_id, wanted.since, wanted.till)
        return any((one.since, one.till, one.description) == key for one in found)

    def add(self, made: Break) -> Break:
        """A new break.

        Raises:
            Refusal: 409, the same range and description is there; 422, it ends before it begins.
        """
        if made.till <= made.since:
            raise refuse("InvalidDateRange", 422)
        if self.has(made):
            raise refuse("BreakAlreadyExists", 409)
        self._keep(made)
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
        self.remove(found)
        self._keep(moved)
        return moved

    def remove(self, found: Break) -> None:
        """It is gone."""
        del self.by_id[found.id]
        self._by_address[found.address_id].remove(found.id, found.since, found.till)

    def _keep(self, made: Break) -> None:
        self.by_id[made.id] = made
        self._by_address.setdefault(made.address_id, ByTime()).add(made.id, made.since, made.till)
