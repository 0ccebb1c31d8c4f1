"""What stands in Allure's files after a run with the bridge."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from types import SimpleNamespace
from typing import Any

Run = Callable[..., CompletedProcess[str]]

CANARY = "canary-secret-0123456789"
RULE = "A visit booked on the marketplace is in the clinic's calendar in time"


def labels(result: dict[str, Any], name: str) -> list[str]:
    """The values of one label of a result, sorted."""
    return sorted(label["value"] for label in result["labels"] if label["name"] == name)


def steps(result: dict[str, Any]) -> list[tuple[str, str]]:
    """Each step's name and status, in order."""
    return [(step["name"], step["status"]) for step in result["steps"]]


def attached(small_run: SimpleNamespace, step: dict[str, Any]) -> dict[str, str]:
    """The texts attached to a step, by name."""
    results: Path = small_run.directory / "allure-results"
    return {part["name"]: (results / part["source"]).read_text() for part in step.get("attachments", [])}


def test_a_scenario_stands_under_area_feature_and_rule(small_run: SimpleNamespace) -> None:
    """Epic, feature and exactly one story are the area, the Feature and the Rule."""
    result = small_run.results["A patient takes a free slot"]

    assert labels(result, "epic") == ["bookings"]
    assert labels(result, "feature") == ["Visits reach the clinic"]
    assert labels(result, "story") == [RULE]
    assert result["titlePath"] == ["bookings", "Visits reach the clinic", RULE]


def test_steps_carry_keyword_and_text(small_run: SimpleNamespace) -> None:
    """Gherkin's steps are Allure's steps, in order."""
    assert steps(small_run.results["A patient takes a free slot"]) == [
        ("Given Dr Kowalska offers these slots", "passed"),
        ("When Anna books it on the marketplace", "passed"),
        ("Then in time the clinic's calendar shows Anna", "passed"),
    ]


def test_tables_and_doc_strings_are_attached(small_run: SimpleNamespace) -> None:
    """A step's table and doc string hang on the step."""
    first, _, last = small_run.results["A patient takes a free slot"]["steps"]

    assert attached(small_run, first)["table"] == '"day","from"\n"tomorrow","09:00"\n'
    assert attached(small_run, last)["doc string"] == "Nowak, tomorrow at 09:00"


def test_each_step_has_the_exchanges_that_happened_while_it_ran(small_run: SimpleNamespace) -> None:
    """An exchange is readable text and a curl command, named by operation, answer, direction and journal line."""
    offer, book, _ = small_run.results["A patient takes a free slot"]["steps"]

    [name] = [name for name in attached(small_run, offer) if name != "table"]
    assert name.startswith("replaceSlots 204 (81 ms)  partner → Docplanner, journal line ")
    texts = attached(small_run, book)
    [exchange] = [text for name, text in texts.items() if name.startswith("getBookings 200")]
    assert "55021" in exchange
    assert "curl" in exchange
    [acts] = [text for name, text in texts.items() if "acts, looks and waits" in name]
    assert "Anna books Tue 24 Nov 09:00 with Dr Kowalska: done" in acts
    assert "intended" not in acts


def test_many_exchanges_of_one_step_share_an_attachment(small_run: SimpleNamespace) -> None:
    """After twenty, the rest of a step's exchanges stand together, none is lost."""
    told = small_run.results["The same news arrives twice"]["steps"][1]

    together = [text for name, text in attached(small_run, told).items() if name.startswith("3 further exchanges")]
    assert len(told["attachments"]) == 21
    assert together[0].count("getBooking 200") == 3


def test_a_finding_is_shown_on_the_step_that_saw_it(small_run: SimpleNamespace) -> None:
    """The message of step and scenario is the five lines, without Python; later steps are skipped."""
    result = small_run.results["The same news arrives twice"]
    failing = result["steps"][2]

    assert [status for _, status in steps(result)] == ["passed", "passed", "failed", "skipped"]
    message = failing["statusDetails"]["message"]
    assert message.splitlines()[0] == "DP-NOT-02  The clinic's calendar shows Anna's visit twice"
    assert [line.split()[0] for line in message.splitlines()[1:]] == ["expected", "observed", "evidence", "next"]
    assert result["status"] == "failed"
    assert result["statusDetails"] == failing["statusDetails"] == {"message": message}
    assert attached(small_run, failing)["Finding DP-NOT-02"] == message


def test_what_is_not_proven_is_broken_with_its_reason(small_run: SimpleNamespace) -> None:
    """The words of the outcome are the message, not the name of a class."""
    result = small_run.results["Staff and Anna take the same time"]

    assert result["status"] == "broken"
    assert result["statusDetails"]["message"] == (
        "not proven (arrangement refused; blame docplanner): the marketplace visit was not taken"
    )
    assert [status for _, status in steps(result)] == ["passed", "broken", "skipped"]


def test_what_is_not_applicable_is_skipped_with_its_reason(small_run: SimpleNamespace) -> None:
    """A missing optional capability is no failure."""
    result = small_run.results["Staff without conflicts"]

    assert result["status"] == "skipped"
    assert result["statusDetails"]["message"] == "not applicable: the partner declares no conflicts"


def test_a_step_that_nobody_defined_is_a_broken_step(small_run: SimpleNamespace) -> None:
    """It stands in its place, and what follows is skipped."""
    result = small_run.results["Nobody wrote this step"]

    assert steps(result) == [
        ("Given Anna has a visit", "passed"),
        ("When nobody has defined what staff do", "broken"),
        ("Then Docplanner still shows exactly one visit", "skipped"),
    ]
    assert "Step definition is not found" in result["steps"][1]["statusDetails"]["message"]


def test_criteria_are_tags_links_and_severity(small_run: SimpleNamespace) -> None:
    """Each criterion is a tag and a link to its row on the verdict page; the weightiest gives the severity."""
    result = small_run.results["The same news arrives twice"]

    assert {"DP-BOK-03", "DP-NOT-02"} <= set(labels(result, "tag"))
    assert sorted(link["url"] for link in result["links"]) == ["verdict.html#DP-BOK-03", "verdict.html#DP-NOT-02"]
    assert labels(result, "severity") == ["blocker"]


def test_tags_of_rules_and_examples_count(small_run: SimpleNamespace) -> None:
    """A criterion on the Rule, and a tag on one Examples block, reach the scenarios below them alone."""
    quick, late = small_run.results["Staff cancel at once"], small_run.results["Staff cancel much later"]

    assert {"DP-BOK-05", "DP-ACC-01"} <= set(labels(quick, "tag"))
    assert "slow" in labels(late, "tag")
    assert "slow" not in labels(quick, "tag")


def test_history_knows_a_scenario_by_its_feature_and_name(small_run: SimpleNamespace) -> None:
    """The full name holds no name of Python's, and rows of an outline differ."""
    quick, late = small_run.results["Staff cancel at once"], small_run.results["Staff cancel much later"]

    assert quick["fullName"] == (
        "bookings/visits.feature: Staff's cancellation reaches Docplanner: Staff cancel at once"
    )
    assert quick["historyId"] != late["historyId"]
    assert quick["parameters"] == [{"name": "when", "value": "at once"}]


def test_notes_of_an_exception_are_attached(small_run: SimpleNamespace) -> None:
    """Hypothesis' counterexample is in the notes."""
    result = small_run.results["A rule that Hypothesis broke"]

    assert attached(small_run, result)["notes"] == "Falsifying example: rule(x=7)"


def test_nothing_that_went_well_leaves_junk(small_run: SimpleNamespace) -> None:
    """No set-up file is written where nothing went wrong, and no label names the machine."""
    results: Path = small_run.directory / "allure-results"

    assert not list(results.glob("*-container.json"))
    assert not [result for result in small_run.results.values() if labels(result, "host")]


def test_no_secret_reaches_a_file(small_run: SimpleNamespace) -> None:
    """A secret in a header and in a finding's text is in no file of the run, though the finding is."""
    files = [path for path in small_run.directory.rglob("*") if path.is_file()]

    assert any("The clinic's calendar shows Anna's visit twice" in path.read_text() for path in files)
    assert not [path for path in files if CANARY in path.read_text()]


def test_without_a_results_directory_nothing_happens(run_small_suite: Run, tmp_path: Path) -> None:
    """The bridge is silent without --alluredir, and the outcomes are the same."""
    done = run_small_suite(tmp_path / "journal.jsonl")

    assert "5 failed, 3 passed" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["journal.jsonl"]


def test_scenarios_that_run_at_the_same_time_leave_the_same_results(
    small_run: SimpleNamespace, run_small_suite: Run, tmp_path: Path
) -> None:
    """With two worker processes every scenario has its steps and its own exchanges."""
    results = tmp_path / "allure-results"
    run_small_suite(tmp_path / "journal.jsonl", "-p", "xdist.plugin", "-n", "2", f"--alluredir={results}")

    found = [json.loads(path.read_text()) for path in results.glob("*-result.json")]
    assert {result["name"]: steps(result) for result in found} == {
        name: steps(result) for name, result in small_run.results.items()
    }
    assert len(found) == len(small_run.results)
