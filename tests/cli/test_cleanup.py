"""``acceptance cleanup``: what a user sees of it."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from cli.doors import OverTls, over_tls
from safety.places import ANNA, PHONE, Far, far
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


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OverTls]:
    """A Docplanner over TLS."""
    with over_tls(tmp_path_factory.mktemp("tls")) as made:
        yield made


@pytest.fixture
def left(secured: OverTls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Far]:
    """A run on it that booked a visit and went no further; everything that is known of it stands in the file."""
    monkeypatch.chdir(tmp_path)
    sandbox, trust = secured.docplanner.sandbox, ssl.create_default_context(cafile=secured.ca)
    credentials = tmp_path / "docplanner.json"
    credentials.write_text(json.dumps({"client_id": sandbox.client_id, "client_secret": sandbox.client_secret}))
    credentials.chmod(0o600)
    Path("acceptance.toml").write_text(
        f'[docplanner]\nat = "{secured.url}"\ncredentials_file = "docplanner.json"\n'
        f'tester_phone = "{PHONE}"\nca_file = "{secured.ca}"\n'
    )

    def transport() -> httpx.BaseTransport:
        return httpx.HTTPTransport(verify=trust)

    with far(tmp_path / ".acceptance", secured.docplanner, secured.url, transport) as made:
        secured.docplanner.fill(made.place, 3)
        with made.writing(transport) as api:
            api.bookings.book(made.at, made.moment(3, "09:00"), made.visit())
        yield made


def test_the_settings_of_a_run_are_those_of_cleaning_up(left: Far, cleanup: Cleanup) -> None:
    """Address, credentials, authority, and the tester's phone: nothing is typed, nothing stands in the environment."""
    patient = {"name": "Anna", "surname": "Acceptance", "phone": PHONE, "email": None}
    booked = {"by": "patient", "start": left.docplanner.at(3, "10:00"), "address_service_id": left.place.services[0]}
    left.docplanner.done("POST", f"{left.place.calendar}/visits", {**booked, "patient": patient})

    assert (done := cleanup()).exit_code == 0, done.output
    assert done.output.startswith("AS BEFORE")


def test_what_is_typed_goes_before_the_environment_and_that_before_the_file(
    left: Far, cleanup: Cleanup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told by whose credentials are looked at."""
    mine = left.endpoint.credentials.client_id
    monkeypatch.setenv("ACCEPTANCE_CLIENT_ID", "by-environment")
    monkeypatch.setenv("ACCEPTANCE_CLIENT_SECRET", "canary-secret")
    with pytest.raises(ConfigurationError, match=f"about API client {mine}, not by-environment") as refused:
        cleanup()
    assert "canary" not in str(refused.value)

    assert cleanup("--credentials-file", "docplanner.json").exit_code == 0


def test_a_journal_about_another_docplanner_is_named_with_what_to_give(left: Far, cleanup: Cleanup) -> None:
    """Its credentials are not sent there; what is about this one is undone all the same."""
    lines = left.journal.read_text().splitlines()
    elsewhere = left.journal.with_name("elsewhere.jsonl")
    begun = {**json.loads(lines[0]), "origin": "https://www.doctoralia.es"}
    elsewhere.write_text("\n".join([json.dumps(begun), *lines[1:]]))

    done = cleanup()

    assert done.exit_code == 2
    assert "AS BEFORE  .acceptance/writes/test.jsonl" in done.output
    told = f"elsewhere.jsonl is about API client {left.endpoint.credentials.client_id} at https://www.doctoralia.es"
    assert told in done.output
    assert "Give --at https://www.doctoralia.es" in done.output
    with pytest.raises(ConfigurationError, match="Give --at https"):
        cleanup()


def test_everything_that_is_wrong_with_the_settings_is_told_at_once(left: Far, cleanup: Cleanup) -> None:
    """And nothing is asked."""
    Path("docplanner.json").chmod(0o644)
    Path("acceptance.toml").write_text(
        '[docplanner]\nat = "nowhere"\ncredentials_file = "docplanner.json"\nca_file = "none.pem"\n'
    )
    with pytest.raises(ConfigurationError) as refused:
        cleanup()

    told = str(refused.value)
    assert "docplanner.at: 'nowhere' is neither an address" in told
    assert "chmod 600 docplanner.json" in told
    assert "none.pem holds no certificates" in told
    assert left.journal.exists()
