"""What becomes of a visit: when it can be had, money, insurance, deletion, opinions."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from sandbox.served import ANNA, Place, Served


def book(docplanner: Served, place: Place, **more: object) -> httpx.Response:
    """The partner books at nine."""
    body = {"address_service_id": place.services[0], "duration": 30, "patient": ANNA, **more}
    return docplanner.api("POST", f"{place.path}/slots/{quote(docplanner.at(2, '09:00'))}/book", body)


def ask(docplanner: Served, place: Place, phone: object = ANNA["phone"]) -> httpx.Response:
    """The partner has the patient asked for an opinion."""
    path = f"/facilities/{place.facility_id}/doctors/{place.doctor_id}/opinion-request"
    return docplanner.api("PUT", path, {"phone": phone})


def told(docplanner: Served, place: Place, booking_id: str) -> dict[str, object]:
    """The booking as the partner reads it in lists."""
    span = f"start={quote(docplanner.at(-9, '00:00'))}&end={quote(docplanner.at(9, '00:00'))}"
    asked = "booking.confirmation,booking.presence"
    found = docplanner.api("GET", f"{place.path}/bookings?{span}&with={asked}").json()["_items"]
    return next(one for one in found if one["id"] == booking_id)


def test_a_patient_takes_no_time_that_has_begun(docplanner: Served, place: Place) -> None:
    """It is offered no longer, and refused for booking and moving; the doctor may note what has been."""
    docplanner.fill(place, 0, "00:00", "23:30")
    docplanner.fill(place, 2)
    ago = docplanner.clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(minutes=30)
    late = ago.astimezone(docplanner.sandbox.state.zone).isoformat()
    span = f"from={quote(docplanner.at(0, '00:00'))}&to={quote(docplanner.at(1, '00:00'))}"
    items = docplanner.done("GET", f"{place.calendar}/offers?{span}")["items"]
    assert all(one["start"] > late for one in items)

    wanted = {"start": late, "address_service_id": place.services[0], "patient": ANNA}
    assert docplanner.control("POST", f"{place.calendar}/visits", {**wanted, "by": "patient"}).status_code == 409
    visit = f"{place.calendar}/visits/{docplanner.book(place, docplanner.at(2, '09:00'))['booking_id']}"
    to = {"by": "patient", "start": late}
    assert docplanner.control("POST", f"{visit}/move", to).status_code == 409
    docplanner.done("POST", f"{visit}/move", {**to, "by": "doctor"})


@pytest.mark.parametrize("by", ["patient", "doctor"])
def test_what_the_marketplace_notes_is_read_by_the_partner(docplanner: Served, place: Place, by: str) -> None:
    """Confirmation before the visit, presence once it has begun; neither twice or too early."""
    been, coming = (
        docplanner.book(place, docplanner.at(ahead, "09:00"), by="doctor")["booking_id"] for ahead in (-1, 2)
    )
    visits = f"{place.calendar}/visits"
    docplanner.done("POST", f"{visits}/{coming}/confirm", {"by": by})
    docplanner.done("PUT", f"{visits}/{been}/presence", {"by": by, "presence": "present"})

    assert told(docplanner, place, coming)["confirmed"] is True
    assert told(docplanner, place, been)["presence"] == "present"
    assert docplanner.control("POST", f"{visits}/{coming}/confirm", {"by": by}).status_code == 409
    early = {"by": by, "presence": "present"}
    assert docplanner.control("PUT", f"{visits}/{coming}/presence", early).status_code == 422


@pytest.mark.parametrize(
    ("status", "account", "answered"),
    [("paid", "two", 422), ("waiting_for_confirmation", None, 422), ("paid", "one", 201), ("refunded", "two", 201)],
)
def test_money_that_is_held_stays_with_its_account(
    docplanner: Served, place: Place, status: str, account: str | None, answered: int
) -> None:
    """422 across payment accounts, by the partner and on the marketplace alike; what moves takes the payment along."""
    second = place.clinic["doctors"][1]["calendars"][0]
    docplanner.done("PATCH", place.calendar, {"payment_account": "one"})
    docplanner.done("PATCH", f"/calendars/{second['address_id']}", {"payment_account": account})
    docplanner.fill(place, 2)
    visit = docplanner.book(place, docplanner.at(2, "09:00"))
    assert visit["payment_status"] == "not-paid"
    docplanner.done("PUT", f"{place.calendar}/visits/{visit['booking_id']}/payment", {"status": status})
    docplanner.settings(place, booking_needs_slot=False)
    docplanner.done("PUT", f"/calendars/{second['address_id']}/settings", {"booking_needs_slot": False})

    to = {"start": docplanner.at(2, "12:00"), "address_id": second["address_id"]}
    body = {**to, "address_service_id": second["services"][0]["id"]}
    path = f"{place.path}/bookings/{visit['booking_id']}/move"
    if answered == 422:
        moved = docplanner.control(
            "POST", f"{place.calendar}/visits/{visit['booking_id']}/move", {**body, "by": "doctor"}
        )
        assert moved.status_code == 422
    answer = docplanner.api("POST", path, body)
    assert answer.status_code == answered
    if answered == 201:
        assert answer.json()["visit_payment_status"] == status


def test_a_visit_that_was_deleted_is_in_no_list(docplanner: Served, place: Place) -> None:
    """It is told as a cancellation; its time is free, and nothing can be done with it."""
    docplanner.fill(place, 2)
    visit = docplanner.book(place, docplanner.at(2, "09:00"))["booking_id"]
    docplanner.done("DELETE", f"{place.calendar}/visits/{visit}")
    path = f"{place.path}/bookings/{visit}"
    span = f"start={quote(docplanner.at(2, '00:00'))}&end={quote(docplanner.at(3, '00:00'))}"

    assert docplanner.api("GET", f"{place.path}/bookings?{span}").json()["_items"] == []
    assert docplanner.api("GET", path).status_code == 404
    assert docplanner.api("DELETE", path).status_code == 400
    assert docplanner.control("DELETE", f"{place.calendar}/visits/{visit}").status_code == 409
    seen = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
    assert [one["name"] for one in seen] == ["slot-booked", "booking-canceled"]
    docplanner.book(place, docplanner.at(2, "09:00"))


def test_a_booking_keeps_its_insurance_and_whether_the_patient_returns(docplanner: Served, place: Place) -> None:
    """As it was booked; an insurance that is none is refused."""
    docplanner.fill(place, 2)
    assert book(docplanner, place, insurance_provider_id="1").status_code == 400
    provider = docplanner.api("GET", "/insurance-providers").json()["_items"][0]
    plans = docplanner.api("GET", f"/insurance-providers/{provider['insurance_provider_id']}/plans").json()["_items"]
    named = {"insurance_provider_id": provider["insurance_provider_id"]}
    named["insurance_plan_id"] = plans[0]["insurance_plan_id"]
    made = book(docplanner, place, **named, is_returning=True).json()

    read = docplanner.api("GET", f"{place.path}/bookings/{made['id']}").json()
    assert (read["insurance"]["name"], read["insurance"]["plan"]) == (provider["name"], plans[0]["name"])
    assert read["patient"]["is_returning"] is True


def test_a_patient_is_asked_about_the_latest_visit_once(docplanner: Served, place: Place) -> None:
    """The marketplace sees the request; once answered, or asked, there is no other."""
    docplanner.book(place, docplanner.at(-3, "09:00"), by="doctor")
    latest = docplanner.book(place, docplanner.at(-1, "09:00"), by="doctor")["booking_id"]
    assert ask(docplanner, place, 500001234).status_code == 200

    (asked,) = docplanner.done("GET", f"{place.calendar}/opinion-requests")["items"]
    assert (asked["booking_id"], asked["given"]) == (latest, False)
    assert ask(docplanner, place).status_code == 422
    docplanner.done("PUT", f"{place.calendar}/visits/{latest}/opinion")
    assert ask(docplanner, place).status_code == 409
    assert docplanner.done("GET", f"{place.calendar}/opinion-requests")["items"][0]["given"] is True


@pytest.mark.parametrize("how", ["absent", "canceled", "to come"])
def test_a_visit_without_the_patient_is_nothing_to_ask_about(docplanner: Served, place: Place, how: str) -> None:
    """422 where the patient stayed away, cancelled, or has not been there yet."""
    made = docplanner.book(place, docplanner.at(2 if how == "to come" else -1, "09:00"), by="doctor")["booking_id"]
    visit = f"{place.calendar}/visits/{made}"
    if how == "absent":
        docplanner.done("PUT", f"{visit}/presence", {"by": "doctor", "presence": "absent"})
    elif how == "canceled":
        docplanner.done("POST", f"{visit}/cancel", {"by": "doctor"})

    assert ask(docplanner, place).status_code == 422
