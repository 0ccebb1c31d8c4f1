"""The features on disk: which scenarios there are, what they are about, and which of them a selection names.

Reads with the Gherkin parser itself, so that a Rule's tags and the rows of an Outline count as they do in the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gherkin.parser import Parser

from harness.errors import ConfigurationError, UnknownName

__all__ = ["FEATURES", "Scenario", "read_scenarios", "scenario_id", "select"]

FEATURES = Path(__file__).resolve().parents[1] / "features"
CRITERION = re.compile(r"^DP-[A-Z]{3}-\d\d$")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario of a feature file; an Outline counts once, and runs once for each of its ``rows``."""

    id: str
    path: str
    """Below the folder of features, with forward slashes."""
    feature: str
    rule: str | None
    name: str
    line: int
    tags: frozenset[str]
    rows: tuple[str, ...]
    """What tells the rows of an Outline apart, as pytest names them; one empty text for a plain scenario."""
    steps: tuple[str, ...]

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria that it is about, in order."""
        return tuple(sorted(tag for tag in self.tags if CRITERION.match(tag)))

    @property
    def titles(self) -> tuple[str, ...]:
        """Feature and name of each time that it runs, as the verdict names them."""
        return tuple(f"{self.feature}: {self.name}" + (f" [{row}]" if row else "") for row in self.rows)

    @property
    def area(self) -> str:
        """The area: the folder's name."""
        return self.path.split("/", 1)[0]

    @property
    def alone(self) -> bool:
        """Whether nothing may run beside it."""
        return "alone" in self.tags

    @property
    def afterwards(self) -> bool:
        """Whether it judges the whole run, and so comes last."""
        return "afterwards" in self.tags


def scenario_id(path: str, name: str) -> str:
    """The scenario's id, e.g. ``bookings/patients#a-patient-cancels``: stable when punctuation changes."""
    slug = re.sub(r"[^\w]+", "-", name.casefold()).strip("-")
    return f"{path.removesuffix('.feature')}#{slug}"


@cache
def read_scenarios(root: Path = FEATURES) -> tuple[Scenario, ...]:
    """Every scenario below ``root``, by path and line.

    Raises:
        ConfigurationError: a feature file cannot be parsed, or there is none.
    """
    files = sorted(root.rglob("*.feature"))
    if not files:
        message = f"There are no feature files in {root}."
        raise ConfigurationError(message, hint="Run from a complete checkout of the project.")
    return tuple(scenario for file in files for scenario in _scenarios(file, file.relative_to(root).as_posix()))


def select(scenarios: Sequence[Scenario], *, areas: Iterable[str], criteria: Iterable[str]) -> tuple[Scenario, ...]:
    """The scenarios of the areas and criteria named; all where neither names any.

    Raises:
        UnknownName: nothing has a name that is asked for.
    """
    wanted_areas, wanted = frozenset(areas), frozenset(criteria)
    known_areas = {scenario.area for scenario in scenarios}
    if strange := sorted(wanted_areas - known_areas):
        message = f"No scenario is of the area {', '.join(strange)}. Areas: {', '.join(sorted(known_areas))}."
        raise UnknownName(message)
    if not wanted_areas and not wanted:
        return tuple(scenarios)
    return tuple(one for one in scenarios if one.area in wanted_areas or wanted & set(one.criteria))


def _scenarios(file: Path, path: str) -> Iterator[Scenario]:
    try:
        document: Mapping[str, Any] = Parser().parse(file.read_text(encoding="utf-8"))
    except Exception as error:  # the parser's errors share no public base
        message = f"The feature file {path} cannot be read: {error}"
        raise ConfigurationError(message) from error
    feature = document["feature"]
    tags = _tags(feature)
    for child in feature["children"]:
        if "rule" in child:
            rule = child["rule"]
            for inner in rule["children"]:
                if "scenario" in inner:
                    yield _scenario(inner["scenario"], path, feature["name"], rule["name"], tags | _tags(rule))
        elif "scenario" in child:
            yield _scenario(child["scenario"], path, feature["name"], None, tags)


def _scenario(node: Mapping[str, Any], path: str, feature: str, rule: str | None, tags: frozenset[str]) -> Scenario:
    return Scenario(
        id=scenario_id(path, node["name"]),
        path=path,
        feature=feature,
        rule=rule,
        name=node["name"],
        line=node["location"]["line"],
        tags=tags | _tags(node),
        rows=tuple(
            "-".join(cell["value"] for cell in row["cells"])
            for examples in node["examples"]
            for row in examples["tableBody"]
        )
        or ("",),
        steps=tuple(step["text"] for step in node["steps"]),
    )


def _tags(node: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(tag["name"].removeprefix("@") for tag in node["tags"])
