"""Makes a plan of what was wished: what makes no sense is left out, or becomes the next thing like it that does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from harness.driver.histories.plan import (
    BLOCKINGS,
    BLOCKS,
    BOOKINGS,
    CANCELLATIONS,
    FREEINGS,
    HOURS,
    MOST_JUMPS,
    ON_BLOCKS,
    ON_VISITS,
    PEOPLE,
    SPANS,
    Deed,
    Does,
    Plan,
)

__all__ = ["sensible"]

FIRST = {
    Does.PATIENT_MOVES: Does.PATIENT_BOOKS,
    Does.PATIENT_CANCELS: Does.PATIENT_BOOKS,
    Does.STAFF_MOVE: Does.STAFF_BOOK,
    Does.STAFF_CANCEL: Does.STAFF_BOOK,
    Does.DOCTOR_MOVES: Does.DOCTOR_BOOKS,
    Does.DOCTOR_CANCELS: Does.DOCTOR_BOOKS,
    Does.STAFF_SHIFT_BLOCK: Does.STAFF_BLOCK,
    Does.STAFF_FREE: Does.STAFF_BLOCK,
    Does.DOCTOR_SHIFTS_BLOCK: Does.DOCTOR_BLOCKS,
    Does.DOCTOR_FREES: Does.DOCTOR_BLOCKS,
}
"""What is done in place of a change where there is nothing to change."""
PARTING = {Does.LINK_DOWN: Does.LINK_BACK, Does.SYSTEM_STOPS: Does.SYSTEM_STARTS}
"""What keeps the sides apart, and what ends it."""


def sensible(wished: Iterable[Deed]) -> Plan:
    """The plan of what was wished, without what makes no sense; who books is the next one who has not.

    Where there is nothing to move, cancel or free, it is booked or blocked first.

    A visit that one side has cancelled, or a break that it has freed, can be changed by the other alone, and only until
    both have come to rest. While the link is down, or the system is stopped, nobody waits for that: they cannot.
    """
    making = _Making()
    for one in wished:
        making.add(one)
    return Plan(tuple(making.kept))


@dataclass(slots=True)
class _Things:
    """Visits, or breaks, of a plan in the making."""

    most: int
    made: int = 0
    there: list[int] = field(default_factory=list)
    """Those that can still be changed."""
    by_staff: dict[int, bool] = field(default_factory=dict)
    """Whether staff were the last to do something with it."""
    over: dict[int, bool] = field(default_factory=dict)
    """Those that were cancelled or freed, and whether by staff."""

    def make(self, *, by_staff: bool) -> int | None:
        """The next one; None where there are as many as there may be."""
        if self.made == self.most:
            return None
        self.there.append(self.made)
        self.by_staff[self.made] = by_staff
        self.made += 1
        return self.made - 1

    def change(self, wished: Deed, *, ends: bool) -> int | None:
        """The one that is meant; None where none can be changed by whom it is wished.

        What the other side has done something with last comes first: that is where integrations fail.
        """
        able = [one for one in self.there if self.over.get(one) != wished.of_staff]
        chosen = [one for one in able if self.by_staff[one] != wished.of_staff] or able
        if not chosen:
            return None
        which = chosen[wished.person % len(chosen)]
        self.by_staff[which] = wished.of_staff
        if which in self.over:
            self.there.remove(which)
        elif ends:
            self.over[which] = wished.of_staff
        return which

    def rest(self) -> None:
        """Both sides know all: what is over is over."""
        self.there = [one for one in self.there if one not in self.over]


@dataclass(slots=True)
class _Making:
    """A plan in the making: what can still happen next."""

    kept: list[Deed] = field(default_factory=list)
    visits: _Things = field(default_factory=lambda: _Things(len(PEOPLE)))
    blocks: _Things = field(default_factory=lambda: _Things(BLOCKS))
    spans: list[int] = field(default_factory=lambda: list(range(len(SPANS))))
    """Where no break was yet."""
    hours: set[int] = field(default_factory=set)
    down: set[Does] = field(default_factory=set)
    """What keeps the sides apart now, by what ends it."""
    jumps: int = 0

    def add(self, wished: Deed) -> None:
        """Keep what was wished, or the next thing like it that makes sense, or nothing."""
        does = wished.does
        if does in BOOKINGS:
            self._keep(does, self.visits.make(by_staff=wished.of_staff), wished.at)
        elif does in ON_VISITS and not self.visits.there:
            self._keep(FIRST[does], self.visits.make(by_staff=wished.of_staff), wished.at)
        elif does in ON_VISITS:
            self._keep(does, self.visits.change(wished, ends=does in CANCELLATIONS), wished.at)
        elif does in FREEINGS and self.blocks.there:
            self._keep(does, self.blocks.change(wished, ends=True), 0)
        elif does in BLOCKINGS or does in ON_BLOCKS:
            self._block(wished)
        elif does is Does.STAFF_SET_HOURS:
            self._set_hours(wished.at % len(HOURS))
        elif does is Does.QUIET:
            self._rest()
        elif self.kept[-1:] != [Deed(does)] and not self._idle(does):
            self.kept.append(Deed(does))
            self.jumps += does is Does.HOURS_GO_BY
            self.down = (self.down | {PARTING[does]} if does in PARTING else self.down) - {does}

    def _idle(self, does: Does) -> bool:
        """Whether it would end what was not begun, begin what has not ended, or move the clock too often."""
        if does is Does.HOURS_GO_BY:
            return self.jumps == MOST_JUMPS
        return (does in PARTING.values() and does not in self.down) or PARTING.get(does) in self.down

    def _rest(self) -> None:
        if self.kept[-1:] != [Deed(Does.QUIET)] and not self.down:
            self.kept.append(Deed(Does.QUIET))
            self.visits.rest()
            self.blocks.rest()

    def _keep(self, does: Does, which: int | None, at: int) -> None:
        if which is not None:
            self.kept.append(Deed(does, which, at))

    def _block(self, wished: Deed) -> None:
        if not self.spans:
            return
        make = wished.does in BLOCKINGS or not self.blocks.there
        which = self.blocks.make(by_staff=wished.of_staff) if make else self.blocks.change(wished, ends=False)
        if which is not None:
            does = FIRST.get(wished.does, wished.does) if make else wished.does
            self._keep(does, which, self.spans.pop(wished.at % len(self.spans)))

    def _set_hours(self, which: int) -> None:
        if which not in self.hours:
            self.hours.add(which)
            self.kept.append(Deed(Does.STAFF_SET_HOURS, 0, which))
