"""Where a scenario stands in the report: area, feature, rule, criteria, severity, and a name that history keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

import pytest
from allure_commons.types import LabelType, LinkType, Severity
from pytest_bdd.parser import ScenarioTemplate, render_string
from pytest_bdd.scenario import scenario_wrapper_template_registry

__all__ = ["CriterionInfo", "ScenarioPlace", "label", "place_of"]

EXAMPLE = "_pytest_bdd_example"
"""The parameter in which pytest-bdd keeps the row of an outline."""

SEVERITIES = {"required": Severity.BLOCKER, "conditional": Severity.CRITICAL, "advised": Severity.MINOR}
"""By the level of the weightiest criterion: what decides the verdict blocks."""


class CriterionInfo(Protocol):
    """What the report shows of a criterion of the catalogue."""

    @property
    def id(self) -> str:
        """Such as ``DP-BOK-01``."""
        ...

    @property
    def title(self) -> str:
        """What the partner system does, without a subject."""
        ...

    @property
    def area(self) -> str:
        """One of the areas of the catalogue."""
        ...

    @property
    def level(self) -> str:
        """``required``, ``conditional`` or ``advised``."""
        ...


@dataclass(frozen=True, slots=True)
class ScenarioPlace:
    """A scenario of a feature file, an outline's row by itself."""

    path: str
    """The feature file from its area's directory on, with slashes."""
    area: str
    feature: str
    story: str
    """The Rule, or the feature where there is none: exactly one, for two would be counted twice."""
    name: str
    example: Mapping[str, str]
    description: str
    criteria: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """The name by which history knows the scenario: it stays when Python's names change."""
        return f"{self.path}: {self.story}: {self.name}"


def place_of(item: pytest.Item, criteria: Mapping[str, CriterionInfo]) -> ScenarioPlace | None:
    """Where the item's scenario stands; None for a test that is no scenario."""
    function = getattr(item, "function", None)
    template: ScenarioTemplate | None = scenario_wrapper_template_registry.get(function) if function else None
    if template is None:
        return None
    feature = template.feature
    # Marks, not the template's own tags: tags on Examples reach pytest as marks and nothing else.
    marks = {mark.name for mark in item.iter_markers()}
    ids = tuple(sorted(marks & criteria.keys()))
    areas = {criterion.area for criterion in criteria.values()}
    declared = sorted(feature.tags & areas) or sorted({criteria[criterion].area for criterion in ids})
    example = _example_of(item)
    return ScenarioPlace(
        path=PurePath(feature.rel_filename).as_posix(),
        area=declared[0] if declared else "no area",
        feature=feature.name,
        story=template.rule.name if template.rule else feature.name,
        name=render_string(template.name, example),
        example=example,
        description=(template.description or feature.description or "").strip(),
        criteria=ids,
    )


def label(item: pytest.Item, place: ScenarioPlace, criteria: Mapping[str, CriterionInfo]) -> None:
    """Give the item its Allure labels: epic, feature, story, severity, and a link for each criterion.

    Criterion ids become tags by themselves: allure-pytest turns every plain mark into one.
    """
    # The very marks that allure.epic(), allure.link() and their like make.
    mark = pytest.mark.allure_label
    item.add_marker(mark(place.area, label_type=LabelType.EPIC))
    item.add_marker(mark(place.feature, label_type=LabelType.FEATURE))
    item.add_marker(mark(place.story, label_type=LabelType.STORY))
    levels = {str(criteria[criterion].level) for criterion in place.criteria}
    severity = next((severity for level, severity in SEVERITIES.items() if level in levels), Severity.NORMAL)
    item.add_marker(mark(severity.value, label_type=LabelType.SEVERITY))
    for criterion in place.criteria:
        name = f"{criterion} {criteria[criterion].title}"
        address = f"verdict.html#{criterion}"
        item.add_marker(pytest.mark.allure_link(address, link_type=LinkType.TEST_CASE, name=name))


def _example_of(item: pytest.Item) -> Mapping[str, str]:
    callspec = getattr(item, "callspec", None)
    params: Mapping[str, Mapping[str, str]] = callspec.params if callspec else {}
    return params.get(EXAMPLE, {})
