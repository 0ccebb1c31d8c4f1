"""The main job: the honest stub is accepted, by whichever delivery, beside others or alone."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
from runs import LONG, ROOT, Ran, acceptance, run

from harness.recorder.journal import read_journal
from harness.recorder.line import Kind
from harness.verdict.judge import judge

ACCEPTED, NOT_PROVEN = 0, 2
SOME_FLOWS = () if LONG else ("--area", "notifications", "--area", "realtime", "--area", "schedule")


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The whole suite against the reference stub, four scenarios at a time."""
    return run(tmp_path_factory.mktemp("honest") / "out", "--seed", "7", "--jobs", "4")


def test_the_honest_stub_is_accepted(honest: Ran) -> None:
    """Exit code 0, and every criterion has passed; nothing waits to be pulled where news is pushed."""
    assert honest.code == ACCEPTED, honest.out
    outcomes = honest.outcomes()
    assert outcomes.pop("DP-NOT-06") == "not applicable"
    assert set(outcomes.values()) == {"passed"}


def test_the_first_line_is_the_verdict_and_the_last_says_where_the_report_is(honest: Ran) -> None:
    """What a person reads first, and last."""
    lines = honest.out.splitlines()

    assert lines[0] == "ACCEPTED"
    assert lines[-1] == f"Report: {honest.directory / 'verdict.html'}"


def test_the_verdict_can_be_computed_again_from_the_journal_alone(honest: Ran) -> None:
    """To the last field."""
    again = json.loads(json.dumps(judge(read_journal(honest.directory / "journal.jsonl"))))

    assert again == honest.verdict


def test_the_verdict_is_of_its_published_form(honest: Ran) -> None:
    """By the schema beside the code."""
    schema = json.loads((ROOT / "harness" / "verdict" / "verdict.schema.json").read_text())

    jsonschema_rs.validator_for(schema).validate(honest.verdict)


def test_the_journal_numbers_its_lines_over_all_processes(honest: Ran) -> None:
    """Line 17 is line 17, whoever wrote it; several did."""
    lines = list(read_journal(honest.directory / "journal.jsonl"))

    assert [one.n for one in lines] == list(range(1, len(lines) + 1))
    assert {"run", "sandbox", "gw0", "gw1", "main"} <= {one.process for one in lines}


def test_everything_was_checked_before_the_first_scenario(honest: Ran) -> None:
    """Quickly, and nothing was in doubt: what was not asked says why."""
    lines = list(read_journal(honest.directory / "journal.jsonl"))
    first = next(one.n for one in lines if one.kind is Kind.SCENARIO)
    checks = [one for one in lines if one.kind is Kind.CHECK]

    assert {one.body["status"] for one in checks} == {"ok", "not asked"}
    assert {"system", "notification endpoint, no key", "clock of Docplanner"} <= {one.body["what"] for one in checks}
    assert all(one.n < first for one in checks)


def test_every_scenario_was_played(honest: Ran) -> None:
    """As many as the features have, rows of outlines counted."""
    listed = json.loads(acceptance("criteria", "--json").stdout)

    assert {row["id"] for row in honest.verdict["criteria"] if row["scenarios"]} == {row["id"] for row in listed}


def test_neither_side_breaches_the_contract(honest: Ran) -> None:
    """The sandbox and the stub keep to it in every exchange of the run."""
    assert honest.verdict["observations"] == []


def test_methods_and_latencies_are_measured(honest: Ran) -> None:
    """Both directions, and the sandbox's own delay apart."""
    methods = {one["operation_id"]: one for one in honest.verdict["methods"]}
    latency = {one["direction"]: one for one in honest.verdict["latency"]}

    assert methods["bookSlot"]["calls"] > methods["bookSlot"]["refused"] >= 0
    assert {"partner to docplanner", "docplanner to partner", "sandbox delay"} <= set(latency)
    assert all(0 <= one["p50_s"] <= one["p95_s"] <= one["max_s"] for one in latency.values())


def test_one_at_a_time_or_four_is_the_same(honest: Ran, tmp_path: Path) -> None:
    """Nothing about a scenario depends on what runs beside it: by day over three flows, by night over all."""
    alone = run(tmp_path / "out", "--seed", "7", "--jobs", "1", *SOME_FLOWS)

    def outcomes(done: Ran) -> dict[str, str]:
        return {one["id"]: one["outcome"] for row in done.verdict["criteria"] for one in row["scenarios"]}

    found, due = outcomes(alone), outcomes(honest)
    assert len(found) > len(due) / 4
    assert found == {name: due[name] for name in found}
