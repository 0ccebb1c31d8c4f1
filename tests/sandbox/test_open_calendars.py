"""What is open about periods, lists, breaks and visits: each setting changes what it names."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sandbox.served import ANNA, Place, Served


def listed(docplanner: Served, place: Place, what: str, since: str, till: str) -> list[str]:
    """When the things of a list begin."""
    names = ("since", "till") if what == "breaks" else ("start", "end")
    query = "&".join(f"{name}={quote(docplanner.at(2, at))}" for name, at in zip(names, (since, till), strict=True))
    told = docplanner.api("GET", f"{place.path}/{what}?{query}").json()["_items"]
    return [str(one.get("start", one.get("start_at", one.get("since"))))[11:16] for one in told]


def replace(docplanner: Served, place: Place, *slots: dict[str, Any]) -> httpx.Response:
    """Working time, sent by the partner."""
    return docplanner.api("PUT", f"{place.path}/slots", {"slots": list(slots)})


def book(docplanner: Served, place: Place, hour: str, minutes: int) -> int:
    """The status of a booking by the partner."""
    body = {"address_service_id": place.services[0], "duration": minutes, "patient": ANNA}
    return docplanner.api("POST", f"{place.path}/slots/{quote(docplanner.at(2, hour))}/book", body).status_code


@pytest.mark.parametrize(
    ("overlapping", "status", "seen"),
    [
        ("later_wins", 201, ["09:00", "09:30", "10:15", "10:45"]),
        ("earlier_wins", 201, ["09:00", "09:30", "10:00", "10:45"]),
        ("refused", 400, []),
    ],
)
def test_of_ranges_that_overlap_one_wins_or_all_are_refused(
    docplanner: Served, place: Place, overlapping: str, status: int, seen: list[str]
) -> None:
    """09:00 to 10:30 and 10:15 to 11:15 in one request."""
    docplanner.settings(place, overlapping_ranges=overlapping, slots_delay_s=0)
    first, second = docplanner.period(place, 2, "09:00", "10:30"), docplanner.period(place, 2, "10:15", "11:15")

    assert replace(docplanner, place, first, second).status_code == status
    assert listed(docplanner, place, "slots", "00:00", "23:59") == seen


@pytest.mark.parametrize(("spans", "longest", "booked"), [(False, "10:00", 404), (True, "10:30", 200)])
def test_a_long_service_spans_adjoining_periods_or_does_not(
    docplanner: Served, place: Place, *, spans: bool, longest: str, booked: int
) -> None:
    """An hour from 10:30 lies half in the period that begins at 11:00; one from 11:30 ends nowhere."""
    docplanner.settings(place, service_spans_periods=spans, slots_delay_s=0)
    long, short = place.services
    services = [{"address_service_id": long, "duration": 60}, {"address_service_id": short, "duration": 30}]
    halves = [("09:00", "11:00"), ("11:00", "12:00")]
    sent = [docplanner.period(place, 2, *half) | {"address_services": services} for half in halves]
    assert replace(docplanner, place, *sent).status_code == 201

    query = f"start={quote(docplanner.at(2, '00:00'))}&end={quote(docplanner.at(2, '11:00'))}&with=slot.services"
    told = docplanner.api("GET", f"{place.path}/slots?{query}").json()["_items"]
    assert [one["start"][11:16] for one in told if long in str(one["address_services"])][-1] == longest
    assert book(docplanner, place, "11:30", 60) == 404
    assert book(docplanner, place, "10:30", 60) == booked


@pytest.mark.parametrize(("day", "over_utc", "over_here"), [("marketplace", 201, 400), ("as_sent", 400, 201)])
def test_a_period_stays_within_a_day_here_or_as_it_was_sent(
    docplanner: Served, place: Place, day: str, over_utc: int, over_here: int
) -> None:
    """Two hours over midnight of the offset +05:00 at eight in the evening here, and two hours over midnight here."""
    docplanner.settings(place, period_day=day)
    services = docplanner.period(place, 2)["address_services"]

    def sent(hour: str, offset: str) -> int:
        start = datetime.fromisoformat(f"{docplanner.day(2)}T{hour}:00{offset}")
        end = start + timedelta(hours=2)
        body = {"start": start.isoformat(), "end": end.isoformat(), "address_services": services}
        return replace(docplanner, place, body).status_code

    assert sent("23:00", "+05:00") == over_utc
    assert sent("03:30", "+05:00") == over_here


@pytest.mark.parametrize(("may", "status"), [(True, 201), (False, 400)])
def test_a_period_may_end_at_midnight_or_not(docplanner: Served, place: Place, *, may: bool, status: int) -> None:
    """At 24:00; a minute earlier it may in any case."""
    docplanner.settings(place, period_may_end_at_midnight=may)
    evening = docplanner.period(place, 2, "22:00", "23:59")

    assert replace(docplanner, place, evening | {"end": docplanner.at(3, "00:00")}).status_code == status
    assert replace(docplanner, place, evening).status_code == 201


@pytest.mark.parametrize(
    ("holds", "slots", "bookings"), [("starts_in", ["10:00"], []), ("overlaps", ["09:30", "10:00"], ["09:00"])]
)
def test_a_list_holds_what_starts_or_what_overlaps(
    docplanner: Served, place: Place, holds: str, slots: list[str], bookings: list[str]
) -> None:
    """A slot that began at 09:30 and a visit that began at 09:00, asked for from 09:45 and from 09:10."""
    docplanner.settings(place, list_range=holds)
    docplanner.fill(place, 2)
    docplanner.book(place, docplanner.at(2, "09:00"))

    assert listed(docplanner, place, "slots", "09:45", "10:30") == slots
    assert listed(docplanner, place, "bookings", "09:10", "09:20") == bookings
    assert listed(docplanner, place, "bookings", "09:30", "10:00") == []


@pytest.mark.parametrize(("holds", "seen"), [("overlaps", ["12:00"]), ("starts_in", [])])
def test_a_list_of_breaks_holds_what_overlaps_or_what_starts(
    docplanner: Served, place: Place, holds: str, seen: list[str]
) -> None:
    """A break that began before the range."""
    docplanner.settings(place, break_list_range=holds)
    blocked = {"since": docplanner.at(2, "12:00"), "till": docplanner.at(2, "13:00")}
    docplanner.done("POST", f"{place.calendar}/breaks", blocked)

    assert listed(docplanner, place, "breaks", "12:30", "14:00") == seen
    assert listed(docplanner, place, "breaks", "12:00", "12:01") == ["12:00"]


@pytest.mark.parametrize(("empty", "status"), [("ok", 204), ("not_found", 404)])
def test_deleting_an_empty_day_is_fine_or_not_found(docplanner: Served, place: Place, empty: str, status: int) -> None:
    """A day with slots is deleted in any case, once."""
    docplanner.settings(place, empty_day_deletion=empty)
    docplanner.fill(place, 2)
    day = f"{place.path}/slots/{docplanner.day(2)}"

    assert docplanner.api("DELETE", day).status_code == 204
    assert docplanner.api("DELETE", day).status_code == status


@pytest.mark.parametrize(("enables", "status"), [(True, "enabled"), (False, "disabled")])
def test_a_break_enables_a_disabled_calendar_or_leaves_it(
    docplanner: Served, place: Place, *, enables: bool, status: str
) -> None:
    """By the setting."""
    docplanner.settings(place, break_enables=enables)
    assert docplanner.api("POST", f"{place.path}/calendar/disable").status_code == 200
    blocked = {"since": docplanner.at(2, "12:00"), "till": docplanner.at(2, "13:00")}
    assert docplanner.api("POST", f"{place.path}/breaks", blocked).status_code == 201

    assert docplanner.api("GET", f"{place.path}/calendar").json() == {"status": status}


@pytest.mark.parametrize(
    ("length", "statuses"), [("grid", [200, 200, 404]), ("offered", [200, 404, 404]), ("any", [200, 200, 200])]
)
def test_how_long_a_visit_may_last(docplanner: Served, place: Place, length: str, statuses: list[int]) -> None:
    """The half hour that is offered, twice as long, a quarter of an hour; never past the end of the period."""
    docplanner.settings(place, visit_length=length)
    docplanner.fill(place, 2, "09:00", "12:00")

    wanted = [("09:00", 30), ("09:30", 60), ("11:00", 15)]
    assert [book(docplanner, place, hour, minutes) for hour, minutes in wanted] == statuses
    assert book(docplanner, place, "11:30", 60) == 404


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_move_to_a_time_that_is_taken_is_refused_with_the_status_set(
    docplanner: Served, place: Place, status: int
) -> None:
    """And the visit stays where it was; on the control API it is a conflict whatever the status."""
    docplanner.settings(place, taken_move_status=status)
    docplanner.fill(place, 2)
    visit = docplanner.book(place, docplanner.at(2, "09:00"))["booking_id"]
    docplanner.book(place, docplanner.at(2, "10:00"))
    to = {"start": docplanner.at(2, "10:00"), "address_service_id": place.services[0]}

    moved = docplanner.api("POST", f"{place.path}/bookings/{visit}/move", to)
    assert (moved.status_code, docplanner.api("GET", f"{place.path}/bookings/{visit}").json()["status"]) == (
        status,
        "booked",
    )
    to_control = {"by": "patient", "start": to["start"]}
    assert docplanner.control("POST", f"{place.calendar}/visits/{visit}/move", to_control).status_code == 409


@pytest.mark.parametrize(("cancels", "left"), [(False, ["09:00", "10:30", "13:00"]), (True, ["09:00", "13:00"])])
def test_an_update_cancels_visits_that_lose_their_time_or_leaves_them(
    docplanner: Served, place: Place, *, cancels: bool, left: list[str]
) -> None:
    """Hours from nine to eleven become those until ten; a visit that the doctor put outside of them stays."""
    docplanner.settings(place, update_cancels_bookings=cancels, slots_delay_s=0)
    docplanner.fill(place, 2)
    for hour in ("09:00", "10:30", "13:00"):
        docplanner.book(place, docplanner.at(2, hour), by="doctor")
    emptied = docplanner.period(place, 2, "10:00", "14:00") | {"address_services": []}
    assert replace(docplanner, place, docplanner.period(place, 2, "09:00", "10:00"), emptied).status_code == 201

    day = f"start={quote(docplanner.at(2, '00:00'))}&end={quote(docplanner.at(3, '00:00'))}"
    told = docplanner.api("GET", f"{place.path}/bookings?{day}").json()["_items"]
    assert [one["start_at"][11:16] for one in told if one["status"] == "booked"] == left
    news = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
    assert [one["name"] for one in news].count("booking-canceled") == int(cancels)
