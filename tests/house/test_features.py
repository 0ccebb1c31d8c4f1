"""House rules of the features: what pytest-bdd would let pass in silence."""

from __future__ import annotations

import importlib
import re
from collections import Counter

import pytest
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from pytest_bdd.parsers import StepParser
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from harness.players import STEP_MODULES
from harness.pytest_plugin import MARKERS
from harness.scenarios import FEATURES, read_scenarios
from harness.verdict.criteria import CRITERIA

HTTP_WORDS = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE|JSON|HTTP|endpoint|payload|status code|[1-5]\d\d)\b")
LONGEST_FEATURE = 100


def step_definitions() -> list[StepFunctionContext]:
    """Every definition of the step modules."""
    for name in STEP_MODULES:
        importlib.import_module(f"steps.{name}")
    found = [
        one
        for one in step_function_context_registry.values()
        if one.step_func.__module__.removeprefix("steps.") in STEP_MODULES
    ]
    assert len(found) > 40, "the registry of pytest-bdd has moved: this guard sees nothing"
    return found


def step_texts() -> list[tuple[str, str, str]]:
    """Every step of every scenario, Outline rows filled in: kind, text, where."""
    found = []
    for file in sorted(FEATURES.rglob("*.feature")):
        document = Parser().parse(file.read_text())
        for pickle in Compiler().compile({**document, "uri": file.name}):
            kind = "given"
            for step in pickle["steps"]:
                kind = {"Context": "given", "Action": "when", "Outcome": "then"}.get(step["type"], kind)
                found.append((kind, step["text"], f"{file.name}: {pickle['name']}"))
    return found


def test_scenario_names_are_unique_within_a_feature() -> None:
    """Of two scenarios of one name pytest-bdd drops one in silence."""
    counted = Counter((one.path, one.name) for one in read_scenarios())

    assert not [name for name, count in counted.items() if count > 1]


def test_every_step_is_matched_by_exactly_one_definition() -> None:
    """An over-wide phrase would win in silence."""
    definitions = step_definitions()
    wrong = []
    for kind, text, where in step_texts():
        matching = [one for one in definitions if one.type == kind and _matches(one.parser, text)]
        if len(matching) != 1:
            wrong.append((where, text, len(matching)))

    assert not wrong


def test_every_definition_is_used() -> None:
    """A step that no feature uses is a promise that nobody keeps."""
    texts = [(kind, text) for kind, text, _ in step_texts()]
    unused = [
        one.parser.name
        for one in step_definitions()
        if not any(kind == one.type and _matches(one.parser, text) for kind, text in texts)
    ]

    assert not unused


def test_every_scenario_names_its_criterion_and_its_area() -> None:
    """A criterion of the catalogue, in the folder of its area."""
    for scenario in read_scenarios():
        assert scenario.criteria, scenario.id
        assert set(scenario.criteria) <= set(CRITERIA), scenario.id
        assert scenario.area in scenario.tags, scenario.id
        assert {str(CRITERIA[one].area) for one in scenario.criteria} == {scenario.area}, scenario.id


def test_every_tag_has_a_meaning() -> None:
    """Areas, criteria and the tags of the glossary; nothing else."""
    areas = {str(one.area) for one in CRITERIA.values()}
    glossary = (FEATURES / "GLOSSARY.md").read_text()
    for scenario in read_scenarios():
        rest = scenario.tags - areas - set(CRITERIA)
        assert rest <= set(MARKERS), scenario.id
        assert all(f"`@{tag}`" in glossary for tag in rest), scenario.id


def test_features_speak_of_clinics_and_not_of_http() -> None:
    """A specialist reads them aloud."""
    spoken = [
        f"{file.name}: {line.strip()}"
        for file in FEATURES.rglob("*.feature")
        for line in file.read_text().splitlines()
        if HTTP_WORDS.search(line)
    ]

    assert not spoken


def test_features_are_short() -> None:
    """One capability a file."""
    assert not [
        file.name for file in FEATURES.rglob("*.feature") if len(file.read_text().splitlines()) > LONGEST_FEATURE
    ]


@pytest.mark.parametrize("scenario", read_scenarios(), ids=lambda one: one.id)
def test_a_scenario_is_brief(scenario: object) -> None:
    """Three to five steps where possible, never over nine: an activation brings much together."""
    steps = getattr(scenario, "steps", ())

    assert 2 <= len(steps) <= 9


def _matches(parser: StepParser, text: str) -> bool:
    return bool(parser.is_matching(text))
