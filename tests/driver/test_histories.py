"""Plans of histories: drawn from a seed, sensible, and shrunk within bounds."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from hypothesis import given

from harness.clock import SystemClock
from harness.driver.histories.drawing import draw, plans, shrink
from harness.driver.histories.making import sensible
from harness.driver.histories.mixes import Mix
from harness.driver.histories.plan import BLOCKINGS, BOOKINGS, FREEINGS, ON_BLOCKS, ON_VISITS, Deed, Does, Plan

LENGTH = 10
PRINT = "from harness.driver.histories.drawing import draw; print(draw(2, 10, 5))"


def test_a_seed_gives_the_same_plans_in_every_process() -> None:
    """Whatever else was imported there."""
    done = subprocess.run([sys.executable, "-c", PRINT], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == str(draw(2, LENGTH, 5))
    assert draw(2, LENGTH, 6) != draw(2, LENGTH, 5)


@given(plans(LENGTH, Mix.TROUBLED))
def test_every_deed_makes_sense(plan: Plan) -> None:
    """Who moves or cancels has been booked, each books once; no hours, and no break's place, come twice."""
    booked: list[int] = []
    for one in plan.deeds:
        if one.does in BOOKINGS:
            booked.append(one.person)
        assert one.does not in ON_VISITS or one.person in booked
    hours = [one.at for one in plan.deeds if one.does is Does.STAFF_SET_HOURS]

    blocked = [one.person for one in plan.deeds if one.does in BLOCKINGS]
    spans = [one.at for one in plan.deeds if one.does in BLOCKINGS | ON_BLOCKS - FREEINGS]

    assert blocked == list(range(len(blocked)))
    assert len(spans) == len(set(spans))
    assert all(one.person in blocked for one in plan.deeds if one.does in ON_BLOCKS)
    assert booked == list(range(len(booked)))
    assert len(hours) == len(set(hours))
    assert len(plan.deeds) <= LENGTH


@given(plans(LENGTH, Mix.CALM))
def test_a_calm_plan_has_no_trouble(plan: Plan) -> None:
    """Both sides must follow it without being compared."""
    assert plan.calm


def test_what_one_side_has_ended_the_other_alone_can_change_until_both_rest() -> None:
    """A break that staff have freed, the doctor may still move; once both know, it is over."""
    made, freed, again = Deed(Does.STAFF_BLOCK), Deed(Does.STAFF_FREE), Deed(Does.STAFF_SHIFT_BLOCK, 0, 3)
    crossing, late = Deed(Does.DOCTOR_SHIFTS_BLOCK), Deed(Does.DOCTOR_FREES)

    assert sensible([made, freed, again, crossing, late]).deeds[1:3] == (freed, Deed(Does.DOCTOR_SHIFTS_BLOCK, 0, 1))
    assert sensible([made, freed, Deed(Does.QUIET), crossing]).deeds[3:] == (Deed(Does.DOCTOR_BLOCKS, 1, 1),)


def test_only_what_can_lose_something_is_compared_afterwards() -> None:
    """Else a comparison would heal what the system ought to have followed by itself."""
    assert not Plan((Deed(Does.NEWS_MIXED), Deed(Does.WRITE_SLOW), Deed(Does.WRITE_HASTY))).loses
    assert Plan((Deed(Does.NEWS_LOST),)).loses


def test_nobody_waits_for_rest_while_the_link_is_down() -> None:
    """A system that cannot reach Docplanner never comes to rest."""
    down, quiet, back = Deed(Does.LINK_DOWN), Deed(Does.QUIET), Deed(Does.LINK_BACK)
    booked = Deed(Does.STAFF_BOOK)

    assert sensible([quiet, down, quiet, booked, quiet, back, quiet]).deeds == (quiet, down, booked, back, quiet)


def test_a_failing_plan_is_made_short() -> None:
    """Down to what it fails by, and no plan is tried twice."""
    drawn = draw(1, LENGTH, 5)[0]
    tried: list[Plan] = []

    def fails(plan: Plan) -> bool:
        tried.append(plan)
        return any(one.does in BOOKINGS for one in plan.deeds)

    shortest = shrink(drawn, fails, within=timedelta(seconds=90), clock=SystemClock())

    assert len(shortest.deeds) == 1
    assert len(tried) == len(set(tried))


def test_shrinking_ends_when_its_time_is_over() -> None:
    """What was found until then is what is told."""
    drawn = draw(1, LENGTH, 5)[0]

    assert shrink(drawn, lambda plan: bool(plan.deeds), within=timedelta(0), clock=SystemClock()) == drawn.plan
