"""What an API client could touch is shown once, and again once it has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from safety.places import Far, far
from sandbox.served import Served, served

from harness.clock import SystemClock
from harness.errors import ConfigurationError, NotAllowed
from harness.safety.estate import Confirmations, Estate
from harness.safety.session import Rules, confirmed_estate, reading


@pytest.fixture(scope="module")
def docplanner() -> Iterator[Served]:
    """One sandbox for the file."""
    with served() as running:
        yield running


@pytest.fixture
def there(docplanner: Served, tmp_path: Path) -> Iterator[Far]:
    """A facility of its own."""
    with far(tmp_path, docplanner) as made:
        yield made


def asked(there: Far, file: Path, answer: str | None, rules: Rules | None = None) -> list[str]:
    """What is shown before the estate counts as confirmed."""
    shown: list[str] = []

    def ask(text: str) -> str | None:
        shown.append(text)
        return answer

    with reading(there.endpoint, httpx.HTTPTransport, SystemClock()) as api:
        confirmed_estate(api, there.endpoint, rules or there.rules, Confirmations(file), ask, SystemClock())
    return shown


def test_the_estate_is_shown_once_and_again_when_it_has_changed(there: Far, tmp_path: Path) -> None:
    """Whoever confirmed it; a clinic more is another estate."""
    file = tmp_path / "state" / "estates.json"
    first = asked(there, file, "Ewa")
    again = asked(there, file, None)
    there.docplanner.place()
    changed = asked(there, file, "Ewa")

    assert [len(one) for one in (first, again, changed)] == [1, 0, 1]
    assert f"facility {there.place.facility_id}): may be WRITTEN to" in first[0]
    assert first[0].count("may be WRITTEN to") == 1
    assert "read only" in first[0]
    assert file.stat().st_mode & 0o077 == 0


def test_nobody_confirming_means_nothing_is_written(there: Far, tmp_path: Path) -> None:
    """And asking again next time."""
    for _ in range(2):
        with pytest.raises(NotAllowed, match="Nobody confirmed"):
            asked(there, tmp_path / "estates.json", None)


def test_a_facility_that_cannot_be_seen_is_a_mistake(there: Far, tmp_path: Path) -> None:
    """Most likely mistyped."""
    with pytest.raises(ConfigurationError, match="cannot be seen"):
        asked(there, tmp_path / "estates.json", "Ewa", Rules(frozenset({"999999999"})))


def test_a_file_that_cannot_be_read_confirms_nothing(there: Far, tmp_path: Path) -> None:
    """Nor one that says something else."""
    file = tmp_path / "estates.json"
    for text in ("", "[1]", '{"x": 1}', "\0"):
        file.write_text(text)

        assert not Confirmations(file).has(there.estate)


def test_the_fingerprint_tells_every_change_and_no_order(there: Far) -> None:
    """Another place, name, client, host or right to write; not another order."""
    estate = there.estate
    first = estate.places[0]
    changed: list[Estate] = [
        replace(estate, places=estate.places[1:]),
        replace(estate, places=(replace(first, facility="Another name"), *estate.places[1:])),
        replace(estate, places=(replace(first, address_id="1"), *estate.places[1:])),
        replace(estate, client_id="another"),
        replace(estate, origin="https://www.jameda.de"),
        replace(estate, writable=frozenset()),
    ]

    assert replace(estate, places=tuple(reversed(estate.places))).fingerprint == estate.fingerprint
    assert len({estate.fingerprint, *(one.fingerprint for one in changed)}) == len(changed) + 1
