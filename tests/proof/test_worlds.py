"""The worlds in which a correct partner must pass."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from runs import acceptance

from harness.contract.marketplaces import MARKETPLACES
from harness.proof.worlds import World, every_world, next_change, pairwise
from harness.sandbox.profiles import PROFILES

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FIELDS = ("profile", "delivery", "marketplace", "day", "server_zone", "ids")


def pairs(worlds: list[World]) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    """Every two values that meet in one of the worlds."""
    return {
        ((one, getattr(world, one)), (other, getattr(world, other)))
        for world in worlds
        for one, other in combinations(FIELDS, 2)
    }


@settings(max_examples=5)
@given(st.integers(0, 1000))
def test_any_two_values_that_can_meet_do_meet(seed: int) -> None:
    """With far fewer runs than all worlds would take."""
    every, some = list(every_world(NOW)), pairwise(seed, NOW)

    assert pairs(some) == pairs(every)
    assert len(some) * 10 < len(every)
    assert {one.marketplace for one in some} == set(MARKETPLACES)
    assert {one.profile for one in some} == set(PROFILES)


def test_clocks_change_where_they_change() -> None:
    """On the days of the year 2027; nowhere that they never do."""
    warsaw, sao_paulo, santiago = (
        ZoneInfo(f"{one}") for one in ("Europe/Warsaw", "America/Sao_Paulo", "America/Santiago")
    )

    assert next_change(warsaw, NOW, forward=True) == date(2027, 3, 28)
    assert next_change(warsaw, NOW, forward=False) == date(2027, 10, 31)
    assert next_change(sao_paulo, NOW, forward=True) is None
    assert next_change(santiago, NOW, forward=False) is not None


def test_a_world_begins_at_noon_before_its_day() -> None:
    """So that tomorrow is the day on which clocks change."""
    world = World("harsh", "pull", "znanylekarz.pl", "clocks forward", "UTC", "numbers")

    arguments = world.arguments(NOW)
    assert arguments[arguments.index("--begin") + 1] == "2027-03-27T12:00:00+01:00"
    assert "numeric_ids=true" in arguments
    assert world.environment == {"TZ": "UTC"}
    assert "/" not in world.name


def test_names_tell_worlds_apart() -> None:
    """Each has a folder of its own."""
    every = list(every_world(NOW))

    assert len({one.name for one in every}) == len(every)


def test_options_that_cannot_be_used_are_told_before_anything_is_played(tmp_path: Path) -> None:
    """With every mistake."""
    done = acceptance("run", "--worlds", "--criterion", "DP-BOK-1", "--setting", "reach=9", "--begin", "noon")

    assert done.returncode == 64
    for part in ("DP-BOK-1", "reach", "--begin takes"):
        assert part in done.stderr
    assert not list(tmp_path.iterdir())


def test_one_world_is_played_for_real(tmp_path: Path) -> None:
    """A clock-change day far away, servers elsewhere, ids as numbers: the honest stub passes."""
    world = World("documented", "both", "doctoralia.cl", "clocks back", "Asia/Tokyo", "numbers")
    done = acceptance(
        "run",
        "--no-html",
        "--criterion",
        "DP-SCH-01",
        "--output",
        str(tmp_path / "out"),
        *world.arguments(datetime.now(UTC)),
        environment=world.environment,
    )

    verdict = json.loads((tmp_path / "out" / "verdict.json").read_text())
    row = next(one for one in verdict["criteria"] if one["id"] == "DP-SCH-01")
    assert row["outcome"] == "passed", done.stdout
    assert verdict["marketplace"] == "doctoralia.cl"
