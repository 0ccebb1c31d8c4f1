"""Bookings and breaks in the API, over real sockets."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from sandbox.served import ANNA, Place, Served


def wanted(place: Place, **changed: object) -> dict[str, Any]:
    """A booking as bookSlot takes it."""
    return {"address_service_id": place.services[0], "duration": 30, "patient": ANNA, **changed}


def booked(docplanner: Served, place: Place, hour: str, **changed: object) -> dict[str, Any]:
    """A visit that the partner booked."""
    path = f"{place.path}/slots/{quote(docplanner.at(2, hour))}/book"
    answer = docplanner.api("POST", path, wanted(place, **changed))
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def listed(docplanner: Served, place: Place, more: str = "") -> dict[str, Any]:
    """What getBookings tells of the next days."""
    since, till = quote(docplanner.at(0, "00:00")), quote(docplanner.at(9, "00:00"))
    told: dict[str, Any] = docplanner.api("GET", f"{place.path}/bookings?start={since}&end={till}{more}").json()
    return told


def test_a_slot_that_is_not_there_or_is_taken_cannot_be_booked(docplanner: Served, place: Place) -> None:
    """404 in the words of SlotNotFound; the second of two for the same slot gets it too."""
    docplanner.fill(place, 2)
    first = booked(docplanner, place, "09:00")
    for hour in ("09:00", "08:00", "09:10", "11:00"):
        path = f"{place.path}/slots/{quote(docplanner.at(2, hour))}/book"
        answer = docplanner.api("POST", path, wanted(place))
        assert (hour, answer.status_code) == (hour, 404)
        assert docplanner.at(2, hour) in answer.json()["message"]

    assert [one["id"] for one in listed(docplanner, place)["_items"]] == [first["id"]]


def test_a_slot_is_booked_only_for_a_service_that_it_offers(docplanner: Served, place: Place) -> None:
    """404, whether the address has the service at all or not."""
    docplanner.fill(place, 2)
    path = f"{place.path}/slots/{quote(docplanner.at(2, '09:00'))}/book"
    for service in (place.services[1], "1"):
        assert docplanner.api("POST", path, wanted(place, address_service_id=service)).status_code == 404


@pytest.mark.parametrize(("minutes", "status"), [(60, 200), ("30", 200), (45, 404), (150, 404)])
def test_a_visit_lasts_any_multiple_of_the_grid_that_is_free(
    docplanner: Served, place: Place, minutes: int | str, status: int
) -> None:
    """On a grid of 30 minutes an hour can be booked, 45 minutes cannot, and nothing beyond the period."""
    docplanner.fill(place, 2)
    path = f"{place.path}/slots/{quote(docplanner.at(2, '09:00'))}/book"

    assert docplanner.api("POST", path, wanted(place, duration=minutes)).status_code == status


def test_a_booking_without_a_patient_or_a_length_is_malformed(docplanner: Served, place: Place) -> None:
    """400 that names what is missing."""
    docplanner.fill(place, 2)
    path = f"{place.path}/slots/{quote(docplanner.at(2, '09:00'))}/book"
    for name, mistake in (("patient", "patient.name"), ("duration", "duration")):
        body = {key: value for key, value in wanted(place).items() if key != name}
        answer = docplanner.api("POST", path, body, bad=True)
        assert answer.status_code == 400
        assert answer.json()["errors"][0].startswith(mistake)


def test_bookings_come_in_pages_only_where_a_page_is_asked_for(docplanner: Served, place: Place) -> None:
    """Everything without, and a hundred a page with; cancelled ones are listed too."""
    docplanner.fill(place, 2)
    ids = [booked(docplanner, place, hour)["id"] for hour in ("09:00", "09:30", "10:00")]
    assert docplanner.api("DELETE", f"{place.path}/bookings/{ids[1]}").status_code == 204

    whole = listed(docplanner, place)
    assert ([one["id"] for one in whole["_items"]], "page" in whole) == (ids, False)
    assert [one["status"] for one in whole["_items"]] == ["booked", "canceled", "booked"]
    second = listed(docplanner, place, "&page=2&limit=2")
    assert [one["id"] for one in second["_items"]] == ids[2:]
    assert [second[one] for one in ("page", "limit", "pages", "total")] == [2, 2, 2, 3]
    assert listed(docplanner, place, "&page=1")["limit"] == 100


def test_extensions_are_shown_where_asked_for(docplanner: Served, place: Place) -> None:
    """The patient and the service only by ``with``."""
    docplanner.fill(place, 2)
    booked(docplanner, place, "09:00")
    (plain,) = listed(docplanner, place)["_items"]
    (full,) = listed(docplanner, place, "&with=booking.patient,booking.address_service")["_items"]

    assert "patient" not in plain
    assert (full["patient"]["phone"], full["address_service"]["id"]) == (ANNA["phone"], place.services[0])


def test_a_move_makes_a_new_booking_and_the_chain_names_both_ends(docplanner: Served, place: Place) -> None:
    """201 with a Location that can be read; the old ids stay, cancelled, and lead to the newest."""
    docplanner.fill(place, 2)
    ids = [booked(docplanner, place, "09:00", comment="shy")["id"]]
    for hour in ("09:30", "09:00"):
        body = {"start": docplanner.at(2, hour), "address_service_id": place.services[0]}
        moved = docplanner.api("POST", f"{place.path}/bookings/{ids[-1]}/move", body)
        assert moved.status_code == 201, moved.text
        ids.append(moved.json()["id"])
        where = moved.headers["location"].removeprefix(docplanner.sandbox.api_base_url)
        assert where == f"{place.path}/bookings/{ids[-1]}"
        assert docplanner.api("GET", where).json()["comment"] == "shy"

    assert len(set(ids)) == 3
    assert [one["status"] for one in listed(docplanner, place)["_items"]] == ["canceled", "booked", "canceled"]
    for one in ids:
        told = docplanner.api("GET", f"{place.path}/bookings/{one}?with=booking.moving").json()
        assert told["moving"] == {"origin_booking_id": ids[0], "newest_booking_id": ids[2]}
    body = {"start": docplanner.at(2, "10:00"), "address_service_id": place.services[0]}
    assert docplanner.api("POST", f"{place.path}/bookings/{ids[0]}/move", body).status_code == 409


def test_a_move_to_a_time_that_is_not_free_changes_nothing(docplanner: Served, place: Place) -> None:
    """400, and both visits stand where they were."""
    docplanner.fill(place, 2)
    ids = [booked(docplanner, place, hour)["id"] for hour in ("09:00", "09:30")]
    body = {"start": docplanner.at(2, "09:30"), "address_service_id": place.services[0]}

    assert docplanner.api("POST", f"{place.path}/bookings/{ids[0]}/move", body).status_code == 400

    assert [(one["id"], one["status"]) for one in listed(docplanner, place)["_items"]] == [
        (ids[0], "booked"),
        (ids[1], "booked"),
    ]


def test_a_booking_cannot_leave_its_facility(docplanner: Served, place: Place) -> None:
    """403; to another address of the same facility it can go."""
    docplanner.fill(place, 2)
    one = booked(docplanner, place, "09:00")["id"]
    other = docplanner.place()
    body = {"start": docplanner.at(2, "09:30"), "address_service_id": other.services[0], "address_id": other.address_id}

    assert docplanner.api("POST", f"{place.path}/bookings/{one}/move", body).status_code == 403


def test_a_disabled_calendar_takes_no_booking_and_no_move(docplanner: Served, place: Place) -> None:
    """404 and 400: what is bookable is bookable on an enabled calendar alone."""
    docplanner.fill(place, 2)
    one = booked(docplanner, place, "09:00")["id"]
    assert docplanner.api("POST", f"{place.path}/calendar/disable").status_code == 200

    path = f"{place.path}/slots/{quote(docplanner.at(2, '09:30'))}/book"
    refused = docplanner.api("POST", path, wanted(place))
    assert (refused.status_code, refused.json()["message"]) == (404, "Unable to book a visit for this address")
    body = {"start": docplanner.at(2, "10:00"), "address_service_id": place.services[0]}
    assert docplanner.api("POST", f"{place.path}/bookings/{one}/move", body).status_code == 400


def test_breaks_are_added_moved_and_removed(docplanner: Served, place: Place) -> None:
    """201 with a Location, 409 for the same again, 422 for no move at all, 204 and gone."""
    body = {"since": docplanner.at(2, "09:00"), "till": docplanner.at(2, "10:00"), "description": "lunch"}
    made = docplanner.api("POST", f"{place.path}/breaks", body)
    assert made.status_code == 201
    where = made.headers["location"].removeprefix(docplanner.sandbox.api_base_url)

    assert docplanner.api("GET", where).json()["description"] == "lunch"
    assert docplanner.api("POST", f"{place.path}/breaks", body).status_code == 409
    span = {"since": body["since"], "till": body["till"]}
    assert docplanner.api("PATCH", where, span).status_code == 422
    assert docplanner.api("PATCH", where, span | {"till": docplanner.at(2, "11:00")}).status_code == 204
    assert docplanner.api("DELETE", where).status_code == 204
    assert docplanner.api("GET", where).status_code == 404


def test_a_break_hides_slots_from_lists_and_bookings(docplanner: Served, place: Place) -> None:
    """And shows them again where the calendar is set so; it can be booked in neither case."""
    docplanner.fill(place, 2)
    body = {"since": docplanner.at(2, "09:10"), "till": docplanner.at(2, "09:40")}
    docplanner.api("POST", f"{place.path}/breaks", body)
    since, till = quote(docplanner.at(2, "00:00")), quote(docplanner.at(3, "00:00"))

    def shown() -> list[str]:
        items = docplanner.api("GET", f"{place.path}/slots?start={since}&end={till}").json()["_items"]
        return [str(one["start"])[11:16] for one in items]

    assert shown() == ["10:00", "10:30"]
    docplanner.settings(place, breaks_hide_slots=False)
    assert shown() == ["09:00", "09:30", "10:00", "10:30"]
    path = f"{place.path}/slots/{quote(docplanner.at(2, '09:00'))}/book"
    assert docplanner.api("POST", path, wanted(place)).status_code == 404


def test_presence_can_be_told_only_once_the_visit_has_begun(docplanner: Served, place: Place) -> None:
    """400 before; afterwards getBookings shows it."""
    docplanner.fill(place, 2)
    path = f"{place.path}/bookings/{booked(docplanner, place, '09:00')['id']}/presence/patient"
    assert docplanner.api("POST", path).status_code == 400
    docplanner.advance(days=3)
    assert docplanner.api("POST", path).status_code == 204
    since, till = quote(docplanner.at(-3, "00:00")), quote(docplanner.at(1, "00:00"))
    query = f"start={since}&end={till}&with=booking.presence"
    (told,) = docplanner.api("GET", f"{place.path}/bookings?{query}").json()["_items"]
    assert told["presence"] == "present"


def test_a_visit_may_move_into_its_own_time(docplanner: Served, place: Place) -> None:
    """An hour from 09:00 moves to 09:30, although it takes that time itself."""
    docplanner.fill(place, 2)
    one = booked(docplanner, place, "09:00", duration=60)["id"]
    body = {"start": docplanner.at(2, "09:30"), "address_service_id": place.services[0]}

    moved = docplanner.api("POST", f"{place.path}/bookings/{one}/move", body)

    assert (moved.status_code, moved.json()["duration"]) == (201, 60)
