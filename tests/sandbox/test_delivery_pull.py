"""Notifications that are pulled, real-time questions, and API calls that fail on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sandbox.endpoint import Endpoint, listening
from sandbox.served import ANNA, Place, Served

from harness.recorder.line import Kind

HOURS = ("09:00", "09:30", "10:00", "10:30")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    """An endpoint for those tests that push too."""
    with listening() as running:
        yield running


def deliver(docplanner: Served, how: str, **values: object) -> None:
    """How the API client gets its notifications; what waits from before is pulled and forgotten."""
    docplanner.done("PUT", f"/clients/{docplanner.sandbox.client_id}", {"delivery": how, "realtime": False, **values})
    pulled(docplanner, 100)


def pulled(docplanner: Served, limit: int) -> dict[str, Any]:
    """What pullMultipleNotification tells."""
    told: dict[str, Any] = docplanner.api("GET", f"/notifications/multiple?limit={limit}").json()
    return told


def booked_hours(docplanner: Served, place: Place) -> None:
    """Four visits, so four notifications."""
    docplanner.fill(place, 30)
    for hour in HOURS:
        docplanner.book(place, docplanner.at(30, hour))


def hours(notifications: list[dict[str, Any]]) -> list[str]:
    """The hours that notifications tell of."""
    return [str(one["data"]["visit_booking"]["start_at"])[11:16] for one in notifications]


def test_the_oldest_is_pulled_first_and_is_gone(docplanner: Served, place: Place) -> None:
    """One, then the rest with how many remain, then nothing: 404 for one and an empty list for many."""
    deliver(docplanner, "pull")
    booked_hours(docplanner, place)

    assert hours([docplanner.api("GET", "/notifications").json()]) == ["09:00"]
    some = pulled(docplanner, 2)
    assert (hours(some["notifications"]), some["remaining"]) == (["09:30", "10:00"], 1)
    assert hours(pulled(docplanner, 100)["notifications"]) == ["10:30"]
    assert pulled(docplanner, 100) == {"notifications": [], "remaining": 0}
    assert docplanner.api("GET", "/notifications").status_code == 404
    tries = docplanner.lines(Kind.NOTIFICATION_TRY, place)
    assert [(one.body["channel"], one.scenario) for one in tries] == [("pull", place.scenario)] * 4
    assert docplanner.api("GET", "/notifications/multiple?limit=101", bad=True).status_code == 400


def test_what_is_not_pulled_in_72_hours_is_gone(docplanner: Served, place: Place) -> None:
    """The older one expires alone."""
    deliver(docplanner, "pull")
    docplanner.fill(place, 30)
    where = [docplanner.at(30, "09:00"), docplanner.at(30, "09:30")]
    docplanner.book(place, where[0])
    docplanner.advance(hours=71)
    docplanner.book(place, where[1])
    docplanner.advance(hours=1, seconds=1)

    assert hours(pulled(docplanner, 100)["notifications"]) == ["09:30"]
    items = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
    assert [one["state"] for one in items] == ["expired", "delivered"]


def test_only_push_clients_may_release(docplanner: Served, place: Place) -> None:
    """403 for the others."""
    deliver(docplanner, "pull")

    assert docplanner.api("POST", "/notifications/release").status_code == 403


def test_both_channels_tell_the_same(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """Pushed and pulled alike; that nobody pulls what was pushed does not undo its delivery."""
    endpoint.forget()
    deliver(docplanner, "both", callback_url=endpoint.url)
    docplanner.fill(place, 30)
    mark = docplanner.mark()
    docplanner.book(place, docplanner.at(30, "09:00"))
    docplanner.wait(mark, "notification", place)
    assert pulled(docplanner, 1)["notifications"] == endpoint.wait(1)

    mark = docplanner.mark()
    docplanner.book(place, docplanner.at(30, "09:30"))
    docplanner.wait(mark, "notification", place)
    docplanner.advance(hours=73)
    assert pulled(docplanner, 100)["notifications"] == []
    items = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
    assert [one["state"] for one in items] == ["delivered", "delivered"]


@pytest.mark.parametrize(("status", "body", "answered"), [(204, b"", 201), (422, b'{"error_code": 7}', 409)])
def test_a_patient_books_only_what_the_partner_approves(
    docplanner: Served, place: Place, endpoint: Endpoint, status: int, body: bytes, answered: int
) -> None:
    """With real-time checks on, the partner is asked first; slot-booked follows an approval alone."""
    endpoint.forget()
    deliver(docplanner, "push", callback_url=endpoint.url, realtime=True)
    endpoint.statuses, endpoint.body = [status], body
    docplanner.fill(place, 30)
    wanted = {"start": docplanner.at(30, "09:00"), "address_service_id": place.services[0], "patient": ANNA}

    answer = docplanner.control("POST", f"{place.calendar}/visits", {**wanted, "by": "patient"})

    assert answer.status_code == answered
    names = [one["name"] for one in endpoint.wait(2 if answered == 201 else 1)]
    assert names == ["slot-booking", "slot-booked"][: len(names)]
    endpoint.statuses, endpoint.body = [status], body
    asked = docplanner.done("POST", f"{place.calendar}/questions", {**wanted, "event": "slot-booking"})
    assert (asked["allowed"], asked["status"]) == (status == 204, status)
    assert asked["error_code"] == (7 if body else None)


@pytest.mark.parametrize("effect", ["fail", "cut"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_write_that_fails_on_purpose_took_place_only_where_told(
    docplanner: Served, place: Place, effect: str, when: str
) -> None:
    """503 or a cut connection; the booking is there where the trouble came after it, and the next call is fine."""
    deliver(docplanner, "pull")
    docplanner.fill(place, 30)
    trouble = {"address_id": place.address_id, "target": "write", "effect": effect, "when": when}
    armed = docplanner.done("POST", "/faults", {**trouble, "operation": "bookSlot"})
    path = f"{place.path}/slots/{quote(docplanner.at(30, '09:00'))}/book"
    body = {"address_service_id": place.services[0], "duration": 30, "patient": ANNA}

    if effect == "cut":
        with pytest.raises(httpx.RemoteProtocolError):
            docplanner.api("POST", path, body)
    else:
        assert docplanner.api("POST", path, body).status_code == 503
    assert docplanner.api("POST", path, body).status_code == (200 if when == "before" else 404)

    exchanges = [one for one in docplanner.lines(Kind.EXCHANGE, place) if one.body["operation"] == "bookSlot"]
    assert [one.body["injected"] for one in exchanges] == [True, False]
    assert exchanges[0].body["status"] == (None if effect == "cut" else 503)
    (line,) = docplanner.lines(Kind.FAULT, place)
    assert (line.body["fault_id"], line.body["effect"]) == (armed["fault_id"], effect)


def test_an_update_that_took_place_before_it_failed_becomes_readable(docplanner: Served, place: Place) -> None:
    """The news says so, although the partner was told 503."""
    trouble = {"address_id": place.address_id, "target": "write", "effect": "fail", "when": "after"}
    docplanner.done("POST", "/faults", trouble)
    mark = docplanner.mark()
    sent = {"slots": [docplanner.period(place, 2)]}

    assert docplanner.api("PUT", f"{place.path}/slots", sent).status_code == 503
    docplanner.wait(mark, "slots-readable", place)


def test_a_read_fails_only_as_often_as_told(docplanner: Served, place: Place) -> None:
    """Two reads of the calendar fail with the status wanted; other calendars and writes do not."""
    trouble = {"address_id": place.address_id, "target": "read", "effect": "fail", "status": 500, "count": 2}
    docplanner.done("POST", "/faults", trouble)
    other = docplanner.place()

    assert docplanner.api("GET", other.path).status_code == 200
    assert docplanner.api("DELETE", f"{place.path}/slots/{docplanner.day(2)}").status_code == 204
    assert [docplanner.api("GET", place.path).status_code for _ in range(3)] == [500, 500, 200]
