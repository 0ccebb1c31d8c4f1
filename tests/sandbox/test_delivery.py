"""Notifications by PUSH and PULL, and trouble on the way: nothing lost, doubled or reordered but on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sandbox.endpoint import Endpoint, listening
from sandbox.served import ANNA, Place, Served

from harness.recorder.line import Kind

KEY = "the-agreed-key"
HOURS = ("09:00", "09:30", "10:00", "10:30")


@pytest.fixture(scope="module")
def running() -> Iterator[Endpoint]:
    """An endpoint for the tests of this file."""
    with listening() as endpoint:
        yield endpoint


@pytest.fixture
def endpoint(docplanner: Served, running: Endpoint) -> Endpoint:
    """The endpoint, fresh, and notifications pushed there."""
    running.forget()
    deliver(docplanner, "push", callback_url=running.url, callback_api_key=KEY, callback_api_key_header="X-Agreed")
    return running


def deliver(docplanner: Served, how: str, **values: object) -> None:
    """How the API client gets its notifications; the retries are the longest of the official texts."""
    docplanner.done("PUT", f"/clients/{docplanner.sandbox.client_id}", {"delivery": how, "realtime": False, **values})
    docplanner.done("PUT", "/settings", {"retry_schedule_s": [60, 300, 900]})


def told(docplanner: Served, place: Place) -> list[dict[str, Any]]:
    """The notifications about the calendar, as the control API shows them."""
    found: list[dict[str, Any]] = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
    return found


def fault(docplanner: Served, place: Place, target: str, effect: str, **more: object) -> str:
    """Arm trouble for the calendar; its id."""
    body = {"address_id": place.address_id, "target": target, "effect": effect, **more}
    return str(docplanner.done("POST", "/faults", body)["fault_id"])


def test_notifications_come_in_order_with_the_agreed_key(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """A booking, its move and its cancellation, each once, with the key in the header that was agreed."""
    docplanner.fill(place, 2)
    first = docplanner.book(place, docplanner.at(2, "09:00"))["booking_id"]
    to = {"by": "doctor", "start": docplanner.at(2, "10:00")}
    second = docplanner.done("POST", f"{place.calendar}/visits/{first}/move", to)["booking_id"]
    docplanner.done("POST", f"{place.calendar}/visits/{second}/cancel", {"by": "patient"})

    bodies = endpoint.wait(3)

    assert [one["name"] for one in bodies] == ["slot-booked", "booking-moved", "booking-canceled"]
    moved = bodies[1]["data"]
    assert (moved["old_visit_booking"]["id"], moved["new_visit_booking"]["id"]) == (first, second)
    assert {one.headers["x-agreed"] for one in endpoint.received} == {KEY}
    assert bodies[0]["data"]["visit_booking"]["patient"]["phone"] == ANNA["phone"]


def test_the_agreed_key_is_never_journalled(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """Whatever the header is called."""
    deliver(docplanner, "push", callback_api_key_header="X-Agreed")
    docplanner.fill(place, 2)
    mark = docplanner.mark()
    docplanner.book(place, docplanner.at(2, "09:00"))
    docplanner.wait(mark, "notification", place)

    (line,) = docplanner.lines(Kind.NOTIFICATION_TRY, place)
    assert KEY not in str(line.body)


def test_a_failed_try_is_repeated_byte_for_byte_when_it_is_due(
    docplanner: Served, place: Place, endpoint: Endpoint
) -> None:
    """503, and a minute later 204; the calendar's next news does not wait for it."""
    endpoint.statuses = [503]
    docplanner.fill(place, 2)
    mark = docplanner.mark()
    docplanner.book(place, docplanner.at(2, "09:00"))
    docplanner.book(place, docplanner.at(2, "09:30"))
    docplanner.wait(mark, "notification", place, times=2)
    mark = docplanner.mark()
    docplanner.advance(seconds=61)
    docplanner.wait(mark, "notification", place)

    assert endpoint.received[0].raw == endpoint.received[2].raw != endpoint.received[1].raw
    one, other = told(docplanner, place)
    assert ([seen["status"] for seen in one["tries"]], one["state"]) == ([503, 204], "delivered")
    assert [seen["status"] for seen in other["tries"]] == [204]


def test_after_all_tries_it_is_buried_and_a_release_sends_it_again(
    docplanner: Served, place: Place, endpoint: Endpoint
) -> None:
    """Four tries over 21 minutes; release works once an hour, and says how long to wait otherwise."""
    endpoint.statuses = [500] * 4
    docplanner.fill(place, 2)
    mark = docplanner.mark()
    docplanner.book(place, docplanner.at(2, "09:00"))
    docplanner.wait(mark, "notification", place)
    for pause in (61, 301, 901):
        mark = docplanner.mark()
        docplanner.advance(seconds=pause)
        docplanner.wait(mark, "notification", place)
    assert len(endpoint.received) == 4
    assert told(docplanner, place)[0]["state"] == "buried"

    assert docplanner.api("POST", "/notifications/release").status_code == 204
    endpoint.wait(5)
    assert {one.raw for one in endpoint.received} == {endpoint.received[0].raw}
    again = docplanner.api("POST", "/notifications/release")
    assert again.status_code == 429
    assert 0 < int(again.headers["retry-after"]) <= 3600


def test_what_is_buried_for_two_weeks_is_gone(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """No release brings it back 14 days after it was made."""
    endpoint.statuses = [500]
    docplanner.done("PUT", "/settings", {"retry_schedule_s": []})
    docplanner.fill(place, 30)
    mark = docplanner.mark()
    docplanner.book(place, docplanner.at(30, "09:00"))
    docplanner.wait(mark, "notification", place)
    docplanner.advance(days=14, seconds=1)
    assert docplanner.api("POST", "/notifications/release").status_code == 204

    assert docplanner.done("GET", f"/activity?address_id={place.address_id}")["pushing"] == 0
    assert len(told(docplanner, place)[0]["tries"]) == 1


def test_an_endpoint_that_does_not_exist_is_an_error_not_a_status(
    docplanner: Served, place: Place, endpoint: Endpoint
) -> None:
    """Nothing answered: no status, and why."""
    deliver(docplanner, "push", callback_url="http://127.0.0.1:1/nobody")
    docplanner.done("PUT", "/settings", {"retry_schedule_s": []})
    docplanner.fill(place, 2)
    mark = docplanner.mark()
    docplanner.book(place, docplanner.at(2, "09:00"))
    docplanner.wait(mark, "notification", place)

    (seen,) = told(docplanner, place)[0]["tries"]
    assert seen["status"] is None
    assert seen["error"].startswith("ConnectError")
    assert told(docplanner, place)[0]["state"] == "buried"


def test_messages_are_doubled_dropped_and_held_on_purpose(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """One doubled, one dropped, one held until the fault is removed, and so after the next one."""
    docplanner.fill(place, 2)
    fault(docplanner, place, "message", "duplicate")
    docplanner.book(place, docplanner.at(2, "09:00"))
    endpoint.wait(2)
    fault(docplanner, place, "message", "drop")
    docplanner.book(place, docplanner.at(2, "09:30"))
    holding = fault(docplanner, place, "message", "hold", operation="slot-booked")
    held = docplanner.book(place, docplanner.at(2, "10:00"))["booking_id"]
    docplanner.book(place, docplanner.at(2, "10:30"))
    endpoint.wait(3)

    assert [one["state"] for one in told(docplanner, place)[1:3]] == ["dropped", "held"]
    assert docplanner.done("GET", f"/activity?address_id={place.address_id}")["held"] == 1
    docplanner.done("DELETE", f"/faults/{holding}")
    bodies = endpoint.wait(4)
    assert endpoint.received[0].raw == endpoint.received[1].raw
    assert [str(one["data"]["visit_booking"]["start_at"])[11:16] for one in bodies[1:]] == ["09:00", "10:30", "10:00"]
    assert bodies[3]["data"]["visit_booking"]["id"] == held


def test_a_notification_is_sent_again_as_it_was(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """Resent by its own channel, the body is the same, created_at included."""
    docplanner.fill(place, 2)
    docplanner.book(place, docplanner.at(2, "09:00"))
    endpoint.wait(1)
    docplanner.advance(minutes=5)
    one = told(docplanner, place)[0]["notification_id"]
    assert docplanner.control("POST", f"/notifications/{one}/resend").status_code == 202
    endpoint.wait(2)

    assert endpoint.received[0].raw == endpoint.received[1].raw


@pytest.mark.parametrize(("key", "sent"), [("right", KEY), ("wrong", "not-the-agreed-key"), ("missing", None)])
def test_a_forged_notification_is_of_a_visit_that_is_not_there(
    docplanner: Served, place: Place, endpoint: Endpoint, key: str, sent: str | None
) -> None:
    """Sent once with that key, it leaves no visit behind; the partner's answer is told."""
    endpoint.statuses = [403]
    body = {"key": key, "start": docplanner.at(2, "09:00"), "address_service_id": place.services[0], "patient": ANNA}
    answer = docplanner.done("POST", f"{place.calendar}/forged", body)

    (one,) = endpoint.received
    assert (answer["status"], one.headers.get("x-agreed"), one.body["name"]) == (403, sent, "slot-booked")
    booking = one.body["data"]["visit_booking"]["id"]
    assert docplanner.api("GET", f"{place.path}/bookings/{booking}").status_code == 404
