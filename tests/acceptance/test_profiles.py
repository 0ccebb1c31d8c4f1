"""An honest partner passes whatever Docplanner does where the documentation is open."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from runs import LONG, run

NARROWED, ACCEPTED = 2, 0
SOME = ("DP-BOK-06", "DP-MAP-01")
"""Staff move a visit, and what is shared is mapped: cheap, and most of what the harsh set changes is met."""
WHOLE = [(profile, delivery, ()) for profile, delivery in product(("observed", "harsh"), ("push", "pull", "both"))]
"""Every set by every delivery takes minutes: who waits for the tests sees some of the harshest, CI sees all."""
RUNS = [("harsh", "both", SOME), *(WHOLE if LONG else ())]


@pytest.mark.parametrize(("profile", "delivery", "criteria"), RUNS)
def test_the_honest_stub_passes_under_every_set(
    tmp_path: Path, profile: str, delivery: str, criteria: tuple[str, ...]
) -> None:
    """The set is told in the verdict; neither side breaches the contract."""
    chosen = [part for one in criteria for part in ("--criterion", one)]
    done = run(tmp_path / "out", "--profile", profile, "--delivery", delivery, *chosen)

    assert done.code == (NARROWED if criteria else ACCEPTED), done.out
    assert {row["outcome"] for row in done.verdict["criteria"] if row["scenarios"]} == {"passed"}, done.out
    assert (done.verdict["profile"], done.verdict["delivery"]) == (profile, delivery)
    assert f"profile {profile}" in done.out
    assert done.verdict["observations"] == []
