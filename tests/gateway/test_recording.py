"""What goes through is written down: redacted, compared with the contract, told to who waits."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from gateway.wires import Between, answers, ask, between, far_end

from harness.clock import SystemClock
from harness.contract.json_value import object_of
from harness.gateway.server import RunningGateway, serve
from harness.gateway.settings import GatewaySettings
from harness.marketplace.news import NewsFeed
from harness.recorder.journal import JournalFile, MemoryJournal, read_journal
from harness.recorder.line import Actor, Channel, Kind
from harness.recorder.redaction import Redactor
from harness.waiting import eventually

CLOSE = b"Connection: close\r\n\r\n"
KIND = b"Content-Type: application/vnd.docplanner+json; charset=UTF-8\r\n"
FACILITIES = b'{"_items": [{"_links": {}, "id": "1", "name": "Clinic"}]}'
SECRET, TOKEN, KEY = "swordfish-1234", "token-of-the-partner-77", "key-agreed-in-private-9"
NOTIFICATION: dict[str, Any] = {
    "name": "slot-booked",
    "data": {
        "facility": {"id": "1", "name": "Clinic"},
        "doctor": {"id": "2", "name": "Jan", "surname": "Kowalski"},
        "address": {"id": "3", "name": "Main", "street": "Main 1"},
        "visit_booking": {
            "id": "55",
            "status": "booked",
            "start_at": "2026-11-24T09:00:00+01:00",
            "end_at": "2026-11-24T09:30:00+01:00",
            "duration": "30",
            "booked_by": "user",
            "booked_at": "2026-11-23T09:00:00+01:00",
        },
        "patient": {"name": "Stranger", "surname": "Unknown", "phone": "+48601601601", "email": "s@example.com"},
    },
    "created_at": "2026-11-23T09:00:00+01:00",
}


def answer(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """An answer of Docplanner's."""
    return b"HTTP/1.1 %b\r\n%b%bContent-Length: %d\r\n\r\n%b" % (status, KIND, b"".join(headers), len(body), body)


def call(made: Between, path: str, *headers: bytes, method: str = "GET", body: bytes = b"") -> bytes:
    """A call of the partner's."""
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\n".encode()
    return ask(made.port, head + b"".join(headers) + length + CLOSE + body)


def test_a_call_is_written_with_its_operation_and_its_calendar() -> None:
    """As the partner's, by the channel of the API, at Docplanner's own address."""
    path = "/api/v3/integration/facilities/1/doctors/2/addresses/3/services"
    with between(answers(answer(b'{"_items": []}'))) as made:
        call(made, f"{path}?with=address_service.custom_name", b"Authorization: Bearer " + TOKEN.encode() + b"\r\n")
        line = made.line()

    assert (line.kind, line.actor, line.channel, line.address) == (Kind.EXCHANGE, Actor.PARTNER, Channel.API, "3")
    assert line.body["operation"] == "getAddressServices"
    assert str(line.body["url"]).endswith(f"{path}?with=address_service.custom_name")
    assert str(line.body["url"]).startswith("http://localhost:")
    assert line.body["status"] == 200
    assert line.body["breaches"] == []
    assert TOKEN not in str(line.body)


@pytest.mark.parametrize(("packing", "pack"), [(b"gzip", gzip.compress), (b"deflate", zlib.compress)])
def test_a_packed_answer_goes_on_packed_and_is_written_unpacked(packing: bytes, pack: Callable[[bytes], bytes]) -> None:
    """And compared with the contract, which is about what it says."""
    packed = pack(FACILITIES)
    told = answer(packed, b"Content-Encoding: " + packing + b"\r\n")
    with between(answers(told)) as made:
        back = call(made, "/api/v3/integration/facilities", b"Accept-Encoding: gzip, deflate\r\n")

        assert back.endswith(packed)
        assert object_of(made.line().body["response"])["json"] == json.loads(FACILITIES)


@pytest.mark.parametrize(
    ("packing", "body"),
    [
        (b"br", b"\x0b\x02\x80"),
        (b"gzip", b"no gzip"),
        (b"gzip", gzip.compress(b"0" * 5_000_000)),
        (b"", b"x" * 2_000_000),
    ],
)
def test_what_cannot_be_unpacked_or_is_too_long_accuses_nobody(packing: bytes, body: bytes) -> None:
    """It goes through, its length is written, and its contents are compared with nothing."""
    with between(answers(answer(body, b"Content-Encoding: " + packing + b"\r\n"))) as made:
        back = call(made, "/api/v3/integration/facilities")

        assert back.endswith(body)
        assert made.line().body["breaches"] == []
        assert str(object_of(made.line().body["response"])["text"]).startswith(f"[{len(body)} bytes")


def test_breaches_of_both_sides_are_written() -> None:
    """A request and an answer that the contract does not know."""
    told = answer(b'{"_items": 5}', status=b"299 Odd")
    path = "/api/v3/integration/facilities/1/doctors/2/addresses/3/bookings/5/move"
    with between(answers(told)) as made:
        call(made, path, method="POST", body=b'{"start": "soon"}')

        found = [str(one) for one in made.line().body["breaches"]]  # type: ignore[union-attr]

    assert made.line().body["operation"] == "moveBooking"
    assert any(one.startswith("request body") for one in found), found
    assert any(one.startswith("status 299") for one in found), found


def test_how_a_token_is_refused_is_open_and_no_breach() -> None:
    """Source: behaviour.md, "Access"."""
    with between(answers(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")) as made:
        call(made, "/api/v3/integration/facilities")

        assert made.line().body["breaches"] == []


@pytest.mark.parametrize("way", ["basic", "form"])
def test_no_credential_is_written_wherever_it_comes_up_again(way: str) -> None:
    """A secret that passed once is known from then on, in whatever place."""
    told = json.dumps({"access_token": TOKEN, "expires_in": 3600, "token_type": "bearer", "scope": None}).encode()
    basic = b"Authorization: Basic " + base64.b64encode(f"client:{SECRET}".encode()) + b"\r\n"
    form = b"grant_type=client_credentials&scope=integration"
    form += f"&client_id=client&client_secret={SECRET}".encode() if way == "form" else b""
    with between(answers(answer(told))) as made:
        call(made, "/oauth/v2/token", *([basic] if way == "basic" else []), method="POST", body=form)
        made.far.behaviour = answers(answer(f'{{"message": "what is {SECRET} and {TOKEN}?"}}'.encode()))
        call(made, f"/api/v3/integration/facilities?note={TOKEN}", f"X-Odd: {SECRET}\r\n".encode())
        first, second = made.journal.lines
        text = str(first.body) + str(second.body)

    assert (first.channel, first.body["operation"]) == (Channel.TOKEN, "token")
    assert SECRET not in text
    assert TOKEN not in text
    assert base64.b64encode(f"client:{SECRET}".encode()).decode() not in text


class Endpoint:
    """A gateway before a partner's notification endpoint."""

    def __init__(self, gateway: RunningGateway, journal: MemoryJournal) -> None:
        self.gateway = gateway
        self.journal = journal
        url = gateway.notification_url or ""
        self.port, self.path = int(httpx.URL(url).port or 0), httpx.URL(url).path

    def tell(self, body: bytes, *headers: bytes, method: str = "POST", path: str = "") -> bytes:
        """A message of Docplanner's."""
        head = f"{method} {path or self.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n".encode()
        return ask(self.port, head + b"".join(headers) + CLOSE + body)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """One that takes everything."""
    redactor = Redactor((), patient_key=b"k" * 32, own_phone_block="500")
    journal = MemoryJournal(redactor=redactor)
    with far_end(answers(b"HTTP/1.1 204 No Content\r\n\r\n")) as far:
        settings = GatewaySettings(
            docplanner="http://localhost:9", partner=f"http://localhost:{far.port}/in/docplanner"
        )
        with serve(settings, journal=journal, redactor=redactor) as gateway:
            yield Endpoint(gateway, journal)


def test_a_notification_is_written_as_a_try_of_docplanner(endpoint: Endpoint) -> None:
    """The same one again is its second try; another person's data are masked, and so is the key, whatever its name."""
    sent = json.dumps(NOTIFICATION).encode()
    for _ in range(2):
        assert endpoint.tell(sent, f"X-Our-Sign: {KEY}\r\n".encode()).startswith(b"HTTP/1.1 204 No Content\r\n")
    first, second = endpoint.journal.lines

    assert (first.kind, first.actor, first.channel) == (Kind.NOTIFICATION_TRY, Actor.DOCPLANNER, Channel.NOTIFICATION)
    assert (first.address, first.body["event"], first.body["status"]) == ("3", "slot-booked", 204)
    assert [first.body["try"], second.body["try"]] == [1, 2]
    for private in (KEY, "Stranger", "601601601", "s@example.com"):
        assert private not in str(first.body)


def test_what_is_about_a_calendar_belongs_to_the_scenario_that_has_it(endpoint: Endpoint) -> None:
    """From when that was said until it is taken back; it needs the token."""
    gateway, sent = endpoint.gateway, json.dumps(NOTIFICATION).encode()
    url = f"{gateway.control_url}/calendars/3"
    headers = {"Authorization": f"Bearer {gateway.control_token}"}
    assert httpx.put(url, json={"scenario": "x"}).status_code == 401
    assert httpx.put(url, json={"scenario": 5}, headers=headers).status_code == 422
    for scenario in ("features/a: b", None):
        assert httpx.put(url, json={"scenario": scenario}, headers=headers).status_code == 204
        endpoint.tell(sent)

    assert [one.scenario for one in endpoint.journal.lines] == ["features/a: b", None]


@pytest.mark.parametrize("path", ["notifications", "notifications/multiple"])
def test_notifications_that_are_fetched_are_tries_too(path: str) -> None:
    """Each under the call by which it came."""
    told = {"notifications": [NOTIFICATION, NOTIFICATION], "remaining": 0} if "/" in path else NOTIFICATION
    with between(answers(answer(json.dumps(told).encode()))) as made:
        call(made, f"/api/v3/integration/{path}")
        exchange, *tries = made.journal.lines

    assert exchange.body["operation"] in {"pullNotification", "pullMultipleNotification"}
    assert len(tries) == (2 if "/" in path else 1)
    for one in tries:
        assert (one.kind, one.address, one.cause) == (Kind.NOTIFICATION_TRY, "3", exchange.n)
        assert (one.body["event"], one.body["channel"]) == ("slot-booked", "pull")
        assert "601601601" not in str(one.body)


def test_a_question_and_a_ping_are_no_tries(endpoint: Endpoint) -> None:
    """They are exchanges; what a notification lacks is written of notifications alone."""
    endpoint.tell(json.dumps({**NOTIFICATION, "name": "slot-booking"}).encode())
    endpoint.tell(b"", method="GET")
    endpoint.tell(json.dumps({"name": "slot-booked"}).encode())
    question, ping, odd = endpoint.journal.lines

    assert [one.kind for one in (question, ping)] == [Kind.EXCHANGE, Kind.EXCHANGE]
    assert question.body["event"] == "slot-booking"
    assert ping.body["event"] is None
    assert odd.body["breaches"]


@pytest.mark.parametrize(
    "path", ["/", "/in", "/in/docplanner/", "/in/docplanner/../admin", "/in%2Fdocplanner", "/IN/docplanner"]
)
def test_nothing_but_the_endpoint_is_reached_from_outside(endpoint: Endpoint, path: str) -> None:
    """The partner's other pages are not open to who finds the gateway."""
    back = endpoint.tell(b"{}", path=path)

    assert back.startswith(b"HTTP/1.1 404 Gateway\r\n")
    assert not endpoint.journal.lines


def test_who_waits_is_woken_by_what_goes_through(endpoint: Endpoint) -> None:
    """By the same feed as for the embedded sandbox; it needs the token, and answers on this machine alone."""
    gateway = endpoint.gateway
    assert httpx.get(f"{gateway.control_url}/news").status_code == 401
    with NewsFeed(gateway.control_url, token=gateway.control_token) as news:
        mark = news.mark()
        endpoint.tell(json.dumps(NOTIFICATION).encode())
        waited = eventually(
            lambda: len(endpoint.journal.lines),
            lambda seen: None if seen else "nothing yet",
            within=timedelta(seconds=10),
            news=news,
            clock=SystemClock(),
        )
        assert news.wait(mark, timedelta(seconds=10), {"3"})
        assert not news.wait(mark, timedelta(0), {"4"})

    assert waited.objection is None
    headers = {"Authorization": f"Bearer {gateway.control_token}"}
    assert httpx.get(f"{gateway.control_url}/health", headers=headers).json()["recorded"] == 1


def test_traffic_goes_on_where_it_cannot_be_written(tmp_path: Path) -> None:
    """That it was not is counted, and told to who asks."""
    redactor = Redactor((), patient_key=b"k" * 32, own_phone_block="500")
    journal = JournalFile(
        tmp_path / "journal.jsonl", run="x", process="gateway", redactor=redactor, clock=SystemClock()
    )
    journal.close()
    with far_end(answers()) as far:
        settings = GatewaySettings(docplanner=f"http://localhost:{far.port}")
        with serve(settings, journal=journal, redactor=redactor) as gateway:
            back = ask(int(gateway.base_url.rpartition(":")[2]), b"GET / HTTP/1.1\r\nHost: x\r\n" + CLOSE)
            headers = {"Authorization": f"Bearer {gateway.control_token}"}
            health = httpx.get(f"{gateway.control_url}/health", headers=headers).json()

    assert back.endswith(b"ok")
    assert (health["recorded"], health["lost"]) == (0, 1)
    assert not list(read_journal(tmp_path / "journal.jsonl"))
