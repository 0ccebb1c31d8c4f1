"""What a preflight tells of a Docplanner that is not embedded: a served sandbox stands for it, broken in many ways."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_server

import httpx
import pytest
from sandbox.served import SMALL, Place, Served, served

from harness.client.auth import Credentials
from harness.client.calls import Endpoint
from harness.clock import SystemClock
from harness.preflight.docplanner import docplanner_lines
from harness.preflight.line import Line, Status
from harness.recorder.line import Actor, Kind


@pytest.fixture(scope="module", name="there")
def one_for_all() -> Iterator[Served]:
    """A sandbox without clinics but those that tests make, and one that is not shared."""
    with served(replace(SMALL, clinics=1, lookalike_clinics=0, ungranted_clinics=1)) as docplanner:
        yield docplanner


def endpoint(there: Served, *, base: str = "", secret: str = "", client_id: str = "") -> Endpoint:
    """Where it is, or seems to be."""
    sandbox = there.sandbox
    at = base or sandbox.base_url
    credentials = Credentials(f"{at}/oauth/v2/token", client_id or sandbox.client_id, secret or sandbox.client_secret)
    return Endpoint(f"{at}/api/v3/integration", credentials, "tests", timeout_s=5)


def lines(where: Endpoint, *writable: str, has_nin: bool = False) -> dict[str, Line]:
    """The lines by what was checked."""
    told = docplanner_lines(where, httpx.HTTPTransport, frozenset(writable), SystemClock(), has_nin=has_nin)
    named = {line.what: line for line in told}
    assert len(named) == len(told)
    assert where.credentials.client_secret not in repr(told)
    return named


def bad(told: dict[str, Line]) -> set[str]:
    """What is in the way; each with what to do."""
    found = {what for what, line in told.items() if line.status is Status.TROUBLE}
    assert all(told[what].remedy for what in found)
    return found


@contextmanager
def server(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server that answers by ``handler``."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{listening.server_address[1]}"
        listening.shutdown()
        thread.join()


@pytest.mark.parametrize(("off", "status"), [(20, Status.WARNING), (-20, Status.WARNING), (3600, Status.TROUBLE)])
def test_a_docplanner_whose_clock_is_wrong(there: Served, off: int, status: Status) -> None:
    """By the ``Date`` of its answers: everything else is passed on from a sound one."""

    class Passing(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kept = {name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers}
            got = there.http.request(self.command, f"{there.sandbox.base_url}{self.path}", content=body, headers=kept)
            self.send_response(got.status_code)
            self.send_header("Content-Type", got.headers["content-type"])
            self.send_header("Content-Length", str(len(got.content)))
            self.end_headers()
            self.wfile.write(got.content)

        do_GET = do_POST = answer  # noqa: N815 - the library's names

        def date_time_string(self, timestamp: float | None = None) -> str:
            del timestamp
            return format_datetime(datetime.now(UTC) + timedelta(seconds=off), usegmt=True)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with server(Passing) as base:
        told = lines(endpoint(there, base=base))

    line = told["clock of Docplanner"]
    assert line.status is status
    assert abs(int(line.seen.partition(" ")[0]) - off) <= 2
    assert "NTP" in line.remedy
    assert told["reads left"].seen == "no headers of a limit: there is none"


def test_nothing_is_in_the_way_and_everything_is_named(there: Served) -> None:
    """Facilities, doctors, addresses with their ids, and which of them may be written to."""
    mine, other = there.place(), there.place()
    told = lines(endpoint(there), mine.facility_id)

    assert bad(told) == set()
    assert told["token of Docplanner"].seen.startswith(f"obtained for client {there.sandbox.client_id}")
    assert told["clock of Docplanner"].status is Status.OK
    seen = told[f"facility {mine.facility_id}"].seen
    assert "may be WRITTEN to" in seen
    assert all(one["address_id"] in seen for doctor in mine.clinic["doctors"] for one in doctor["calendars"])
    assert "read only" in told[f"facility {other.facility_id}"].seen
    assert "enabled, " in told[f"calendar {mine.address_id}"].seen
    assert f"calendar {other.address_id}" not in told
    assert told["writes left"].status is told["notifications of Docplanner"].status is Status.NOT_ASKED
    assert told["lists of the marketplace"].status is Status.OK


def test_nothing_is_written(there: Served) -> None:
    """Not even to what may be written to: GET, and the token."""
    mine = there.place()
    before = len(there.journal.lines)
    lines(endpoint(there), mine.facility_id)
    methods = {
        str(one.body["method"])
        for one in there.journal.lines[before:]
        if one.kind is Kind.EXCHANGE and one.actor is Actor.PARTNER and one.body.get("operation") != "token"
    }

    assert methods <= {"GET"}


def test_a_wrong_secret_is_told_with_the_client_and_without_the_secret(there: Served) -> None:
    """And nothing else is asked; a wrong client likewise."""
    for where in (endpoint(there, secret="canary-secret"), endpoint(there, client_id="nobody")):
        told = lines(where, "1")

        assert bad(told) == {"token of Docplanner"}
        assert where.credentials.client_id in told["token of Docplanner"].seen
        assert "client_id" in told["token of Docplanner"].remedy
        assert told["facilities"].status is told["reads left"].status is Status.NOT_ASKED
        assert told["clock of Docplanner"].status is Status.OK


def test_nobody_there(there: Served) -> None:
    """A port on which nobody listens, found at once."""
    with create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = lines(endpoint(there, base=f"http://127.0.0.1:{port}"), "1")

    assert bad(told) == {"token of Docplanner"}
    assert "ConnectError" in told["token of Docplanner"].seen
    assert told["clock of Docplanner"].status is Status.UNKNOWN


def test_a_facility_that_is_not_shared_and_one_that_is_not_there(there: Served) -> None:
    """Both cannot be seen; the others are checked all the same."""
    mine = there.place()
    hidden = next(
        one["facility_id"]
        for one in there.done("GET", "/estate")["clinics"]
        if there.sandbox.client_id not in one["granted_to"]
    )
    told = lines(endpoint(there), mine.facility_id, hidden, "424242")

    assert bad(told) == {f"facility {hidden}", "facility 424242"}
    assert told[f"calendar {mine.address_id}"].status is Status.OK


def test_no_facility_may_be_written_to(there: Served) -> None:
    """Nothing could be proven."""
    assert bad(lines(endpoint(there))) == {"allow-list"}


def test_a_disabled_calendar(there: Served) -> None:
    """With the command that enables it."""
    mine = there.place()
    there.done("PATCH", mine.calendar, {"calendar": "disabled"})
    told = lines(endpoint(there), mine.facility_id)

    assert bad(told) == {f"calendar {mine.address_id}"}
    assert f"enableCalendar facility_id={mine.facility_id}" in told[f"calendar {mine.address_id}"].remedy


def test_an_address_that_demands_a_national_number(there: Served) -> None:
    """It is the tester's, or nobody can book there."""
    mine = there.place()
    there.done("PATCH", mine.calendar, {"booking_extra_fields": ["nin"]})

    without, given = (lines(endpoint(there), mine.facility_id, has_nin=told) for told in (False, True))

    assert bad(without) == {f"calendar {mine.address_id}"}
    assert "ACCEPTANCE_TESTER_NIN" in without[f"calendar {mine.address_id}"].remedy
    assert bad(given) == set()


def test_an_address_without_services(there: Served) -> None:
    """Slots name services."""
    mine = there.place()
    for service in mine.services:
        there.done("DELETE", f"{mine.calendar}/services/{service}")
    told = lines(endpoint(there), mine.facility_id)

    assert bad(told) == {f"calendar {mine.address_id}"}
    assert "without a service" in told[f"calendar {mine.address_id}"].seen


def test_a_calendar_that_is_missing(there: Served) -> None:
    """Refused in Docplanner's words, with whom to ask."""
    mine = there.place()
    there.done("PATCH", mine.calendar, {"calendar": "missing"})
    told = lines(endpoint(there), mine.facility_id)

    assert bad(told) == {f"calendar {mine.address_id}"}
    assert "refused, 404" in told[f"calendar {mine.address_id}"].seen


@pytest.mark.parametrize(
    ("operation", "what", "status"),
    [
        ("getAddressServices", "calendar", Status.TROUBLE),
        ("getAddressInsuranceProviders", "calendar", Status.UNKNOWN),
        ("getServices", "lists of the marketplace", Status.UNKNOWN),
    ],
)
def test_what_docplanner_does_not_answer(there: Served, operation: str, what: str, status: Status) -> None:
    """In the way only where nothing can be done without it; the rest is told all the same."""
    mine = there.place()
    faulty: dict[str, object] = {"client_id": there.sandbox.client_id, "target": "read", "effect": "fail", "count": 4}
    faulty |= {"address_id": mine.address_id} if what == "calendar" else {}
    fault = there.done("POST", "/faults", {**faulty, "operation": operation})["fault_id"]
    told = lines(endpoint(there), mine.facility_id)
    there.control("DELETE", f"/faults/{fault}")
    line = told[f"calendar {mine.address_id}" if what == "calendar" else what]

    assert line.status is status
    assert "answered 503" in line.seen
    assert line.remedy
    assert told[f"facility {mine.facility_id}"].status is Status.OK


@pytest.fixture(name="limited")
def with_other_limits(there: Served) -> Iterator[Place]:
    """A place; the client's limits are wide again afterwards."""
    yield there.place()
    limit(there, 1_000_000)


def limit(there: Served, reads: int) -> None:
    """So many reads are left in this hour."""
    there.done("PUT", f"/clients/{there.sandbox.client_id}", {"limits": {"reads_per_hour": reads}})


def test_few_reads_are_left(there: Served, limited: Place) -> None:
    """Worth a word, and in nobody's way."""
    limit(there, 100)
    told = lines(endpoint(there), limited.facility_id)

    assert bad(told) == set()
    assert told["reads left"].status is Status.WARNING
    assert " of 100, until " in told["reads left"].seen


def test_the_reads_are_used_up(there: Served, limited: Place) -> None:
    """Told with the reset, and not waited for."""
    limit(there, 1)
    assert there.api("GET", "/facilities").is_success
    begun = SystemClock().now()
    told = lines(endpoint(there), limited.facility_id)

    assert bad(told) == {"reads left", "facilities"}
    assert "0 of 1, until " in told["reads left"].seen
    assert SystemClock().now() - begun < timedelta(seconds=3)


@pytest.mark.parametrize(
    ("status", "told_by"),
    [(503, "answered 503"), (302, "redirects"), (400, "400, invalid_client"), (200, "answered 200")],
)
def test_a_token_service_that_gives_none(there: Served, status: int, told_by: str) -> None:
    """Whatever it says instead; what could repeat a secret is not repeated."""

    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            content = b'{"error": "invalid_client", "hint": "canary-secret"}'
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with server(Refusing) as base:
        told = lines(endpoint(there, base=base, secret="canary-secret"), "1")

    assert bad(told) == {"token of Docplanner"}
    assert told_by in told["token of Docplanner"].seen
