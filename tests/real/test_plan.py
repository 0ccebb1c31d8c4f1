"""The plan of a run on a real Docplanner names what it needs, and stops what would be too much."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli.app import app
from harness.contract.limits import READS_PER_HOUR
from harness.errors import ConfigurationError
from harness.real import plan as planning
from harness.real.plan import need_of, plan_for
from harness.scenarios import read_scenarios, select
from harness.verdict.criteria import CRITERIA, Assembly

BUDGET = 120
"""Of all that can be proven on a real Docplanner."""


def test_every_scenario_and_no_other_has_its_need() -> None:
    """A new one is measured by tests/bench/plan_of_live.py."""
    rows = tomllib.loads(Path(planning.__file__).with_name("plan.toml").read_text(encoding="utf-8"))

    assert set(rows) == {one.id for one in read_scenarios()}


def test_what_only_the_sandbox_can_carry_is_known_to_need_it() -> None:
    """By its tags."""
    tagged = [one for one in read_scenarios() if {"sandbox-only", "lookalikes"} & one.tags]

    assert tagged
    assert [one.id for one in tagged if not need_of(one.id).sandbox] == []


def test_nothing_is_written_for_what_cannot_be_proven_there() -> None:
    """A criterion that only the embedded sandbox can prove costs no write and asks nobody for anything."""
    live = {one.id for one in CRITERIA.values() if Assembly.LIVE in one.assemblies}
    elsewhere = [one for one in read_scenarios() if not live.intersection(one.criteria)]

    assert "DP-NOT-01" in {criterion for one in elsewhere for criterion in one.criteria}
    assert [one.id for one in elsewhere if not need_of(one.id).sandbox] == []


def test_all_that_can_be_proven_live_keeps_to_the_budget() -> None:
    """With people and without them nothing is counted twice or left out."""
    scenarios = read_scenarios()
    every = sum(len(one.rows) for one in scenarios)

    live, api = plan_for(scenarios, people=True), plan_for(scenarios, people=False)

    assert live.writes <= BUDGET
    assert live.played + live.left_to_the_sandbox == every
    assert live.left_for_want_of_people == 0
    assert api.played + api.left_to_the_sandbox + api.left_for_want_of_people == every
    assert 0 < api.writes < live.writes
    assert f"About {live.writes} writes of at most 99" in live.words(99)
    assert 0 < api.reads < live.reads < READS_PER_HOUR / 2, "the system may look more often than the reference one"
    assert f"About {live.reads} reads of {READS_PER_HOUR} an hour" in live.words(99)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run on a real Docplanner; nothing is there, so whatever called it would fail."""
    monkeypatch.setenv("ACCEPTANCE_CLIENT_ID", "17")
    monkeypatch.setenv("ACCEPTANCE_CLIENT_SECRET", "a secret of the test")
    file = tmp_path / "acceptance.toml"
    file.write_text(
        '[docplanner]\nat = "https://localhost:9"\nfacilities = "1"\ntester_phone = "+48500700700"\n'
        '[run]\nassembly = "api"\n'
    )
    return file


def test_the_plan_is_told_and_nothing_is_played(settings: Path) -> None:
    """For people and for machines."""
    words = CliRunner().invoke(app, ["run", "--config", str(settings), "--plan"])
    told = CliRunner().invoke(app, ["run", "--config", str(settings), "--plan", "--json"])

    plan = plan_for(read_scenarios(), people=False)
    assert (words.exit_code, told.exit_code) == (0, 0), words.output + told.output
    assert plan.words(BUDGET) in words.output
    read = json.loads(told.output)
    assert (read["writes"], read["most_writes"], read["minutes"]) == (plan.writes, BUDGET, plan.minutes)


def test_a_plan_beyond_the_budget_stops_before_anything_is_written(settings: Path) -> None:
    """It says how to go on."""
    dear = next(name for name, _ in plan_for(select(read_scenarios(), areas=[], criteria=[]), people=False).dearest)

    with pytest.raises(ConfigurationError, match="may take 3") as told:
        CliRunner().invoke(app, ["run", "--config", str(settings), "--most-writes", "3"], catch_exceptions=False)

    assert dear in str(told.value.hint)
    assert "--criterion" in str(told.value.hint)


def test_a_plan_is_for_a_real_docplanner() -> None:
    """The embedded sandbox has no budget."""
    with pytest.raises(ConfigurationError, match="on a real Docplanner"):
        CliRunner().invoke(app, ["run", "--config", "none", "--plan"], catch_exceptions=False)
