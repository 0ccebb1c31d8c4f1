"""Checks of visits: what each lets pass, and in which words it tells what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from harness.verdict.checks.visits import OneVisitAt, StaffVisitYielded, VisitGone, VisitIdKnown, VisitShown
from harness.verdict.finding import Problem
from harness.verdict.observation import CalendarSeen, PersonSeen, VisitSeen, as_json, from_json
from harness.verdict.wording import shift

WARSAW = ZoneInfo("Europe/Warsaw")


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """That time in Warsaw in November 2026; the 24th is a Tuesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WARSAW)


SINCE, TILL = at(0, day=23), at(0, day=30)
ANNA = PersonSeen("Anna", "Nowak", "+48507170030", "anna@example.com")
JAN = PersonSeen("Jan", "Kos", "+48507170031")
VISIT = VisitSeen("v", "1", at(9), 30, ANNA, booked=True, address_service_id="11")
SHOWN = VisitShown(ANNA, "1", at(9), 30, "11")
DUE = "one visit of Anna, Tue 24 Nov 09:00–09:30, on address 1"
YIELDED = StaffVisitYielded(ANNA, "1", at(9))
KNOWN = VisitIdKnown(ANNA, "b7")


def visits(*shown: VisitSeen, side: str = "partner") -> CalendarSeen:
    """What a side shows."""
    return CalendarSeen(side, SINCE, TILL, shown)


PASS = [
    (SHOWN, visits(VISIT)),
    (SHOWN, visits(replace(VISIT, address_service_id=None))),
    (VisitGone(ANNA, "1"), visits(replace(VISIT, booked=False), replace(VISIT, patient=JAN))),
    (YIELDED, visits(replace(VISIT, sync_state="conflict"))),
    (YIELDED, visits(replace(VISIT, sync_state="failed"))),
    (YIELDED, visits(replace(VISIT, booked=False, sync_state="synced"))),
    (YIELDED, visits(replace(VISIT, start=at(9, 30), sync_state="synced", booking_id="b7"))),
    (YIELDED, visits()),
    (VisitGone(ANNA, "1", at(9)), visits(replace(VISIT, start=at(11)), replace(VISIT, address_id="2"))),
    (KNOWN, visits(replace(VISIT, booking_id="b7"), replace(VISIT, booked=False, booking_id="b6"))),
    (OneVisitAt("1", at(9), 30), visits(VISIT, replace(VISIT, start=at(9, 30)))),
]


@pytest.mark.parametrize(("check", "seen"), PASS)
def test_what_is_right_passes(check: Any, seen: object) -> None:  # noqa: ANN401
    """A check has nothing against what is as it should be."""
    assert check.judge(seen) is None


NONE_AT_ALL = "no visit of Anna, none at all in the next days"
OFFSET_HINT = (
    "the time is off by exactly the zone's offset: it was dropped, or the time was read as UTC "
    "(unless this is the old time of a move)"
)
AS_IF = (
    "The clinic's calendar shows Anna's visit as if Docplanner had it",
    "the visit of Tue 24 Nov 09:00 withdrawn, or marked as a conflict",
)
WARN = "Docplanner refused the booking, so staff must be warned: set the visit to conflict or withdraw it"
UNKNOWN = ("The clinic's calendar does not know Anna's visit by its booking", "booking b7")
KEEP_ID = "a move ends a booking and makes a new one: keep the id that the answer or the notification names"
FAIL = [
    (
        SHOWN,
        visits(replace(VISIT, start=at(11), patient=JAN)),
        ("The clinic's calendar does not show Anna's visit", DUE, "no visit of Anna, 1 in the next days", ""),
    ),
    (SHOWN, visits(), ("The clinic's calendar does not show Anna's visit", DUE, NONE_AT_ALL, "")),
    (
        SHOWN,
        visits(replace(VISIT, patient=JAN)),
        (
            "The clinic's calendar does not show Anna's visit",
            DUE,
            "a visit at that time, of another person",
            "the time is right and the patient is not: look at how the patient's data are taken over",
        ),
    ),
    (
        SHOWN,
        visits(replace(VISIT, booked=False)),
        (
            "The clinic's calendar does not show Anna's visit",
            DUE,
            "the visit, cancelled",
            "the visit is there, but it is marked as cancelled",
        ),
    ),
    (
        SHOWN,
        visits(VISIT, replace(VISIT, start=at(11)), side="docplanner"),
        (
            "Docplanner shows Anna's visit 2 times",
            DUE,
            "2 booked visits: Tue 24 Nov 09:00 on address 1, Tue 24 Nov 11:00 on address 1",
            "the same visit was stored more than once, or the old one of a move was kept",
        ),
    ),
    (
        SHOWN,
        visits(replace(VISIT, start=at(10))),
        (
            "The clinic's calendar shows Anna's visit at another time",
            DUE,
            "one visit, Tue 24 Nov 10:00–10:30, 1 h later",
            OFFSET_HINT,
        ),
    ),
    (
        SHOWN,
        visits(replace(VISIT, start=at(7))),
        (
            "The clinic's calendar shows Anna's visit at another time",
            DUE,
            "one visit, Tue 24 Nov 07:00–07:30, 2 h earlier",
            "the old time of a move may have been kept",
        ),
    ),
    (
        SHOWN,
        visits(replace(VISIT, start=at(9, 40))),
        (
            "The clinic's calendar shows Anna's visit at another time",
            DUE,
            "one visit, Tue 24 Nov 09:40–10:10, 40 min later",
            "the old time of a move may have been kept",
        ),
    ),
    (
        SHOWN,
        visits(replace(VISIT, minutes=45)),
        ("The clinic's calendar shows Anna's visit with another length", DUE, "one visit, Tue 24 Nov 09:00–09:45", ""),
    ),
    (
        SHOWN,
        visits(replace(VISIT, address_id="2")),
        (
            "The clinic's calendar shows Anna's visit in the wrong calendar",
            DUE,
            "one visit, Tue 24 Nov 09:00–09:30, on address 2",
            "the calendars of two addresses or doctors are mixed up: look at the mapping of addresses",
        ),
    ),
    (
        SHOWN,
        visits(replace(VISIT, address_service_id="12")),
        (
            "The clinic's calendar shows Anna's visit for another service",
            f"{DUE}, address service 11",
            "one visit, Tue 24 Nov 09:00–09:30, address service 12",
            "services are mixed up between addresses: map them by address service id",
        ),
    ),
    (
        SHOWN,
        visits(replace(VISIT, patient=replace(ANNA, phone="+48600000000", email="other@example.com"))),
        (
            "The clinic's calendar shows Anna's visit with another phone and e-mail",
            f"{DUE}, phone +48507170030, e-mail anna@example.com",
            "one visit, Tue 24 Nov 09:00–09:30, phone +48600000000, e-mail other@example.com",
            "the patient's data are not taken over as they are",
        ),
    ),
    (
        VisitGone(ANNA, "1"),
        visits(VISIT, side="docplanner"),
        (
            "Docplanner still shows a visit of Anna",
            "no booked visit of Anna",
            "1 booked: Tue 24 Nov 09:00 on address 1",
            "",
        ),
    ),
    (
        YIELDED,
        visits(replace(VISIT, sync_state="synced", booking_id="b7")),
        (*AS_IF, "booked, synced, with booking b7", WARN),
    ),
    (
        YIELDED,
        visits(replace(VISIT, sync_state="conflict", booking_id="b7")),
        (*AS_IF, "booked, conflict, with booking b7", WARN),
    ),
    (YIELDED, visits(replace(VISIT, sync_state="pending")), (*AS_IF, "booked, pending", WARN)),
    (YIELDED, visits(VISIT), (*AS_IF, "booked, no sync state", WARN)),
    (
        VisitGone(ANNA, "1", at(9)),
        visits(VISIT, replace(VISIT, start=at(11))),
        (
            "The clinic's calendar still shows a visit of Anna",
            "no booked visit of Anna at Tue 24 Nov 09:00",
            "1 booked: Tue 24 Nov 09:00 on address 1",
            "",
        ),
    ),
    (KNOWN, visits(replace(VISIT, booking_id="b6")), (*UNKNOWN, "b6", KEEP_ID)),
    (KNOWN, visits(VISIT), (*UNKNOWN, "no booking", KEEP_ID)),
    (KNOWN, visits(), (*UNKNOWN, "no visit of Anna", "")),
    (
        OneVisitAt("1", at(9), 30),
        visits(VISIT, replace(VISIT, start=at(9, 15), patient=JAN), side="docplanner"),
        (
            "The time is booked twice in Docplanner",
            "one visit that takes Tue 24 Nov 09:00–09:30",
            "2: Tue 24 Nov 09:00 Anna, Tue 24 Nov 09:15 Jan",
            "",
        ),
    ),
    (
        OneVisitAt("1", at(9), 30),
        visits(replace(VISIT, booked=False)),
        (
            "The time is not booked at all in the clinic's calendar",
            "one visit that takes Tue 24 Nov 09:00–09:30",
            "0: none",
            "",
        ),
    ),
]


@pytest.mark.parametrize(("check", "seen", "told"), FAIL)
def test_what_is_wrong_with_a_visit_is_told(check: Any, seen: object, told: tuple[str, str, str, str]) -> None:  # noqa: ANN401
    """A check of visits tells what is wrong, what it expected and saw, and the likely cause."""
    assert check.judge(seen) == Problem(*told)


@pytest.mark.parametrize(
    "check", [replace(SHOWN, time_zone="Europe/Madrid"), OneVisitAt("1", at(9), 30, "Europe/Madrid")]
)
def test_times_are_told_with_the_zone_that_is_named(check: Any) -> None:  # noqa: ANN401
    """Local time of the calendar, with the name of its zone."""
    assert "Tue 24 Nov 09:00–09:30 Europe/Madrid" in check.judge(visits()).expected


@pytest.mark.parametrize(("fold", "offset", "other"), [(0, "+02:00", "+01:00"), (1, "+01:00", "+02:00")])
def test_the_hour_that_comes_twice_is_two_hours(fold: int, offset: str, other: str) -> None:
    """On the night when summer time ends 02:30 with its offset is one instant, and the other 02:30 an hour away."""
    night = datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=WARSAW)
    check = VisitShown(ANNA, "1", night, 60, time_zone="Europe/Warsaw")

    def shown(its_offset: str) -> CalendarSeen:
        start = datetime.fromisoformat(f"2026-10-25T02:30:00{its_offset}")
        return visits(VisitSeen("v", "1", start, 60, ANNA, booked=True))

    assert check.judge(shown(offset)) is None
    problem = check.judge(shown(other))
    assert problem is not None
    assert problem.observed.endswith("1 h later" if fold == 0 else "1 h earlier")


def test_a_visit_over_a_change_of_clocks_has_its_real_length() -> None:
    """An hour from 02:30 on the night when summer time ends is over when it is 02:30 again."""
    night = datetime(2026, 10, 25, 2, 30, tzinfo=WARSAW)
    problem = VisitShown(JAN, "1", night, 60, time_zone="Europe/Warsaw").judge(visits())

    assert problem is not None
    assert problem.expected == "one visit of Jan, Sun 25 Oct 02:30–02:30 Europe/Warsaw, on address 1"


def test_a_time_without_an_offset_is_refused() -> None:
    """Nobody would know which instant it is."""
    with pytest.raises(ValueError, match="start 2026-11-24T09:00:00 has no offset: give an aware datetime"):
        replace(SHOWN, start=datetime(2026, 11, 24, 9))  # noqa: DTZ001 - the point of the test
    with pytest.raises(msgspec.ValidationError, match="start 2026-11-24T09:00:00 has no offset"):
        from_json(as_json(SHOWN) | {"start": "2026-11-24T09:00:00"}, VisitShown)


@pytest.mark.parametrize(
    ("difference", "told"),
    [
        (timedelta(minutes=40), "40 min later"),
        (timedelta(hours=-1), "1 h earlier"),
        (timedelta(hours=-1, minutes=-30), "1 h 30 min earlier"),
        (timedelta(days=1, hours=2), "1 d 2 h later"),
        (timedelta(days=2), "2 d later"),
        (timedelta(seconds=20), "20 s later"),
    ],
)
def test_a_difference_is_told_in_words(difference: timedelta, told: str) -> None:
    """By how much, and which way."""
    assert shift(difference) == told
