"""The nights in SQLite: what was put in comes out, after the file was closed and opened."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from harness.errors import ConfigurationError
from harness.history.nights import Latency, Night, Shown, WorldShown
from harness.history.store import Nights
from harness.monitor.history import History
from harness.verdict.outcome import Outcome

AT = datetime(2026, 11, 1, 2, tzinfo=UTC)
TEXTS = some.text(max_size=20)
SECONDS = some.floats(0, 999).map(lambda one: round(one, 3))
SHOWN = some.builds(
    Shown,
    outcome=some.sampled_from(Outcome),
    reason=TEXTS,
    blame=TEXTS,
    decisive=some.booleans(),
    scenarios=some.lists(TEXTS, max_size=3).map(tuple),
    latency=some.none() | some.builds(Latency, count=some.integers(1, 99), median_s=SECONDS, p95_s=SECONDS),
)
WORLDS = some.lists(
    some.builds(WorldShown, TEXTS, some.integers(0, 99), TEXTS, some.lists(TEXTS, max_size=2).map(tuple)),
    max_size=3,
    unique_by=lambda one: one.name,
)


def night(run: str = "r1", at: datetime = AT, subject: str = "ours", **more: object) -> Night:
    """A night that passed."""
    told = {"shown": {"DP-BOK-01": Shown(Outcome.PASSED)}, **more}
    texts = dict.fromkeys(("system", "version", "assembly", "marketplace", "profile", "delivery"), "x")
    return Night(subject=subject, run=run, at=at, verdict="accepted", exit_code=0, **texts, **told)  # type: ignore[arg-type]


@given(shown=some.dictionaries(TEXTS, SHOWN, max_size=4), worlds=WORLDS, trouble=TEXTS, narrowed=some.booleans())
def test_what_was_put_in_comes_out(
    shown: dict[str, Shown],
    worlds: list[WorldShown],
    trouble: str,
    narrowed: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """All of it."""
    file = tmp_path_factory.mktemp("nights") / "h.sqlite"
    kept = night(
        shown=shown, worlds=tuple(sorted(worlds, key=lambda one: one.name)), trouble=trouble, narrowed=narrowed
    )
    with Nights(file) as nights:
        nights.add(kept)
    with Nights(file) as nights:
        found = nights.nights("ours")

    assert [vars_of(one) for one in found] == [vars_of(kept)]


def vars_of(one: Night) -> dict[str, object]:
    """Its fields, criteria in order."""
    told = {name: getattr(one, name) for name in Night.__dataclass_fields__}
    return {**told, "shown": dict(sorted(one.shown.items())), "worlds": sorted(one.worlds, key=lambda w: w.name)}


def test_nights_come_in_order_and_each_configuration_has_its_own(tmp_path: Path) -> None:
    """The oldest first; the last ones alone where that is asked; the same run takes its own place."""
    with Nights(tmp_path / "h.sqlite") as nights:
        for n in (2, 1, 3):
            nights.add(night(f"r{n}", AT + timedelta(days=n)))
        nights.add(night("other", subject="theirs"))
        nights.add(night("r2", AT + timedelta(days=2)))

        assert [one.run for one in nights.nights("ours")] == ["r1", "r2", "r3"]
        assert [one.run for one in nights.nights("ours", last=2)] == ["r2", "r3"]
        assert set(nights.subjects()) == {"ours", "theirs"}


def test_a_baseline_is_accepted_and_replaced(tmp_path: Path) -> None:
    """One for each configuration."""
    with Nights(tmp_path / "h.sqlite") as nights:
        nights.add(night("r1"))
        nights.add(night("r2", AT + timedelta(days=1)))

        assert nights.baseline("ours") is None
        nights.accept("r1", AT)
        nights.accept("r2", AT)
        accepted = nights.baseline("ours")

    assert accepted is not None
    assert accepted.night.run == "r2"


@pytest.mark.parametrize("run", ["nobody", "down"])
def test_what_cannot_be_a_baseline_is_refused(tmp_path: Path, run: str) -> None:
    """A night that there is not, or that could not be judged."""
    with Nights(tmp_path / "h.sqlite") as nights:
        nights.add(night("down", shown={}, trouble="the partner system is not there"))

        with pytest.raises(ConfigurationError):
            nights.accept(run, AT)


def test_monitor_and_nights_share_one_file(tmp_path: Path) -> None:
    """As the commands do by default."""
    file = tmp_path / "h.sqlite"
    History(file).close()
    with Nights(file) as nights:
        nights.add(night())
    History(file).close()
    with Nights(file) as nights:
        assert len(nights.nights("ours")) == 1


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    """With both versions, and a remedy."""
    file = tmp_path / "h.sqlite"
    with Nights(file):
        pass
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE versions SET version = '0' WHERE room = 'nights'")
    connection.close()

    with pytest.raises(ConfigurationError, match="expected nights 1, saw 0"):
        Nights(file)


def test_something_else_is_refused(tmp_path: Path) -> None:
    """In plain words."""
    file = tmp_path / "h.sqlite"
    file.write_text("not a database, and long enough to be looked at" * 40)

    with pytest.raises(ConfigurationError, match="cannot be used"):
        Nights(file)
