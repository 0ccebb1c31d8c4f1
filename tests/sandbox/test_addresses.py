"""What holds for an address: its calendar, whether it is commercial, coupled breaks, services and insurances."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sandbox.served import ANNA, Place, Served


def offers(docplanner: Served, place: Place, ahead: int = 2) -> list[str]:
    """When a patient can book on that day."""
    span = f"from={quote(docplanner.at(ahead, '00:00'))}&to={quote(docplanner.at(ahead + 1, '00:00'))}"
    return [one["start"][11:16] for one in docplanner.done("GET", f"{place.calendar}/offers?{span}")["items"]]


def block(docplanner: Served, place: Place, **more: object) -> httpx.Response:
    """A break from nine to ten, by the partner."""
    body = {"since": docplanner.at(2, "09:00"), "till": docplanner.at(2, "10:00"), **more}
    return docplanner.api("POST", f"{place.path}/breaks", body)


def breaks_of(docplanner: Served, address_id: str) -> list[tuple[str, str, str]]:
    """Id and hours of the breaks of a calendar."""
    span = f"from={quote(docplanner.at(2, '00:00'))}&to={quote(docplanner.at(3, '00:00'))}"
    found = docplanner.done("GET", f"/calendars/{address_id}/breaks?{span}")["items"]
    return [(one["break_id"], one["since"][11:16], one["till"][11:16]) for one in found]


@pytest.mark.parametrize("changed", [{"calendar": "disabled"}, {"commercial_type": "basic"}, {"active": False}])
def test_patients_book_only_on_an_enabled_commercial_calendar(
    docplanner: Served, place: Place, changed: dict[str, object]
) -> None:
    """Where it is none, nothing is offered and nothing can be booked; afterwards all is as before."""
    docplanner.fill(place, 2)
    before = offers(docplanner, place)
    docplanner.done("PATCH", place.calendar, changed)

    assert (len(before), offers(docplanner, place)) == (4, [])
    wanted = {"start": docplanner.at(2, "09:00"), "address_service_id": place.services[0], "patient": ANNA}
    assert docplanner.control("POST", f"{place.calendar}/visits", {**wanted, "by": "patient"}).status_code == 404
    docplanner.done("PATCH", place.calendar, {"active": True, "commercial_type": "premium"})
    docplanner.done("PATCH", place.calendar, {"calendar": "enabled"})
    assert offers(docplanner, place) == before


def test_a_missing_calendar_is_made_by_the_first_break(docplanner: Served, place: Place) -> None:
    """404 until then; what is in a calendar cannot be missing."""
    docplanner.done("PATCH", place.calendar, {"calendar": "missing"})
    assert docplanner.api("GET", f"{place.path}/calendar").status_code == 404
    assert block(docplanner, place).status_code == 201

    assert docplanner.api("GET", f"{place.path}/calendar").json() == {"status": "disabled"}
    assert docplanner.control("PATCH", place.calendar, {"calendar": "missing"}).status_code == 409


def test_a_coupled_break_is_on_online_addresses_too_and_they_move_and_go_together(docplanner: Served) -> None:
    """Between addresses that are online only and those that are not; other breaks stay alone."""
    place = docplanner.place("lookalike")
    first, second, online = (one["address_id"] for one in place.clinic["doctors"][0]["calendars"])
    made = block(docplanner, place, apply_on_coupled_addresses=True).json()["id"]
    assert [one[1:] for one in breaks_of(docplanner, online)] == [("09:00", "10:00")]
    assert breaks_of(docplanner, second) == []
    alone = block(docplanner, place, description="alone").json()["id"]

    to = {"since": docplanner.at(2, "11:00"), "till": docplanner.at(2, "12:00")}
    assert docplanner.api("PATCH", f"{place.path}/breaks/{made}", to).status_code == 204
    assert [one[1:] for one in breaks_of(docplanner, online)] == [("11:00", "12:00")]
    (twin,) = breaks_of(docplanner, online)
    docplanner.done("DELETE", f"/calendars/{online}/breaks/{twin[0]}")
    assert breaks_of(docplanner, first) == [(alone, "09:00", "10:00")]


@pytest.mark.parametrize("lacking", [{"active": False}, {"commercial_type": "basic"}])
def test_a_change_that_cannot_be_made_whole_changes_nothing(
    docplanner: Served, place: Place, lacking: dict[str, object]
) -> None:
    """An enabled calendar needs an active, commercial address: 422, and all is as before."""
    before = docplanner.done("PATCH", place.calendar, {"calendar": "disabled"})
    answer = docplanner.control("PATCH", place.calendar, {"calendar": "enabled", **lacking})

    assert answer.status_code == 422
    assert docplanner.done("PATCH", place.calendar, {}) == before


def test_the_dictionary_of_services_is_narrowed(docplanner: Served, place: Place) -> None:
    """To diagnostics, to the services of one specialization, or to both."""

    def ids(query: str) -> set[str]:
        return {one["id"] for one in docplanner.api("GET", f"/services{query}").json()["_items"]}

    doctors = docplanner.api("GET", f"/facilities/{place.facility_id}/doctors?with=doctor.specializations")
    special = doctors.json()["_items"][0]["specializations"]["_items"][0]["id"]
    every, diagnostics = ids(""), ids("?with=services.only_diagnostics")
    of_one = ids(f"?specialization_id={special}")
    assert set() < diagnostics < every
    assert set() < of_one < every
    assert ids(f"?specialization_id={special}&with=services.only_diagnostics") == of_one & diagnostics
    assert ids("?specialization_id=1") == set()


def test_services_of_a_slot_have_the_length_that_they_take_there(docplanner: Served, place: Place) -> None:
    """With a start, those that the slot offers; none where no slot starts."""
    docplanner.settings(place, slots_delay_s=0)
    sent = docplanner.period(place, 2, "09:00", "10:00")
    sent["address_services"] = [{"address_service_id": place.services[0], "duration": 20}]
    assert docplanner.api("PUT", f"{place.path}/slots", {"slots": [sent]}).status_code == 201

    def found(hour: str) -> list[tuple[str, int]]:
        told = docplanner.api("GET", f"{place.path}/services?start={quote(docplanner.at(2, hour))}").json()["_items"]
        return [(one["id"], one["duration"]) for one in told]

    assert found("09:20") == [(place.services[0], 20)]
    assert found("09:10") == found("12:00") == []


def test_a_profile_shows_what_was_set_where_it_is_asked_for(docplanner: Served, place: Place) -> None:
    """Payment, further fields, ages and the flow of public insurance, by their extensions alone."""
    docplanner.done("PATCH", place.calendar, {"payment_account": "one", "booking_extra_fields": ["nin"]})
    service = f"{place.path}/services/{place.services[0]}"
    docplanner.api("PATCH", service, {"allowed_patients": {"minimum_age": 3, "maximum_age": None}})
    docplanner.done("PATCH", f"{place.calendar}/services/{place.services[0]}", {"public_insurance_flow": True})

    assert docplanner.api("GET", f"{place.path}?with=address.visit_payment").json()["visit_payment"] is True
    asked = "doctor.addresses,address.booking_extra_fields"
    doctor = docplanner.api("GET", f"/facilities/{place.facility_id}/doctors/{place.doctor_id}?with={asked}").json()
    wanted = {"gender": False, "nin": True, "birth_date": False}
    assert doctor["addresses"]["_items"][0]["booking_extra_fields"] == wanted
    asked = "address_service.allowed_patients,address_service.public_insurance_flow"
    told = docplanner.api("GET", f"{service}?with={asked}").json()
    assert told["allowed_patients"] == {"minimum_age": 3, "maximum_age": None}
    assert told["is_public_insurance_flow"] is True
    assert not {"allowed_patients", "is_public_insurance_flow"} & docplanner.api("GET", service).json().keys()


def test_an_extension_of_another_operation_is_ignored(docplanner: Served, place: Place) -> None:
    """Each operation has its own list."""
    told = docplanner.api("GET", f"{place.path}?with=address.booking_extra_fields,nonsense", bad=True).json()
    assert "booking_extra_fields" not in told


def test_a_plan_of_another_provider_is_not_accepted(docplanner: Served, place: Place) -> None:
    """404 in the words for what the dictionary lacks."""
    known: list[Any] = docplanner.api("GET", "/insurance-providers").json()["_items"]
    one, other = (entry["insurance_provider_id"] for entry in known[:2])
    plan = docplanner.api("GET", f"/insurance-providers/{other}/plans").json()["_items"][0]["insurance_plan_id"]
    body = {"insurance_provider_id": one, "insurance_plans": [{"insurance_plan_id": plan}]}

    assert docplanner.api("PUT", f"{place.path}/insurance-providers", body).status_code == 404


def test_nothing_is_told_of_an_address_that_is_no_longer_integrated(docplanner: Served, place: Place) -> None:
    """Patients go on booking; API clients hear of it again once they serve the address."""
    docplanner.fill(place, 2)
    docplanner.done("PATCH", place.calendar, {"integrated": False})
    docplanner.book(place, docplanner.at(2, "09:00"))
    docplanner.done("PATCH", place.calendar, {"integrated": True})
    second = docplanner.book(place, docplanner.at(2, "10:00"))["booking_id"]

    told = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
    assert [one["data"]["visit_booking"]["id"] for one in told] == [second]


def test_a_wrong_method_names_those_that_are_allowed(docplanner: Served, place: Place) -> None:
    """405 with Allow."""
    answer = docplanner.api("DELETE", f"{place.path}/calendar")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
