"""Every deliberate defect of the stub turns the criterion red that is meant for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs import run

from harness.stub.defects import DEFECTS, Defect

NOT_ACCEPTED = 1
LEAST = 12
WIDER = {"DP-API-01": ["--jobs", "4"], "DP-SCH-10": ["--area", "schedule", "--jobs", "4"]}
"""What is judged over the whole run needs more than its own scenario."""
FLOWS = {"mapping", "bookings", "schedule", "notifications"}


def test_there_are_defects_of_every_flow() -> None:
    """Twelve at least."""
    assert len(DEFECTS) >= LEAST
    assert {one.area for one in DEFECTS.values()} >= FLOWS


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=lambda one: one.name)
def test_a_defect_is_caught_by_the_criterion_meant_for_it(tmp_path: Path, defect: Defect) -> None:
    """With a finding that says what to do next."""
    chosen = WIDER.get(defect.criterion, ["--criterion", defect.criterion, "--jobs", "1"])
    arguments = ["--defect", defect.name, *chosen, "--wait", "change_s=4", "--wait", "news_push_s=4"]
    done = run(tmp_path / "out", *arguments)

    row = done.criterion(defect.criterion)
    assert row["outcome"] == "failed", done.out
    finding = row["findings"][0]
    assert all(finding[part] for part in ("headline", "expected", "observed", "evidence", "next"))
    assert row["level"] == "advised" or done.code == NOT_ACCEPTED
    assert done.verdict["verdict"] != "accepted"
