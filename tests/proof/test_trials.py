"""Runs in processes of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.proof.narrowing import needed_beside
from harness.proof.trials import Trial, Trials, Tried, read_trial


def test_a_run_that_cannot_begin_is_trouble_and_not_green(tmp_path: Path) -> None:
    """What it said last is told."""
    told: list[Tried] = []
    with Trials(tmp_path, at_a_time=2) as trials:
        done = trials.play([Trial("odd", ("--area", "gardening"))], told.append)

    assert done == told
    assert done[0].trouble is not None
    assert "gardening" in done[0].trouble
    assert done[0].red == ()


def test_stopping_stops_what_runs(tmp_path: Path) -> None:
    """An interruption while one ends leaves no process behind, and no later one begins."""

    def interrupt(_: Tried) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Trials(tmp_path, at_a_time=1) as trials:
        trials.play([Trial("odd", ("--area", "gardening")), Trial("long", ())], interrupt)

    assert not (tmp_path / "long" / "verdict.json").exists()


def test_a_verdict_is_read_as_it_stands(tmp_path: Path) -> None:
    """Criteria that were not played have no outcome."""
    scenario = {"id": "s#1", "outcome": "failed"}
    file = tmp_path / "verdict.json"
    file.write_text(
        json.dumps(
            {
                "verdict": "not accepted",
                "trouble": None,
                "causes": [{"cause": "a", "likely": "it is a"}, {"cause": "b", "likely": "it is b"}],
                "criteria": [
                    {"id": "DP-A", "outcome": "failed", "reason": "a visit is missing", "scenarios": [scenario]},
                    {"id": "DP-B", "outcome": "not proven", "reason": "not run", "scenarios": []},
                ],
            }
        )
    )

    read = read_trial("odd", file, 1, 2.0)

    assert read.outcomes == {"DP-A": "failed"}
    assert read.red == ("DP-A",)
    assert (read.root, read.likely) == ("a", "it is a")
    assert read.red_scenarios == {"s#1"}
    assert read.scenarios_of == {"DP-A": ("s#1",)}


def test_what_time_kept_from_being_judged_is_told_from_what_was_judged() -> None:
    """Only that is played once more: a criterion that passed has seen nothing, however often it is asked."""
    busy = Tried("late", 2, 1.0, outcomes={"DP-BOK-01": "passed", "DP-NOT-03": "not proven"})
    seen = Tried("late", 1, 1.0, outcomes={"DP-BOK-01": "failed", "DP-NOT-03": "not proven"})

    assert busy.undecided("DP-NOT-03")
    assert not busy.undecided("DP-BOK-01")
    assert not seen.undecided("DP-BOK-01")
    assert busy.undecided(None), "the honest run must be judged whole"
    assert not seen.undecided(None), "it was accused, and that is told"
    assert Tried("gone", -1, 1.0, trouble="no verdict").undecided("DP-BOK-01")


def test_the_whole_suite_is_played_so_that_a_criterion_can_see_something() -> None:
    """What is pulled cannot be cut where news is pushed."""
    assert needed_beside("DP-NOT-06") == ("--delivery", "pull")
    assert needed_beside("DP-RES-04") == ("--histories", "16", "--history-length", "20")
    assert needed_beside("DP-SCH-10") == needed_beside("DP-BOK-01") == ()
