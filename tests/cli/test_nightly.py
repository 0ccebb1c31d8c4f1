"""Three nights: one accepted as the baseline, one with a seeded regression, one in which it is mended."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.runs import LONG, acceptance

BROKEN = ("--defect", "moves-only-add")
KNOWN = """
[[known]]
what = "DP-BOK-03"
reason = "moves wait for our release 4.2"
until = 2099-01-01
"""
SCOPE = () if LONG else ("--criterion", "DP-BOK-01", "--criterion", "DP-BOK-03")
WORLDS = "2" if LONG else "0"


@dataclass(frozen=True)
class Nightly:
    """What a night told, and how it ended."""

    code: int
    told: dict[str, Any]

    def kinds(self, what: str) -> set[str]:
        """Every change of one criterion."""
        return {one["kind"] for one in self.told["changes"] if one["what"] == what}


def night(place: Path, number: int, *more: str, history: str = "h.sqlite") -> Nightly:
    """Play one, with ``place`` as home of history and reports."""
    done = acceptance(
        *(
            "nightly",
            "--config",
            "none",
            "--history",
            str(place / history),
            "--output",
            str(place / f"{number}-{history}"),
        ),
        *("--name", "ours", "--worlds", WORLDS, "--no-html", "--json", *SCOPE, *more),
    )
    return Nightly(done.returncode, json.loads(done.stdout or "{}"))


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Nightly, Nightly, Nightly]:
    """The three of them, the first one accepted."""
    place = tmp_path_factory.mktemp("nights")
    first = night(place, 1)
    accepted = acceptance("baseline", "accept", "--history", str(place / "h.sqlite"))
    assert accepted.returncode == 0, accepted.stderr
    return place, first, night(place, 2, *BROKEN), night(place, 3)


def test_the_first_night_passes(nights: tuple[Path, Nightly, Nightly, Nightly]) -> None:
    """Nothing to hold it against, and nothing wrong."""
    _, first, _, _ = nights

    assert (first.code, first.told["before"], first.told["baseline"]) == (0, None, None)
    assert first.told["counts"]["failed"] == 0
    assert first.told["counts"]["passed"] >= 2


def test_the_regression_is_told(nights: tuple[Path, Nightly, Nightly, Nightly]) -> None:
    """By criterion and scenario, with the exit code of a regression."""
    _, first, second, _ = nights
    change = next(one for one in second.told["changes"] if one["what"] == "DP-BOK-03")

    assert (second.code, second.told["before"]) == (1, first.told["run"])
    assert (change["kind"], change["since"]) == ("newly failing", "the last night")
    assert "bookings/patients#a-patient-comes-later" in change["told"]
    assert LONG or second.kinds("DP-BOK-01") == set()


def test_what_was_mended_is_told(nights: tuple[Path, Nightly, Nightly, Nightly]) -> None:
    """And nothing else is wrong."""
    _, first, _, third = nights

    assert (third.code, third.told["baseline"]) == (0, first.told["run"])
    assert third.kinds("DP-BOK-03") == {"mended"}


def test_the_nights_are_remembered(nights: tuple[Path, Nightly, Nightly, Nightly]) -> None:
    """One criterion over the nights with its latency; every night beside the verdict page, which draws them."""
    place, *_ = nights
    listed = acceptance("history", "DP-BOK-03", "--history", str(place / "h.sqlite"), "--json")
    rows = json.loads(listed.stdout)

    assert [one["shown"]["outcome"] for one in rows] == ["passed", "failed", "passed"]
    assert rows[0]["shown"]["latency"]["count"] > 0
    assert len(json.loads((place / "3-h.sqlite" / "protocol.json").read_text())["nights"]) == 3


def test_no_secret_stands_in_the_history(nights: tuple[Path, Nightly, Nightly, Nightly]) -> None:
    """Outcomes, latencies and names of scenarios alone."""
    place, *_ = nights
    with sqlite3.connect(place / "h.sqlite") as connection:
        columns = {
            row[1]
            for table in ("nights", "criteria", "worlds")
            for row in connection.execute(f"PRAGMA table_info({table})")
        }
    connection.close()

    assert not {one for one in columns if "token" in one or "secret" in one or "patient" in one}


def test_a_known_failure_is_borne_and_one_that_passes_is_not(tmp_path: Path) -> None:
    """By a file that names both."""
    known = tmp_path / "known.toml"
    known.write_text(KNOWN + KNOWN.replace("DP-BOK-03", "DP-BOK-01"))
    found = night(tmp_path, 1, *BROKEN, "--known", str(known))

    assert found.code == 1
    assert found.kinds("DP-BOK-03") == {"known failure"}
    assert found.kinds("DP-BOK-01") == {"stale known failure"}


def test_what_cannot_be_used_is_said_before_anything_is_played(tmp_path: Path) -> None:
    """A file of known failures, a history, a run, a criterion."""
    known = tmp_path / "known.toml"
    known.write_text('[[known]]\nwhat = "DP-BOK-99"\nreason = "so"\nuntil = 2027-01-31\n')
    history = ("--history", str(tmp_path / "h.sqlite"))
    for arguments in (
        ("nightly", "--known", str(known), *history),
        ("baseline", "accept", "nobody", *history),
        ("history", *history),
        ("history", "DP-BOK-99", *history),
    ):
        done = acceptance(*arguments)

        assert done.returncode == 64, arguments
        assert "There is no" in done.stderr or "expected the id" in done.stderr
    assert not list(tmp_path.glob("*/journal.jsonl"))


def test_the_example_is_printed() -> None:
    """To begin with."""
    assert "[[known]]" in acceptance("nightly", "--example").stdout
