"""A history that fails against a vendor's system is played once more as it is: nothing is made short there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from driver.rounds import staged

from harness.driver.cast import Cast
from harness.driver.histories.drawing import draw
from harness.driver.histories.plan import Does
from harness.driver.histories.round import Round
from harness.driver.outcomes import NotProven
from harness.stub.defects import Defects
from harness.stub.server import serve
from harness.stub.settings import StubSettings
from harness.verdict.finding import Finding

SEED = 3
LENGTH = 10


@dataclass
class AtTimes(Defects):
    """The staff's bookings are not sent, as long as ``now``."""

    now: bool

    def __post_init__(self) -> None:
        Defects.__init__(self, ("staff-bookings-not-sent",))

    def on(self, name: str) -> bool:
        """Whether it makes that mistake now."""
        return self.now and super().on(name)


@dataclass
class Clinics:
    """Counts the clinics at which was played; the mistake ends with the ``last`` of them."""

    round: Round
    mistake: AtTimes
    last: int
    played: list[Cast] = field(default_factory=list)

    def next_cast(self) -> Cast:
        """Another clinic."""
        self.mistake.now = len(self.played) < self.last
        self.played.append(self.round.next_cast())
        return self.played[-1]


@contextmanager
def clinics(folder: Path, *, wrong: int) -> Iterator[tuple[Round, Clinics]]:
    """A round with a system that makes its mistake at the first ``wrong`` clinics."""
    with serve(StubSettings()) as stub:
        stub.system.defects = mistake = AtTimes(wrong > 0)
        with staged(stub.control_url, folder, seed=SEED, length=LENGTH) as stage:
            counted = Clinics(stage.histories, mistake, wrong)
            yield replace(stage.histories, next_cast=counted.next_cast), counted


def test_what_fails_again_is_a_finding(tmp_path: Path) -> None:
    """On other calendars, and as long as it was; the story says how to repeat it."""
    plan = draw(1, LENGTH, SEED)[0].plan
    assert any(one.does is Does.STAFF_BOOK for one in plan.deeds)
    with clinics(tmp_path, wrong=2) as (histories, counted):
        endings = histories.play()
        with pytest.raises(Finding) as found:
            histories.expect_equal(endings)

    assert endings[-1].plan == plan
    assert len({one.clinic.id for one in counted.played}) == 2
    assert f"--seed {SEED}" in str(found.value)
    assert endings[-1].check.address_id == counted.played[1].calendars()[0].id


def test_what_does_not_fail_again_is_not_proven(tmp_path: Path) -> None:
    """Nobody is accused, and nobody is cleared."""
    with clinics(tmp_path, wrong=1) as (histories, counted):
        endings = histories.play()
        with pytest.raises(NotProven, match="did not fail again") as trouble:
            histories.expect_equal(endings)

    assert len(counted.played) == 2
    assert (trouble.value.reason, trouble.value.blame) == ("could not tell", "partner")


def test_an_honest_system_plays_once(tmp_path: Path) -> None:
    """At one clinic a history."""
    with clinics(tmp_path, wrong=0) as (histories, counted):
        histories.expect_equal(histories.play())

    assert len(counted.played) == 1
