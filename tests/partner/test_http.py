"""The partner control contract over HTTP: what an answer must be to be believed."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Event

import httpx
import pytest

from harness.errors import ContractBroken, PartnerRefused, PartnerUnreachable, Unsupported
from harness.partner.http import IDLE_S, HttpPartner, to_partner
from harness.partner.port import Connection
from harness.vocabulary import AddressId, AddressServiceId, Patient, Period, Service

HERE = AddressId("17")
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
ANNA = Patient("Anna", "Nowak-Wilk", "+48500000001", birth_date=date(1980, 2, 29))
APPOINTMENT = {
    "id": "a1",
    "docplanner_booking_id": None,
    "start": "2026-11-24T09:00:00+00:00",
    "end": "2026-11-24T09:30:00+00:00",
    "address_service_id": "5",
    "patient": {"name": "Anna", "surname": "Nowak-Wilk", "phone": "+48500000001"},
    "status": "booked",
    "origin": "partner",
    "a field of the vendor's": True,
}
HEALTH = {"status": "ok", "system": {"name": "Praxis", "version": "7"}, "capabilities": ["push", "breaks"]}


def partner(answer: Callable[[httpx.Request], httpx.Response], *, token: str | None = None) -> HttpPartner:
    """A partner whose far side is a function."""
    return HttpPartner("http://partner.test/", token=token, transport=httpx.MockTransport(answer))


def test_health_tells_name_version_and_capabilities() -> None:
    """What is not said is None, and what is not asked for is ignored."""
    health = partner(lambda _: httpx.Response(200, json=HEALTH)).health()

    assert (health.system.name, health.system.version) == ("Praxis", "7")
    assert health.can("breaks")
    assert not health.can("pull")
    assert health.timing.pull_interval_s is None


def test_the_token_travels_as_bearer_and_never_shows() -> None:
    """Neither in the repr nor in an error."""
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        raise httpx.ConnectError("no route", request=request)

    asked = partner(answer, token="canary-token")
    with pytest.raises(PartnerUnreachable) as error:
        asked.health()

    assert seen == ["Bearer canary-token"]
    assert "canary" not in f"{asked!r} {error.value} {error.value!r}"


def test_a_page_in_html_is_not_an_answer_of_the_contract() -> None:
    """The message names the call and the remedy."""
    html = httpx.Response(200, html="<h1>Welcome to nginx!</h1>")

    with pytest.raises(ContractBroken, match=r"GET /health with 200.*partner-control\.yaml"):
        partner(lambda _: html).health()


def test_an_answer_without_a_required_field_breaks_the_contract() -> None:
    """The field is named."""
    short = httpx.Response(200, json={"status": "ok", "capabilities": []})

    with pytest.raises(ContractBroken, match="system"):
        partner(lambda _: short).health()


def test_an_unknown_status_without_the_error_body_breaks_the_contract() -> None:
    """A bare 500 says nothing in the contract's words."""
    with pytest.raises(ContractBroken):
        partner(lambda _: httpx.Response(500, text="Traceback ...")).mapping()


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [(404, "unmapped", PartnerRefused), (409, "conflict", PartnerRefused), (501, "unsupported", Unsupported)],
)
def test_a_refusal_keeps_its_word(status: int, error: str, kind: type[PartnerRefused]) -> None:
    """Status and error come through."""
    body = {"error": error, "message": "no"}

    with pytest.raises(kind) as refused:
        partner(lambda _: httpx.Response(status, json=body)).breaks(HERE, NINE, NINE + timedelta(days=1))

    assert (refused.value.status, refused.value.error) == (status, error)


def test_appointments_are_read_with_percent_encoded_offsets() -> None:
    """A plus sign in a query would arrive as a blank."""
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.query.decode())
        return httpx.Response(200, json={"items": [APPOINTMENT]})

    found = partner(answer).appointments(HERE, NINE, NINE + timedelta(days=1))

    assert [(one.id, one.start, one.patient.name) for one in found] == [("a1", NINE, "Anna")]
    assert "%2B00%3A00" in asked[0]


def test_a_booking_sends_the_whole_patient_and_the_schedule_its_days() -> None:
    """Exactly the fields of the contract."""
    sent = {}

    def answer(request: httpx.Request) -> httpx.Response:
        sent[request.method, request.url.path] = request.read()
        return httpx.Response(201, json=APPOINTMENT) if request.method == "POST" else httpx.Response(204)

    asked = partner(answer)
    service = Service(AddressServiceId("5"), "2", "Consultation", 30)
    asked.add_appointment(HERE, {"start": NINE.isoformat(), "duration": 30, "address_service_id": "5"}, ANNA)
    asked.set_schedule(HERE, [NINE.date()], [Period(NINE, NINE + timedelta(hours=3), (service,))])

    booked = sent["POST", "/calendars/17/appointments"]
    assert b'"birth_date":"1980-02-29"' in booked
    assert b'"surname":"Nowak-Wilk"' in booked
    assert b'"days":["2026-11-24"]' in sent["PUT", "/calendars/17/schedule"]


def test_a_connection_does_not_show_its_secret() -> None:
    """Not in its repr."""
    connection = Connection(
        "http://x/api", "http://x/token", "7", "canary-secret", "push", "jameda.de", "Europe/Berlin"
    )

    assert "canary" not in repr(connection)


def test_reading_all_that_is_shared_may_take_longer_than_another_call() -> None:
    """A system with hundreds of calendars reads them in one call of ours."""
    asked: dict[str, float] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        asked[request.url.path] = request.extensions["timeout"]["read"]
        return httpx.Response(200, json={"imported": 3} if request.method == "POST" else HEALTH)

    system = HttpPartner("http://partner.test/", transport=httpx.MockTransport(answer), timeout_s=30)

    assert system.import_mapping() == 3
    system.health()

    assert asked == {"/mapping/import": 120.0, "/health": 30.0}


def test_no_call_meets_the_closing_of_an_idle_connection() -> None:
    """Servers close them, many after 5 s: nobody could tell whether a write was carried out."""
    visitors = []
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor() as pool:
        system = HttpPartner(
            f"http://127.0.0.1:{listening.getsockname()[1]}", transport=to_partner(idle_s=0.05), timeout_s=5
        )
        listening.settimeout(5)
        for _ in range(2):
            asked = pool.submit(system.health)
            visitor, _ = listening.accept()  # as often as it asks: the first one is not used again
            visitor.recv(65536)
            body = json.dumps(HEALTH).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            visitor.sendall(head.encode() + body)
            assert asked.result(10).system.name == "Praxis"
            visitors.append(visitor)
            Event().wait(0.1)
        system.close()
    for visitor in visitors:
        visitor.close()

    assert IDLE_S < 2
