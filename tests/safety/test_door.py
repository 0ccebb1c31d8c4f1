"""The partner system's own calls go through the guard: what is not allowed never reaches Docplanner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from safety.places import ANNA, SETTLE, ZONE, Far, far
from sandbox.served import Served, served

from harness.client.api import DocplannerApi
from harness.client.auth import Credentials
from harness.client.calls import Calls, Endpoint
from harness.client.models import CalendarAt, NewBooking, Person
from harness.client.outcome import Done, Refused
from harness.clock import SystemClock
from harness.recorder.exchange import GUARD_MARK
from harness.safety.door import opened
from harness.safety.session import tidied_way
from harness.safety.undo import Report
from harness.safety.writes import read_writes


@pytest.fixture(scope="module")
def docplanner() -> Iterator[Served]:
    """One sandbox for the file."""
    with served() as running:
        yield running


@dataclass
class Behind:
    """A calendar with offered time, as a partner system meets it behind the door."""

    there: Far
    api: DocplannerApi
    url: str
    refused: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)


@pytest.fixture
def behind(docplanner: Served, tmp_path: Path) -> Iterator[Behind]:
    """What is written is undone when the door closes."""
    with far(tmp_path, docplanner) as there:
        docplanner.fill(there.place, 3)
        refused, reports = list[str](), list[Report]()
        way = tidied_way(
            there.endpoint,
            httpx.HTTPTransport,
            there.estate,
            there.rules,
            run="test",
            time_zone=ZONE,
            journal=there.journal,
            clock=SystemClock(),
            settle=SETTLE,
            tell=reports.append,
        )
        with way as given, opened(given.transport, there.estate.origin, refused.append) as url:
            known = there.endpoint.credentials
            credentials = Credentials(f"{url}/oauth/v2/token", known.client_id, known.client_secret)
            endpoint = Endpoint(f"{url}/api/v3/integration", credentials, "a partner system")
            api = DocplannerApi(Calls(endpoint, clock=SystemClock(), patience=timedelta(seconds=1)))
            yield Behind(there, api, url, refused, reports)
            api.close()
        assert all(one.clean for one in reports), reports


def test_what_is_allowed_is_done_noted_and_undone(behind: Behind) -> None:
    """The patient is the tester's own, the calendar is on the list."""
    there = behind.there

    made = behind.api.bookings.book(there.at, there.moment(3, "09:00"), there.visit())

    assert isinstance(made, Done)
    assert [one.operation for one in read_writes(there.journal).intended] == ["bookSlot"]
    assert behind.refused == []


def test_another_facility_is_not_written_to(behind: Behind, docplanner: Served) -> None:
    """Docplanner does not even see it; the partner is told by whom it was refused."""
    other = docplanner.place()
    docplanner.fill(other, 3)
    at = CalendarAt(other.facility_id, other.doctor_id, other.address_id)
    seen = len(docplanner.journal.lines)

    refused = behind.api.bookings.book(at, behind.there.moment(3, "09:00"), NewBooking(other.services[0], ANNA, 30))

    assert isinstance(refused, Refused)
    assert "acceptance guard" in str(refused)
    assert len(behind.refused) == 1
    assert f"facility {other.facility_id}" in behind.refused[0]
    assert not [one for one in docplanner.journal.lines[seen:] if one.body.get("operation") == "bookSlot"]


def test_a_stranger_is_told_nothing(behind: Behind) -> None:
    """A patient whose phone is not the tester's is not booked."""
    there = behind.there
    visit = NewBooking(there.place.services[0], Person("Jan", "+48600111222", "Obcy"), 30)

    assert isinstance(behind.api.bookings.book(there.at, there.moment(3, "09:30"), visit), Refused)
    assert len(behind.refused) == 1


def test_the_partner_system_pulls_its_own_notifications(behind: Behind) -> None:
    """Nobody else may; they are not undone, and need not be."""
    assert isinstance(behind.api.notifications.pull_many(), Done)
    assert behind.refused == []
    assert read_writes(behind.there.journal).intended == []


@pytest.mark.parametrize("path", ["/api/v3/integration/../facilities", "/elsewhere", "//example.com/oauth/v2/token"])
def test_what_cannot_be_read_in_one_way_alone_is_refused(behind: Behind, path: str) -> None:
    """Whatever method it has."""
    with httpx.Client() as http:
        answer = http.send(httpx.Request("GET", httpx.URL(behind.url).copy_with(raw_path=path.encode())))

    assert (answer.status_code, answer.headers[GUARD_MARK]) == (403, "refused")
