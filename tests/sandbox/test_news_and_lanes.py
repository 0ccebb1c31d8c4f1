"""News that wakes whoever waits, and deliveries that do not wait for each other."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote

import httpx
import pytest
from sandbox.endpoint import listening
from sandbox.served import Place, Served

from harness.recorder.line import Kind


@contextmanager
def silence() -> Iterator[str]:
    """An endpoint that takes the connection and never answers; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


@contextmanager
def redirecting(target: str) -> Iterator[str]:
    """An endpoint that sends everybody on to ``target``; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response(307)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def connect(docplanner: Served, url: str | None) -> None:
    """Notifications are pushed there."""
    settings = {"delivery": "push", "callback_url": url}
    docplanner.done("PUT", f"/clients/{docplanner.sandbox.client_id}", settings)


def states(docplanner: Served, place: Place) -> list[str]:
    """Of the notifications about the calendar."""
    told = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
    return [one["state"] for one in told]


def test_a_long_poll_ends_with_the_first_news(docplanner: Served, place: Place) -> None:
    """Who waits is woken by a call of the partner and told which it was."""
    after = docplanner.mark()
    answers: list[dict[str, object]] = []
    url = f"{docplanner.sandbox.control_url}/news?after={after}&timeout_s=20"
    key = {"Authorization": f"Bearer {docplanner.sandbox.control_token}"}
    waiting = Thread(target=lambda: answers.append(httpx.get(url, headers=key, timeout=25, trust_env=False).json()))
    waiting.start()

    docplanner.api("GET", place.path)
    waiting.join(20)

    (told,) = answers
    items = [one for one in told["items"] if one["address_id"] == place.address_id]  # type: ignore[index, attr-defined]
    assert [(one["what"], one["operation"], one["status"]) for one in items] == [("exchange", "getAddress", 200)]


def test_without_news_a_poll_answers_when_its_time_is_over(docplanner: Served, place: Place) -> None:
    """An empty list, and the number after which to ask next."""
    after = docplanner.mark()

    told = docplanner.done("GET", f"/news?after={after}&timeout_s=0.05")

    assert told == {"last": after, "items": []}


def test_a_poll_for_some_calendars_is_not_woken_by_the_others(docplanner: Served, place: Place) -> None:
    """It waits for news of these alone, and tells nothing else."""
    other, after = docplanner.place(), docplanner.mark()
    docplanner.api("GET", other.path)
    asked = f"/news?after={after}&timeout_s=0.05&address_id={place.address_id}"

    assert docplanner.done("GET", asked) == {"last": docplanner.mark(), "items": []}

    docplanner.api("GET", place.path)
    told = docplanner.done("GET", f"{asked}&address_id=0")["items"]
    assert [one["address_id"] for one in told] == [place.address_id]


def test_a_readable_change_is_news(docplanner: Served, place: Place) -> None:
    """Whoever sent work periods need not poll for them."""
    after = docplanner.mark()
    docplanner.api("PUT", f"{place.path}/slots", {"slots": [docplanner.period(place, 2)]})

    docplanner.wait(after, "slots-readable", place)

    since, till = quote(docplanner.at(2, "00:00")), quote(docplanner.at(3, "00:00"))
    offers = docplanner.done("GET", f"{place.calendar}/offers?from={since}&to={till}")
    assert len(offers["items"]) == 4


def test_a_calendar_whose_endpoint_is_stuck_holds_up_no_other(docplanner: Served, place: Place) -> None:
    """Deliveries are in order for one calendar, and side by side for several."""
    other = docplanner.place()
    docplanner.fill(place, 2)
    docplanner.fill(other, 2)
    with silence() as stuck, listening() as endpoint:
        connect(docplanner, stuck)
        docplanner.book(place, docplanner.at(2, "09:00"))
        after = docplanner.mark()
        connect(docplanner, endpoint.url)
        docplanner.book(other, docplanner.at(2, "09:00"))

        docplanner.wait(after, "notification", other)

        assert states(docplanner, other) == ["delivered"]
        assert states(docplanner, place) == ["pushing"]


def test_without_an_endpoint_nothing_is_tried(docplanner: Served, place: Place) -> None:
    """A PUSH client that has named no address yet is told nothing, and can have it released later."""
    connect(docplanner, None)
    docplanner.fill(place, 2)

    docplanner.book(place, docplanner.at(2, "09:00"))

    assert states(docplanner, place) == ["buried"]
    assert docplanner.lines(Kind.NOTIFICATION_TRY, place) == []


def test_a_redirect_is_no_acceptance(docplanner: Served, place: Place) -> None:
    """Any 2xx accepts; a 307 is a failed try, and nothing is sent to where it points."""
    docplanner.fill(place, 2)
    with listening() as endpoint, redirecting(endpoint.url) as url:
        connect(docplanner, url)
        after = docplanner.mark()
        docplanner.book(place, docplanner.at(2, "09:00"))

        docplanner.wait(after, "notification", place)

        assert endpoint.received == []
        assert states(docplanner, place) == ["pushing"]
        (told,) = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
        assert [one["status"] for one in told["tries"]] == [307]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_can_be_cut(docplanner: Served, place: Place, when: str) -> None:
    """The partner gets no answer at all, whether the write took place or not, and nobody is blamed for it."""
    docplanner.fill(place, 2)
    body = {"since": docplanner.at(2, "09:00"), "till": docplanner.at(2, "10:00")}
    fault = {"address_id": place.address_id, "target": "write", "effect": "cut", "when": when}
    docplanner.done("POST", "/faults", fault)

    with pytest.raises(httpx.TransportError):
        docplanner.api("POST", f"{place.path}/breaks", body)

    path = f"{place.path}/breaks?since={docplanner.at(2, '00:00')}&till={docplanner.at(3, '00:00')}"
    seen = docplanner.api("GET", path.replace("+", "%2B")).json()["_items"]
    assert len(seen) == (1 if when == "after" else 0)
    line = docplanner.lines(Kind.EXCHANGE, place)[0]
    assert (line.body["status"], line.body["injected"], line.body["breaches"]) == (None, True, [])


def test_a_partner_is_told_of_its_own_acts_only_where_echoes_are_on(docplanner: Served, place: Place) -> None:
    """Its own break makes no notification by default, and one where the setting says so [open]."""
    body = {"since": docplanner.at(2, "09:00"), "till": docplanner.at(2, "10:00")}
    connect(docplanner, None)
    docplanner.api("POST", f"{place.path}/breaks", body)
    assert states(docplanner, place) == []

    docplanner.settings(place, echo_own_actions=True)
    docplanner.api("POST", f"{place.path}/breaks", {**body, "description": "again"})

    assert states(docplanner, place) == ["buried"]


def test_a_deleted_service_that_comes_back_has_a_new_id(docplanner: Served, place: Place) -> None:
    """Updates that use the old id are refused until the mapping is read again."""
    first = place.services[0]
    dictionary = docplanner.api("GET", f"{place.path}/services/{first}").json()["service_id"]
    assert docplanner.api("DELETE", f"{place.path}/services/{first}").status_code == 204
    assert docplanner.api("PUT", f"{place.path}/slots", {"slots": [docplanner.period(place, 2)]}).status_code == 400

    made = docplanner.api("POST", f"{place.path}/services", {"service_id": dictionary})

    assert made.status_code == 201
    assert made.json()["id"] != first
    assert made.headers["location"].endswith(f"/services/{made.json()['id']}")
