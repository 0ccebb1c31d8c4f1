"""The check of histories, where breaks are concerned: right endings pass, and none may be lost, left or misplaced."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.verdict.checks.deeds import DeedTold
from harness.verdict.checks.histories import HistoryEndsEqual
from harness.verdict.observation import BreakSeen, BreaksSeen, CalendarSeen, CalendarsSeen, PeriodSeen, WorkingTimeSeen

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
NIGHT = MIDNIGHT + timedelta(days=1)
QUIET = DeedTold("Both sides come to rest", "none", "quiet", "done")
Blocked = dict[int, int]
"""At which hour each break begins."""


def span(hour: int) -> tuple[datetime, datetime]:
    """An hour and a half from that hour on."""
    since = MIDNIGHT + timedelta(hours=hour)
    return since, since + timedelta(minutes=90)


def told(
    number: int,
    what: Literal["block", "shift", "free"],
    hour: int | None = None,
    *,
    side: Literal["clinic", "docplanner"] = "clinic",
    ended: Literal["done", "refused", "unknown"] = "done",
) -> DeedTold:
    """Something that happened to a break."""
    since, till = (None, None) if hour is None else span(hour)
    return DeedTold(f"Break {number}: {what}", side, what, ended, None, since, till, number)


@st.composite
def histories(draw: st.DrawFn) -> tuple[tuple[DeedTold, ...], Blocked]:
    """Breaks made, moved and freed by either side, each time at a place of its own, with rest in between."""
    deeds: list[DeedTold] = []
    where: Blocked = {}
    free = list(range(22))
    sides: st.SearchStrategy[Literal["clinic", "docplanner"]] = st.sampled_from(["clinic", "docplanner"])
    for number in range(draw(st.integers(1, 3))):
        where[number] = free.pop(draw(st.integers(0, len(free) - 1)))
        deeds += [told(number, "block", where[number], side=draw(sides)), QUIET]
    for _ in range(draw(st.integers(0, 4))):
        if not where:
            break
        number = draw(st.sampled_from(sorted(where)))
        if draw(st.booleans()):
            where[number] = free.pop(draw(st.integers(0, len(free) - 1)))
            deeds += [told(number, "shift", where[number], side=draw(sides)), QUIET]
        else:
            del where[number]
            deeds += [told(number, "free", side=draw(sides)), QUIET]
    return tuple(deeds), where


def seen(partner: Blocked, docplanner: Blocked) -> CalendarsSeen:
    """Both sides, open all day, with these breaks."""
    nothing = CalendarSeen("partner", MIDNIGHT, NIGHT, ())
    working = WorkingTimeSeen("1", MIDNIGHT, NIGHT, (PeriodSeen("9", 30, MIDNIGHT, NIGHT),))

    def breaks(side: str, where: Blocked) -> BreaksSeen:
        return BreaksSeen(side, MIDNIGHT, NIGHT, tuple(BreakSeen(f"{n}", *span(hour)) for n, hour in where.items()))

    both = breaks("partner", partner), breaks("docplanner", docplanner)
    return CalendarsSeen(nothing, replace(nothing, side="docplanner"), working, working, *both)


def check(deeds: tuple[DeedTold, ...]) -> HistoryEndsEqual:
    """The check of that history."""
    return HistoryEndsEqual("1", deeds, 30, "acceptance run --seed 1")


@given(histories())
def test_a_right_ending_passes(history: tuple[tuple[DeedTold, ...], Blocked]) -> None:
    """Whatever was blocked, moved and freed, on whichever side."""
    deeds, where = history

    assert check(deeds).judge(seen(where, where)) is None


@given(histories(), st.sampled_from(["clinic", "docplanner", "both"]), st.data())
def test_a_break_that_is_lost_or_left_behind_fails(
    history: tuple[tuple[DeedTold, ...], Blocked], side: str, data: st.DataObject
) -> None:
    """On one side, and on both alike: equal calendars may both be wrong. What another break covers too is no matter."""
    deeds, where = history
    covered = {hour for n, hour in where.items() if not any(abs(hour - o) < 2 for m, o in where.items() if m != n)}
    alone = [n for n, hour in where.items() if hour in covered]
    ever = {int((one.start - MIDNIGHT).total_seconds() // 3600) for one in deeds if one.start}
    left = [hour for hour in ever if all(abs(hour - other) > 1 for other in where.values())]
    wrongs = [{m: hour for m, hour in where.items() if m != n} for n in alone] + [{**where, 99: hour} for hour in left]
    if not wrongs:
        return
    wrong = data.draw(st.sampled_from(wrongs))

    problem = check(deeds).judge(
        seen(wrong if side in {"clinic", "both"} else where, wrong if side in {"docplanner", "both"} else where)
    )
    assert problem is not None
    assert "blocked" in problem.observed


@pytest.mark.parametrize("ending", [{0: 9}, {}])
def test_a_break_that_nobody_knows_of_may_be_there_or_not(ending: Blocked) -> None:
    """The act had no answer."""
    assert check((told(0, "block", 9, ended="unknown"),)).judge(seen(ending, ending)) is None


@pytest.mark.parametrize("ending", [{0: 15}, {}])
def test_both_sides_may_change_a_break_at_once(ending: Blocked) -> None:
    """In either order; where it was before it can be no more."""
    deeds = (told(0, "block", 9), QUIET, told(0, "shift", 12), told(0, "shift", 15, side="docplanner"), told(0, "free"))

    assert check(deeds).judge(seen(ending, ending)) is None
    assert check(deeds).judge(seen({0: 9}, {0: 9})) is not None


def test_a_break_whose_answer_was_lost_may_be_taken_for_two() -> None:
    """It has nothing to be known by but its time, and the doctor has moved it meanwhile."""
    lost = DeedTold("Docplanner fails after the clinic's next change took place", "none", "trouble", "done")
    deeds = (told(0, "block", 9), told(0, "shift", 15), told(0, "shift", 12, side="docplanner"))
    two = {0: 12, 1: 15}

    assert check((lost, *deeds)).judge(seen(two, two)) is None
    assert check(deeds).judge(seen({0: 9}, {0: 9})) is not None


def test_a_refused_break_is_none() -> None:
    """It hides nothing."""
    deeds = (told(0, "block", 9, ended="refused"),)

    assert check(deeds).judge(seen({}, {})) is None
    assert check(deeds).judge(seen({0: 9}, {0: 9})) is not None


def test_a_clinics_own_lunch_is_its_own_affair() -> None:
    """Time that the history never blocked is not asked about, as long as both sides tell the same of it."""
    deeds = (told(0, "block", 9),)

    assert check(deeds).judge(seen({0: 9, 1: 14}, {0: 9, 1: 14})) is None


def test_shorter_working_time_tells_a_break_too() -> None:
    """Docplanner shows no break, and offers nothing then."""
    both = seen({0: 9}, {})
    since, till = span(9)
    shorter = (PeriodSeen("9", 30, MIDNIGHT, since), PeriodSeen("9", 30, till, NIGHT))
    told_otherwise = replace(both, docplanner_working=replace(both.docplanner_working, periods=shorter))

    assert check((told(0, "block", 9),)).judge(told_otherwise) is None
