"""How long an expectation waits, and what it says of answers that did not come."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from driver.scenes import scene_of, settings

from harness.driver.cast import DoctorName
from harness.driver.outcomes import NotProven
from harness.driver.questions import Answer, QuestionsDesk
from harness.driver.scene import TO_DOCPLANNER, TO_PARTNER
from harness.driver.troubles import Breakdown, TroubleDesk
from harness.verdict.observation import AnswerSeen
from harness.vocabulary import AddressId

HERE = cast("Any", SimpleNamespace(id=AddressId("1")))
CAST = cast("Any", SimpleNamespace(calendar=lambda _: HERE))


class Armed:
    """Takes any trouble."""

    def trouble(self, *_: object) -> str:
        """Its id."""
        return "t"


def test_a_system_has_time_to_recover_from_trouble_that_the_run_made() -> None:
    """A 429, a 5xx, a cut connection or an outage: 300 s, in both directions, and 60 s without."""
    scene, _, _ = scene_of(settings(["push"]))
    desk = TroubleDesk(scene, cast("Any", Armed()), cast("Any", None), lambda: CAST)

    before = (scene.limit(TO_DOCPLANNER), scene.limit(TO_PARTNER))
    desk.lose(DoctorName("Kowalska"))
    told = (scene.limit(TO_DOCPLANNER), scene.limit(TO_PARTNER))
    desk.break_write(DoctorName("Kowalska"), Breakdown("fail", "before"))

    assert before == told == (timedelta(seconds=60), timedelta(seconds=60))
    assert (scene.limit(TO_DOCPLANNER), scene.limit(TO_PARTNER)) == (timedelta(seconds=300), timedelta(seconds=300))
    assert scene.limit(None) == timedelta(0)


@pytest.mark.parametrize("expectation", ["expect_allowed", "expect_denied", "expect_readable"])
def test_an_answer_that_never_came_is_neither_right_nor_wrong(expectation: str) -> None:
    """It is late, which another criterion judges."""
    scene, _, lines = scene_of(settings(["push", "realtime"]))
    desk = QuestionsDesk(scene, cast("Any", None), lambda: CAST)

    with pytest.raises(NotProven, match="DP-RTB-03") as caught:
        getattr(desk, expectation)(Answer(HERE, AnswerSeen(None, 5000.0)))

    assert (caught.value.reason, caught.value.blame) == ("could not tell", "partner")
    assert not lines
