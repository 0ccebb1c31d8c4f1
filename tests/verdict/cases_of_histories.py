"""What a history ends with after a mistake that shows where troubles meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from verdict.told import ANNA, JAN, NOON, Case, at, both, call, line, news, visit

from harness.recorder.line import Actor, Channel, Kind, Line
from harness.verdict.checks.deeds import DeedTold
from harness.verdict.checks.histories import HistoryEndsEqual
from harness.verdict.observation import BreakSeen, BreaksSeen, CalendarsSeen, VisitSeen

BOTH = HistoryEndsEqual(
    "1",
    (
        DeedTold("Staff book 09:00 for Anna", "clinic", "book", "done", ANNA, at(9)),
        DeedTold("Jan books 10:00", "docplanner", "book", "done", JAN, at(10)),
    ),
    30,
    "acceptance run --seed 7",
    "Europe/Warsaw",
)
NINE = (at(9), at(10))
BLOCKED = replace(
    BOTH,
    deeds=(
        DeedTold("The doctor blocks", "docplanner", "block", "done", None, *NINE, 0),
        DeedTold("The doctor frees", "docplanner", "free", "done", None, block=0),
    ),
)
MINE = visit(at(9), id="own", booking_id="b7")
JANS = visit(at(10), JAN, id="b8")
STARTED = line(
    35,
    Kind.EXCHANGE,
    Actor.HARNESS,
    Channel.CONTROL,
    None,
    operation="setIntegration",
    request={"json": {"active": True}},
    status=204,
)


def ended(mine: tuple[VisitSeen, ...], theirs: tuple[VisitSeen, ...], *between: Line) -> Case:
    """How a history of visits ended."""
    return Case(BOTH, both(mine, theirs), None, between)


def of_breaks(mine: tuple[BreakSeen, ...], theirs: tuple[BreakSeen, ...], *between: Line) -> Case:
    """How a history of one break ended."""
    seen: CalendarsSeen = both((), ())
    since, till = seen.partner.since, seen.partner.till
    here, there = BreaksSeen("partner", since, till, mine), BreaksSeen("docplanner", since, till, theirs)
    return Case(BLOCKED, replace(seen, partner_breaks=here, docplanner_breaks=there), None, between)


def told(n: int, event: str, since: datetime, till: datetime) -> Line:
    """News of the break."""
    return news(n, event, **{"break": {"id": "k9", "since": since.isoformat(), "till": till.isoformat()}})


def begun(one: Line, seconds: int, **more: object) -> Line:
    """A call that began so long after noon."""
    body = one.body | {"started_at": (NOON + timedelta(seconds=seconds)).isoformat()} | more
    return replace(one, body=body)  # type: ignore[arg-type]


def late(one: Line, hours: int) -> Line:
    """News that was made so long before it came."""
    made = {"json": {"name": "slot-booked", "created_at": NOON.isoformat(), "data": {"visit_booking": {"id": "b8"}}}}
    return replace(one, sandbox_at=NOON + timedelta(hours=hours), body=one.body | {"request": made})


HERE, THERE = BreakSeen("k", *NINE), BreakSeen("k9", at(13), at(14))
BOOKS = {"url": "http://d.test/addresses/1/slots/x/book", "request": {"json": {"patient": {"phone": ANNA.phone}}}}
OF_BREAK = {"url": "http://d.test/addresses/1/breaks/k9"}
HISTORIES: dict[str, tuple[Case, str, str]] = {
    "a change refused for haste": (
        ended((JANS,), (visit(at(9), id="b7"), JANS), call(40, "cancelBooking", 429, method="DELETE")),
        "limit-given-up",
        "the vendor (sending): cancelBooking was answered 429 (line 40) and not sent again",
    ),
    "a slow answer": (
        ended(
            (replace(MINE, booking_id=None), visit(at(9), id="v2", booking_id="b7"), JANS),
            (visit(at(9), id="b7"), JANS),
            begun(call(40, "getBookings"), 39),
            begun(call(41, "bookSlot", 200, **BOOKS), 38),
        ),
        "slow-answer",
        "the vendor (outgoing queue): bookSlot was answered 200 (line 41), and getBookings (line 40) was called before",
    ),
    "old news put aside": (
        ended((MINE,), (visit(at(9), id="b7"), JANS), late(news(40, "slot-booked"), 2)),
        "late-news-dropped",
        "the vendor (inbox): slot-booked for booking b8 was taken 2 hours after it was made (line 40)",
    ),
    "a change lost at a stop": (
        ended((replace(MINE, start=at(11)), JANS), (visit(at(9), id="b7"), JANS), STARTED),
        "lost-at-stop",
        "the vendor (outgoing queue): the clinic's calendar has booking b7 otherwise than Docplanner",
    ),
    "older news of a break": (
        of_breaks((HERE,), (THERE,), told(40, "break-moved", at(13), at(14)), told(41, "break-created", *NINE)),
        "old-news",
        "the vendor (inbox): break-created for break k9 (line 41) came after the break had gone on",
    ),
    "a break that is not followed": (
        of_breaks((HERE,), (THERE,), told(40, "break-moved", at(13), at(14))),
        "dropped:break-moved",
        "the vendor (inbox): break-moved for break k9 was taken (line 40)",
    ),
    "a removed break that is kept": (
        of_breaks((HERE,), (), told(40, "break-removed", *NINE)),
        "dropped:break-removed",
        "the vendor (inbox): break-removed for break k9 was taken (line 40)",
    ),
    "a doctor's break that staff moved": (
        of_breaks(
            (HERE,), (THERE,), told(40, "break-created", at(13), at(14)), told(41, "break-moved", at(15), at(16))
        ),
        "not-sent:moveBreak",
        "the vendor (outgoing queue): Docplanner has break k9, told in line 40",
    ),
    "another break freed": (
        of_breaks(
            (HERE,),
            (),
            told(40, "break-created", *NINE),
            call(41, "deleteCalendarBreak", 204, method="DELETE", **OF_BREAK),
        ),
        "break-freed-wrongly",
        "the vendor (outgoing queue): deleteCalendarBreak of break k9 was accepted (line 41)",
    ),
}
