"""For each kind of mistake, the cause that the journal makes likely, and who acts next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from verdict.told import (
    ANNA,
    JAN,
    OUTWARD,
    Case,
    answered,
    at,
    calendar,
    call,
    items,
    news,
    token,
    visit,
)

from harness.recorder.line import Actor
from harness.verdict.checks.access import TokensReused
from harness.verdict.checks.activation import CalendarsEqual
from harness.verdict.checks.limits import LimitKept
from harness.verdict.checks.mapping import InsurancesMapped, ResourcesMapped, ServiceReplaced, ServicesMapped
from harness.verdict.checks.methods import MethodsUsed
from harness.verdict.checks.questions import QuestionAnswered
from harness.verdict.checks.schedule import WorkingTimeSent
from harness.verdict.checks.visits import StaffVisitYielded, VisitGone, VisitShown
from harness.verdict.observation import (
    AnswerSeen,
    BreaksSeen,
    CalendarsSeen,
    InsuranceSeen,
    LimitedSeen,
    MappedThing,
    MappingSeen,
    MethodsSeen,
    PeriodSeen,
    PersonSeen,
    TokensSeen,
    VisitSeen,
    WorkingTimeSeen,
)

SHOWN = VisitShown(ANNA, "1", at(9), 30, "11")
GONE = VisitGone(ANNA, "1")
NOTHING, STILL = calendar(), calendar(visit(at(9)))
BOOKED = news(30, "slot-booked", visit_booking={"id": "b7", "start_at": "2026-11-24T09:00:00+01:00"})
DUE = (PeriodSeen("11", 30, at(9), at(12)),)
SENT = WorkingTimeSent("1", DUE, "Europe/Warsaw")
STAFF: dict[str, Any] = {"direction": OUTWARD, "actor": Actor.STAFF}
SETS: dict[str, Any] = {**STAFF, "deed": "setSchedule", "noun": "schedule"}
BOOKS: dict[str, Any] = {**STAFF, "deed": "addAppointment"}
MOVES: dict[str, Any] = {**STAFF, "deed": "moveAppointment"}
COMPARES: dict[str, Any] = {"actor": Actor.STAFF, "deed": "sync"}
IMPORTS: dict[str, Any] = {"actor": Actor.STAFF, "deed": "importMapping", "noun": "mapping"}
PUT = call(
    40,
    "replaceSlots",
    201,
    request={
        "json": {"slots": [{"start": "2026-11-24T09:00:00+00:00", "address_services": [{"address_service_id": "11"}]}]}
    },
)
EXPIRED = answered("The access token provided has expired.")
NEW = MappedThing("address", "1", "p1", "2")


def working(*periods: tuple[int, int], day: int = 24, service: str = "11") -> WorkingTimeSeen:
    """What Docplanner has in the week, from hour to hour."""
    told = tuple(PeriodSeen(service, 30, at(since, day=day), at(till, day=day)) for since, till in periods)
    return WorkingTimeSeen("1", at(0, day=23), at(0, day=30), told)


def both(mine: tuple[VisitSeen, ...], theirs: tuple[VisitSeen, ...]) -> CalendarsSeen:
    """Both calendars of the week, without working time and breaks."""
    since, till = at(0, day=23), at(0, day=30)
    empty = WorkingTimeSeen("1", since, till, ())
    breaks = (BreaksSeen("partner", since, till, ()), BreaksSeen("docplanner", since, till, ()))
    return CalendarsSeen(calendar(*mine), calendar(*theirs, side="docplanner"), empty, empty, *breaks)


def equal(mine: tuple[VisitSeen, ...], theirs: tuple[VisitSeen, ...], *between: Any) -> Case:  # noqa: ANN401
    """A comparison of both calendars after an activation."""
    return Case(CalendarsEqual("1", ""), both(mine, theirs), OUTWARD, between, actor=Actor.STAFF, deed="sync")


CASES: dict[str, tuple[Case, str, str]] = {
    "no new token": (
        Case(SENT, working(), between=[token(1), call(40, "replaceSlots", 401, **EXPIRED)], **SETS),
        "token-not-renewed",
        (
            'the vendor (access tokens): replaceSlots was answered 401 "The access token provided has expired." (line '
            "40) and no token was fetched after that"
        ),
    ),
    "a token for each call": (
        Case(TokensReused(5), TokensSeen(9, 0, 26), None, [token(1), token(2)]),
        "tokens-not-kept",
        "the vendor (access tokens): 9 token calls for 26 API calls, the last in lines 1 and 2",
    ),
    "credentials refused": (
        Case(SENT, working(), between=[token(1, 401)], **SETS),
        "credentials",
        "whoever configures the run (credentials): the token service answered 401 (line 1)",
    ),
    "never called": (Case(SENT, working(), **SETS), "never-called", "whoever configures the run"),
    "limit given up": (
        Case(SENT, working(), between=[call(40, "replaceSlots", 429)], **SETS),
        "limit-given-up",
        "the vendor (sending): replaceSlots was answered 429 (line 40) and not sent again",
    ),
    "limit ignored": (
        Case(LimitKept(), LimitedSeen((5,)), None, [call(40, "bookSlot", 429)]),
        "limit-ignored",
        "the vendor",
    ),
    "endpoint silent": (
        Case(SHOWN, NOTHING, between=[news(30, "slot-booked", None)]),
        "endpoint-silent",
        (
            "whoever configures the run (endpoint for notifications): slot-booked was sent to http://clinic.test/news "
            "and nothing answered (line 30)"
        ),
    ),
    "endpoint falls over": (
        Case(SHOWN, NOTHING, between=[news(30, "slot-booked", 500)]),
        "endpoint-falls-over",
        "the vendor (endpoint for notifications): slot-booked was answered 500 (line 30)",
    ),
    "endpoint refuses the key": (
        Case(SHOWN, NOTHING, between=[news(30, "slot-booked", 403)]),
        "endpoint-key",
        "whoever configures the run (endpoint for notifications)",
    ),
    "address left out": (
        Case(
            ResourcesMapped((), (), (("1", "d"),)),
            MappingSeen(()),
            between=[call(10, "getAddresses", address=None, **items("1"))],
            **IMPORTS,
        ),
        "mapping-left-out:address",
        "the vendor (import of the mapping): Docplanner named address 1 in its answer to getAddresses (line 10)",
    ),
    "mapping not read again": (
        Case(ResourcesMapped(("9",), (), ()), MappingSeen(()), between=[token(1)], **IMPORTS),
        "mapping-not-read",
        "the vendor (import of the mapping): the clinic's system has not called getFacilities",
    ),
    "services by name": (
        Case(
            ServicesMapped("1", ("11",)),
            MappingSeen((MappedThing("service", "99", "p", "2", "n11"),)),
            between=[call(10, "getAddressServices", **items("11"))],
            **IMPORTS,
        ),
        "services-by-name",
        (
            "the vendor (import of the mapping): Docplanner named 11 in its answer to getAddressServices (line 10), "
            "another address has a service of that name"
        ),
    ),
    "services copied": (
        Case(
            ServicesMapped("1", ("11",)),
            MappingSeen((MappedThing("service", "99", "p", "1"),)),
            between=[call(10, "getAddressServices", **items("11"))],
            **IMPORTS,
        ),
        "services-copied",
        "the vendor (import of the mapping): address 1 has 99",
    ),
    "old service id kept": (
        Case(
            ServiceReplaced("1", "11", "12"),
            MappingSeen((MappedThing("service", "11", "p", "1"),)),
            between=[call(10, "getAddressServices", **items("12"))],
            **IMPORTS,
        ),
        "service-id-kept",
        "the vendor (import of the mapping): Docplanner named the new id 12 in its answer to getAddressServices",
    ),
    "insurances never read": (
        Case(InsurancesMapped("1", (InsuranceSeen("1", "i", ()),)), MappingSeen(()), between=[token(1)], **IMPORTS),
        "not-read:getAddressInsuranceProviders",
        "the vendor (import of the mapping): no call of getAddressInsuranceProviders",
    ),
    "stored in another calendar": (
        Case(SHOWN, calendar(visit(at(9), address="2")), between=[BOOKED]),
        "calendars-mixed",
        "the vendor (mapping of addresses): slot-booked (line 30) named address 1 and the visit is stored on address 2",
    ),
    "sent to another calendar": (
        Case(SENT, working(), between=[call(40, "replaceSlots", 400, address="2")], **SETS),
        "calendars-mixed",
        "the vendor (mapping of addresses): staff acted on address 1, and replaceSlots went to address 2",
    ),
    "sent under another service": (
        Case(
            WorkingTimeSent("1", (PeriodSeen("12", 30, at(9), at(12)),), ""),
            working(),
            between=[call(40, "replaceSlots", 400, request=PUT.body["request"])],
            **SETS,
        ),
        "service-id-kept",
        "the vendor (mapping of services): replaceSlots was answered 400 (line 40); it named address service 11",
    ),
    "visit an hour late": (
        Case(SHOWN, calendar(visit(at(10))), between=[BOOKED]),
        "times",
        (
            "the vendor (times and offsets): the visit is at 2026-11-24T09:00:00+01:00 (slot-booked said "
            "2026-11-24T09:00:00+01:00, line 30) and is shown at 2026-11-24T10:00:00+01:00, 1 h later, exactly the "
        ),
    ),
    "working time an hour late": (
        Case(SENT, working((10, 13)), between=[PUT], **SETS),
        "times",
        "the vendor (times and offsets): replaceSlots was sent with 2026-11-24T09:00:00+00:00 (line 40), 1 h later",
    ),
    "both calendars an hour apart": (
        equal((visit(at(10)),), (visit(at(9)),), PUT),
        "times",
        "the vendor (times and offsets): Docplanner has 2026-11-24T09:00:00+01:00 and the clinic",
    ),
    "first page only": (
        equal((), (visit(at(9), id="b7"),), call(40, "getBookings", **items("b1", page=1, pages=2))),
        "pages",
        "the vendor (reading of bookings): getBookings answered page 1 of 2 (line 40)",
    ),
    "bookings never listed": (
        equal((), (visit(at(9), id="b7"),), PUT),
        "bookings-not-read",
        "the vendor (reading of bookings): no getBookings for address 1",
    ),
    "listed and not taken": (
        equal((), (visit(at(9), id="b7"),), call(40, "getBookings", **items("b7"))),
        "listed-not-taken",
        "the vendor (comparing of bookings): getBookings answered with 1 bookings (line 40)",
    ),
    "this week left out": (
        equal(
            (),
            (visit(at(9), id="b7"),),
            call(40, "getBookings", url="http://h/b?start=2026-11-30T00:00:00%2B01:00&end=2027-01-01T00:00:00%2B01:00"),
        ),
        "range",
        "the vendor (comparing of bookings): getBookings was asked for Mon 30 Nov to Fri 01 Jan (line 40)",
    ),
    "activated twice": (
        equal((visit(at(9)), visit(at(9))), (visit(at(9)),), call(40, "getBookings", **items("v"))),
        "stored-again",
        "the vendor (activation): the clinic's calendar has one visit twice",
    ),
    "cleared by activation": (
        equal((visit(at(9)),), (), call(30, "bookSlot", 201), call(40, "deleteSlots", 204)),
        "cleared",
        "the vendor (activation): deleteSlots was accepted (line 40) and no replaceSlots followed",
    ),
    "staff's visit unsent": (
        equal((visit(at(9)),), (), call(40, "getBookings")),
        "not-sent:addAppointment",
        "the vendor (outgoing queue): the clinic's calendar has it otherwise than Docplanner (line 89) and no bookSlot",
    ),
    "told again": (
        Case(SHOWN, calendar(visit(at(9)), visit(at(9))), between=[BOOKED, news(35, "slot-booked")]),
        "stored-twice",
        "the vendor (inbox): after slot-booked (lines 30 and 35) the visit is there 2 times",
    ),
    "a move adds": (
        Case(SHOWN, calendar(visit(at(9)), visit(at(8))), between=[news(30, "booking-moved")], deed="moveVisit"),
        "move-adds",
        "the vendor (inbox): after booking-moved (line 30) the visit is at its old time and at its new one",
    ),
    "echo stored": (
        Case(SHOWN, calendar(visit(at(9)), visit(at(9))), OUTWARD, [BOOKED], actor=Actor.STAFF, deed="addAppointment"),
        "echo-stored",
        "the vendor (inbox): after slot-booked (line 30) staff's own visit is there 2 times",
    ),
    "old news": (
        Case(GONE, STILL, between=[BOOKED], deed="resend"),
        "old-news",
        "the vendor (inbox): slot-booked was taken for booking b7 (line 30) after the visit was cancelled",
    ),
    "taken time": (
        Case(SHOWN, calendar(visit(at(9), JAN)), between=[BOOKED]),
        "taken-time",
        (
            "the vendor (inbox): slot-booked was answered 204 in 12 ms (line 30) and the visit is not there; at that "
            "time the same calendar has a visit of Jan"
        ),
    ),
    "another calendar's time": (
        Case(SHOWN, calendar(visit(at(9), JAN, "2")), between=[BOOKED]),
        "times-over-clinic",
        "the vendor (inbox): slot-booked was answered 204",
    ),
    "surname lost": (
        Case(
            SHOWN,
            calendar(visit(at(9), PersonSeen("Anna", "", ANNA.phone))),
            between=[BOOKED],
        ),
        "data:name",
        "the vendor (inbox): the visit is there, with another name than was told (line 30)",
    ),
    "absence taken for cancellation": (
        Case(SHOWN, calendar(visit(at(9), booked=False)), between=[call(40, "getBookings")], **COMPARES),
        "absence",
        "the vendor (comparing of bookings): the visit is marked as cancelled, no booking-canceled came",
    ),
    "cancellation dropped": (
        Case(GONE, STILL, between=[news(30, "booking-canceled", visit_booking={"id": "b7"})], deed="cancelVisit"),
        "dropped:booking-canceled",
        (
            "the vendor (inbox): booking-canceled was answered 204 in 12 ms (line 30) and the clinic's calendar did "
            "not change; look at what the inbox does with it for booking b7"
        ),
    ),
    "pulled and dropped": (
        Case(SHOWN, NOTHING, between=[news(30, "slot-booked", None, channel="pull", visit_booking={"id": "b7"})]),
        "dropped:slot-booked",
        "the vendor (inbox): slot-booked was pulled (line 30) and the clinic's calendar did not change",
    ),
    "second move lost": (
        Case(GONE, STILL, between=[news(10, "booking-moved"), news(30, "booking-canceled")], deed="cancelVisit"),
        "move-chain",
        "the vendor (inbox): booking-canceled was answered 204",
    ),
    "no news": (
        Case(SHOWN, NOTHING, between=[token(1)]),
        "no-news",
        "whoever configures the run (delivery of notifications): no try of a notification and no pull",
    ),
    "lost news not found": (
        Case(GONE, STILL, between=[call(40, "getBookings")], **COMPARES),
        "lost-news-not-found",
        "the vendor (comparing of bookings): getBookings was answered (line 40)",
    ),
    "staff not warned": (
        Case(StaffVisitYielded(ANNA, "1", at(9)), STILL, None, [call(30, "bookSlot", 409)]),
        "refusal-not-shown",
        "the vendor (sync state of visits): bookSlot was answered 409 (line 30)",
    ),
    "repeated blindly": (
        Case(SHOWN, NOTHING, between=[call(40, "bookSlot", None), call(41, "bookSlot", 409)], **BOOKS),
        "repeated-blindly",
        "the vendor (outgoing queue): bookSlot got no answer (line 40) and was sent again (line 41, 409) without any",
    ),
    "lost answer given up": (
        Case(SHOWN, NOTHING, between=[call(40, "bookSlot", 503)], **BOOKS),
        "lost-answer",
        "the vendor (outgoing queue): bookSlot got 503 (line 40) and was not sent again",
    ),
    "old booking id": (
        Case(
            SHOWN,
            calendar(visit(at(8, 30)), side="docplanner"),
            between=[
                news(10, "booking-moved"),
                call(40, "moveBooking", 409, url="http://h/a/bookings/b6/move", **answered("already moved")),
            ],
            **MOVES,
        ),
        "old-booking-id",
        (
            'the vendor (ids of visits): moveBooking of booking b6 was answered 409 "already moved" (line 40); '
            "booking-moved (line 10) named the new one"
        ),
    ),
    "half a move": (
        Case(SHOWN, NOTHING, between=[call(40, "cancelBooking", 204)], **MOVES),
        "half-a-move:visit",
        "the vendor (outgoing queue): cancelBooking was accepted (line 40) and no bookSlot followed",
    ),
    "refused again and again": (
        Case(SHOWN, NOTHING, between=[call(n, "bookSlot", 400, **answered("No")) for n in (40, 41, 42)], **BOOKS),
        'refused:bookSlot:400 "No"',
        'the vendor (outgoing queue): bookSlot was answered 400 "No", 3 times (lines 40, 41 and 42)',
    ),
    "not sent": (
        Case(SHOWN, NOTHING, between=[token(1)], **BOOKS),
        "not-sent:addAppointment",
        (
            "the vendor (outgoing queue): after the act in line 22 the clinic's system made no call about this "
            "calendar up to line 90, though it says that nothing is under way; bookSlot was due"
        ),
    ),
    "periods cut": (
        Case(
            SENT,
            WorkingTimeSeen("1", at(0), at(0, day=30), (PeriodSeen("11", 30, at(9), at(11, 30)),)),
            between=[PUT],
            **SETS,
        ),
        "periods-cut",
        "the vendor (sending of working time): replaceSlots had success (line 40); each period lacks its last visit",
    ),
    "other days wiped": (
        Case(
            WorkingTimeSent("1", (*DUE, PeriodSeen("11", 30, at(9, day=25), at(12, day=25))), "Europe/Warsaw"),
            working((9, 12)),
            between=[call(39, "deleteSlots", 204), PUT],
            **SETS,
        ),
        "days-wiped",
        "the vendor (sending of working time): deleteSlots and replaceSlots had success (lines 39 and 40); Wed 25 Nov",
    ),
    "rest of the day kept": (
        Case(SENT, working((9, 12), (15, 16)), between=[PUT], **SETS),
        "rest-kept",
        "the vendor (sending of working time): replaceSlots had success (line 40)",
    ),
    "approved though taken": (
        Case(QuestionAnswered(free=False), AnswerSeen(200, 12.0), None),
        "question-approved",
        "the vendor (answering of real-time questions)",
    ),
    "methods never used": (
        Case(MethodsUsed(), MethodsSeen((), 1, ()), None, [call(5, "bookSlot", 404)]),
        "methods",
        "the vendor (calls of the API): never with success: getFacilities",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_cause_is_known_by_its_traces(name: str) -> None:
    """The word by which findings are grouped, and the beginning of what is next."""
    case, cause, begins = CASES[name]
    found = case.finding()

    assert found.cause == cause
    assert found.next.startswith(begins), found.next
    assert found.likely


@pytest.mark.parametrize("name", CASES)
def test_every_line_that_is_named_is_evidence(name: str) -> None:
    """A line of the journal, and one that the finding lists for its reader."""
    case, _, _ = CASES[name]
    found, numbers = case.finding(), {one.n for one in case.lines()}

    assert set(found.lines) <= numbers


def test_nobody_is_accused_of_what_the_run_did() -> None:
    """A try that the run itself spoilt says nothing of the endpoint."""
    spoilt = news(30, "slot-booked", None)
    spoilt.body["injected"] = True
    found = Case(SHOWN, NOTHING, between=[spoilt]).finding()

    assert not found.cause.startswith("endpoint")


def test_where_nothing_is_known_the_finding_stands_for_itself() -> None:
    """What was accepted and is still wrong may be Docplanner's."""
    between = [token(1), call(40, "bookSlot", 201)]
    found = Case(SHOWN, NOTHING, between=between, **BOOKS).finding()

    assert found.cause == ""
    assert found.next == (
        "the vendor (outgoing queue): bookSlot was accepted (line 40); look at what was sent; if it says what staff "
        "meant, it is for Docplanner's specialist"
    )


def test_a_time_that_a_move_left_is_no_wrong_offset() -> None:
    """An hour's move that was not taken over looks like a shift of an hour, and is none."""
    before = replace(Case(SHOWN, STILL).lines()[-1], n=12)
    moved = VisitShown(ANNA, "1", at(10), 30)
    found = Case(moved, STILL, between=[before, news(30, "booking-moved")], deed="moveVisit").finding()

    assert found.cause == "dropped:booking-moved"
