"""The check of histories: a right ending passes, and no visit may be dropped, doubled or left behind from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.verdict.checks.deeds import DeedTold
from harness.verdict.checks.histories import HistoryEndsEqual
from harness.verdict.observation import BreaksSeen, CalendarSeen, CalendarsSeen, PersonSeen, VisitSeen, WorkingTimeSeen

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
NIGHT = MIDNIGHT + timedelta(days=1)
PEOPLE = tuple(PersonSeen(name, "Nowak", f"+4850000000{n}") for n, name in enumerate(("Anna", "Piotr", "Zofia", "Jan")))
NOTHING_WORKED = WorkingTimeSeen("1", MIDNIGHT, NIGHT, ())
History = tuple[tuple[DeedTold, ...], dict[int, int]]
"""What happened, and at which hour each patient's visit is in the end."""


def at(hour: int) -> datetime:
    """The instant of an hour."""
    return MIDNIGHT + timedelta(hours=hour)


def told(
    person: int,
    what: Literal["book", "move", "cancel"],
    hour: int | None,
    *,
    side: Literal["clinic", "docplanner"] = "docplanner",
    ended: Literal["done", "refused", "unknown"] = "done",
) -> DeedTold:
    """Something that happened to a visit."""
    start = None if hour is None else at(hour)
    return DeedTold(f"{PEOPLE[person].name} {what}", side, what, ended, PEOPLE[person], start)


QUIET = DeedTold("Both sides come to rest", "none", "quiet", "done")
TROUBLE = DeedTold("A message is lost", "none", "trouble", "done")


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Acts that never meet each other: each on a time of its own, with both sides at rest in between."""
    deeds: list[DeedTold] = []
    where: dict[int, int] = {}
    free = list(range(24))
    for person in range(draw(st.integers(1, len(PEOPLE)))):
        where[person] = free.pop(draw(st.integers(0, len(free) - 1)))
        deeds += [told(person, "book", where[person], side=draw(st.sampled_from(["clinic", "docplanner"]))), QUIET]
    for _ in range(draw(st.integers(0, 6))):
        person = draw(st.sampled_from(sorted(where) or [-1]))
        if person < 0:
            break
        side = draw(st.sampled_from(["clinic", "docplanner"]))
        if draw(st.booleans()):
            where[person] = free.pop(draw(st.integers(0, len(free) - 1)))
            deeds += [told(person, "move", where[person], side=side), QUIET]
        else:
            del where[person]
            deeds += [told(person, "cancel", None, side=side), QUIET]
    return tuple(deeds), where


def visits(where: dict[int, int]) -> tuple[VisitSeen, ...]:
    """The visits as either side shows them."""
    return tuple(
        VisitSeen(f"{person}", "1", at(hour), 30, PEOPLE[person], booked=True, booking_id=f"{person}")
        for person, hour in where.items()
    )


def seen(partner: tuple[VisitSeen, ...], docplanner: tuple[VisitSeen, ...]) -> CalendarsSeen:
    """Both sides, without working time and breaks."""
    return CalendarsSeen(
        CalendarSeen("partner", MIDNIGHT, NIGHT, partner),
        CalendarSeen("docplanner", MIDNIGHT, NIGHT, docplanner),
        NOTHING_WORKED,
        NOTHING_WORKED,
        BreaksSeen("partner", MIDNIGHT, NIGHT, ()),
        BreaksSeen("docplanner", MIDNIGHT, NIGHT, ()),
    )


def check(deeds: tuple[DeedTold, ...]) -> HistoryEndsEqual:
    """The check of that history."""
    return HistoryEndsEqual("1", deeds, 30, "acceptance run --seed 1")


@given(histories())
def test_a_right_ending_passes(history: History) -> None:
    """Whatever happened, in whichever order, on whichever side."""
    deeds, where = history

    assert check(deeds).judge(seen(visits(where), visits(where))) is None


@given(histories(), st.sampled_from(["clinic", "docplanner", "both"]), st.data())
def test_a_visit_that_is_dropped_doubled_or_left_behind_fails(history: History, side: str, data: st.DataObject) -> None:
    """On one side, and on both alike: equal calendars may both be wrong."""
    deeds, where = history
    right = visits(where)
    if not right:
        wrong = visits({0: 1})
    else:
        one = data.draw(st.sampled_from(right))
        rest = tuple(each for each in right if each is not one)
        moved = replace(one, start=one.start + timedelta(days=2))
        wrong = data.draw(st.sampled_from([rest, (*right, replace(one, id="again")), (*rest, moved)]))
    partner = wrong if side in {"clinic", "both"} else right
    docplanner = wrong if side in {"docplanner", "both"} else right

    problem = check(deeds).judge(seen(partner, docplanner))
    assert problem is not None
    assert "--seed 1" in problem.hint


@given(histories())
def test_an_act_without_an_answer_may_have_taken_place_or_not(history: History) -> None:
    """Both endings pass; another does not."""
    deeds, where = history
    last = next(one for one in reversed(deeds) if one.what != "quiet")
    before = tuple(replace(one, ended="unknown") if one is last else one for one in deeds)
    person = next(n for n, each in enumerate(PEOPLE) if each == last.patient)
    earlier = [one for one in deeds if one.patient == last.patient and one is not last]
    without = {key: hour for key, hour in where.items() if key != person}
    if earlier and earlier[-1].start is not None:
        without[person] = earlier[-1].start.hour

    assert check(before).judge(seen(visits(where), visits(where))) is None
    assert check(before).judge(seen(visits(without), visits(without))) is None
    gone = replace(visits({person: 1})[0], start=at(99))
    assert check(before).judge(seen((gone,), (gone,))) is not None


def test_a_refused_act_did_not_take_place() -> None:
    """The visit stays where it was."""
    deeds = (told(0, "book", 9), QUIET, told(0, "move", 11, ended="refused"))

    assert check(deeds).judge(seen(visits({0: 9}), visits({0: 9}))) is None
    assert check(deeds).judge(seen(visits({0: 11}), visits({0: 11}))) is not None


@pytest.mark.parametrize("ending", [{0: 11}, {}])
def test_acts_that_had_not_heard_of_each_other_may_come_in_either_order(ending: dict[int, int]) -> None:
    """Where trouble came before, what came to rest parts nothing."""
    for between in ((), (TROUBLE, QUIET)):
        deeds = (
            told(0, "book", 9),
            *between,
            told(0, "move", 11),
            *between[1:],
            told(0, "cancel", None, side="clinic"),
        )

        assert check(deeds).judge(seen(visits(ending), visits(ending))) is None
        assert check(deeds).judge(seen(visits({0: 9}), visits({0: 9}))) is not None


def test_what_came_after_rest_counts() -> None:
    """A visit that was cancelled once all was known is over."""
    deeds = (told(0, "book", 9), QUIET, told(0, "move", 11), QUIET, told(0, "cancel", None, side="clinic"))

    assert check(deeds).judge(seen(visits({0: 11}), visits({0: 11}))) is not None


def test_a_staff_visit_yields_to_another_at_its_time_and_to_nothing_else() -> None:
    """It is withdrawn, or kept, marked and without a booking; never shown as synchronised."""
    both = (told(0, "book", 9), told(1, "book", 9, side="clinic"))
    alone = (told(0, "book", 11), told(1, "book", 9, side="clinic"))
    kept = replace(visits({1: 9})[0], booking_id=None, sync_state="conflict")

    assert check(both).judge(seen(visits({0: 9}), visits({0: 9}))) is None
    assert check(both).judge(seen((*visits({0: 9}), kept), visits({0: 9}))) is None
    assert check(both).judge(seen((*visits({0: 9}), replace(kept, sync_state="synced")), visits({0: 9}))) is not None
    assert check(alone).judge(seen((*visits({0: 11}), kept), visits({0: 11}))) is not None
    assert check(alone).judge(seen(visits({0: 11}), visits({0: 11}))) is not None


def test_the_story_is_told_in_order() -> None:
    """With how each act ended."""
    deeds = (told(0, "book", 9), told(1, "book", 9, ended="refused"), told(0, "cancel", None, ended="unknown"))

    assert check(deeds).story() == (
        "1. Anna book. 2. Piotr book (refused). 3. Anna cancel (nobody knows whether it took place)."
    )


def test_who_saw_what_the_other_side_did_comes_after_it() -> None:
    """Also where trouble came before, so that no rest parts them; a place where it is twice tells nothing."""
    moved = replace(told(0, "move", 11), seen=at(9))
    deeds = (TROUBLE, told(0, "book", 9, side="clinic"), moved)
    back = (TROUBLE, told(0, "book", 9, side="clinic"), told(0, "move", 9, side="clinic"), moved)

    assert check(deeds).judge(seen(visits({0: 11}), visits({0: 11}))) is None
    assert check(deeds).judge(seen(visits({0: 9}), visits({0: 9}))) is not None
    assert check(back).judge(seen(visits({0: 9}), visits({0: 9}))) is None
