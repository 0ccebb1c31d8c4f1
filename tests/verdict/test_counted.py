"""What an accepted run on the embedded sandbox has proven counts where only that sandbox can prove it."""

from __future__ import annotations

from typing import Any

import pytest
from verdict.test_judge import FAILED, PASSED, UNMET, line, scene, whole

from harness.recorder.line import Kind, Line
from harness.verdict.counted import told_of, why_not
from harness.verdict.judge import judge

NEEDS = {"outcome": "not proven", "reason": "needs the embedded sandbox", "blame": None, "detail": "no clock"}
ANOTHER = {"run": "other", "partner": {"name": "P", "version": "1"}, "outcomes": {"DP-BOK-01": "passed"}}


def judged(*scenes: list[Line], told: dict[str, Any] | None = None) -> dict[str, Any]:
    """The verdict of a run that names another."""
    journal = whole(*scenes)
    counted = [line(Kind.RUN, state="counted", **told)] if told else []
    return judge([journal[0], *counted, *journal[1:]])


def criterion(verdict: dict[str, Any]) -> dict[str, Any]:
    """The one that this is about."""
    return next(one for one in verdict["criteria"] if one["id"] == "DP-BOK-01")


def test_what_needs_the_embedded_sandbox_counts_from_the_other_run() -> None:
    """And is marked so; without the other run it is not proven."""
    alone = judged(scene("clock", NEEDS), scene("plain", PASSED))
    beside = judged(scene("clock", NEEDS), scene("plain", PASSED), told=ANOTHER)

    assert (alone["exit_code"], criterion(alone)["outcome"], criterion(alone)["counted_from"]) == (
        2,
        "not proven",
        None,
    )
    assert (beside["exit_code"], criterion(beside)["outcome"], criterion(beside)["counted_from"]) == (
        0,
        "passed",
        "other",
    )


@pytest.mark.parametrize(
    ("scenes", "told"),
    [
        ([scene("clock", NEEDS), scene("unmet", UNMET)], ANOTHER),
        ([scene("clock", NEEDS), scene("never", None)], ANOTHER),
        ([scene("clock", NEEDS)], {**ANOTHER, "partner": {"name": "P", "version": "2"}}),
        ([scene("clock", NEEDS)], {**ANOTHER, "partner": {"name": "Q", "version": "1"}}),
        ([scene("clock", NEEDS)], {**ANOTHER, "outcomes": {}}),
        ([scene("clock", NEEDS)], {**ANOTHER, "outcomes": {"DP-BOK-01": "not proven"}}),
        ([scene("clock", NEEDS)], {**ANOTHER, "outcomes": {"DP-BOK-01": "failed"}}),
    ],
)
def test_nothing_else_counts(scenes: list[list[Line]], told: dict[str, Any]) -> None:
    """What was open for another reason, was played by another system, or was not proven there either."""
    assert criterion(judged(*scenes, told=told))["counted_from"] is None
    assert criterion(judged(*scenes, told=told))["outcome"] == "not proven"


def test_a_failure_stays_one() -> None:
    """Whatever another run has shown."""
    failed = judged(scene("clock", NEEDS), scene("wrong", FAILED, answer=204), told=ANOTHER)

    assert (failed["exit_code"], criterion(failed)["outcome"]) == (1, "failed")


def test_only_an_accepted_run_of_the_assembly_partner_counts() -> None:
    """Of the embedded sandbox and of another system than our own."""
    verdict = {**judged(scene("plain", PASSED)), "assembly": "partner"}

    assert why_not(verdict) is None
    assert why_not({**verdict, "assembly": "self"})
    assert why_not({**verdict, "exit_code": 2, "verdict": "not proven"})
    assert told_of(verdict)["partner"] == {"name": "P", "version": "1"}
