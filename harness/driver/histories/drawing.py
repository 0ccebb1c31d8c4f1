"""Plans drawn by Hypothesis from a seed, and a failing one made as short as it gets.

Every number is drawn bit by bit: Hypothesis mixes constants of whichever modules are loaded into larger ones, and a
seed must give the same plans in every process. Loaded when histories are played: most workers play none, and
Hypothesis takes its time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from harness.clock import Clock
from harness.driver.histories.exposure import Exposed, exposed
from harness.driver.histories.making import sensible
from harness.driver.histories.mixes import Drawn, Mix
from harness.driver.histories.plan import Deed, Does, Plan

__all__ = ["draw", "plans", "shrink"]

IN_TURN = (Mix.CALM, Mix.UNRULY, Mix.TROUBLED)
APART_IN_TURN = (Mix.OF_THE_WHOLE, Mix.HASTY)
APART = 500
"""Added to the number of a plan that is played alone, so that it is another one."""
SELDOM_NOTHING = 3
"""Bits that must all be unset for a deed to be nothing."""
BIT = st.booleans()
TRIES_FOR_ONE = 40
"""Of so many plans the one is taken in which most meets that is new."""
SHARP = 4
"""How much more is learned where a side changes what the other has changed before both rested: one end is right."""
EXPOSED = 8
"""How much more is learned where what was done in trouble is done last: nothing mends it later."""
Meeting = tuple[Mix, Does, Does, Does]
"""One of :attr:`Plan.meetings`, and what else might have been in the plan."""


@dataclass(slots=True)
class _Known:
    """What met, and what was done in which trouble, in the plans before."""

    met: set[Meeting] = field(default_factory=set)
    exposed: set[Exposed] = field(default_factory=set)


class _Fails(AssertionError):
    """Tells Hypothesis that a plan fails."""


class _TimeOver(BaseException):
    """Ends Hypothesis at once: an ordinary exception would be one more plan that fails."""


@st.composite
def plans(bit: st.DrawFn, length: int, mix: Mix) -> Plan:
    """Plans of at most ``length`` deeds of the mix."""
    deeds = mix.value

    def number(bits: int) -> int:
        return sum(2**place for place in range(bits) if bit(BIT))

    def wished() -> list[Deed]:
        happens = number(SELDOM_NOTHING)
        wish, person, at = deeds[number(len(deeds).bit_length() - 1)], number(3), number(4)
        row = (wish,) if isinstance(wish, Does) else wish
        return [Deed(one, person, at) for one in row] if happens else []

    # always as many, of which some are nothing: so plans are long, and shrink by turning deeds into nothing
    drawn = [wished() for _ in range(length)]
    return sensible(list(chain.from_iterable(drawn))[:length])


def draw(number: int, length: int, source: int, *, apart: bool = False) -> tuple[Drawn, ...]:
    """``number`` plans that follow from the seed ``source``: of every three one is calm, one unruly, one troubled.

    Where they are played ``apart``, each may concern the whole system: in every other one it stops, in the rest haste
    and hours lose nothing.

    Of many plans each time the one is taken in which most meets that has not met in those before, and in which most is
    done in trouble that nobody mends later.
    """
    drawn: list[Drawn] = []
    known = _Known()
    for index in range(number):
        in_turn = APART_IN_TURN if apart else IN_TURN
        mix = in_turn[index % len(in_turn)]
        one = _draw_one(source * 1000 + index + APART * apart, length, known, mix)
        known.met |= {(mix, *meeting) for meeting in one.plan.meetings}
        known.exposed |= exposed(one.plan)
        drawn.append(one)
    return tuple(drawn)


def shrink(drawn: Drawn, fails: Callable[[Plan], bool], *, within: timedelta, clock: Clock) -> Plan:
    """The shortest plan found that ``fails`` too; ``drawn.plan`` fails already. No plan is tried twice."""
    deadline = clock.now() + within
    known = {drawn.plan: True}
    shortest = drawn.plan
    met = False

    def judge(plan: Plan) -> None:
        nonlocal met, shortest
        met = met or plan == drawn.plan
        if not met:
            return
        if plan not in known:
            if clock.now() >= deadline:
                raise _TimeOver
            known[plan] = fails(plan)
        if known[plan]:
            shortest = plan if len(plan.deeds) <= len(shortest.deeds) else shortest
            raise _Fails

    try:
        _over(plans(drawn.length, drawn.mix), judge, drawn.seed, Phase.shrink)
    except (_Fails, _TimeOver):
        return shortest
    return shortest


def _draw_one(source: int, length: int, known: _Known, mix: Mix) -> Drawn:
    found: list[Plan] = []

    def keep(plan: Plan) -> None:
        found.append(plan)

    _over(plans(length, mix), keep, source)

    def worth(plan: Plan) -> tuple[bool, int, int]:
        new = {(mix, *meeting) for meeting in plan.meetings} - known.met
        crossing = [one for one in new if one[1].startswith("staff") != one[3].startswith("staff")]
        sharp = sum(between is Does.QUIET for _, _, between, _ in crossing)
        shown = len(exposed(plan) - known.exposed)
        return mix.fits(plan), len(new) + 2 * len(crossing) + SHARP * sharp + EXPOSED * shown, len(plan.deeds)

    richest = max(found, key=worth)
    return Drawn(richest, source, length, mix)


def _over(strategy: st.SearchStrategy[Plan], do: Callable[[Plan], None], source: int, *more: Phase) -> None:
    run: Callable[[], Any] = seed(source)(
        settings(
            max_examples=TRIES_FOR_ONE,
            phases=(Phase.generate, *more),
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )(given(strategy)(do))
    )
    run()
