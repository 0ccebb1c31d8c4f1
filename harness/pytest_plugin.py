"""The pytest plugin of a run: markers, the ``stage`` fixture, and the outcome of each scenario in the journal.

It is loaded by ``acceptance run`` in every worker process, which waits at the gate for the run's settings.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd.parser import Feature, Step
from pytest_bdd.parser import Scenario as ParsedScenario
from pytest_bdd.scenario import scenario_wrapper_template_registry

from harness.config import RunSettings
from harness.driver.outcomes import NotApplicable, NotProven, unproven
from harness.driver.stage import Stage
from harness.errors import (
    BrokenHarness,
    ConfigurationError,
    HarnessError,
    LimitSpent,
    NeedsSandbox,
    OperatorGone,
    PartnerError,
    PersonError,
)
from harness.gate import await_turn, end_with_run, pass_gate
from harness.order import dealt
from harness.playing import Worker
from harness.recorder.line import Line
from harness.recorder.tail import JournalTail
from harness.scenarios import Scenario, read_scenarios, scenario_id
from harness.verdict.criteria import CRITERIA
from harness.verdict.finding import Finding
from reports.evidence import REDACTION, SCENARIO, STEP_EVIDENCE

MARKERS = {
    "alone": "concerns a whole API client; nothing runs beside it",
    "long": "takes longest: begins before all others",
    "early": "has everything read that is shared: begins first",
    "afterwards": "judges the whole run, and so comes last",
    "lookalikes": "plays at a clinic whose doctors look alike",
    "needs-operator": "a person must act or look",
    "sandbox-only": "needs injected faults or a movable clock",
    "slow": "waits over 60 s by nature",
}
TURNS = ("long", "early", "", "alone", "afterwards")
"""What tells when a scenario's turn is: all but the last two play beside each other."""
SCENARIO_KEY = pytest.StashKey[tuple[Scenario, str]]()
WORKER_KEY = pytest.StashKey[Worker]()
STARTED_KEY = pytest.StashKey[float]()
JOURNAL_KEY = pytest.StashKey[JournalTail]()
SETTINGS_KEY = pytest.StashKey[RunSettings]()


def pytest_configure(config: pytest.Config) -> None:
    """Register every tag that a feature may carry: an unknown one stops the collection."""
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    for criterion in CRITERIA.values():
        config.addinivalue_line("markers", f"{criterion.id}: {criterion.title}")
    for area in {str(criterion.area) for criterion in CRITERIA.values()}:
        config.addinivalue_line("markers", f"{area}: the area {area}")
    if getattr(config, "workerinput", None) is None and getattr(config.option, "numprocesses", None):
        return  # the controller of several workers plays no scenario itself
    process = getattr(config, "workerinput", {}).get("workerid", "main")
    config.stash[WORKER_KEY] = worker = Worker(_settings(config), process)
    worker.__enter__()
    config.stash[JOURNAL_KEY] = JournalTail(Path(worker.settings.journal))
    config.stash[REDACTION] = worker.redact


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the connections."""
    if worker := config.stash.get(WORKER_KEY, None):
        worker.__exit__()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the scenarios asked for; those that judge the whole run come last."""
    known = {scenario.id: scenario for scenario in read_scenarios()}
    settings = _settings(config)
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        scenario = known[_id_of(item)]
        row = getattr(item, "callspec", None)
        instance = f"{scenario.id}[{row.id}]" if row else scenario.id
        item.stash[SCENARIO_KEY] = (scenario, instance)
        left = instance not in settings.played and (not settings.only or scenario.id in settings.only)
        (kept if left else dropped).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    turns: dict[str, list[pytest.Item]] = {turn: [] for turn in TURNS}
    for item in kept:
        turns[_turn(item.stash[SCENARIO_KEY][0])].append(item)
    first, workers = [*turns["long"], *turns["early"]], getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = [*dealt(first, turns[""], workers), *turns["alone"], *turns["afterwards"]]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Play when it is this process's turn: those that stand alone are collected while the others still play."""
    del session
    await_turn()


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The stage of this scenario: a clinic, people and days of its own."""
    scenario, instance = request.node.stash[SCENARIO_KEY]
    with request.config.stash[WORKER_KEY].stage(scenario, instance) as made:
        yield made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, Any, Any]:
    """Say in the journal that the scenario begins."""
    del nextitem
    worker = item.config.stash[WORKER_KEY]
    scenario, instance = item.stash[SCENARIO_KEY]
    worker.spending.close()
    item.stash[STARTED_KEY] = time.perf_counter()
    item.stash[STEP_EVIDENCE] = _Evidence(item.config.stash[JOURNAL_KEY], instance)
    item.stash[SCENARIO] = instance
    worker.write({"state": "started", **_description(scenario, instance)}, instance)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say in the journal how the scenario ended."""
    report = yield
    if call.when == "call" or (call.when == "setup" and call.excinfo is not None):
        worker = item.config.stash[WORKER_KEY]
        scenario, instance = item.stash[SCENARIO_KEY]
        if call.excinfo is not None and isinstance(call.excinfo.value, OperatorGone):
            item.session.shouldfail = str(
                call.excinfo.value
            )  # the scenario has no end: it is played when the run goes on
            return report
        took = round(time.perf_counter() - item.stash[STARTED_KEY], 3)
        ended = {
            "state": "finished",
            **_description(scenario, instance),
            **_ending(call, worker.attested_by),
            "seconds": took,
        }
        ended["spent"] = worker.spending.close()
        worker.write(ended, instance)
    return report


def pytest_bdd_before_step_call(
    request: pytest.FixtureRequest,
    feature: Feature,
    scenario: ParsedScenario,
    step: Step,
    step_func: Callable[..., Any],
    step_func_args: dict[str, Any],
) -> None:
    """Refuse a step that would pass without ever being awaited."""
    del request, feature, scenario, step_func_args
    if inspect.iscoroutinefunction(step_func):
        message = f"The step {step.name!r} is an async function, which would pass without being run."
        raise BrokenHarness(message)


class _Evidence:
    """What stands in the journal of one scenario, for the report: see ``reports.evidence``."""

    def __init__(self, journal: JournalTail, scenario: str) -> None:
        self._journal = journal
        self._scenario = scenario

    def mark(self) -> int:
        """The number of the journal's last line so far."""
        return self._journal.end()

    def lines_since(self, mark: int) -> list[Line]:
        """The scenario's lines after line ``mark``."""
        return list(self._journal.after(mark, scenario=self._scenario))


def _ending(call: pytest.CallInfo[None], attested_by: tuple[str, ...]) -> dict[str, object]:
    error = call.excinfo.value if call.excinfo else None
    if error is None:
        return {"outcome": "attested" if attested_by else "passed", "reason": None, "blame": None}
    if isinstance(error, Finding):
        return {"outcome": "failed", "reason": error.text.headline, "blame": "partner"}
    if isinstance(error, NotApplicable):
        return {"outcome": "not applicable", "reason": error.detail, "blame": None}
    if isinstance(error, NotProven):
        return {"outcome": "not proven", "reason": error.reason, "blame": error.blame, "detail": error.detail}
    if isinstance(error, LimitSpent | NeedsSandbox | PersonError):
        told = unproven(error)
        return {"outcome": "not proven", "reason": told.reason, "blame": told.blame, "detail": told.detail}
    blame = "partner" if isinstance(error, PartnerError) else "harness"
    detail = str(error) if isinstance(error, HarnessError) else f"{type(error).__name__}: {error}"
    return {"outcome": "not proven", "reason": "could not tell", "blame": blame, "detail": detail}


def _description(scenario: Scenario, instance: str) -> dict[str, object]:
    row = instance.removeprefix(scenario.id)
    return {
        "id": instance,
        "feature": scenario.feature,
        "path": scenario.path,
        "name": f"{scenario.name} {row}".strip(),
        "rule": scenario.rule,
        "criteria": list(scenario.criteria),
        "area": scenario.area,
    }


def _turn(scenario: Scenario) -> str:
    return next((turn for turn in reversed(TURNS) if turn in scenario.tags), "")


def _id_of(item: pytest.Item) -> str:
    function = getattr(item, "obj", None)
    parsed = scenario_wrapper_template_registry.get(function) if function else None
    if parsed is None:
        message = f"{item.nodeid} is not a scenario of a feature file."
        raise BrokenHarness(message)
    path = Path(parsed.feature.filename).as_posix().rsplit("/features/", 1)[-1]
    return scenario_id(path, parsed.name)


def _settings(config: pytest.Config) -> RunSettings:
    """The run's settings; waits for them the first time."""
    if SETTINGS_KEY not in config.stash:
        try:
            config.stash[SETTINGS_KEY] = pass_gate()
            end_with_run()
        except ConfigurationError as error:
            raise pytest.UsageError(str(error)) from error
    return config.stash[SETTINGS_KEY]
