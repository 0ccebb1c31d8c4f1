"""What build servers read."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from reports.junit import junit_xml


def criterion(outcome: str, *scenarios: dict[str, Any], **more: object) -> dict[str, Any]:
    """A criterion of an area with its scenarios."""
    return {"id": "DP-BOK-01", "area": "bookings", "title": "shows a visit", "outcome": outcome} | {
        "scenarios": list(scenarios),
        **more,
    }


def scenario(name: str, outcome: str, **more: object) -> dict[str, Any]:
    """A scenario that took a second and a half."""
    return {"feature": "Visits", "name": name, "outcome": outcome, "seconds": 1.5, **more}


def read(*criteria: dict[str, Any]) -> ET.Element:
    """The document for these criteria, parsed."""
    return ET.fromstring(junit_xml({"criteria": list(criteria)}).encode())  # noqa: S314 - our own document


def test_one_suite_an_area_one_case_a_scenario() -> None:
    """Areas and scenarios keep their names and times."""
    root = read(criterion("passed", scenario("A", "passed"), scenario("B", "passed")))

    [suite] = root
    assert (suite.get("name"), suite.get("tests"), suite.get("time")) == ("bookings", "2", "3.000")
    assert [(case.get("classname"), case.get("name"), case.get("time")) for case in suite] == [
        ("Visits", "A", "1.500"),
        ("Visits", "B", "1.500"),
    ]


def test_a_finding_is_a_failure_in_its_five_lines() -> None:
    """The message is the headline, the text the five lines."""
    finding = {"criterion": "DP-BOK-01", "headline": "No visit", "expected": "one", "observed": "none"}
    finding |= {"evidence": "line 3", "next": "look", "scenario": "A"}
    root = read(criterion("failed", scenario("A", "failed"), findings=[finding]))

    failure = root.find(".//failure")
    assert failure is not None
    assert failure.get("message") == "DP-BOK-01  No visit"
    assert (failure.text or "").splitlines()[-1] == "  next      look"


def test_what_is_not_proven_is_an_error() -> None:
    """A build that asks for success must not pass on it."""
    root = read(criterion("not proven", scenario("A", "not proven", reason="could not tell")))

    error = root.find(".//error")
    assert error is not None
    assert error.get("message") == "could not tell"
    assert root.get("errors") == "1"


def test_what_does_not_apply_is_skipped() -> None:
    """It is neither red nor green."""
    root = read(criterion("not applicable", scenario("A", "not applicable"), id="DP-BOK-08"))

    assert root.get("skipped") == "1"
    assert root.get("failures") == root.get("errors") == "0"


def test_a_scenario_of_two_criteria_is_one_case() -> None:
    """It is counted once."""
    root = read(criterion("passed", scenario("A", "passed")), criterion("passed", scenario("A", "passed"), id="DP-2"))

    assert root.get("tests") == "1"


def test_a_criterion_that_no_scenario_explains_is_a_case_of_its_own() -> None:
    """A criterion failed by the whole run is red although each of its scenarios passed."""
    root = read(criterion("failed", scenario("A", "passed"), reason="6 token calls"))

    assert root.get("tests") == "2"
    assert root.find(".//failure") is not None


@given(st.text(), st.sampled_from(["failed", "passed", "not proven", "of tomorrow", ""]))
def test_any_text_gives_a_document(text: str, outcome: str) -> None:
    """Control characters, lone surrogates and markup in a partner's words break no reader."""
    root = read(criterion(outcome, scenario(text or "A", outcome, reason=text), reason=text, title=text))

    assert int(root.get("tests", "0")) >= 1
