"""Which operations of the control contract a system serves: the example bridge, the reference stub, broken systems."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus

import httpx
import pytest
from stub.clinics import CONNECTION
from stub.docplanner import Docplanner
from typer.testing import CliRunner

from harness.cli.app import app
from harness.contract.control import PARTNER_CONTROL
from harness.errors import ConfigurationError
from harness.partner.conformance import Asked, conformance
from harness.partner.conformity import Conformity, Row
from harness.partner.example.bridge import ROUTES, VISIT, Program, Refused, server
from harness.stub.server import serve
from harness.stub.settings import StubSettings

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEALTH = {"status": "ok", "system": {"name": "Praxis", "version": "7"}, "capabilities": []}
NEVER = {"reset", "connect", "setClock"}


@pytest.fixture(name="bridge")
def served_bridge() -> Iterator[str]:
    """The example bridge over real HTTP."""
    with server(0, Program()) as bridge:
        thread = threading.Thread(target=bridge.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{bridge.server_address[1]}"
        bridge.shutdown()
        thread.join()


def asked(url: str, *, write: bool) -> tuple[Row, ...]:
    """The rows for a system that listens."""
    with httpx.Client(base_url=url) as client:
        return conformance(Asked(client, NOW, write))


def faked(answer: Callable[[httpx.Request], httpx.Response]) -> tuple[Row, ...]:
    """The rows for a far side that is a function."""
    with httpx.Client(base_url="http://partner.test", transport=httpx.MockTransport(answer)) as client:
        return conformance(Asked(client, NOW))


def test_the_example_bridge_conforms_and_keeps_nothing_booked(bridge: str) -> None:
    """With everything that writes; what it lacks it answers with 501."""
    rows = asked(bridge, write=True)

    assert {row.outcome for row in rows} == {Conformity.OK, Conformity.NOT_ASKED}
    assert {row.operation for row in rows} == set(PARTNER_CONTROL.operations)
    served = {row.operation for row in rows if row.outcome is Conformity.OK and row.seen.startswith("20")}
    assert served >= {"getBreaks", "addBreak", "moveBreak", "removeBreak", "confirmAppointment", "markPresence"}
    span = {"from": "2026-01-01T00:00:00+00:00", "to": "2028-01-01T00:00:00+00:00"}
    assert httpx.get(f"{bridge}/calendars/31/breaks", params=span).json()["items"] == []
    held = httpx.get(f"{bridge}/calendars/31/appointments", params=span).json()["items"]
    assert [one["status"] for one in held] == ["canceled"]
    assert [(one["confirmed"], one["presence"]) for one in held] == [(True, "present")]


def test_the_reference_stub_conforms() -> None:
    """Connected to a Docplanner, with everything that writes."""
    with (
        serve(StubSettings(), httpx.MockTransport(Docplanner())) as stub,
        httpx.Client(base_url=stub.control_url) as to,
    ):
        to.put("/connection", json={**CONNECTION, "marketplace": "znanylekarz.pl"})
        to.post("/mapping/import")
        rows = asked(stub.control_url, write=True)

    assert not [row for row in rows if row.outcome not in {Conformity.OK, Conformity.NOT_ASKED}]
    assert {row.operation for row in rows if row.outcome is Conformity.OK} > {"addBreak", "moveAppointment", "pull"}


def test_without_leave_nothing_is_written() -> None:
    """Whatever the system declares; no request but GET leaves."""
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        return httpx.Response(200, json={**HEALTH, "capabilities": ["breaks", "confirm", "pause", "reset", "clock"]})

    rows = faked(answer)

    assert set(seen) == {"GET"}
    assert all(row.outcome is Conformity.NOT_ASKED for row in rows if row.writes)


def test_what_could_not_be_taken_back_is_named(bridge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A visit whose cancellation is refused still stands there: its id is told."""

    def refuse(self: Program, told: object) -> None:
        raise Refused(HTTPStatus.BAD_GATEWAY, "upstream", "Docplanner did not answer")

    monkeypatch.setitem(ROUTES, ("DELETE", VISIT), (refuse, HTTPStatus.NO_CONTENT))
    row = next(one for one in asked(bridge, write=True) if one.operation == "cancelAppointment")

    assert row.outcome is Conformity.FAILED
    assert row.seen == "502"
    assert "Take visit A1 away by hand" in row.follow


def test_what_a_run_does_is_never_called(bridge: str) -> None:
    """Not even where writing is allowed."""
    rows = {row.operation: row for row in asked(bridge, write=True)}

    assert {name for name, row in rows.items() if row.outcome is Conformity.NOT_ASKED} >= NEVER


def test_an_answer_against_the_contract_is_told_without_patients() -> None:
    """Expected, seen, next; nobody's name or phone."""
    visit = {"id": "a1", "patient": {"name": "Canary", "phone": 48500777777}, "status": "canary"}
    mapping = [{"kind": "address", "docplanner_id": "31", "partner_id": "C1", "status": "mapped"}]

    def answer(request: httpx.Request) -> httpx.Response:
        body = {"/health": HEALTH, "/mapping": {"items": mapping}}.get(request.url.path, {"items": [visit]})
        return httpx.Response(200, json=body)

    row = next(one for one in faked(answer) if one.operation == "getAppointments")

    assert row.outcome is Conformity.FAILED
    assert row.expected == "200"
    assert "docplanner_booking_id is missing" in row.seen
    assert "48500777777" not in repr(row)
    assert "Canary" not in repr(row)
    assert "partner-control.yaml" in row.follow


@pytest.mark.parametrize(
    ("health", "told"),
    [
        (httpx.Response(200, json={**HEALTH, "capabilities": ["push"]}), "callback_url"),
        (httpx.Response(401, json={"error": "unauthorized", "message": "no"}), "ACCEPTANCE_PARTNER_TOKEN"),
        (httpx.Response(200, text="<html>"), "partner-control.yaml"),
    ],
)
def test_a_health_that_is_wrong_is_told(health: httpx.Response, told: str) -> None:
    """With what to do about it."""
    first = [row for row in faked(lambda _: health) if row.outcome is Conformity.FAILED]

    assert told in f"{first[0].expected} {first[0].follow}"


def test_a_system_that_is_not_connected_yet_breaks_nothing() -> None:
    """Its state forbids an answer, and says so in the contract's words."""
    refusal = httpx.Response(409, json={"error": "conflict", "message": "not connected"})

    rows = faked(lambda request: httpx.Response(200, json=HEALTH) if request.url.path == "/health" else refusal)

    assert {row.outcome for row in rows if not row.writes and row.operation != "health"} == {Conformity.UNKNOWN}


def test_nobody_there_could_not_be_told() -> None:
    """It is not said to break the contract."""

    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    (row,) = faked(answer)

    assert row.outcome is Conformity.UNKNOWN


def test_the_command_says_what_it_asked(bridge: str) -> None:
    """Exit code 0, one object, no write without leave."""
    done = CliRunner().invoke(app, ["partner", "check", bridge, "--write", "--json"])

    told = json.loads(done.stdout)
    assert done.exit_code == told["exit_code"] == 0
    assert {one["operation"] for one in told["operations"]} == set(PARTNER_CONTROL.operations)


def test_the_command_does_not_call_untold_things_conforming(bridge: str) -> None:
    """Without an appointment to look at, one operation could not be told: exit code 2."""
    done = CliRunner().invoke(app, ["partner", "check", bridge])

    assert done.exit_code == 2
    assert done.stdout.startswith("COULD NOT TELL")


UNFIT = ["localhost:8400", "https://www.znanylekarz.pl", "http://anna:canary@127.0.0.1:1", "http://["]


@pytest.mark.parametrize("url", UNFIT)
def test_an_address_that_cannot_be_meant_is_refused(url: str) -> None:
    """Docplanner's own too: nothing of ours reaches it but through the guard."""
    with pytest.raises(ConfigurationError) as error:
        CliRunner().invoke(app, ["partner", "check", url, "--write"], catch_exceptions=False)

    assert "address" in str(error.value)
    assert "canary" not in str(error.value)


def test_the_example_bridge_blocks_time(bridge: str) -> None:
    """Staff cannot book where time is blocked; they can once it is free, and twice the same is two breaks."""
    here = f"{bridge}/calendars/31"
    block = {"since": "2026-12-01T09:00:00+01:00", "till": "2026-12-01T10:00:00+01:00"}
    patient = {"name": "Anna", "phone": "+48500600700"}
    visit = {"start": "2026-12-01T09:30:00+01:00", "duration": 30, "address_service_id": "9", "patient": patient}
    first, second = (httpx.post(f"{here}/breaks", json=block).json()["id"] for _ in range(2))

    assert first != second
    assert httpx.post(f"{here}/appointments", json=visit).status_code == HTTPStatus.CONFLICT
    later = {"since": "2026-12-01T10:00:00+01:00", "till": "2026-12-01T11:00:00+01:00"}
    assert httpx.patch(f"{here}/breaks/{first}", json=later).status_code == HTTPStatus.NO_CONTENT
    assert httpx.delete(f"{here}/breaks/{second}").status_code == HTTPStatus.NO_CONTENT
    assert httpx.delete(f"{here}/breaks/{second}").status_code == HTTPStatus.NOT_FOUND
    assert httpx.patch(f"{here}/breaks/{first}", json={**later, "till": later["since"]}).status_code == (
        HTTPStatus.UNPROCESSABLE_ENTITY
    )
    assert httpx.post(f"{here}/appointments", json=visit).status_code == HTTPStatus.CREATED
