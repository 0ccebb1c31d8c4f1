"""Every deliberate defect of the other areas turns the criterion red that is meant for it."""

from __future__ import annotations

from pathlib import Path

from defect_runs import assert_caught, defects_of

from harness.stub.defects import Defect


@defects_of(("access", "activation", "notifications", "realtime", "resilience", "monitoring", "methods"), most=3)
def test_it_is_caught(defect: Defect, tmp_path: Path) -> None:
    """By the criterion meant for it, with the next thing to do."""
    assert_caught(defect, tmp_path / "out")
