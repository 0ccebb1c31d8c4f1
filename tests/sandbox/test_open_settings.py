"""What the documentation leaves open: each setting changes what it names, for its calendar alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sandbox.served import ANNA, Place, Served


def slots(docplanner: Served, place: Place, ahead: int) -> httpx.Response:
    """A day's free slots."""
    since, till = quote(docplanner.at(ahead, "00:00")), quote(docplanner.at(ahead + 1, "00:00"))
    return docplanner.api("GET", f"{place.path}/slots?start={since}&end={till}")


def hours(docplanner: Served, place: Place, ahead: int) -> list[str]:
    """When a slot is free on that day."""
    return [str(one["start"])[11:16] for one in slots(docplanner, place, ahead).json()["_items"]]


def book(docplanner: Served, place: Place, hour: str) -> httpx.Response:
    """A booking by the partner."""
    body = {"address_service_id": place.services[0], "duration": 30, "patient": ANNA}
    return docplanner.api("POST", f"{place.path}/slots/{quote(docplanner.at(2, hour))}/book", body)


@pytest.mark.parametrize(("reach", "left"), [("range", ["09:00", "10:00", "15:00"]), ("whole_day", ["15:00"])])
def test_an_update_reaches_its_range_or_the_whole_day(
    docplanner: Served, place: Place, reach: str, left: list[str]
) -> None:
    """What else the day has stays, or goes; other days stay in any case."""
    docplanner.settings(place, replace_reach=reach, slots_delay_s=0)
    docplanner.fill(place, 2, "09:00", "10:30")
    docplanner.fill(place, 3, "09:00", "09:30")
    emptied = docplanner.period(place, 2, "09:30", "10:00") | {"address_services": []}
    sent = {"slots": [emptied, docplanner.period(place, 2, "15:00", "15:30")]}
    assert docplanner.api("PUT", f"{place.path}/slots", sent).status_code == 201

    assert hours(docplanner, place, 2) == left
    assert hours(docplanner, place, 3) == ["09:00"]


@pytest.mark.parametrize(("same", "seen"), [("identical_to_last", "09:00"), ("any_within_window", "14:00")])
def test_an_update_that_returns_to_an_earlier_one_is_new_or_the_same(
    docplanner: Served, place: Place, same: str, seen: str
) -> None:
    """First, second, first again: by default the last write alone counts; at the worst any of three minutes."""
    docplanner.settings(place, same_payload=same, slots_delay_s=0, replace_reach="whole_day")
    for since, till in (("09:00", "09:30"), ("14:00", "14:30"), ("09:00", "09:30")):
        sent = {"slots": [docplanner.period(place, 2, since, till)]}
        assert docplanner.api("PUT", f"{place.path}/slots", sent).status_code == 201

    assert hours(docplanner, place, 2) == [seen]


@pytest.mark.parametrize("same", ["identical_to_last", "any_within_window"])
def test_an_update_of_other_content_is_never_the_same(docplanner: Served, place: Place, same: str) -> None:
    """Two different updates at once both take effect, whatever counts as the same."""
    docplanner.settings(place, same_payload=same, slots_delay_s=0)
    for since, till in (("09:00", "09:30"), ("14:00", "14:30")):
        sent = {"slots": [docplanner.period(place, 2, since, till)]}
        assert docplanner.api("PUT", f"{place.path}/slots", sent).status_code == 201

    assert hours(docplanner, place, 2) == ["09:00", "14:00"]


@pytest.mark.parametrize(("same", "left"), [("identical_to_last", ["09:00"]), ("any_within_window", [])])
def test_deleting_a_day_ends_the_window_or_not(docplanner: Served, place: Place, same: str, left: list[str]) -> None:
    """By default another slots write ends it, so that the day can be sent again; at the worst it does not."""
    docplanner.settings(place, same_payload=same, slots_delay_s=0)
    sent = {"slots": [docplanner.period(place, 2, "09:00", "09:30")]}
    assert docplanner.api("PUT", f"{place.path}/slots", sent).status_code == 201
    assert docplanner.api("DELETE", f"{place.path}/slots/{docplanner.day(2)}").status_code == 204
    assert docplanner.api("PUT", f"{place.path}/slots", sent).status_code == 201

    assert hours(docplanner, place, 2) == left


@pytest.mark.parametrize(("empty", "status"), [("ok", 200), ("not_found", 404)])
def test_an_empty_day_is_an_empty_list_or_not_found(docplanner: Served, place: Place, empty: str, status: int) -> None:
    """200 without items, or 404."""
    docplanner.settings(place, empty_list=empty)

    assert slots(docplanner, place, 2).status_code == status


@pytest.mark.parametrize(("needs", "status"), [(True, 404), (False, 200)])
def test_the_partner_needs_a_slot_to_book_or_does_not(
    docplanner: Served, place: Place, *, needs: bool, status: int
) -> None:
    """Where none is needed, two visits still never overlap."""
    docplanner.settings(place, booking_needs_slot=needs)

    assert book(docplanner, place, "09:00").status_code == status
    assert book(docplanner, place, "09:15").status_code == 404


@pytest.mark.parametrize("echo", [False, True])
def test_what_the_partner_does_itself_is_echoed_or_not(docplanner: Served, place: Place, *, echo: bool) -> None:
    """Its own booking is told to it only where echoes are on; what a doctor does is told always."""
    docplanner.settings(place, echo_own_actions=echo)
    docplanner.fill(place, 2)
    assert book(docplanner, place, "09:00").status_code == 200
    docplanner.book(place, docplanner.at(2, "10:00"), by="doctor")

    told = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
    by = [one["data"]["visit_booking"]["booked_by"] for one in told]
    assert by == (["integration", "doctor"] if echo else ["doctor"])


@pytest.mark.parametrize("names", ["old", "new"])
def test_a_move_to_another_address_names_one_of_them(docplanner: Served, names: str) -> None:
    """The address that the visit left, or the one that it went to."""
    place = docplanner.place("lookalike")
    here, there = place.clinic["doctors"][0]["calendars"][:2]
    docplanner.settings(place, moved_names_address=names)
    visit = docplanner.book(place, docplanner.at(2, "10:00"), by="doctor")["booking_id"]
    to: dict[str, Any] = {"by": "doctor", "start": docplanner.at(2, "11:00"), "address_id": there["address_id"]}
    to["address_service_id"] = there["services"][0]["id"]
    docplanner.done("POST", f"{place.calendar}/visits/{visit}/move", to)

    named = (here if names == "old" else there)["address_id"]
    told = docplanner.done("GET", f"/notifications?address_id={named}")["items"][-1]
    assert (told["name"], told["data"]["address"]["id"]) == ("booking-moved", named)


@pytest.mark.parametrize(("enables", "status"), [(True, "enabled"), (False, "disabled")])
def test_an_update_enables_a_disabled_calendar_or_leaves_it(
    docplanner: Served, place: Place, *, enables: bool, status: str
) -> None:
    """By the setting; on a disabled calendar nothing is offered."""
    docplanner.settings(place, calendar_update_enables=enables, slots_delay_s=0)
    assert docplanner.api("POST", f"{place.path}/calendar/disable").status_code == 200
    docplanner.api("PUT", f"{place.path}/slots", {"slots": [docplanner.period(place, 2)]})

    assert docplanner.api("GET", f"{place.path}/calendar").json() == {"status": status}
    span = f"from={quote(docplanner.at(2, '00:00'))}&to={quote(docplanner.at(3, '00:00'))}"
    assert bool(docplanner.done("GET", f"{place.calendar}/offers?{span}")["items"]) is enables


def test_a_setting_of_one_calendar_leaves_the_others(docplanner: Served, place: Place) -> None:
    """Each calendar has what was set for it, and the sandbox's own elsewhere."""
    other = docplanner.place()
    docplanner.settings(place, replace_reach="whole_day")

    assert docplanner.done("GET", f"{place.calendar}/settings")["replace_reach"] == "whole_day"
    assert docplanner.done("GET", f"{other.calendar}/settings") == docplanner.done("GET", "/settings")


def test_a_new_service_is_told_as_it_was_made(docplanner: Served, place: Place) -> None:
    """With the price that the call named, not with what came before it."""
    docplanner.settings(place, echo_own_actions=True)
    had = {one["service_id"] for one in docplanner.api("GET", f"{place.path}/services").json()["_items"]}
    known = [one["id"] for one in docplanner.api("GET", "/services").json()["_items"]]
    free = next(one for one in known if one not in had)
    made = docplanner.api("POST", f"{place.path}/services", {"service_id": free, "price": 120})
    assert made.status_code == 201, made.text

    (told,) = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
    assert told["name"] == "address-service-created"
    assert (made.json()["price"], told["data"]["address_service"]["price"]) == (120, 120)
