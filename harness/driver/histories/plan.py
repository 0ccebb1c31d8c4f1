"""A plan: what patients, doctors, staff and bad luck do, in which order. Pure data, so that it can be repeated."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import time

__all__ = [
    "BLOCKINGS",
    "BLOCKS",
    "BOOKINGS",
    "CANCELLATIONS",
    "FREEINGS",
    "HARMLESS",
    "HOURS",
    "MOST_JUMPS",
    "ON_BLOCKS",
    "ON_VISITS",
    "PEOPLE",
    "SPANS",
    "TIMES",
    "TROUBLES",
    "Deed",
    "Does",
    "Plan",
]

PEOPLE = ("Anna", "Piotr", "Zofia", "Jan", "Maria", "Tomasz", "Ewa", "Adam")
"""Who may have a visit; each has one at most."""
TIMES = tuple(time(hour, minute) for hour in range(8, 16) for minute in (0, 30))
"""When visits may be, on the day of visits."""
HOURS = ((time(8), time(12)), (time(9), time(15)), (time(10), time(11)), None)
"""Working time that staff may give the other day; each once at most, since a schedule that is sent again soon after may
be ignored. Source: behaviour.md, "Calendars". None empties the day."""
MOST_JUMPS = 2
"""So often time passes in a plan: the day of visits must stay tomorrow, whenever it begins."""
BLOCKS = 6
"""How many breaks a plan may have."""
SPANS = tuple(
    (time(hour, minute), time(hour + 1 + minute // 30, 30 - minute)) for hour in range(9, 17) for minute in (0, 30)
)
"""When breaks may be, the other day; each once at most in a plan, since a break where one is already may be refused.
Source: behaviour.md, "Calendars". Neighbours overlap."""


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
    STAFF_BLOCK = "staff block"
    DOCTOR_BLOCKS = "doctor blocks"
    STAFF_SHIFT_BLOCK = "staff shift block"
    DOCTOR_SHIFTS_BLOCK = "doctor shifts block"
    STAFF_FREE = "staff free"
    DOCTOR_FREES = "doctor frees"
    QUIET = "quiet"
    NEWS_LOST = "news lost"
    NEWS_TWICE = "news twice"
    NEWS_MIXED = "news mixed"
    NEWS_HELD = "news held"
    NEWS_LET_GO = "news let go"
    NEWS_AGES = "news ages"
    WRITE_FAILS = "write fails"
    WRITE_FAILS_AFTERWARDS = "write fails afterwards"
    WRITE_CUT = "write cut"
    WRITE_CUT_AFTERWARDS = "write cut afterwards"
    WRITE_SLOW = "write slow"
    WRITE_HASTY = "write hasty"
    READ_CUT = "read cut"
    READ_SLOW = "read slow"
    ACCESS_ENDS = "access ends"
    LINK_DOWN = "link down"
    LINK_BACK = "link back"
    SYSTEM_STOPS = "system stops"
    SYSTEM_STARTS = "system starts"
    HOURS_GO_BY = "hours go by"


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
BLOCKINGS = frozenset({Does.STAFF_BLOCK, Does.DOCTOR_BLOCKS})
FREEINGS = frozenset({Does.STAFF_FREE, Does.DOCTOR_FREES})
ON_BLOCKS = FREEINGS | {Does.STAFF_SHIFT_BLOCK, Does.DOCTOR_SHIFTS_BLOCK}
TROUBLES = frozenset(Does) - BOOKINGS - ON_VISITS - BLOCKINGS - ON_BLOCKS - {Does.STAFF_SET_HOURS, Does.QUIET}
BETWEEN = TROUBLES | {Does.QUIET}
HARMLESS = frozenset(
    {
        *(Does.NEWS_TWICE, Does.NEWS_MIXED, Does.NEWS_HELD, Does.NEWS_LET_GO),
        *(Does.WRITE_SLOW, Does.WRITE_HASTY, Does.READ_SLOW, Does.HOURS_GO_BY),
    }
)
"""What loses nothing: who copes with them need not compare. Source: DP-NOT-02, DP-NOT-03, DP-RES-01."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that happens.

    ``person`` counts in PEOPLE, or the plan's breaks; ``at`` in TIMES, in HOURS for working time, in SPANS for breaks.
    """

    does: Does
    person: int = 0
    at: int = 0

    @property
    def of_staff(self) -> bool:
        """Whether it is done in the clinic; else at Docplanner, or nobody does it."""
        return self.does.startswith("staff")


@dataclass(frozen=True, slots=True)
class Plan:
    """Deeds in their order, each of which makes sense (see ``making``): whose visit moves was booked."""

    deeds: tuple[Deed, ...]

    @property
    def calm(self) -> bool:
        """Whether nothing goes wrong in it."""
        return not any(one.does in TROUBLES for one in self.deeds)

    @property
    def loses(self) -> bool:
        """Whether something in it may get lost on the way, so that both sides are equal only once they are compared."""
        return any(one.does in TROUBLES - HARMLESS for one in self.deeds)

    @property
    def meetings(self) -> frozenset[tuple[Does, Does, Does]]:
        """What meets in it: what was done with a visit or break last, what came between, and what is done with it next.

        Between them is what went wrong last, or rest. That one side changes what the other has changed is where
        integrations fail: with rest in between it must always work, without it changes cross.
        """
        found: set[tuple[Does, Does, Does]] = set()
        last: dict[tuple[bool, int], tuple[int, Deed]] = {}
        for place, one in enumerate(self.deeds):
            if one.does in BETWEEN or one.does is Does.STAFF_SET_HOURS:
                continue
            of = one.does in BLOCKINGS or one.does in ON_BLOCKS, one.person
            before = last.get(of)
            if before is not None:
                between = [each.does for each in self.deeds[before[0] : place] if each.does in BETWEEN]
                found.add((before[1].does, between[-1] if between else one.does, one.does))
            last[of] = (place, one)
        return frozenset(found)
