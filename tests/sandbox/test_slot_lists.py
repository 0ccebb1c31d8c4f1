"""getSlots remembers what it told: never longer than it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from sandbox.served import Place, Served

from harness.sandbox.calendars import Calendars
from harness.sandbox.directory import Directory
from harness.sandbox.http.slot_lists import REMEMBERED, SlotLists
from harness.sandbox.payloads import Payloads
from harness.sandbox.profiles import PROFILES
from harness.sandbox.slots import Timetable


def asked(docplanner: Served, place: Place, extensions: str = "") -> list[dict[str, object]]:
    """What getSlots tells of three days."""
    span = f"start={quote(docplanner.at(2, '00:00'))}&end={quote(docplanner.at(5, '00:00'))}"
    found: list[dict[str, object]] = docplanner.api("GET", f"{place.path}/slots?{span}{extensions}").json()["_items"]
    return found


def reckoned(docplanner: Served, place: Place) -> list[str]:
    """The starts that follow from the calendar now, by the rules alone."""
    state = docplanner.sandbox.state
    since, till = (datetime.fromisoformat(docplanner.at(day, "00:00")) for day in (2, 5))
    offers = Calendars(state).free_slots(state.directory.address(place.address_id), since, till)
    return list(dict.fromkeys(state.payloads.time(one.start) for one in offers))


def book(docplanner: Served, place: Place) -> None:
    """A patient takes a slot."""
    docplanner.book(place, docplanner.at(2, "09:30"))


def block(docplanner: Served, place: Place) -> None:
    """The doctor blocks an hour, which getSlots takes out."""
    docplanner.settings(place, breaks_hide_slots=True)
    asked(docplanner, place)
    hour = {"since": docplanner.at(2, "10:00"), "till": docplanner.at(2, "11:00")}
    docplanner.done("POST", f"{place.calendar}/breaks", hour)


def fill(docplanner: Served, place: Place) -> None:
    """The doctor works on another day too."""
    docplanner.fill(place, 4)


def send_and_wait(docplanner: Served, place: Place) -> None:
    """The partner replaces slots, which show once the delay is over and not before."""
    docplanner.settings(place, slots_delay_s=30)
    docplanner.api("PUT", f"{place.path}/slots", {"slots": [docplanner.period(place, 3)]})
    before = [one["start"] for one in asked(docplanner, place)]
    assert not any(str(docplanner.day(3)) in str(start) for start in before)
    docplanner.advance(seconds=31)


def clear(docplanner: Served, place: Place) -> None:
    """The partner removes a day."""
    docplanner.settings(place, slots_delay_s=0)
    assert docplanner.api("DELETE", f"{place.path}/slots/{docplanner.day(2)}").status_code == 204


def delete_service(docplanner: Served, place: Place) -> None:
    """The service is offered no longer."""
    docplanner.settings(place, empty_list="ok")
    docplanner.done("DELETE", f"{place.calendar}/services/{place.services[0]}")


@pytest.mark.parametrize("change", [book, block, fill, send_and_wait, clear, delete_service])
def test_whatever_changes_a_calendar_shows_at_once(
    docplanner: Served, place: Place, change: Callable[[Served, Place], None]
) -> None:
    """A list that was told before is not told again once the calendar is another."""
    docplanner.fill(place, 2)
    told = asked(docplanner, place)
    assert asked(docplanner, place) == told

    change(docplanner, place)

    now = [one["start"] for one in asked(docplanner, place)]
    assert now == reckoned(docplanner, place)
    assert now != [one["start"] for one in told]


def test_services_are_told_as_they_are_now(docplanner: Served, place: Place) -> None:
    """With slots' services, a new price shows, and ids are numbers as soon as they are set to be."""
    docplanner.fill(place, 2)
    with_services = "&with=slot.services"
    (first, *_) = asked(docplanner, place, with_services)
    docplanner.done("PATCH", f"{place.calendar}/services/{place.services[0]}", {"price": 7311})

    (second, *_) = asked(docplanner, place, with_services)
    docplanner.settings(place, numeric_ids=True)
    (third, *_) = asked(docplanner, place, with_services)

    (before,), (after,), (numbered,) = (one["address_services"]["_items"] for one in (first, second, third))  # type: ignore[index,call-overload]
    assert before["price"] != 7311
    assert after == before | {"price": 7311}
    assert numbered["id"] == int(after["id"])


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    """The oldest goes; what is too long is never kept."""
    lists, made = SlotLists(), []
    now = datetime.fromisoformat("2026-11-24T09:00:00+01:00")
    grounds = (Timetable(), PROFILES["documented"], (), ())

    def told(address_id: str, size: int = 1) -> None:
        def make() -> bytes:
            made.append(address_id)
            return b"x" * size

        lists.told((address_id, now, now, frozenset()), grounds, make)

    for number in range(REMEMBERED + 1):
        told(str(number))
    for address_id in (str(REMEMBERED), "0"):
        told(address_id)
    assert made == [*map(str, range(REMEMBERED + 1)), "0"]
    told("long", 1 << 20)
    told("long", 1 << 20)
    assert made[-2:] == ["long", "long"]


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    """Two instants of one wall clock are equal to Python where their zone is one object: the memory mixes none."""
    warsaw = ZoneInfo("Europe/Warsaw")
    summer = datetime(2026, 10, 25, 2, 30, tzinfo=warsaw)
    winter = summer.replace(fold=1)
    assert summer == winter
    time = Payloads(Directory(), warsaw, "znanylekarz.pl").time
    written = [time(one) for one in (summer, winter, summer.astimezone(UTC), winter.astimezone(UTC))]
    assert written == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"] * 2
