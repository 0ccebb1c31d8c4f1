"""On a real Docplanner nothing is concluded from what could not be played, and acts wait for its limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from driver.scenes import REDACTOR, scene_of, settings

from harness.clock import SystemClock
from harness.config import RealDocplanner
from harness.driver.outcomes import NotProven
from harness.driver.whole_run import WholeRun
from harness.recorder.journal import JournalFile, read_journal
from harness.recorder.line import Actor, Channel, Kind
from harness.verdict.checks.methods import MethodsUsed
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
        WholeRun(scene_of(replace(told, real=REAL, assembly="live"))[0]).expect_every_method()
    seen = methods_seen(list(read_journal(journal)), told.capabilities)

    assert real.value.reason == "needs the embedded sandbox"
    assert real.value.blame is None
    assert "markPatientPresence" in str(MethodsUsed().judge(seen))


def test_an_act_waits_as_long_as_the_limits_want_and_says_so() -> None:
    """Before it is intended, so that nobody's time runs meanwhile."""
    scene, clock, lines = scene_of(settings())
    began, left = clock.now(), [timedelta(seconds=9), timedelta(0)]
    scene.pause = lambda: left.pop(0)

    scene.act(Actor.STAFF, "Staff book", lambda _: None)

    assert clock.now() - began == timedelta(seconds=9)
    assert [one.body["words"] for one in lines][:2] == ["The run waits 9 s for Docplanner's limits", "Staff book"]
