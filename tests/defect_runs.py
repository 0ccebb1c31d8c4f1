"""Runs with one deliberate defect of the stub each."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from runs import run

from harness.stub.defects import DEFECTS, Defect

NOT_ACCEPTED = 1
WIDER = {
    "DP-NOT-06": ["--criterion", "DP-NOT-06", "--delivery", "pull", "--jobs", "1"],
    "DP-API-01": ["--jobs", "4"],
    "DP-SCH-10": ["--area", "schedule", "--jobs", "4"],
}
"""What is judged over the whole run needs more than its own scenario."""


def defects_of(areas: Iterable[str], *, most: int = 2) -> pytest.MarkDecorator:
    """A test for each defect of the areas with ``ACCEPTANCE_DEFECTS=all``, else for ``most`` criteria of them.

    A run with a defect takes seconds: who waits for the tests sees some of each flow, CI sees all.
    """
    chosen = [one for one in DEFECTS.values() if one.area in set(areas)]
    if os.environ.get("ACCEPTANCE_DEFECTS") != "all":
        chosen = list({one.criterion: one for one in reversed(chosen)}.values())[::-1][:most]
    assert chosen, "the stub has no such defects"
    return pytest.mark.parametrize("defect", chosen, ids=[one.name for one in chosen])


def assert_caught(defect: Defect, directory: Path) -> None:
    """The criterion meant for the defect is red, with a finding that says what to do next."""
    chosen = WIDER.get(defect.criterion, ["--criterion", defect.criterion, "--jobs", "1"])
    waits = ["--wait", "change_s=4", "--wait", "news_push_s=4"]
    done = run(directory, "--defect", defect.name, *chosen, *waits)

    row = done.criterion(defect.criterion)
    assert row["outcome"] == "failed", done.out
    finding = row["findings"][0]
    assert all(finding[part] for part in ("headline", "expected", "observed", "evidence", "next"))
    assert row["level"] == "advised" or done.code == NOT_ACCEPTED
    assert done.verdict["verdict"] != "accepted"
