"""On a real Docplanner nothing is concluded from what could not be played, and acts wait for its limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from driver.scenes import REDACTOR, scene_of, settings

from harness.clock import SystemClock
from harness.config import RealDocplanner
from harness.driver.outcomes import NotProven, unproven
from harness.driver.patience import Pause
from harness.driver.whole_run import WholeRun
from harness.errors import DocplannerRefused, LimitSpent
from harness.recorder.journal import JournalFile, read_journal
from harness.recorder.line import Actor, Channel, Kind
from harness.verdict.checks.methods import MethodsUsed
from harness.verdict.finding import Problem
from harness.verdict.observation import AnswersSeen
from harness.verdict.traffic import methods_seen

REAL = RealDocplanner("https://localhost:9", "17", "a secret of the test", ("1",), "+48500700700")


def test_methods_of_flows_that_cannot_be_played_there_are_missed_in_nobody(tmp_path: Path) -> None:
    """The same journal of a run on the embedded sandbox is a finding."""
    journal = tmp_path / "journal.jsonl"
    told = replace(settings(["presence"]), journal=str(journal))
    file = JournalFile(journal, run="r", process="p", redactor=REDACTOR, clock=SystemClock())
    body = {"operation": "getFacilities", "method": "GET", "status": 200, "url": "http://h/x"}
    file.write(Kind.EXCHANGE, body, actor=Actor.PARTNER, channel=Channel.API)

    with pytest.raises(NotProven, match="markPatientPresence") as real:
        WholeRun(scene_of(replace(told, real=REAL, operator="somebody"))[0]).expect_every_method()
    with pytest.raises(NotProven, match="nobody acts"):
        WholeRun(scene_of(replace(told, real=REAL))[0]).expect_every_method()
    seen = methods_seen(list(read_journal(journal)), told.capabilities)

    assert real.value.reason == "needs the embedded sandbox"
    assert real.value.blame is None
    assert "markPatientPresence" in str(MethodsUsed().judge(seen))


def test_an_act_waits_as_long_as_the_limits_want_and_says_so() -> None:
    """Before it is intended, so that nobody's time runs meanwhile."""
    scene, clock, lines = scene_of(settings())
    began, left = clock.now(), [Pause(timedelta(seconds=9), "writes"), Pause()]
    scene.pause = lambda: left.pop(0)

    scene.act(Actor.STAFF, "Staff book", lambda _: None)

    assert clock.now() - began == timedelta(seconds=9)
    assert [one.body["words"] for one in lines][:2] == [
        "The run waits 9 s for Docplanner's limit of writes",
        "Staff book",
    ]


@dataclass(frozen=True)
class Lacks:
    """What a system shows that was never told."""

    def judge(self, _: AnswersSeen) -> Problem | None:
        """Never satisfied."""
        return Problem("An answer is missing", expected="one", observed="none")


def test_what_lacks_while_no_read_was_left_is_nobodys_failure(tmp_path: Path) -> None:
    """The system has the same API client as the run, and may not have seen what it should show."""
    scene, _, lines = scene_of(replace(settings(), journal=str(tmp_path / "none"), real=REAL, assembly="live"))
    scene.starved = lambda: True

    with pytest.raises(NotProven, match="reads of this hour were used up") as ended:
        scene.expect(Lacks(), lambda: AnswersSeen(()), noun="visit", direction=None, within=timedelta(0))

    assert (ended.value.reason, ended.value.blame) == ("could not tell", None)
    assert next(one for one in lines if one.kind is Kind.WAIT).body["precondition"] is True


def test_a_look_for_which_no_read_is_left_is_undecided() -> None:
    """Where Docplanner refuses to be looked at for another reason, that is its own affair."""
    spent, refused = unproven(LimitSpent("none left")), unproven(DocplannerRefused("no", status=403, error="no"))

    assert (spent.reason, spent.blame) == ("could not tell", None)
    assert refused.blame == "docplanner"
