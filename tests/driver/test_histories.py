"""Plans of histories: drawn from a seed, sensible, and shrunk within bounds."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from hypothesis import given

from harness.clock import SystemClock
from harness.driver.histories.drawing import draw, plans, shrink
from harness.driver.histories.plan import BOOKINGS, ON_VISITS, Deed, Does, Plan

LENGTH = 10
PRINT = "from harness.driver.histories.drawing import draw; print(draw(2, 10, 5))"


def test_a_seed_gives_the_same_plans_in_every_process() -> None:
    """Whatever else was imported there."""
    done = subprocess.run([sys.executable, "-c", PRINT], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == str(draw(2, LENGTH, 5))
    assert draw(2, LENGTH, 6) != draw(2, LENGTH, 5)


@given(plans(LENGTH, calm=False))
def test_every_deed_makes_sense(plan: Plan) -> None:
    """Who moves or cancels has been booked, each books once, and nobody sets the same hours twice."""
    booked: list[int] = []
    for one in plan.deeds:
        if one.does in BOOKINGS:
            booked.append(one.person)
        assert one.does not in ON_VISITS or one.person in booked
    hours = [one.at for one in plan.deeds if one.does is Does.STAFF_SET_HOURS]

    assert booked == list(range(len(booked)))
    assert len(hours) == len(set(hours))
    assert len(plan.deeds) <= LENGTH


@given(plans(LENGTH, calm=True))
def test_a_calm_plan_has_no_trouble(plan: Plan) -> None:
    """Both sides must follow it without being compared."""
    assert plan.calm


def test_nobody_waits_for_rest_while_the_link_is_down() -> None:
    """A system that cannot reach Docplanner never comes to rest."""
    down, quiet, back = Deed(Does.LINK_DOWN), Deed(Does.QUIET), Deed(Does.LINK_BACK)
    booked = Deed(Does.STAFF_BOOK)

    assert Plan.sensible([quiet, down, quiet, booked, quiet, back, quiet]).deeds == (quiet, down, booked, back, quiet)


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
