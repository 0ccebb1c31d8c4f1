"""The stub over real sockets: answers by the partner control contract, an endpoint by Docplanner's rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from stub.clinics import CONNECTION, PIOTR, TOMORROW
from stub.docplanner import Docplanner

from harness.contract.control import PARTNER_CONTROL
from harness.errors import PortTaken
from harness.stub.server import serve
from harness.stub.settings import StubSettings
from harness.stub.system import ClinicSystem

HOUR = timedelta(hours=1)
PERSON = {"name": PIOTR.name, "surname": PIOTR.surname, "phone": PIOTR.phone, "birth_date": "1970-05-04"}
KEY = {"X-Agreed": "canary-key"}


@dataclass
class Remote:
    """The stub as a run sees it: each answer is checked against the contract."""

    http: httpx.Client
    callback_url: str
    docplanner: Docplanner
    system: ClinicSystem

    def ask(self, method: str, path: str, json: object = None, *, status: int, **query: str) -> Any:  # noqa: ANN401
        """One call of the control contract that must end so."""
        answer = self.http.request(method, path, json=json, params=query)
        match = PARTNER_CONTROL.match(method, path)
        if match is not None:
            content_type = answer.headers.get("content-type")
            told = PARTNER_CONTROL.check_response(match.operation.id, answer.status_code, content_type, answer.content)
            assert told == ()
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def tell(self, content: object, **headers: str) -> httpx.Response:
        """Docplanner sends a notification."""
        return self.http.post(self.callback_url, json=content, headers=headers)


@pytest.fixture
def remote() -> Iterator[Remote]:
    """A stub over HTTP, connected to the small Docplanner, that has read what is shared."""
    docplanner = Docplanner()
    with (
        serve(StubSettings(), httpx.MockTransport(docplanner)) as stub,
        httpx.Client(base_url=stub.control_url) as http,
    ):
        clinic = Remote(http, stub.callback_url, docplanner, stub.system)
        clinic.ask("PUT", "/connection", {**CONNECTION, "marketplace": "znanylekarz.pl"}, status=204)
        assert clinic.ask("POST", "/mapping/import", status=200) == {"imported": 7}
        yield clinic


def appointment(start: object = TOMORROW, **more: object) -> dict[str, object]:
    """A visit of staff."""
    return {"start": str(start), "duration": 30, "address_service_id": "9", "patient": PERSON, **more}


def day_range(days: int = 1) -> dict[str, str]:
    """From tomorrow morning on."""
    return {"from": TOMORROW.isoformat(), "to": (TOMORROW + timedelta(days=days)).isoformat()}


def test_every_operation_of_the_contract_is_served(remote: Remote) -> None:
    """Each is called once with success, and each answer is checked."""
    span = day_range()
    period = {
        "start": TOMORROW.isoformat(),
        "end": (TOMORROW + 3 * HOUR).isoformat(),
        "services": [{"address_service_id": "9", "duration": 30}],
    }
    day = TOMORROW.date().isoformat()
    later = {"start": (TOMORROW + HOUR).isoformat()}
    past = (TOMORROW - timedelta(days=3)).isoformat()
    block = {"since": (TOMORROW + 5 * HOUR).isoformat(), "till": (TOMORROW + 6 * HOUR).isoformat()}

    assert remote.ask("GET", "/health", status=200)["callback_url"] == remote.callback_url
    assert {one["kind"] for one in remote.ask("GET", "/mapping", status=200)["items"]} >= {"facility", "service"}
    offer = remote.ask("GET", "/calendars/31/offer", status=200)
    remote.ask("PUT", "/calendars/31/offer", offer, status=204)
    remote.ask("PUT", "/calendars/31/schedule", {"days": [day], "periods": [period]}, status=204)
    held = remote.ask("GET", "/calendars/31/schedule", status=200, **span)["periods"]
    assert [(one["start"], one["end"]) for one in held] == [(period["start"], period["end"])]
    made = remote.ask("POST", "/calendars/31/appointments", appointment(comment="by phone"), status=201)
    one = f"/calendars/31/appointments/{made['id']}"
    remote.ask("POST", f"{one}/confirm", status=204)
    assert remote.ask("POST", f"{one}/move", later, status=200)["start"] == later["start"]
    assert remote.ask("GET", "/calendars/31/appointments", status=200, **span)["items"][0]["id"] == made["id"]
    assert remote.ask("GET", one, status=200)["patient"]["birth_date"] == "1970-05-04"
    remote.ask("DELETE", one, status=204)
    came = remote.ask("POST", "/calendars/31/appointments", appointment(past), status=201)
    remote.ask("PUT", f"/calendars/31/appointments/{came['id']}/presence", {"presence": "present"}, status=204)
    added = remote.ask("POST", "/calendars/31/breaks", {**block, "description": "lunch"}, status=201)
    remote.ask("PATCH", f"/calendars/31/breaks/{added['id']}", block, status=204)
    assert len(remote.ask("GET", "/calendars/31/breaks", status=200, **span)["items"]) == 1
    remote.ask("DELETE", f"/calendars/31/breaks/{added['id']}", status=204)
    remote.ask("POST", "/sync", {"address_ids": ["31"]}, status=202)
    remote.ask("POST", "/pull", status=202)
    assert remote.ask("GET", "/activity", status=200)["last_sync"]["error"] is None
    remote.ask("PUT", "/integration", {"active": False}, status=204)
    remote.ask("PUT", "/integration", {"active": True}, status=204)
    remote.ask("PUT", "/clock", {"now": TOMORROW.isoformat()}, status=204)
    remote.ask("POST", "/reset", status=204)


@pytest.mark.parametrize(
    ("method", "path", "json", "status", "error"),
    [
        ("GET", "/calendars/77/offer", None, 404, "unmapped"),
        ("POST", "/calendars/77/appointments", appointment(), 404, "unmapped"),
        ("GET", "/calendars/31/appointments/no-such", None, 404, "not_found"),
        ("DELETE", "/calendars/31/breaks/no-such", None, 404, "not_found"),
        ("POST", "/calendars/31/appointments", {"start": "soon"}, 422, "invalid"),
        ("POST", "/calendars/31/appointments", appointment("2026-11-24T09:00:00"), 422, "invalid"),
        ("POST", "/calendars/31/appointments", appointment(address_service_id="19"), 422, "invalid"),
        ("POST", "/calendars/31/appointments", appointment(duration=0), 422, "invalid"),
        ("GET", "/calendars/31/schedule", None, 422, "invalid"),
        ("PUT", "/connection", {"delivery": "by pigeon"}, 422, "invalid"),
        ("PUT", "/connection", {**CONNECTION, "time_zone": "Europe/Atlantis"}, 422, "invalid"),
        ("PUT", "/calendars/31/appointments/x/presence", {"presence": "maybe"}, 422, "invalid"),
        ("DELETE", "/health", None, 405, "not_allowed"),
        ("GET", "/nothing/here", None, 404, "not_found"),
    ],
)
def test_what_cannot_be_is_refused_in_the_words_of_the_contract(
    remote: Remote, method: str, path: str, json: object, status: int, error: str
) -> None:
    """Status and error word, and a message for people."""
    told = remote.ask(method, path, json, status=status)

    assert told["error"] == error
    assert told["message"]


def test_a_body_that_is_no_json_is_refused(remote: Remote) -> None:
    """With 400."""
    assert remote.http.post("/calendars/31/breaks", content=b"{since").status_code == 400


def test_a_time_that_is_taken_or_blocked_is_refused(remote: Remote) -> None:
    """Locally, with 409; so is the second cancellation, and a move onto another visit."""
    first = remote.ask("POST", "/calendars/31/appointments", appointment(), status=201)
    remote.ask("POST", "/calendars/31/appointments", appointment(TOMORROW + HOUR / 4), status=409)
    second = remote.ask("POST", "/calendars/31/appointments", appointment(TOMORROW + HOUR), status=201)
    onto = {"start": TOMORROW.isoformat()}
    remote.ask("POST", f"/calendars/31/appointments/{second['id']}/move", onto, status=409)
    remote.ask("DELETE", f"/calendars/31/appointments/{first['id']}", status=204)
    remote.ask("DELETE", f"/calendars/31/appointments/{first['id']}", status=409)
    block = {"since": TOMORROW.isoformat(), "till": (TOMORROW + HOUR).isoformat()}
    remote.ask("POST", "/calendars/31/breaks", block, status=201)
    remote.ask("POST", "/calendars/31/appointments", appointment(), status=409)


def test_presence_cannot_be_marked_before_the_visit(remote: Remote) -> None:
    """Docplanner would not take it either."""
    made = remote.ask("POST", "/calendars/31/appointments", appointment(), status=201)

    remote.ask("PUT", f"/calendars/31/appointments/{made['id']}/presence", {"presence": "present"}, status=409)


def test_docplanner_out_of_reach_is_an_upstream_error(remote: Remote) -> None:
    """The control call says so, in words without secrets."""
    remote.docplanner.trouble = lambda *_: httpx.Response(503)

    for path in ("/mapping/import", "/sync", "/pull"):
        told = remote.ask("POST", path, status=502)
        assert (told["error"], "canary" in told["message"]) == ("upstream", False)


def test_days_are_those_of_the_marketplace_where_no_zone_is_named(remote: Remote) -> None:
    """The zone follows from the domain."""
    named = {name: value for name, value in CONNECTION.items() if name != "time_zone"}
    remote.ask("PUT", "/connection", {**named, "marketplace": "doctoralia.mx"}, status=204)

    assert remote.system.engine.link.tenant.time_zone == "America/Mexico_City"


def test_before_a_connection_nothing_can_be_asked() -> None:
    """409, and what to do first."""
    with serve(StubSettings()) as stub, httpx.Client(base_url=stub.control_url) as http:
        answer = http.get("/mapping")

        assert (answer.status_code, answer.json()["error"]) == (409, "conflict")
        assert "PUT /connection" in answer.json()["message"]


def test_the_control_api_wants_its_token_where_one_is_agreed() -> None:
    """The endpoint for notifications does not: it has its own key."""
    with serve(StubSettings(token="canary-token")) as stub, httpx.Client(base_url=stub.control_url) as http:
        assert http.get("/health").status_code == 401
        assert http.get("/health", headers={"Authorization": "Bearer wrong"}).json()["error"] == "unauthorized"
        assert http.get("/health", headers={"Authorization": "Bearer canary-token"}).status_code == 200
        assert http.get(stub.callback_url).status_code == 204


def test_a_notification_is_accepted_at_once_and_handled(remote: Remote) -> None:
    """With 2xx, and the visit is there."""
    remote.docplanner.book(TOMORROW)

    assert remote.tell(remote.docplanner.news[0], **KEY).status_code == 204
    while remote.ask("GET", "/activity", status=200)["incoming"]:
        pass
    found = remote.ask("GET", "/calendars/31/appointments", status=200, **day_range())["items"]
    assert [(one["patient"]["name"], one["origin"]) for one in found] == [("Anna", "docplanner")]


@pytest.mark.parametrize("headers", [{}, {"X-Agreed": "wrong"}, {"X-Api-Key": "canary-key"}])
def test_a_stranger_is_refused_and_has_no_effect(remote: Remote, headers: dict[str, str]) -> None:
    """A missing key, a wrong one, the right one in another header."""
    remote.docplanner.book(TOMORROW)

    assert remote.tell(remote.docplanner.news[0], **headers).status_code == 401
    assert remote.ask("GET", "/activity", status=200)["incoming"] == 0
    assert remote.ask("GET", "/calendars/31/appointments", status=200, **day_range())["items"] == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'"slot-booked"',
        b"{}",
        b'{"name": "slot-booked", "created_at": "2026-11-24T09:00:00+01:00", "data": {}}',
        b'{"name": "slot-booked", "created_at": "today", "data": {"address": {"id": "31"}}}',
        b'{"name": "booking-moved", "created_at": "2026-11-24T09:00:00+01:00", "data": {"address": {"id": "31"}}}',
    ],
)
def test_nonsense_is_refused_below_500(remote: Remote, content: bytes) -> None:
    """400, and nothing is kept."""
    answer = remote.http.post(remote.callback_url, content=content, headers=KEY)

    assert answer.status_code == 400
    assert remote.ask("GET", "/activity", status=200)["incoming"] == 0


def test_an_event_that_is_not_known_is_taken_without_effect(remote: Remote) -> None:
    """An API grows."""
    news = {"name": "visit-rated", "created_at": "2026-11-24T09:00:00+01:00", "data": {"stars": 5}}

    assert remote.tell(news, **KEY).status_code == 204


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
def test_a_ping_of_any_method_is_answered_below_500(remote: Remote, method: str) -> None:
    """How the monitor pings is not documented."""
    assert remote.http.request(method, remote.callback_url, content=b"ping").status_code < 500


def test_the_endpoint_is_unavailable_while_the_integration_is_off(remote: Remote) -> None:
    """503, so that Docplanner sends again."""
    remote.docplanner.book(TOMORROW)
    remote.ask("PUT", "/integration", {"active": False}, status=204)

    assert remote.tell(remote.docplanner.news[0], **KEY).status_code == 503


@pytest.mark.parametrize(
    ("hour", "blocked", "status", "code"),
    [(1, False, 204, None), (0, False, 409, 1), (2, True, 409, 2), (5, False, 409, 3)],
)
def test_a_real_time_question_is_answered_from_the_own_calendar(
    remote: Remote, hour: int, blocked: bool, status: int, code: int | None
) -> None:
    """Free, taken, blocked, outside working hours: a denial is a 4xx with an integer."""
    period = {
        "start": TOMORROW.isoformat(),
        "end": (TOMORROW + 3 * HOUR).isoformat(),
        "services": [{"address_service_id": "9", "duration": 30}],
    }
    day = TOMORROW.date().isoformat()
    remote.ask("PUT", "/calendars/31/schedule", {"days": [day], "periods": [period]}, status=204)
    remote.ask("POST", "/calendars/31/appointments", appointment(), status=201)
    start = TOMORROW + hour * HOUR
    if blocked:
        block = {"since": start.isoformat(), "till": (start + HOUR).isoformat()}
        remote.ask("POST", "/calendars/31/breaks", block, status=201)
    wanted = {"start_at": start.isoformat(), "end_at": (start + HOUR / 2).isoformat(), "duration": 30}
    data = {"address": {"id": "31"}, "visit_booking_request": wanted}

    answer = remote.tell({"name": "slot-booking", "created_at": start.isoformat(), "data": data}, **KEY)

    assert answer.status_code == status
    assert (answer.json()["error_code"] if answer.content else None) == code


def test_a_visit_may_be_moved_within_its_own_time(remote: Remote) -> None:
    """What it leaves does not count as taken."""
    period = {
        "start": TOMORROW.isoformat(),
        "end": (TOMORROW + 3 * HOUR).isoformat(),
        "services": [{"address_service_id": "9", "duration": 30}],
    }
    day = TOMORROW.date().isoformat()
    remote.ask("PUT", "/calendars/31/schedule", {"days": [day], "periods": [period]}, status=204)
    booking = remote.docplanner.book(TOMORROW)
    remote.tell(remote.docplanner.news[0], **KEY)
    while remote.ask("GET", "/activity", status=200)["incoming"]:
        pass
    start = TOMORROW + HOUR / 4
    span = {"start_at": start.isoformat(), "end_at": (start + HOUR / 2).isoformat(), "duration": 30}
    data = {"address": {"id": "31"}, "canceling_booking": {"id": booking}, "creating_booking": span}

    news = {"name": "booking-moving", "created_at": start.isoformat(), "data": data}

    assert remote.tell(news, **KEY).status_code == 204


def test_a_port_that_is_taken_is_said_so() -> None:
    """With the port in the message."""
    with serve(StubSettings()) as stub:
        port = int(stub.control_url.rsplit(":", 1)[1])
        with pytest.raises(PortTaken, match=str(port)), serve(StubSettings(port=port)):
            pass
