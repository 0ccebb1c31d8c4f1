"""Checks of working time, offers, breaks and both calendars: what each lets pass, and how it tells what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from harness.verdict.checks.activation import CalendarsEqual
from harness.verdict.checks.breaks import BreakGone, BreakShown
from harness.verdict.checks.offers import BookableTime, TimeNotOffered, TimeOffered
from harness.verdict.checks.schedule import WorkingTimeSent
from harness.verdict.finding import Problem
from harness.verdict.observation import (
    BreakSeen,
    BreaksSeen,
    CalendarSeen,
    CalendarsSeen,
    OfferSeen,
    OffersSeen,
    PeriodSeen,
    PersonSeen,
    VisitSeen,
    WorkingTimeSeen,
)

WARSAW = ZoneInfo("Europe/Warsaw")


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """That time in Warsaw in November 2026; the 24th is a Tuesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WARSAW)


SINCE, TILL = at(0, day=23), at(0, day=30)
ANNA = PersonSeen("Anna", "Nowak", "+48507170030", "anna@example.com")
VISIT = VisitSeen("v", "1", at(9), 30, ANNA, booked=True)
WORK = PeriodSeen("11", 30, at(9), at(12))
NEXT_DAY = PeriodSeen("11", 30, at(9, day=25), at(12, day=25))
SENT = WorkingTimeSent("1", (WORK,), "Europe/Warsaw")
SENT_TWO = WorkingTimeSent("1", (WORK, NEXT_DAY), "Europe/Warsaw")
NOTHING_SENT = WorkingTimeSent("1", (), "Europe/Warsaw")
BREAK = BreakSeen("b", at(10), at(11))
BLOCKED = BreakShown(at(10), at(11))
BOOKABLE = BookableTime("1", (replace(WORK, end=at(10)),))
EQUAL = CalendarsEqual("1", "Europe/Warsaw")


def working(*periods: PeriodSeen) -> WorkingTimeSeen:
    """The working time of the one address."""
    return WorkingTimeSeen("1", SINCE, TILL, periods)


def breaks(*shown: BreakSeen, side: str = "partner") -> BreaksSeen:
    """The breaks of a side."""
    return BreaksSeen(side, SINCE, TILL, shown)


def offers(*starts: datetime, till: datetime = TILL) -> OffersSeen:
    """Offers of half an hour each."""
    return OffersSeen("1", SINCE, till, tuple(OfferSeen("11", one, one + timedelta(minutes=30)) for one in starts))


def both(there: VisitSeen, work: PeriodSeen, *blocked: BreakSeen) -> CalendarsSeen:
    """Anna's visit, the working time and no break in the clinic; these at Docplanner."""
    mine, theirs = CalendarSeen("partner", SINCE, TILL, (VISIT,)), CalendarSeen("docplanner", SINCE, TILL, (there,))
    return CalendarsSeen(mine, theirs, working(WORK), working(work), breaks(), breaks(*blocked, side="docplanner"))


@pytest.mark.parametrize(
    ("check", "seen"),
    [
        (SENT, working(replace(WORK, end=at(10)), replace(WORK, start=at(10)))),
        (NOTHING_SENT, working()),
        (TimeOffered("1", "11", at(9), 30), offers(at(9))),
        (TimeNotOffered("1", at(9), at(10)), offers(at(8, 30), at(10))),
        (BOOKABLE, offers(at(9), at(9, 30))),
        (BOOKABLE, offers(at(9), till=at(9, 20))),
        (BLOCKED, breaks(replace(BREAK, till=at(10, 30)), replace(BREAK, since=at(10, 30)))),
        (BreakGone(at(10), at(11)), breaks(replace(BREAK, since=at(11), till=at(12)))),
        (EQUAL, both(VISIT, WORK)),
        (EQUAL, both(replace(VISIT, id="other", patient=replace(ANNA, name="ANNA")), replace(WORK, start=at(9, 30)))),
    ],
)
def test_what_is_right_passes(check: Any, seen: object) -> None:  # noqa: ANN401
    """A check of time has nothing against what covers the right minutes, however divided."""
    assert check.judge(seen) is None


SENT_DUE = "Tue 24 Nov 09:00–12:00 Europe/Warsaw (service 11, 30 min)"
EIGHT = "Tue 24 Nov 08:00–09:00 Europe/Warsaw (service 11, 30 min)"
ELEVEN = "Tue 24 Nov 11:00–12:00 Europe/Warsaw (service 11, 30 min)"
WRONG_WORK = [
    (
        SENT,
        working(),
        f"missing {SENT_DUE}",
        "nothing is left of Tue 24 Nov: a change of one day must not touch another",
    ),
    (
        SENT,
        working(replace(WORK, end=at(11, 30))),
        "missing Tue 24 Nov 11:30–12:00 Europe/Warsaw (service 11, 30 min)",
        "part of the day was lost: send whole days, since the reach of an update is not documented",
    ),
    (
        SENT,
        working(replace(WORK, end=at(13))),
        "too much Tue 24 Nov 12:00–13:00 Europe/Warsaw (service 11, 30 min)",
        "",
    ),
    (
        SENT,
        working(replace(WORK, start=at(8), end=at(11))),
        f"missing {ELEVEN}; too much {EIGHT}",
        "the time is off by -1 h: the offset was dropped, or the time was read as UTC",
    ),
    (
        SENT,
        working(WORK, NEXT_DAY),
        "too much Wed 25 Nov 09:00–12:00 Europe/Warsaw (service 11, 30 min)",
        "Wed 25 Nov is still there: a day without working time must be cleared explicitly",
    ),
    (
        SENT,
        working(replace(WORK, start=at(13), end=at(16))),
        f"missing {SENT_DUE}; too much Tue 24 Nov 13:00–16:00 Europe/Warsaw (service 11, 30 min)",
        "the time is off by +4 h: look at how time zones are handled",
    ),
    (
        SENT,
        working(replace(WORK, address_service_id="12", minutes=20)),
        f"missing {SENT_DUE}; too much Tue 24 Nov 09:00–12:00 Europe/Warsaw (service 12, 20 min)",
        "the time is right and its services are not: look at the services and durations of the periods",
    ),
]


@pytest.mark.parametrize(("check", "seen", "observed", "hint"), WRONG_WORK)
def test_wrong_working_time_is_told_with_its_likely_cause(
    check: WorkingTimeSent, seen: WorkingTimeSeen, observed: str, hint: str
) -> None:
    """Missing, too much, shifted, lost and uncleared time are told apart."""
    headline = "Docplanner does not have the working time that staff entered"
    assert check.judge(seen) == Problem(headline, SENT_DUE, observed, hint)


def test_another_day_that_was_lost_is_named() -> None:
    """A change of one day that wiped another is told by the day that was lost."""
    problem = SENT_TWO.judge(working(WORK))
    assert problem is not None
    assert problem.expected == "Tue 24 Nov 09:00–12:00, Wed 25 Nov 09:00–12:00 Europe/Warsaw (service 11, 30 min)"
    assert problem.hint == "nothing is left of Wed 25 Nov: a change of one day must not touch another"


def test_one_day_that_is_shifted_among_others_is_named() -> None:
    """The days that are right do not hide that another is off by the zone's offset."""
    problem = SENT_TWO.judge(working(WORK, replace(NEXT_DAY, start=at(10, day=25), end=at(13, day=25))))
    assert problem is not None
    assert problem.hint == "the time is off by +1 h: the offset was dropped, or the time was read as UTC"


def test_an_emptied_day_that_stayed_is_named() -> None:
    """A day that staff emptied and that is still sent is told as one to be cleared."""
    assert NOTHING_SENT.judge(working(WORK)) == Problem(
        "Docplanner does not have the working time that staff entered",
        "no working time",
        f"too much {SENT_DUE}",
        "Tue 24 Nov is still there: a day without working time must be cleared explicitly",
    )


OTHER_TIMES = "Patients can book other times than the clinic offers"
NOT_AS = "The break is not as it should be in the clinic's calendar"
VISITS_DIFFER = ("The visits of address 1 differ", "the same visits on both sides (1 in the clinic's calendar)")
ONLY_HERE = "only in the clinic's calendar: Anna Tue 24 Nov 09:00 (30 min)"
FREE_DIFFERS = (
    "The bookable time of address 1 differs",
    "the same bookable time on both sides, for service 11",
)
FAIL = [
    (
        TimeOffered("1", "11", at(9), 30),
        offers(at(9, 30), at(9, day=25)),
        "Patients cannot book the time",
        "Tue 24 Nov 09:00–09:30 offered for service 11",
        "1 offers on that day, none of them this one",
        "",
    ),
    (
        TimeNotOffered("1", at(9), at(10)),
        offers(at(9, 45), at(8, 45)),
        "Patients can still book time that is taken",
        "nothing offered in Tue 24 Nov 09:00–10:00",
        "offered: Tue 24 Nov 08:45–09:15, Tue 24 Nov 09:45–10:15",
        "",
    ),
    (
        BOOKABLE,
        offers(at(9)),
        OTHER_TIMES,
        "Tue 24 Nov 09:00–10:00 bookable for service 11",
        "missing Tue 24 Nov 09:30–10:00",
        "time that is free is not offered",
    ),
    (
        BOOKABLE,
        offers(at(9), at(9, 30), at(10)),
        OTHER_TIMES,
        "Tue 24 Nov 09:00–10:00 bookable for service 11",
        "too much Tue 24 Nov 10:00–10:30",
        "blocked time is offered",
    ),
    (BLOCKED, breaks(), NOT_AS, "blocked exactly Tue 24 Nov 10:00–11:00", "not blocked Tue 24 Nov 10:00–11:00", ""),
    (
        BLOCKED,
        breaks(BREAK, replace(BREAK, since=at(14), till=at(15))),
        NOT_AS,
        "blocked exactly Tue 24 Nov 10:00–11:00",
        "blocked too Tue 24 Nov 14:00–15:00",
        "the old time of a moved break may have been kept",
    ),
    (
        BreakGone(at(10), at(11)),
        breaks(replace(BREAK, since=at(10, 30), till=at(12)), side="docplanner"),
        "The break is still there in Docplanner",
        "Tue 24 Nov 10:00–11:00 free",
        "blocked Tue 24 Nov 10:30–11:00",
        "",
    ),
    (
        EQUAL,
        both(replace(VISIT, start=at(10)), WORK),
        *VISITS_DIFFER,
        f"{ONLY_HERE}; only at Docplanner: Anna Tue 24 Nov 10:00 (30 min)",
        "",
    ),
    (
        EQUAL,
        both(replace(VISIT, booked=False), WORK),
        *VISITS_DIFFER,
        ONLY_HERE,
        "",
    ),
    (
        EQUAL,
        both(VISIT, WORK, BREAK),
        *FREE_DIFFERS,
        "only in the clinic's calendar: Tue 24 Nov 10:00–11:00 Europe/Warsaw",
        "",
    ),
    (
        EQUAL,
        both(VISIT, replace(WORK, end=at(13))),
        *FREE_DIFFERS,
        "only at Docplanner: Tue 24 Nov 12:00–13:00 Europe/Warsaw",
        "",
    ),
]


@pytest.mark.parametrize(
    ("check", "seen"),
    [
        (TimeOffered("1", "11", at(9), 30, "Europe/Madrid"), offers()),
        (TimeNotOffered("1", at(9), at(9, 30), "Europe/Madrid"), offers(at(9))),
        (BookableTime("1", (replace(WORK, end=at(9, 30)),), "Europe/Madrid"), offers()),
        (BreakShown(at(9), at(9, 30), "Europe/Madrid"), breaks()),
        (BreakGone(at(9), at(9, 30), "Europe/Madrid"), breaks(replace(BREAK, since=at(9)))),
    ],
)
def test_times_are_told_with_the_zone_that_is_named(check: Any, seen: object) -> None:  # noqa: ANN401
    """Local time of the calendar, with the name of its zone."""
    assert "Tue 24 Nov 09:00–09:30 Europe/Madrid" in check.judge(seen).expected


def test_the_same_visit_in_another_calendar_is_another() -> None:
    """Address, instant, duration and patient make a visit."""
    assert EQUAL.judge(both(replace(VISIT, address_id="2"), WORK)) is not None


@pytest.mark.parametrize(("check", "seen", "headline", "expected", "observed", "hint"), FAIL)
def test_what_is_wrong_with_time_is_told(
    check: Any,  # noqa: ANN401
    seen: object,
    headline: str,
    expected: str,
    observed: str,
    hint: str,
) -> None:
    """A check of time tells what is wrong in the clinic's local time."""
    assert check.judge(seen) == Problem(headline, expected, observed, hint)
