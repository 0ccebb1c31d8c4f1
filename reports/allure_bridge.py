"""The pytest plugin between pytest-bdd and allure-pytest: ``-p allure_pytest.plugin -p reports.allure_bridge``.

allure-pytest knows no Gherkin. With this beside it, and ``--alluredir`` given, a scenario stands in the report by
area, feature and rule; its steps are Allure steps with keyword and text, each with what went over the wire; a finding
is shown on the step that saw it. What a run must hand over for that: :mod:`reports.evidence`.

It does nothing without ``--alluredir``, and never changes an outcome.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack

import pytest
from allure_commons.model2 import Label, Parameter, TestResult
from pytest_bdd.parser import Feature, Scenario, Step

from harness.verdict.criteria import CRITERIA
from reports.allure_labels import ScenarioPlace, label, place_of
from reports.allure_lifecycle import attach_text, identity, lifecycle_of
from reports.allure_links import SCENARIO_LABEL
from reports.allure_sink import in_place_of_allures_own
from reports.allure_steps import ScenarioSteps
from reports.evidence import REDACTION, SCENARIO, STEP_EVIDENCE
from reports.outcome_messages import details_of, speaks_for_itself, status_of

PLACE: pytest.StashKey[ScenarioPlace] = pytest.StashKey()
STEPS: pytest.StashKey[ScenarioSteps] = pytest.StashKey()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Put our writer in place before allure-pytest makes its own; take it away when the run ends."""
    stack = ExitStack()
    stack.enter_context(in_place_of_allures_own(lambda text: _redact(config, text)))
    config.add_cleanup(stack.close)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Label every scenario."""
    if lifecycle_of(config) is None:
        return
    for item in items:
        place = place_of(item, CRITERIA)
        if place is not None:
            item.stash[PLACE] = place
            label(item, place, CRITERIA)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """After allure-pytest has named the result by Python's names, name it by the feature's."""
    try:
        return (yield)
    finally:
        result = _result(item.config)
        place = item.stash.get(PLACE, None)
        if result is not None and place is not None:
            _name(result, place)
            if SCENARIO in item.stash:
                result.labels.append(Label(SCENARIO_LABEL, item.stash[SCENARIO]))


def pytest_bdd_before_step(request: pytest.FixtureRequest, scenario: Scenario, step: Step) -> None:
    """Open the step."""
    steps = _steps(request, scenario)
    if steps is not None:
        steps.begin(step)


def pytest_bdd_after_step(request: pytest.FixtureRequest, scenario: Scenario) -> None:
    """Close the step: it passed."""
    steps = _steps(request, scenario)
    if steps is not None:
        steps.end()


def pytest_bdd_step_error(request: pytest.FixtureRequest, scenario: Scenario, exception: Exception) -> None:
    """Close the step as the exception says."""
    steps = _steps(request, scenario)
    if steps is not None:
        steps.end(exception)


def pytest_bdd_step_func_lookup_error(
    request: pytest.FixtureRequest, scenario: Scenario, step: Step, exception: Exception
) -> None:
    """Open and close a step that nobody has defined."""
    steps = _steps(request, scenario)
    if steps is not None:
        steps.begin(step)
        steps.end(exception)


def pytest_bdd_after_scenario(request: pytest.FixtureRequest, feature: Feature, scenario: Scenario) -> None:
    """Close what is open; steps that never ran are shown as skipped."""
    del feature
    steps = _steps(request, scenario)
    if steps is not None:
        steps.finish()
        del request.node.stash[STEPS]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """After allure-pytest: say a finding in its own words, and attach an exception's notes.

    Hypothesis keeps the shrunk counterexample in the notes.
    """
    lifecycle = lifecycle_of(item.config)
    result = _result(item.config)
    before = result.statusDetails if result is not None else None
    report = yield
    if lifecycle is None or result is None or call.excinfo is None:
        return report
    exception = call.excinfo.value
    if result.statusDetails is not before and speaks_for_itself(exception):
        result.statusDetails = details_of(exception)
        result.status = status_of(exception)
    notes: list[str] = getattr(exception, "__notes__", [])
    if notes:
        attach_text(lifecycle, "notes", "\n".join(notes))
    return report


def _result(config: pytest.Config) -> TestResult | None:
    lifecycle = lifecycle_of(config)
    return lifecycle.get_test(None) if lifecycle is not None else None


def _redact(config: pytest.Config, text: str) -> str:
    redact = config.stash.get(REDACTION, None)
    return redact(text) if redact is not None else text


def _steps(request: pytest.FixtureRequest, scenario: Scenario) -> ScenarioSteps | None:
    """The scenario's steps so far; None where no Allure results are wanted."""
    stash: pytest.Stash = request.node.stash
    if STEPS not in stash:
        lifecycle = lifecycle_of(request.config)
        if lifecycle is None:
            return None
        stash[STEPS] = ScenarioSteps(lifecycle, scenario, stash.get(STEP_EVIDENCE, None))
    return stash[STEPS]


def _name(result: TestResult, place: ScenarioPlace) -> None:
    result.name = place.name
    result.fullName = place.full_name
    result.testCaseId = identity(place.full_name)
    result.titlePath = [place.area, place.feature, place.story]
    result.description = place.description or None
    result.parameters = [Parameter(name=name, value=value) for name, value in place.example.items()]
