"""How exceptions read in Allure, and into which category they fall."""

from __future__ import annotations

import re

import pytest

from harness.driver.outcomes import NotApplicable, NotProven
from harness.errors import BrokenHarness, DocplannerRefused, PartnerUnreachable, PortTaken
from harness.verdict.finding import Finding, FindingText
from reports.categories import CATEGORIES, categories_of
from reports.environment import environment_properties
from reports.outcome_messages import details_of, status_of

FINDING = Finding(FindingText("DP-BOK-01", "No visit", "one", "none", "line 3", "look"))


def category_of(exception: BaseException) -> str:
    """The first category whose pattern matches the whole message, as Allure finds it."""
    details = details_of(exception)
    assert details is not None
    return next(category.name for category in CATEGORIES if re.fullmatch(category.pattern, details.message))


@pytest.mark.parametrize(
    ("exception", "category", "status"),
    [
        (FINDING, "Partner system: findings", "failed"),
        (NotProven("x", reason="could not tell", blame="partner"), "Partner system: not proven", "broken"),
        (PartnerUnreachable("x"), "Partner system: not proven", "broken"),
        (NotProven("x\ny", reason="not run", blame="docplanner"), "Docplanner sandbox: not proven", "broken"),
        (DocplannerRefused("x", status=409, error="conflict"), "Docplanner sandbox: not proven", "broken"),
        (NotProven("x", reason="not run", blame="configuration"), "Configuration: not proven", "broken"),
        (PortTaken("x"), "Configuration: not proven", "broken"),
        (NotApplicable("no breaks"), "Not applicable to this partner system", "skipped"),
        (NotProven("x", reason="not run", blame="harness"), "Harness: its own trouble", "broken"),
        (BrokenHarness("x"), "Harness: its own trouble", "broken"),
        (ZeroDivisionError("x"), "Harness: its own trouble", "broken"),
        (pytest.skip.Exception("for no reason"), "Harness: its own trouble", "skipped"),
    ],
)
def test_every_exception_has_its_category_and_status(exception: BaseException, category: str, status: str) -> None:
    """Nobody is blamed for what is another's; what nobody explains is the harness's."""
    assert category_of(exception) == category
    assert status_of(exception) == status


CAUSE = {"who": "the vendor", "part": "inbox", "likely": "news is dropped"}
OTHER = {"who": "whoever configures the run", "part": "credentials", "likely": "they are refused"}


@pytest.mark.parametrize("held_up", [False, True])
def test_findings_of_one_cause_share_a_category(held_up: bool) -> None:
    """Scenarios that it held up are in it, too; findings of others stay with whose they are."""
    verdict = {"causes": [OTHER, CAUSE, CAUSE | {"likely": "it comes twice"}]}
    found = Finding(FindingText("DP-BOK-01", "No visit", "one", "none", "line 3", "the vendor (inbox): look"))
    unmet = NotProven(f"it was needed first\n{found.text}", reason="precondition unmet", blame="partner")
    details = details_of(unmet if held_up else found)
    assert details is not None

    fitting = [one.name for one in categories_of(verdict) if re.fullmatch(one.pattern, details.message)]

    assert fitting[0] == "Likely cause 2: news is dropped; it comes twice"
    assert fitting[1] == f"Partner system: {'not proven' if held_up else 'findings'}"
    assert category_of(FINDING) == "Partner system: findings"
    assert [one.name for one in categories_of({})] == [one.name for one in CATEGORIES]


def test_what_speaks_for_itself_shows_no_trace() -> None:
    """A finding's evidence is the journal; a defect's is where it happened."""
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 / 0

    details = details_of(caught.value)
    assert details is not None
    assert "test_outcome_messages.py" in details.trace
    finding = details_of(FINDING)
    assert finding is not None
    assert finding.trace is None


def test_the_environment_names_the_run() -> None:
    """Each fact is one line, whatever its text holds; unknown ones are left out."""
    text = environment_properties({"assembly": "self", "seed": 7, "partner": {"name": "A\nb\\c", "version": "1"}})

    assert "Partner\\ system = A b\\\\c 1\n" in text
    assert "Seed = 7\n" in text
    assert "Marketplace" not in text
