"""Every event: told by what makes it, and only by that. Bodies are compared with the contract as they go out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sandbox.endpoint import Endpoint, listening
from sandbox.served import Place, Served

from harness.contract.events import EVENTS
from harness.contract.exchange_check import check_notification

ASKED = {"slot-booking", "booking-moving"}
VISITS = {"slot-booked", "booking-moved", "booking-canceled"}
BREAKS = {"break-created", "break-moved", "break-removed"}
SERVICES = {"address-service-created", "address-service-changed", "address-service-deleted"}
MARKS = {"booking-confirmed", "booking-payment-status-changed", "presence-marked"}
ADDRESSES = {"address-assigned", "address-commercial-type-changed", "address-unassigned"}


@pytest.fixture(scope="module")
def endpoint(docplanner: Served) -> Iterator[Endpoint]:
    """The endpoint of the sandbox's first API client."""
    with listening() as running:
        docplanner.done("PUT", f"/clients/{docplanner.sandbox.client_id}", {"callback_url": running.url})
        yield running


def told(endpoint: Endpoint, count: int) -> list[dict[str, Any]]:
    """What came, once so many have; each by the contract."""
    bodies = endpoint.wait(count)
    assert [check_notification(one.raw) for one in endpoint.received] == [()] * count
    return bodies


def test_every_event_of_the_contract_is_spoken_of() -> None:
    """None is forgotten."""
    assert set(EVENTS) == ASKED | VISITS | BREAKS | SERVICES | MARKS | ADDRESSES


@pytest.mark.parametrize("by", ["patient", "doctor"])
def test_what_becomes_of_a_visit_is_told(docplanner: Served, place: Place, endpoint: Endpoint, by: str) -> None:
    """Booked, moved and cancelled, by a patient or by the doctor."""
    endpoint.forget()
    docplanner.fill(place, 2)
    first = docplanner.book(place, docplanner.at(2, "09:00"), by=by)["booking_id"]
    to = {"by": by, "start": docplanner.at(2, "10:00")}
    second = docplanner.done("POST", f"{place.calendar}/visits/{first}/move", to)["booking_id"]
    docplanner.done("POST", f"{place.calendar}/visits/{second}/cancel", {"by": by})

    booked, moved, canceled = told(endpoint, 3)
    assert {booked["name"], moved["name"], canceled["name"]} == VISITS
    assert booked["data"]["visit_booking"]["id"] == first
    assert moved["data"]["old_visit_booking"]["id"] == first
    assert moved["data"]["new_visit_booking"]["id"] == second
    assert canceled["data"]["visit_booking"]["id"] == second


def test_what_a_doctor_does_is_told(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """Breaks and services: made, changed, gone."""
    endpoint.forget()
    since, till, later = (docplanner.at(2, hour) for hour in ("09:00", "10:00", "11:00"))
    made = docplanner.done("POST", f"{place.calendar}/breaks", {"since": since, "till": till})["break_id"]
    docplanner.done("PATCH", f"{place.calendar}/breaks/{made}", {"since": since, "till": later})
    docplanner.done("DELETE", f"{place.calendar}/breaks/{made}")
    service = docplanner.done("POST", f"{place.calendar}/services", {})["id"]
    docplanner.done("PATCH", f"{place.calendar}/services/{service}", {"price": 7})
    docplanner.done("DELETE", f"{place.calendar}/services/{service}")

    bodies = told(endpoint, 6)
    assert {one["name"] for one in bodies[:3]} == BREAKS
    assert {one["data"]["break"]["id"] for one in bodies[:3]} == {made}
    assert bodies[1]["data"]["break"]["till"] == later
    assert {one["name"] for one in bodies[3:]} == SERVICES
    assert {one["data"]["address_service"]["id"] for one in bodies[3:]} == {service}
    assert bodies[4]["data"]["address_service"]["price"] == 7


@pytest.mark.parametrize(("status", "answered"), [(200, 201), (403, 409)])
def test_a_move_is_asked_about_before_it_is_made(
    docplanner: Served, place: Place, endpoint: Endpoint, status: int, answered: int
) -> None:
    """Both bookings are named; booking-moved follows an approval alone, and without one the visit stays."""
    endpoint.forget()
    docplanner.fill(place, 2)
    first = docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")["booking_id"]
    told(endpoint, 1)
    endpoint.forget()
    client = f"/clients/{docplanner.sandbox.client_id}"
    docplanner.done("PUT", client, {"realtime": True})
    endpoint.statuses = [status]
    to = {"by": "patient", "start": docplanner.at(2, "10:00")}
    answer = docplanner.control("POST", f"{place.calendar}/visits/{first}/move", to)
    docplanner.done("PUT", client, {"realtime": False})

    assert answer.status_code == answered
    bodies = told(endpoint, 2 if answer.is_success else 1)
    assert [one["name"] for one in bodies] == ["booking-moving", "booking-moved"][: len(bodies)]
    assert bodies[0]["data"]["canceling_booking"]["id"] == first


@pytest.mark.parametrize("by", ["patient", "doctor"])
def test_what_is_noted_about_a_visit_is_told(docplanner: Served, place: Place, endpoint: Endpoint, by: str) -> None:
    """Confirmed, paid, present or absent: what was before, and what is now."""
    endpoint.forget()
    done = docplanner.done
    been, coming = (docplanner.book(place, docplanner.at(ahead, "09:00"), by="doctor") for ahead in (-1, 2))
    visits = f"{place.calendar}/visits"
    confirmed = done("POST", f"{visits}/{coming['booking_id']}/confirm", {"by": by})
    paid = done("PUT", f"{visits}/{coming['booking_id']}/payment", {"status": "paid"})
    absent = done("PUT", f"{visits}/{been['booking_id']}/presence", {"by": by, "presence": "absent"})

    bodies = told(endpoint, 5)[2:]
    assert [one["name"] for one in bodies] == ["booking-confirmed", "booking-payment-status-changed", "presence-marked"]
    assert {one["name"] for one in bodies} == MARKS
    assert [one["data"]["visit_booking"]["id"] for one in bodies[:2]] == [coming["booking_id"]] * 2
    change = bodies[1]["data"]["visit_payment_status"]
    assert (change["status_from"], change["status_to"]) == ("not-paid", "paid")
    assert bodies[2]["data"]["presence"] == "ABSENT"
    assert (confirmed["confirmed"], paid["payment_status"], absent["presence"]) == (True, "paid", "absent")


@pytest.mark.parametrize("echo", [False, True])
def test_confirming_and_marking_by_the_partner_is_told_only_as_an_echo(
    docplanner: Served, place: Place, endpoint: Endpoint, *, echo: bool
) -> None:
    """Like everything that the partner does itself."""
    endpoint.forget()
    docplanner.settings(place, echo_own_actions=echo)
    made = docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")["booking_id"]
    past = docplanner.book(place, docplanner.at(-1, "09:00"), by="doctor")["booking_id"]
    confirmed = docplanner.api("PUT", f"{place.path}/bookings/{made}/confirm", {"confirmed_by": "user"})
    present = docplanner.api("POST", f"{place.path}/bookings/{past}/presence/patient")
    assert (confirmed.status_code, present.status_code) == (204, 204)

    seen = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
    told(endpoint, len(seen))
    expected = ["booking-confirmed", "presence-marked"] if echo else []
    assert [one["name"] for one in seen] == ["slot-booked", "slot-booked", *expected]


def test_another_commercial_type_is_told_once(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """With the new type; the same one again is no news."""
    endpoint.forget()
    for kind in ("premium", "saas-only", "saas-only", "premium"):
        docplanner.done("PATCH", place.calendar, {"commercial_type": kind})

    bodies = told(endpoint, 2)
    assert [one["name"] for one in bodies] == ["address-commercial-type-changed"] * 2
    assert [one["data"]["address"]["commercial_type"] for one in bodies] == ["saas-only", "premium"]


@pytest.mark.parametrize("pms", [False, True])
def test_addresses_that_come_and_go_are_told_to_clients_of_docplannerpms(
    docplanner: Served, place: Place, endpoint: Endpoint, *, pms: bool
) -> None:
    """Assigned and unassigned; other API clients see them by reading alone."""
    endpoint.forget()
    client = f"/clients/{docplanner.sandbox.client_id}"
    docplanner.done("PUT", client, {"docplanner_pms": pms})
    made = docplanner.done("POST", f"/doctors/{place.doctor_id}/calendars", {"online_only": True})["address_id"]
    path = f"{place.path.rpartition('/')[0]}/{made}"
    assert docplanner.api("GET", f"{path}?with=address.online_only").json()["is_online_only"] is True
    docplanner.done("DELETE", f"/calendars/{made}")
    docplanner.done("PUT", client, {"docplanner_pms": False})

    assert docplanner.api("GET", path).status_code == 404
    seen = docplanner.done("GET", f"/notifications?address_id={made}")["items"]
    assert [one["name"] for one in seen] == (["address-assigned", "address-unassigned"] if pms else [])
    assert len(told(endpoint, len(seen))) == len(seen)
