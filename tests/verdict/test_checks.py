"""Checks of visits: what each lets pass, and in which words it tells what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from harness.verdict.checks.visits import OneVisitAt, StaffVisitYielded, VisitGone, VisitShown
from harness.verdict.finding import Problem
from harness.verdict.observation import CalendarSeen, PersonSeen, VisitSeen

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


def visits(*shown: VisitSeen, side: str = "partner") -> CalendarSeen:
    """What a side shows."""
    return CalendarSeen(side, SINCE, TILL, shown)


PASS = [
    (SHOWN, visits(VISIT)),
    (SHOWN, visits(replace(VISIT, address_service_id=None))),
    (VisitGone(ANNA, "1"), visits(replace(VISIT, booked=False), replace(VISIT, patient=JAN))),
    (YIELDED, visits(replace(VISIT, sync_state="conflict"))),
    (YIELDED, visits()),
    (OneVisitAt("1", at(9), 30), visits(VISIT, replace(VISIT, start=at(9, 30)))),
]


@pytest.mark.parametrize(("check", "seen"), PASS)
def test_what_is_right_passes(check: Any, seen: object) -> None:  # noqa: ANN401
    """A check has nothing against what is as it should be."""
    assert check.judge(seen) is None


FAIL = [
    (
        SHOWN,
        visits(replace(VISIT, start=at(11), patient=JAN)),
        ("The clinic's calendar does not show Anna's visit", DUE, "none of 1 visits in the next days is Anna's", ""),
    ),
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
            "one visit, Tue 24 Nov 10:00–10:30",
            "the time is off by exactly the zone's offset: it was dropped, or the time was read as UTC",
        ),
    ),
    (
        SHOWN,
        visits(replace(VISIT, start=at(7))),
        (
            "The clinic's calendar shows Anna's visit at another time",
            DUE,
            "one visit, Tue 24 Nov 07:00–07:30",
            "the time is off by -2 h",
        ),
    ),
    (
        SHOWN,
        visits(replace(VISIT, start=at(9, 40))),
        (
            "The clinic's calendar shows Anna's visit at another time",
            DUE,
            "one visit, Tue 24 Nov 09:40–10:10",
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
            DUE,
            "another phone and e-mail",
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
        (
            "The clinic's calendar shows Anna's visit as if Docplanner had it",
            "the visit of Tue 24 Nov 09:00 withdrawn, or marked as a conflict",
            "booked, synced, with booking b7",
            "Docplanner refused the booking, so staff must be warned: set the visit to conflict or withdraw it",
        ),
    ),
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
