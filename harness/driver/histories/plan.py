"""A plan: what patients, doctors, staff and bad luck do, in which order. Pure data, so that it can be repeated."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import time

__all__ = ["HOURS", "PEOPLE", "TIMES", "TROUBLES", "Deed", "Does", "Plan"]

PEOPLE = ("Anna", "Piotr", "Zofia", "Jan", "Maria", "Tomasz", "Ewa", "Adam")
"""Who may have a visit; each has one at most."""
TIMES = tuple(time(hour) for hour in range(8, 16))
"""When visits may be, on the day of visits."""
HOURS = ((time(8), time(12)), (time(9), time(15)), (time(10), time(11)), None)
"""Working time that staff may give the other day; each once at most, since a schedule that is sent again soon after may
be ignored. Source: behaviour.md, "Calendars". None empties the day."""


class Does(enum.StrEnum):
    """What can happen."""

    PATIENT_BOOKS = "patient books"
    STAFF_BOOK = "staff book"
    DOCTOR_BOOKS = "doctor books"
    PATIENT_MOVES = "patient moves"
    STAFF_MOVE = "staff move"
    DOCTOR_MOVES = "doctor moves"
    PATIENT_CANCELS = "patient cancels"
    STAFF_CANCEL = "staff cancel"
    DOCTOR_CANCELS = "doctor cancels"
    STAFF_SET_HOURS = "staff set hours"
    QUIET = "quiet"
    NEWS_LOST = "news lost"
    NEWS_TWICE = "news twice"
    NEWS_HELD = "news held"
    NEWS_LET_GO = "news let go"
    WRITE_FAILS = "write fails"
    WRITE_FAILS_AFTERWARDS = "write fails afterwards"
    WRITE_CUT = "write cut"
    WRITE_CUT_AFTERWARDS = "write cut afterwards"
    READ_CUT = "read cut"
    ACCESS_ENDS = "access ends"
    LINK_DOWN = "link down"
    LINK_BACK = "link back"


BOOKINGS = frozenset({Does.PATIENT_BOOKS, Does.STAFF_BOOK, Does.DOCTOR_BOOKS})
ON_VISITS = frozenset(
    {
        Does.PATIENT_MOVES,
        Does.STAFF_MOVE,
        Does.DOCTOR_MOVES,
        Does.PATIENT_CANCELS,
        Does.STAFF_CANCEL,
        Does.DOCTOR_CANCELS,
    }
)
CANCELLATIONS = frozenset({Does.PATIENT_CANCELS, Does.STAFF_CANCEL, Does.DOCTOR_CANCELS})
TROUBLES = frozenset(Does) - BOOKINGS - ON_VISITS - {Does.STAFF_SET_HOURS, Does.QUIET}
BETWEEN = TROUBLES | {Does.QUIET}


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that happens. ``person`` counts in PEOPLE, ``at`` in TIMES or, for working time, in HOURS."""

    does: Does
    person: int = 0
    at: int = 0

    @property
    def of_staff(self) -> bool:
        """Whether it is done in the clinic; else at Docplanner, or nobody does it."""
        return self.does.startswith("staff")


@dataclass(frozen=True, slots=True)
class Plan:
    """Deeds in their order, each of which makes sense: whose visit moves was booked, no working time comes twice."""

    deeds: tuple[Deed, ...]

    @classmethod
    def sensible(cls, wished: list[Deed]) -> Plan:
        """The plan of what was wished, without what makes no sense; who books is the next one who has not.

        A visit that one side has cancelled can be changed by the other alone, and only until both have come to rest.
        While the link is down nobody waits for that: they cannot.
        """
        making = _Making()
        for one in wished:
            making.add(one)
        return cls(tuple(making.kept))

    @property
    def calm(self) -> bool:
        """Whether nothing goes wrong in it, so that both sides must follow without being compared."""
        return not any(one.does in TROUBLES for one in self.deeds)

    @property
    def meetings(self) -> frozenset[tuple[Does, Does, Does]]:
        """What meets in it: what was done with a visit last, what came between, and what is done with it next.

        Between them is what went wrong last, or rest. That one side changes what the other has changed is where
        integrations fail: with rest in between it must always work, without it changes cross.
        """
        found: set[tuple[Does, Does, Does]] = set()
        last: dict[int, tuple[int, Deed]] = {}
        for place, one in enumerate(self.deeds):
            if one.does not in BOOKINGS and one.does not in ON_VISITS:
                continue
            before = last.get(one.person)
            if before is not None:
                between = [each.does for each in self.deeds[before[0] : place] if each.does in BETWEEN]
                found.add((before[1].does, between[-1] if between else one.does, one.does))
            last[one.person] = (place, one)
        return frozenset(found)


@dataclass(slots=True)
class _Making:
    """A plan in the making: what can still happen next."""

    kept: list[Deed] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    """Whose visits can still be changed."""
    cancelled: dict[int, bool] = field(default_factory=dict)
    """Whose visit was cancelled, and whether by staff."""
    hours: set[int] = field(default_factory=set)
    booked: int = 0
    down: bool = False

    def add(self, wished: Deed) -> None:
        """Keep what was wished, or the next thing like it that makes sense, or nothing."""
        if wished.does in BOOKINGS:
            self._book(wished)
        elif wished.does in ON_VISITS:
            self._change(wished)
        elif wished.does is Does.STAFF_SET_HOURS:
            self._set_hours(wished.at % len(HOURS))
        elif self.kept[-1:] != [Deed(wished.does)] and not (wished.does is Does.QUIET and self.down):
            self.kept.append(Deed(wished.does))
            self.down = wished.does is Does.LINK_DOWN or (self.down and wished.does is not Does.LINK_BACK)
            if wished.does is Does.QUIET:
                self.people = [who for who in self.people if who not in self.cancelled]

    def _book(self, wished: Deed) -> None:
        if self.booked < len(PEOPLE):
            self.kept.append(Deed(wished.does, self.booked, wished.at))
            self.people.append(self.booked)
            self.booked += 1

    def _change(self, wished: Deed) -> None:
        if not self.people:
            return
        who = self.people[wished.person % len(self.people)]
        if self.cancelled.get(who) == wished.of_staff:
            return
        self.kept.append(Deed(wished.does, who, wished.at))
        if who in self.cancelled:
            self.people.remove(who)
        elif wished.does in CANCELLATIONS:
            self.cancelled[who] = wished.of_staff

    def _set_hours(self, which: int) -> None:
        if which not in self.hours:
            self.hours.add(which)
            self.kept.append(Deed(Does.STAFF_SET_HOURS, 0, which))
