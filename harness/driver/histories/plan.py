"""A plan: what patients, doctors, staff and bad luck do, in which order. Pure data, so that it can be repeated."""

from __future__ import annotations

import enum
from dataclasses import dataclass
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
TROUBLES = frozenset(Does) - BOOKINGS - ON_VISITS - {Does.STAFF_SET_HOURS, Does.QUIET}


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that happens. ``person`` counts in PEOPLE, ``at`` in TIMES or, for working time, in HOURS."""

    does: Does
    person: int = 0
    at: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Deeds in their order, each of which makes sense: whose visit moves was booked, no working time comes twice."""

    deeds: tuple[Deed, ...]

    @classmethod
    def sensible(cls, wished: list[Deed]) -> Plan:
        """The plan of what was wished, without what makes no sense; who books is the next one who has not.

        While the link is down nobody waits for both sides to come to rest: they cannot.
        """
        kept: list[Deed] = []
        people = 0
        hours: set[int] = set()
        down = False
        for one in wished:
            if one.does in BOOKINGS and people < len(PEOPLE):
                kept.append(Deed(one.does, people, one.at))
                people += 1
            elif one.does in ON_VISITS and people:
                kept.append(Deed(one.does, one.person % people, one.at))
            elif one.does is Does.STAFF_SET_HOURS and (which := one.at % len(HOURS)) not in hours:
                hours.add(which)
                kept.append(Deed(one.does, 0, which))
            elif one.does is Does.QUIET and down:
                continue
            elif (one.does is Does.QUIET or one.does in TROUBLES) and kept[-1:] != [Deed(one.does)]:
                kept.append(Deed(one.does))
                down = one.does is Does.LINK_DOWN or (down and one.does is not Does.LINK_BACK)
        return cls(tuple(kept))

    @property
    def calm(self) -> bool:
        """Whether nothing goes wrong in it, so that both sides must follow without being compared."""
        return not any(one.does in TROUBLES for one in self.deeds)

    @property
    def variety(self) -> int:
        """How much happens to visits, and how many different troubles meet it."""
        return 2 * sum(one.does in ON_VISITS for one in self.deeds) + len(
            {one.does for one in self.deeds if one.does in TROUBLES or one.does in BOOKINGS}
        )
