"""Honest runs of other kinds: deliveries, marketplaces, selections, machines as readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from runs import LONG, run

ACCEPTED, NOT_PROVEN = 0, 2


BY_NIGHT = [("pull", "doctoralia.com.br"), ("push", "jameda.de")] if LONG else []
"""Each takes half a minute of both processors."""
SEED = () if LONG else ("--seed", "11")
"""By day the same run each time: what chance finds is for the night to find."""
SCOPE = () if LONG else ("--area", "notifications", "--area", "schedule")
"""By day what delivery and time zone matter to most."""


@pytest.mark.parametrize(("delivery", "marketplace"), [("both", "doktortakvimi.com"), *BY_NIGHT])
def test_another_delivery_on_another_continent_is_accepted_too(tmp_path: Path, delivery: str, marketplace: str) -> None:
    """Language and time zone follow the marketplace."""
    done = run(tmp_path / "out", "--delivery", delivery, "--marketplace", marketplace, *SEED, *SCOPE)
    judged = {one["outcome"] for one in done.verdict["criteria"] if one["scenarios"]}

    assert done.code == (NOT_PROVEN if SCOPE else ACCEPTED), done.out
    assert judged <= {"passed", "not applicable"}, done.out
    assert (done.verdict["delivery"], done.verdict["marketplace"]) == (delivery, marketplace)


def test_a_narrowed_run_never_says_accepted(tmp_path: Path) -> None:
    """Though everything in it passed."""
    done = run(tmp_path / "out", "--criterion", "DP-BOK-01", "--jobs", "1")

    assert done.code == NOT_PROVEN
    assert done.verdict["verdict"] == "not proven"
    assert done.verdict["scope"] == {"areas": [], "criteria": ["DP-BOK-01"]}
    assert done.criterion("DP-BOK-01")["outcome"] == "passed"


def test_json_is_all_that_a_machine_reads(tmp_path: Path) -> None:
    """Stdout is verdict.json and nothing else."""
    done = run(tmp_path / "out", "--criterion", "DP-MAP-03", "--json")

    assert json.loads(done.out) == done.verdict
