"""What may happen in a plan, by mix, and a plan that was drawn from one."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from harness.driver.histories.exposure import exposed
from harness.driver.histories.plan import BLOCKINGS, BOOKINGS, Does, Plan

__all__ = ["Drawn", "Mix"]

Wish = Does | tuple[Does, ...]
"""What may come next; several in a row where only together they say something."""
CALM: tuple[Does, ...] = (
    *(Does.PATIENT_BOOKS, Does.STAFF_BOOK, Does.DOCTOR_BOOKS, Does.PATIENT_MOVES),
    *(Does.STAFF_MOVE, Does.PATIENT_CANCELS, Does.STAFF_CANCEL, Does.DOCTOR_MOVES),
    *(Does.DOCTOR_CANCELS, Does.STAFF_SET_HOURS, Does.QUIET, Does.QUIET),
    *(Does.QUIET, Does.PATIENT_MOVES, Does.STAFF_MOVE, Does.QUIET),
    *(Does.STAFF_BLOCK, Does.DOCTOR_BLOCKS, Does.STAFF_SHIFT_BLOCK, Does.DOCTOR_SHIFTS_BLOCK),
    *(Does.STAFF_FREE, Does.DOCTOR_FREES, Does.STAFF_SHIFT_BLOCK, Does.DOCTOR_SHIFTS_BLOCK),
    *(Does.PATIENT_MOVES, Does.STAFF_MOVE, Does.DOCTOR_SHIFTS_BLOCK, Does.QUIET),
    *(Does.PATIENT_CANCELS, Does.STAFF_CANCEL, Does.QUIET, Does.QUIET),
)
BESIDE: tuple[Wish, ...] = (
    *CALM[:-1],
    (Does.STAFF_BLOCK, Does.DOCTOR_BLOCKS, Does.QUIET, Does.STAFF_FREE),
)
"""The same, where one break is freed beside another now and then."""
MIXED: tuple[Wish, ...] = (
    (Does.NEWS_MIXED, Does.DOCTOR_BLOCKS, Does.DOCTOR_SHIFTS_BLOCK),
    (Does.NEWS_MIXED, Does.DOCTOR_SHIFTS_BLOCK, Does.DOCTOR_SHIFTS_BLOCK),
    (Does.QUIET, Does.NEWS_HELD, Does.DOCTOR_SHIFTS_BLOCK, Does.STAFF_SHIFT_BLOCK, Does.NEWS_LET_GO),
    (Does.QUIET, Does.WRITE_SLOW, Does.STAFF_BOOK),
)
STOPPED: tuple[Wish, ...] = (
    (Does.QUIET, Does.SYSTEM_STOPS, Does.STAFF_MOVE),
    (Does.QUIET, Does.SYSTEM_STOPS, Does.STAFF_CANCEL),
    (Does.SYSTEM_STOPS, Does.DOCTOR_MOVES, Does.HOURS_GO_BY),
    (Does.SYSTEM_STOPS, Does.PATIENT_BOOKS, Does.HOURS_GO_BY),
)
HURRIED: tuple[Wish, ...] = (
    (Does.QUIET, Does.WRITE_HASTY, Does.STAFF_MOVE),
    (Does.QUIET, Does.WRITE_HASTY, Does.STAFF_CANCEL),
    (Does.QUIET, Does.WRITE_HASTY, Does.STAFF_SHIFT_BLOCK),
    (Does.QUIET, Does.WRITE_HASTY, Does.STAFF_FREE),
)
OLD: tuple[Wish, ...] = (
    (Does.NEWS_HELD, Does.DOCTOR_MOVES, Does.HOURS_GO_BY),
    (Does.NEWS_HELD, Does.PATIENT_CANCELS, Does.HOURS_GO_BY),
    (Does.NEWS_HELD, Does.PATIENT_BOOKS, Does.HOURS_GO_BY),
    (Does.NEWS_HELD, Does.DOCTOR_BOOKS, Does.HOURS_GO_BY),
)
UNRULY: tuple[Wish, ...] = (
    *BESIDE,
    *(Does.NEWS_TWICE, Does.NEWS_MIXED, Does.NEWS_HELD, Does.NEWS_LET_GO) * 3,
    *(*MIXED, *MIXED),
    *(Does.NEWS_MIXED, Does.NEWS_MIXED, Does.NEWS_HELD, Does.NEWS_LET_GO),
    *(Does.WRITE_SLOW, Does.WRITE_SLOW, Does.WRITE_SLOW, Does.WRITE_SLOW),
    *(Does.READ_SLOW, Does.READ_SLOW, Does.WRITE_SLOW, Does.NEWS_TWICE),
)
TROUBLED: tuple[Wish, ...] = (
    *BESIDE,
    *(Does.NEWS_LOST, Does.NEWS_TWICE, Does.NEWS_HELD, Does.NEWS_MIXED),
    *(Does.NEWS_LET_GO, Does.WRITE_FAILS, Does.WRITE_FAILS_AFTERWARDS, Does.WRITE_CUT),
    *(Does.WRITE_CUT_AFTERWARDS, Does.WRITE_SLOW, Does.READ_CUT, Does.NEWS_AGES),
    *(Does.LINK_DOWN, Does.LINK_BACK, Does.NEWS_MIXED, Does.READ_SLOW),
    *(Does.NEWS_LOST, Does.NEWS_TWICE, Does.NEWS_HELD, Does.NEWS_MIXED),
    *(Does.NEWS_LET_GO, Does.WRITE_FAILS, Does.WRITE_FAILS_AFTERWARDS, Does.WRITE_CUT),
    *(Does.WRITE_CUT_AFTERWARDS, Does.WRITE_CUT_AFTERWARDS, Does.READ_CUT, Does.NEWS_AGES),
    *(Does.LINK_DOWN, Does.LINK_BACK, Does.WRITE_SLOW, Does.NEWS_MIXED),
)
OF_THE_WHOLE: tuple[Wish, ...] = (
    *CALM,
    *(Does.SYSTEM_STOPS, Does.SYSTEM_STARTS, Does.HOURS_GO_BY, Does.WRITE_HASTY) * 2,
    *(*STOPPED, *STOPPED),
    *(Does.SYSTEM_STOPS, Does.SYSTEM_STARTS, Does.ACCESS_ENDS, Does.WRITE_HASTY),
    *(Does.NEWS_LOST, Does.NEWS_TWICE, Does.NEWS_MIXED, Does.NEWS_HELD),
    *(Does.NEWS_LET_GO, Does.WRITE_FAILS, Does.WRITE_FAILS_AFTERWARDS, Does.WRITE_CUT),
    *(Does.WRITE_CUT_AFTERWARDS, Does.WRITE_CUT_AFTERWARDS, Does.WRITE_SLOW, Does.READ_CUT),
)
HASTY: tuple[Wish, ...] = (
    *CALM,
    *HURRIED * 3,
    *OLD * 2,
    *(Does.NEWS_MIXED, Does.NEWS_LET_GO, Does.NEWS_TWICE, Does.WRITE_SLOW) * 2,
    *(Does.WRITE_HASTY, Does.READ_SLOW, Does.NEWS_LET_GO, Does.HOURS_GO_BY),
)
"""What comes first is the simplest."""
FIRST = BOOKINGS | BLOCKINGS


class Mix(enum.Enum):
    """What may happen in a plan; as many deeds as bits can number."""

    CALM = BESIDE
    UNRULY = UNRULY
    """Nothing is lost, but much comes late, twice or in the wrong order: nobody needs to compare afterwards."""
    TROUBLED = TROUBLED
    OF_THE_WHOLE = OF_THE_WHOLE
    """What concerns the whole system, beside much else: nothing else may be played meanwhile."""
    HASTY = HASTY
    """What concerns the whole system and loses nothing: haste, and hours that go by."""

    def fits(self, plan: Plan) -> bool:
        """Whether the plan has what the mix is for."""
        if self is Mix.OF_THE_WHOLE:
            return any(one.does is Does.SYSTEM_STOPS for one in plan.deeds)
        if self is Mix.HASTY:
            return any(trouble is Does.WRITE_HASTY and done not in FIRST for trouble, done in exposed(plan))
        return plan.calm == (self is Mix.CALM) and plan.loses == (self is Mix.TROUBLED)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plan, and what it takes to draw it again."""

    plan: Plan
    seed: int
    length: int
    mix: Mix
