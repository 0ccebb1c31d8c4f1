"""What a plan exposes to trouble that nothing mends later."""

from __future__ import annotations

import pytest

from harness.driver.histories.drawing import draw
from harness.driver.histories.exposure import exposed
from harness.driver.histories.mixes import Mix
from harness.driver.histories.plan import Deed, Does, Plan

D = Does
STOPPED = (D.STAFF_BOOK, D.QUIET, D.SYSTEM_STOPS, D.STAFF_MOVE)


def of(*does: Does) -> Plan:
    """A plan with one visit, or one break."""
    return Plan(tuple(Deed(one) for one in does))


@pytest.mark.parametrize(
    ("does", "expected"),
    [
        (STOPPED, {(D.SYSTEM_STOPS, D.STAFF_MOVE)}),
        ((*STOPPED, D.SYSTEM_STARTS), {(D.SYSTEM_STOPS, D.STAFF_MOVE)}),
        ((*STOPPED, D.PATIENT_MOVES), set()),
        ((D.STAFF_BOOK, D.SYSTEM_STOPS, D.STAFF_MOVE), set()),
        ((D.STAFF_BOOK, D.QUIET, D.SYSTEM_STOPS, D.SYSTEM_STARTS, D.STAFF_MOVE), set()),
        ((D.STAFF_BOOK, D.QUIET, D.WRITE_HASTY, D.STAFF_CANCEL), {(D.WRITE_HASTY, D.STAFF_CANCEL)}),
        ((D.STAFF_BOOK, D.QUIET, D.WRITE_CUT, D.WRITE_HASTY, D.STAFF_CANCEL), set()),
        ((D.NEWS_HELD, D.PATIENT_BOOKS, D.HOURS_GO_BY), {(D.HOURS_GO_BY, D.PATIENT_BOOKS)}),
        ((D.NEWS_HELD, D.PATIENT_BOOKS, D.NEWS_LET_GO, D.HOURS_GO_BY), set()),
        ((D.NEWS_MIXED, D.DOCTOR_BLOCKS, D.DOCTOR_SHIFTS_BLOCK), {(D.NEWS_MIXED, D.DOCTOR_SHIFTS_BLOCK)}),
        ((D.DOCTOR_BLOCKS, D.QUIET, D.DOCTOR_SHIFTS_BLOCK), set()),
    ],
)
def test_what_is_done_last_in_trouble_is_exposed(does: tuple[Does, ...], expected: set[tuple[Does, Does]]) -> None:
    """Not what is changed again afterwards, nor what staff could not see."""
    assert exposed(of(*does)) == expected


def test_of_histories_apart_every_other_loses_nothing() -> None:
    """The first one stops the system; the second has a change of staff that is refused for haste."""
    stops, hasty = draw(2, 20, 1, apart=True)

    assert (stops.mix, hasty.mix) == (Mix.OF_THE_WHOLE, Mix.HASTY)
    assert any(one.does is D.SYSTEM_STOPS for one in stops.plan.deeds)
    assert not hasty.plan.loses
    assert any(trouble is D.WRITE_HASTY for trouble, _ in exposed(hasty.plan))
