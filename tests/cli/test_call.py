"""``acceptance call`` against a real embedded sandbox."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from harness.cli.app import app
from harness.clock import MovableClock
from harness.contract.operations import OPERATIONS
from harness.errors import ConfigurationError, UnknownName
from harness.recorder.journal import MemoryJournal
from harness.sandbox.http.server import RunningSandbox, serve
from harness.sandbox.settings import SandboxSettings

DONE, REFUSED, UNKNOWN = 0, 1, 2


@dataclass(frozen=True)
class Caller:
    """The command line beside a running sandbox."""

    sandbox: RunningSandbox
    file: Path

    def __call__(self, *words: str) -> Result:
        """``acceptance call`` with these words; errors of usage are raised."""
        arguments = ["call", *words, "--at", self.sandbox.base_url, "--credentials-file", str(self.file)]
        return CliRunner().invoke(app, arguments, catch_exceptions=False)

    def told(self, *words: str) -> Any:  # noqa: ANN401 - JSON
        """What ``--json`` prints."""
        return json.loads(self(*words, "--json").stdout)

    @property
    def place(self) -> list[str]:
        """The words that name the first address of the first clinic."""
        facility = next(iter(self.sandbox.state.directory.facilities.values()))
        doctor = next(iter(facility.doctors.values()))
        address = next(iter(doctor.addresses))
        return [f"facility_id={facility.id}", f"doctor_id={doctor.id}", f"address_id={address}"]


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """One sandbox for all tests of this module."""
    file = tmp_path_factory.mktemp("call") / "client.json"
    with serve(SandboxSettings(clinics=1), journal=MemoryJournal(), clock=MovableClock()) as sandbox:
        file.touch(mode=0o600)
        file.write_text(json.dumps({"client_id": sandbox.client_id, "client_secret": sandbox.client_secret}))
        yield Caller(sandbox, file)


def test_a_read_is_shown_with_its_curl_and_without_secrets(caller: Caller) -> None:
    """Both messages, and a command that repeats it with a variable for the token."""
    done = caller("getFacilities")

    assert done.exit_code == DONE
    assert "200 OK" in done.output
    assert 'Bearer \'"$ACCESS_TOKEN"' in done.output
    assert caller.sandbox.client_secret not in done.output
    assert "dptoken-" not in done.output


def test_a_machine_reads_it_as_json(caller: Caller) -> None:
    """Outcome, exchange and curl in one object."""
    told = caller.told("getAddressServices", *caller.place)

    assert told["outcome"] == "done"
    assert told["exchange"]["operation"] == "getAddressServices"
    assert told["exchange"]["breaches"] == []
    assert told["exchange"]["response"]["json"]["_items"]
    assert told["curl"].startswith("curl -X")


def test_a_write_must_be_meant(caller: Caller) -> None:
    """Without --write nothing is sent."""
    with pytest.raises(ConfigurationError, match=r"enableCalendar changes something. Add --write"):
        caller("enableCalendar", *caller.place)

    assert caller("disableCalendar", *caller.place, "--write").exit_code == DONE
    assert caller("enableCalendar", *caller.place, "--write").exit_code == DONE


def test_a_pull_takes_something_away_although_it_is_a_get(caller: Caller) -> None:
    """It must be meant too, and is refused outside this machine whatever is allowed."""
    with pytest.raises(ConfigurationError, match="takes notifications out of the queue"):
        caller("pullNotification")
    with pytest.raises(ConfigurationError, match="embedded sandbox alone"):
        CliRunner().invoke(
            app, ["call", "pullNotification", "--write", "--at", "znanylekarz.pl"], catch_exceptions=False
        )


def test_a_facility_elsewhere_must_be_named_before_it_is_written_to(caller: Caller) -> None:
    """The remedy names the option."""
    elsewhere = ["call", "enableCalendar", *caller.place, "--write", "--at", "https://www.znanylekarz.pl"]

    with pytest.raises(ConfigurationError, match="Add --allow-facility"):
        CliRunner().invoke(app, elsewhere, catch_exceptions=False)
    with pytest.raises(ConfigurationError, match="Add --allow-facility"):
        CliRunner().invoke(app, [*elsewhere, "--allow-facility", "1"], catch_exceptions=False)


def test_a_secret_goes_nowhere_unprotected() -> None:
    """Plain HTTP is for this machine alone."""
    with pytest.raises(ConfigurationError, match="unprotected"):
        CliRunner().invoke(app, ["call", "getFacilities", "--at", "http://example.org"], catch_exceptions=False)


def test_a_body_is_made_of_words_and_the_patient_is_masked(caller: Caller) -> None:
    """Nested fields, kinds by the contract; what the API refuses is told in its words."""
    start = "2026-11-24T09:00:00+01:00"
    words = [*caller.place, f"start={start}", "address_service_id=1", "duration=30"]
    told = caller.told("bookSlot", *words, "patient.name=Anna", "patient.phone=48500600700", "--write")

    sent = told["exchange"]["request"]["json"]
    assert told["outcome"] == "refused"
    assert "404" in told["message"]
    assert sent["duration"] == 30
    assert sent["patient"]["name"] != "Anna"
    assert "48500600700" not in json.dumps(told)


def test_everything_wrong_is_told_at_once(caller: Caller) -> None:
    """What is missing with an example, what is unknown with the nearest name, what has no form."""
    with pytest.raises(ConfigurationError) as told:
        caller("getSlots", "facility_id=1", "strat=2026-11-24", "whatever")

    text = str(told.value)
    for part in ("doctor_id is missing", "address_id is missing", "start is missing", "strat", "'whatever'"):
        assert part in text
    assert "start=2026-11-24T09:00:00+01:00" in text


def test_values_are_checked_by_the_contract(caller: Caller) -> None:
    """A date without an offset is not sent."""
    with pytest.raises(ConfigurationError, match="start"):
        caller("getSlots", *caller.place, "start=2026-11-24", "end=2026-11-25T00:00:00+01:00")


def test_a_body_may_come_from_a_file(caller: Caller, tmp_path: Path) -> None:
    """Words on top of it change it; a file that holds no object is refused."""
    file = tmp_path / "body.json"
    file.write_text('{"description": "lunch", "since": "2026-11-24T12:00:00+01:00"}')

    told = caller.told("addCalendarBreak", *caller.place, f"@{file}", "till=2026-11-24T13:00:00+01:00", "--write")

    assert told["outcome"] == "done"
    file.write_text("[]")
    with pytest.raises(ConfigurationError, match="must hold a JSON object"):
        caller("addCalendarBreak", *caller.place, f"@{file}", "--write")


def test_a_file_that_others_can_read_is_no_place_for_a_secret(caller: Caller, tmp_path: Path) -> None:
    """With the command that mends it."""
    file = tmp_path / "client.json"
    file.write_text("{}")
    file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        Caller(caller.sandbox, file)("getFacilities")


def test_an_operation_that_does_not_exist_is_told_with_its_likes(caller: Caller) -> None:
    """And where to look."""
    with pytest.raises(UnknownName, match=r"bookSlot.*--list"):
        caller("bokSlot")


def test_nobody_there_is_unknown() -> None:
    """No answer is no refusal, and exit code 2."""
    environment = {"ACCEPTANCE_CLIENT_ID": "someone", "ACCEPTANCE_CLIENT_SECRET": "something-secret"}
    done = CliRunner().invoke(app, ["call", "getFacilities", "--at", "http://127.0.0.1:9"], env=environment)

    assert done.exit_code == UNKNOWN
    assert "Nobody knows" in done.output


def test_every_operation_is_listed_and_described() -> None:
    """In words and as JSON."""
    listed = CliRunner().invoke(app, ["call", "--list"]).output
    rows = json.loads(CliRunner().invoke(app, ["call", "--list", "--json"]).output)

    assert {row["operation"] for row in rows} == set(OPERATIONS)
    for name in OPERATIONS:
        assert re.search(rf"\b{name}\b", listed)
        described = CliRunner().invoke(app, ["call", name, "--describe"])
        assert described.exit_code == 0
        assert f"acceptance call {name}" in described.output
