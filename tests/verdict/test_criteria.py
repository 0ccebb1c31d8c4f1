"""The catalogue of criteria is the agreed table, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.contract.operations import OPERATIONS
from harness.verdict.criteria import CRITERIA, Area, Assembly, Level

ROWS = [row.split(" | ") for row in (Path(__file__).parent / "criteria_expected.txt").read_text().splitlines()]
LEVELS = {"R": Level.REQUIRED, "C": Level.CONDITIONAL, "A": Level.ADVISED}
AREAS = {
    "ACC": Area.ACCESS,
    "MAP": Area.MAPPING,
    "BOK": Area.BOOKINGS,
    "SCH": Area.SCHEDULE,
    "ACT": Area.ACTIVATION,
    "NOT": Area.NOTIFICATIONS,
    "RTB": Area.REALTIME,
    "RES": Area.RESILIENCE,
    "MON": Area.MONITORING,
    "API": Area.METHODS,
}


def test_the_catalogue_has_the_agreed_criteria_in_their_order() -> None:
    """No criterion is missing, none is added, none is renamed."""
    assert list(CRITERIA) == [row[0] for row in ROWS]


@pytest.mark.parametrize(("id_", "level", "capability", "text"), ROWS)
def test_a_criterion_is_what_was_agreed(id_: str, level: str, capability: str, text: str) -> None:
    """Level, capability, area and words are those of the table."""
    criterion = CRITERIA[id_]

    assert criterion.id == id_
    assert criterion.level is LEVELS[level]
    assert criterion.capability == (None if capability == "-" else capability)
    assert criterion.area is AREAS[id_.split("-")[1]]
    assert criterion.title == text


@pytest.mark.parametrize("id_", CRITERIA)
def test_a_criterion_says_where_it_is_proven_and_why_it_matters(id_: str) -> None:
    """Assemblies, source, reason and the API methods that prove it are there, and the methods exist."""
    criterion = CRITERIA[id_]
    known = set(OPERATIONS)

    assert set(criterion.assemblies) >= {Assembly.SELF, Assembly.PARTNER}
    assert criterion.source
    assert criterion.why.endswith(".")
    assert set(criterion.methods) <= known
