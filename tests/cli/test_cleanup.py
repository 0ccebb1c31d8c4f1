"""``acceptance cleanup``: what a user sees of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from safety.places import ANNA, Far, far
from sandbox.served import Served, served
from typer.testing import CliRunner, Result

from harness.cli.app import app
from harness.errors import ConfigurationError
from harness.safety.writes import unfinished

Cleanup = Callable[..., Result]


@pytest.fixture(scope="module")
def docplanner() -> Iterator[Served]:
    """One sandbox for the file."""
    with served() as running:
        yield running


@pytest.fixture
def there(docplanner: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Far]:
    """A run that booked a visit and went no further, in the directory in which the command is typed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACCEPTANCE_CLIENT_ID", docplanner.sandbox.client_id)
    monkeypatch.setenv("ACCEPTANCE_CLIENT_SECRET", docplanner.sandbox.client_secret)
    with far(tmp_path / ".acceptance", docplanner) as made:
        docplanner.fill(made.place, 3)
        with made.writing() as api:
            api.bookings.book(made.at, made.moment(3, "09:00"), made.visit())
        yield made


@pytest.fixture
def cleanup() -> Cleanup:
    """The command as it is typed."""

    def typed(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["cleanup", "--settle", "0.4", *arguments], catch_exceptions=False)

    return typed


def test_what_is_left_is_found_undone_and_told(there: Far, cleanup: Cleanup) -> None:
    """Once; then there is nothing to undo."""
    first, second = cleanup(), cleanup()

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output.startswith(f"AS BEFORE  {there.journal.relative_to(Path.cwd())}")
    assert "cancelled" in first.output
    assert "remains as a cancelled one" in first.output
    assert second.output == "Nothing to undo: no run left anything behind.\n"
    assert ANNA.phone not in first.output + there.journal.read_text()


def test_what_cannot_be_undone_is_listed_and_looked_for_again(there: Far, cleanup: Cleanup) -> None:
    """A stranger's visit in the time that was offered before."""
    there.docplanner.book(there.place, there.docplanner.at(3, "10:00"))
    done = cleanup("--json")
    told = json.loads(done.output)[0]

    assert done.exit_code == 1
    assert not told["clean"]
    assert any("this run did not book it" in one for one in told["left"])
    assert unfinished(Path(".acceptance/writes"))


def test_a_visit_of_the_tester_is_cancelled_where_the_phone_is_told(
    there: Far, cleanup: Cleanup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the environment: what stands on a command line can be read by others."""
    patient = {"name": "Anna", "surname": "Acceptance", "phone": ANNA.phone, "email": None}
    booked = {"by": "patient", "start": there.docplanner.at(3, "10:00"), "address_service_id": there.place.services[0]}
    there.docplanner.done("POST", f"{there.place.calendar}/visits", {**booked, "patient": patient})
    monkeypatch.setenv("ACCEPTANCE_TESTER_PHONE", ANNA.phone)

    assert (done := cleanup()).exit_code == 0, done.output


def test_a_docplanner_that_does_not_answer_leaves_everything_unknown(there: Far, cleanup: Cleanup) -> None:
    """Nothing counts as undone; the journal stays."""
    failing = {"target": "read", "effect": "fail", "status": 503, "count": 1000, "address_id": there.place.address_id}
    fault = there.docplanner.done("POST", "/faults", {**failing, "when": "before"})
    done = cleanup()
    there.docplanner.control("DELETE", f"/faults/{fault['fault_id']}")

    assert done.exit_code == 2
    assert done.output.startswith("NOBODY KNOWS")
    assert (done := cleanup()).exit_code == 0, done.output


def test_other_credentials_are_refused_before_anything_is_asked(
    there: Far, cleanup: Cleanup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may see somebody else's calendars."""
    monkeypatch.setenv("ACCEPTANCE_CLIENT_ID", "somebody-else")
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda *_: pytest.fail("something was asked"))

    with pytest.raises(ConfigurationError, match="not somebody-else"):
        cleanup()
    assert there.journal.exists()
