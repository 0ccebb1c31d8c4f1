"""Trouble on purpose over real HTTP: by calendar, API client, operation and count; none that makes no sense."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sandbox.endpoint import Endpoint, listening
from sandbox.served import ANNA, Place, Served

from harness.recorder.line import Kind


@pytest.fixture(scope="module")
def running() -> Iterator[Endpoint]:
    """An endpoint for the tests of this file."""
    with listening() as endpoint:
        yield endpoint


@pytest.fixture
def endpoint(docplanner: Served, running: Endpoint) -> Endpoint:
    """The endpoint, fresh, and notifications pushed there."""
    running.forget()
    wanted = {"delivery": "push", "callback_url": running.url, "realtime": False}
    docplanner.done("PUT", f"/clients/{docplanner.sandbox.client_id}", wanted)
    return running


@pytest.fixture
def everywhere(docplanner: Served) -> Iterator[dict[str, object]]:
    """What names the API client in place of a calendar; whatever is left of it is disarmed."""
    yield {"address_id": None, "client_id": docplanner.sandbox.client_id}
    for one in docplanner.done("GET", "/faults")["items"]:
        if one["client_id"]:
            docplanner.done("DELETE", f"/faults/{one['fault_id']}")


def arm(docplanner: Served, place: Place, target: str, effect: str, **more: object) -> dict[str, Any]:
    """Trouble for the calendar, unless told otherwise."""
    wanted = {"address_id": place.address_id, "target": target, "effect": effect, **more}
    return docplanner.done("POST", "/faults", wanted)


def bookings(docplanner: Served, place: Place, more: str = "") -> httpx.Response:
    """The bookings of a day."""
    day = f"start={quote(docplanner.at(2, '00:00'))}&end={quote(docplanner.at(3, '00:00'))}"
    return docplanner.api("GET", f"{place.path}/bookings?{day}{more}")


def book(docplanner: Served, place: Place, hour: str) -> httpx.Response:
    """A booking by the partner."""
    body = {"address_service_id": place.services[0], "duration": 30, "patient": ANNA}
    return docplanner.api("POST", f"{place.path}/slots/{quote(docplanner.at(2, hour))}/book", body)


def hours(bodies: list[dict[str, Any]]) -> list[str]:
    """When the visits begin that notifications tell of."""
    return [str(one["data"]["visit_booking"]["start_at"])[11:16] for one in bodies]


@pytest.mark.parametrize(("when", "kept"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_write_fails_before_or_after_it_took_place(
    docplanner: Served, place: Place, when: str, kept: int, status: int
) -> None:
    """With the status asked for, as often as asked, and it is journalled with the operation."""
    docplanner.fill(place, 2)
    arm(docplanner, place, "write", "fail", operation="bookSlot", when=when, status=status)

    assert book(docplanner, place, "09:00").status_code == status
    assert len(bookings(docplanner, place).json()["_items"]) == kept
    assert book(docplanner, place, "09:30").status_code == 200
    (line,) = docplanner.lines(Kind.FAULT, place)
    assert (line.body["effect"], line.body["operation"]) == ("fail", "bookSlot")


@pytest.mark.parametrize(("when", "kept"), [("before", 0), ("after", 1)])
def test_a_connection_is_cut_before_or_after_the_write(docplanner: Served, place: Place, when: str, kept: int) -> None:
    """The caller sees no answer either way."""
    docplanner.fill(place, 2)
    arm(docplanner, place, "write", "cut", when=when)

    with pytest.raises(httpx.RemoteProtocolError):
        book(docplanner, place, "09:00")
    assert len(bookings(docplanner, place).json()["_items"]) == kept


def test_a_call_is_refused_as_if_a_limit_were_used_up(docplanner: Served, place: Place) -> None:
    """429 with the headers of a limit, whose reset is as far ahead as asked; nothing took place."""
    docplanner.fill(place, 2)
    arm(docplanner, place, "write", "limit", delay_s=30, count=2)
    began = docplanner.clock.now()

    for _ in range(2):
        refused = book(docplanner, place, "09:00")
        told = refused.headers
        assert (refused.status_code, told["x-ratelimit-remaining"]) == (429, "0")
        assert told["x-ratelimit-used"] == told["x-ratelimit-limit"] != "0"
        ahead = datetime.fromisoformat(told["x-ratelimit-reset"]) - began
        assert timedelta(seconds=28) < ahead < timedelta(seconds=32)
    assert book(docplanner, place, "09:00").status_code == 200


def test_an_answer_is_slow(docplanner: Served, place: Place) -> None:
    """By the time asked for at least; the write takes place."""
    docplanner.fill(place, 2)
    arm(docplanner, place, "write", "slow", delay_s=0.2)

    assert book(docplanner, place, "09:00").elapsed >= timedelta(seconds=0.2)
    assert len(bookings(docplanner, place).json()["_items"]) == 1


def test_lists_leave_a_booking_out_as_often_as_asked(docplanner: Served, place: Place) -> None:
    """With pages and without; asked for by its id it is there all the time."""
    first = docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")["booking_id"]
    docplanner.book(place, docplanner.at(2, "10:00"), by="doctor")
    arm(docplanner, place, "read", "omit", booking_id=first, count=2)

    assert first not in bookings(docplanner, place).text
    assert docplanner.api("GET", f"{place.path}/bookings/{first}").status_code == 200
    paged = bookings(docplanner, place, "&page=1").json()
    assert (paged["total"], len(paged["_items"])) == (1, 1)
    assert first in bookings(docplanner, place).text


def test_what_is_for_an_api_client_meets_calls_about_any_calendar_and_none(
    docplanner: Served, place: Place, everywhere: dict[str, object]
) -> None:
    """As often as asked in all, and an API client of another name does not notice."""
    other = docplanner.done("POST", "/clients", {"name": "another"})
    form = {"grant_type": "client_credentials", "scope": "integration"}
    basic = (other["client_id"], other["client_secret"])
    token = docplanner.http.post(docplanner.sandbox.token_url, data=form, auth=basic).json()["access_token"]
    arm(docplanner, place, "read", "fail", **everywhere, count=2)

    assert docplanner.api("GET", "/facilities", token=token).status_code == 200
    assert docplanner.api("GET", "/facilities").status_code == 503
    assert bookings(docplanner, place).status_code == 503
    assert docplanner.api("GET", "/facilities").status_code == 200


def test_messages_of_an_api_client_are_dropped_whatever_the_calendar(
    docplanner: Served, place: Place, endpoint: Endpoint, everywhere: dict[str, object]
) -> None:
    """Two of them, of two calendars; the next one comes."""
    other = docplanner.place()
    arm(docplanner, place, "message", "drop", **everywhere, operation="slot-booked", count=2)
    docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")
    docplanner.book(other, docplanner.at(2, "09:30"), by="doctor")
    docplanner.book(place, docplanner.at(2, "10:00"), by="doctor")

    assert hours(endpoint.wait(1)) == ["10:00"]


def test_a_message_comes_late_by_the_sandboxs_clock(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """Held until the time has passed, after what was told later; nothing waits for the machine's clock."""
    arm(docplanner, place, "message", "delay", delay_s=3600)
    docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")
    docplanner.book(place, docplanner.at(2, "10:00"), by="doctor")
    endpoint.wait(1)
    assert docplanner.done("GET", f"/activity?address_id={place.address_id}")["held"] == 1
    docplanner.advance(minutes=59)
    docplanner.book(place, docplanner.at(2, "11:00"), by="doctor")
    endpoint.wait(2)
    docplanner.advance(minutes=1)

    assert hours(endpoint.wait(3)) == ["10:00", "11:00", "09:00"]
    assert docplanner.done("GET", f"/activity?address_id={place.address_id}")["held"] == 0


def test_a_message_that_is_late_by_little_comes_by_itself(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """Nobody moves the clock."""
    arm(docplanner, place, "message", "delay", delay_s=0.1)
    docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")

    assert hours(endpoint.wait(1)) == ["09:00"]


def test_messages_come_newest_first(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """Three of them, once the third was made; removed before that, in the order in which they were made."""
    arm(docplanner, place, "message", "reorder", count=3)
    for hour in ("09:00", "09:30", "10:00"):
        docplanner.book(place, docplanner.at(2, hour), by="doctor")
    assert hours(endpoint.wait(3)) == ["10:00", "09:30", "09:00"]

    waiting = arm(docplanner, place, "message", "reorder", count=5)["fault_id"]
    docplanner.book(place, docplanner.at(2, "11:00"), by="doctor")
    docplanner.book(place, docplanner.at(2, "12:00"), by="doctor")
    docplanner.done("DELETE", f"/faults/{waiting}")
    assert hours(endpoint.wait(5))[3:] == ["11:00", "12:00"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"target": "write", "effect": "fail", "address_id": None}, ["address_id or client_id"]),
        ({"target": "write", "effect": "drop"}, ["drop is no trouble for a write", "cut, fail, limit, slow"]),
        ({"target": "message", "effect": "cut"}, ["cut is no trouble for a message"]),
        ({"target": "write", "effect": "omit", "booking_id": "{booking}"}, ["omit is no trouble for a write"]),
        ({"target": "read", "effect": "omit"}, ["booking_id: name the booking"]),
        ({"target": "read", "effect": "fail", "booking_id": "{booking}"}, ["booking_id: is for omit"]),
        ({"target": "write", "effect": "limit", "when": "after"}, ["limit has no after"]),
        ({"target": "message", "effect": "hold", "when": "after"}, ["hold has no after"]),
        ({"target": "write", "effect": "fail", "status": 409}, ["expected 500 to 599", "429 is the effect limit"]),
        ({"target": "write", "effect": "fail", "operation": "getSlots"}, ["getSlots is no write"]),
        ({"target": "read", "effect": "fail", "operation": "bookSlot"}, ["bookSlot is no read"]),
        ({"target": "write", "effect": "fail", "operation": "bokSlot"}, ["did you mean bookSlot"]),
        ({"target": "message", "effect": "drop", "operation": "slot-boked"}, ["there is no event", "slot-booked"]),
        ({"target": "read", "effect": "fail", "operation": "getFacilities"}, ["about no calendar", "client_id"]),
        ({"target": "write", "effect": "slow"}, ["delay_s: expected the seconds"]),
        ({"target": "write", "effect": "slow", "delay_s": 3600}, ["60 seconds at most"]),
        ({"target": "message", "effect": "delay"}, ["delay_s: expected the seconds"]),
        ({"target": "message", "effect": "reorder", "count": 1}, ["2 or more messages"]),
        ({"target": "message", "effect": "drop", "count": 0}, ["count: expected 1 or more"]),
        (
            {"target": "read", "effect": "slow", "when": "after", "count": 0, "operation": "x"},
            ["delay_s", "count", "x"],
        ),
    ],
)
def test_a_fault_that_could_never_happen_is_refused_with_every_reason(
    docplanner: Served, place: Place, fault: dict[str, Any], told: list[str]
) -> None:
    """422, and nothing is armed."""
    booking = docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")["booking_id"]
    named = {name: booking if value == "{booking}" else value for name, value in fault.items()}
    answer = docplanner.control("POST", "/faults", {"address_id": place.address_id, **named})

    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")
    assert [one for one in told if one not in answer.json()["message"]] == []
    assert [one for one in docplanner.done("GET", "/faults")["items"] if one["address_id"] == place.address_id] == []


@pytest.mark.parametrize("name", ["address_id", "client_id", "booking_id"])
def test_trouble_for_what_is_not_there_is_not_found(docplanner: Served, place: Place, name: str) -> None:
    """404 for a calendar, an API client, a booking."""
    effect = "omit" if name == "booking_id" else "fail"
    wanted = {"address_id": place.address_id, "target": "read", "effect": effect, name: "no-such-thing"}

    assert docplanner.control("POST", "/faults", wanted).status_code == 404
