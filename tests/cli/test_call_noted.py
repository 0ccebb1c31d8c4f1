"""What ``acceptance call`` writes at a named facility is noted, and ``acceptance cleanup`` takes it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sandbox.served import Place, Served, served
from typer.testing import CliRunner, Result

from harness.cli.app import app
from harness.errors import ConfigurationError, NotAllowed
from harness.safety.writes import read_writes, unfinished

WRITES = Path(".acceptance/writes")
PHONE = "+48500600700"
Typed = Callable[..., Result]


@pytest.fixture(scope="module")
def docplanner() -> Iterator[Served]:
    """One sandbox for the file."""
    with served() as running:
        yield running


@pytest.fixture
def place(docplanner: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A calendar with working time and a visit that was there before; the command is typed in an empty directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACCEPTANCE_CLIENT_ID", docplanner.sandbox.client_id)
    monkeypatch.setenv("ACCEPTANCE_CLIENT_SECRET", docplanner.sandbox.client_secret)
    made = docplanner.place()
    docplanner.fill(made, 3)
    docplanner.book(made, docplanner.at(3, "10:00"))
    return made


@pytest.fixture
def call(docplanner: Served, place: Place) -> Typed:
    """A call that writes to the place, whose facility is named."""
    where = [f"facility_id={place.facility_id}", f"doctor_id={place.doctor_id}", f"address_id={place.address_id}"]

    def typed(operation: str, *words: str) -> Result:
        options = ["--at", docplanner.sandbox.base_url, "--write", "--allow-facility", place.facility_id]
        return CliRunner().invoke(app, ["call", operation, *where, *words, *options], catch_exceptions=False)

    return typed


def cleanup() -> Result:
    """The command as it is typed."""
    return CliRunner().invoke(app, ["cleanup", "--settle", "0.1"], catch_exceptions=False)


def visits(docplanner: Served, place: Place) -> list[tuple[str, str]]:
    """Id and status of every visit there, the earliest first."""
    items = seen(docplanner, place, "visits")
    return [(one["booking_id"], one["status"]) for one in sorted(items, key=lambda one: str(one["start"]))]


def offers(docplanner: Served, place: Place) -> list[dict[str, Any]]:
    """What can be booked there."""
    return seen(docplanner, place, "offers")


def seen(docplanner: Served, place: Place, what: str) -> list[dict[str, Any]]:
    """By the control API, in the days of the tests."""
    span = urlencode({"from": docplanner.at(1, "00:00"), "to": docplanner.at(6, "00:00")})
    items: list[dict[str, Any]] = docplanner.done("GET", f"{place.calendar}/{what}?{span}")["items"]
    return items


def booked(docplanner: Served, place: Place, hour: str = "09:00") -> list[str]:
    """The words that book a visit."""
    visit = [f"address_service_id={place.services[0]}", "duration=30", "patient.name=Canary"]
    return [f"start={docplanner.at(3, hour)}", *visit, "patient.surname=Acceptance", f"patient.phone={PHONE}"]


def test_a_visit_is_taken_back(docplanner: Served, place: Place, call: Typed) -> None:
    """What was there before stays; nobody is named in the journal."""
    before = visits(docplanner, place)
    done = call("bookSlot", *booked(docplanner, place))
    (journal,) = unfinished(WRITES)

    assert (done.exit_code, f"Noted in {journal}" in done.output) == (0, True)
    assert "Canary" not in journal.read_text()
    assert PHONE not in journal.read_text()
    assert len(visits(docplanner, place)) == len(before) + 1
    assert cleanup().output.startswith("AS BEFORE")
    assert [one for one in visits(docplanner, place) if one[1] == "booked"] == before
    assert unfinished(WRITES) == []


def test_calls_that_follow_each_other_are_taken_back_together(docplanner: Served, place: Place, call: Typed) -> None:
    """The second may change what the first one made; before is what was there before the first."""
    before = offers(docplanner, place)
    call("bookSlot", *booked(docplanner, place))
    (journal,) = unfinished(WRITES)
    mine = visits(docplanner, place)[0][0]
    assert call("cancelBooking", f"booking_id={mine}").exit_code == 0
    assert call("deleteSlots", f"date={docplanner.day(3)}").exit_code == 0

    assert unfinished(WRITES) == [journal]
    assert [one.operation for one in read_writes(journal).intended] == ["bookSlot", "cancelBooking", "deleteSlots"]
    assert seen(docplanner, place, "working-time") == []
    assert cleanup().output.startswith("AS BEFORE")
    assert offers(docplanner, place) == before


def test_a_visit_that_was_there_before_is_not_touched(docplanner: Served, place: Place, call: Typed) -> None:
    """It could not be put back; and nothing is left to undo."""
    before = visits(docplanner, place)

    with pytest.raises(NotAllowed, match="was there before"):
        call("cancelBooking", f"booking_id={before[0][0]}")
    assert visits(docplanner, place) == before
    assert list(WRITES.glob("*")) == []


def test_what_was_refused_leaves_nothing_to_undo(docplanner: Served, place: Place, call: Typed) -> None:
    """A time that is taken."""
    done = call("bookSlot", *booked(docplanner, place, "10:00"))

    assert done.exit_code == 1
    assert "Noted" not in done.output
    assert unfinished(WRITES) == []


def test_what_is_meant_to_stay_stays(docplanner: Served, place: Place, call: Typed) -> None:
    """It is noted all the same; and is not mixed with what is to be taken back."""
    docplanner.done("PATCH", place.calendar, {"calendar": "disabled"})
    assert call("enableCalendar", "--keep").exit_code == 0
    assert len(list(WRITES.glob("*.jsonl"))) == 1
    assert cleanup().output.startswith("Nothing to undo")

    told = json.loads(call("bookSlot", *booked(docplanner, place), "--json").output)
    assert Path(told["noted"]) == unfinished(WRITES)[0]
    with pytest.raises(NotAllowed, match="not taken back yet"):
        call("disableCalendar", "--keep")
    assert cleanup().exit_code == 0


def test_a_visit_is_not_moved_to_where_nobody_looked(docplanner: Served, place: Place, call: Typed) -> None:
    """To another address of the facility it is, and is taken back from there."""
    other = place.clinic["doctors"][1]["calendars"][0]
    service = other["services"][0]["id"]
    item = {
        "start": docplanner.at(3, "09:00"),
        "end": docplanner.at(3, "11:00"),
        "services": [{"address_service_id": service, "duration": 30}],
    }
    docplanner.done(
        "PUT", f"/calendars/{other['address_id']}/working-time", {"days": [str(docplanner.day(3))], "items": [item]}
    )
    call("bookSlot", *booked(docplanner, place))
    mine = visits(docplanner, place)[0][0]
    target = {"address_service_id": service, "start": docplanner.at(3, "09:30"), "duration": 30}
    body = Path("move.json")
    body.write_text(json.dumps({**target, "address_id": "424242"}))
    with pytest.raises(NotAllowed, match="424242"):
        call("moveBooking", f"booking_id={mine}", f"@{body}")

    body.write_text(json.dumps({**target, "address_id": other["address_id"]}))
    assert call("moveBooking", f"booking_id={mine}", f"@{body}").exit_code == 0
    assert cleanup().output.startswith("AS BEFORE")


def test_a_marketplace_that_there_is_not(call: Typed) -> None:
    """Its days would be other days."""
    with pytest.raises(ConfigurationError, match="no marketplace"):
        call("disableCalendar", "--marketplace", "nowhere.example")
