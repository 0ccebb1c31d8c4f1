"""The deliberate defects as a whole."""

from __future__ import annotations

from harness.scenarios import read_scenarios
from harness.stub.defects import DEFECTS
from harness.verdict.criteria import CRITERIA

LEAST = 60
FLOWS = {"mapping", "bookings", "schedule", "notifications"}


def test_there_are_defects_of_every_flow() -> None:
    """Sixty at least."""
    assert len(DEFECTS) >= LEAST
    assert {one.area for one in DEFECTS.values()} >= FLOWS


def test_every_criterion_has_a_scenario_and_a_defect_that_it_catches() -> None:
    """What was never red proves nothing."""
    covered = {criterion for scenario in read_scenarios() for criterion in scenario.criteria}

    assert {one.criterion for one in DEFECTS.values()} == covered == set(CRITERIA)
