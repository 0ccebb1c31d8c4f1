"""Mistakes with what goes to Docplanner, with answers, and over the whole run."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from verdict.told import (
    ANNA,
    INWARD,
    OUTWARD,
    Case,
    answered,
    at,
    both,
    calendar,
    call,
    equal,
    news,
    token,
    visit,
    working,
)

from harness.recorder.line import Actor
from harness.verdict.checks.access import TokensReused
from harness.verdict.checks.activation import CalendarsEqual
from harness.verdict.checks.limits import LimitKept
from harness.verdict.checks.methods import MethodsUsed
from harness.verdict.checks.presence import PresenceShown
from harness.verdict.checks.questions import QuestionAnswered
from harness.verdict.checks.schedule import WorkingTimeSent
from harness.verdict.checks.visits import StaffVisitYielded, VisitGone, VisitShown
from harness.verdict.observation import (
    AnswerSeen,
    BreakSeen,
    BreaksSeen,
    CalendarsSeen,
    LimitedSeen,
    MethodsSeen,
    PeriodSeen,
    TokensSeen,
    WorkingTimeSeen,
)

GONE = VisitGone(ANNA, "1")
SHOWN = VisitShown(ANNA, "1", at(9), 30, "11")
NOTHING, STILL = calendar(), calendar(visit(at(9)))
BOOKED = news(30, "slot-booked", visit_booking={"id": "b7", "start_at": "2026-11-24T09:00:00+01:00"})
DUE = (PeriodSeen("11", 30, at(9), at(12)),)
SENT = WorkingTimeSent("1", DUE, "Europe/Warsaw")
STAFF: dict[str, Any] = {"direction": OUTWARD, "actor": Actor.STAFF}
SETS: dict[str, Any] = {**STAFF, "deed": "setSchedule", "noun": "schedule"}
BOOKS: dict[str, Any] = {**STAFF, "deed": "addAppointment"}
MOVES: dict[str, Any] = {**STAFF, "deed": "moveAppointment"}
PUT = call(
    40,
    "replaceSlots",
    201,
    request={
        "json": {"slots": [{"start": "2026-11-24T09:00:00+00:00", "address_services": [{"address_service_id": "11"}]}]}
    },
)
EXPIRED = answered("The access token provided has expired.")


def blocked(since: datetime, till: datetime) -> CalendarsSeen:
    """Both calendars with the same working time, and a break that the clinic alone has."""
    seen = both((), ())
    there, mine = (
        working((9, 12)),
        BreaksSeen("partner", seen.partner.since, seen.partner.till, (BreakSeen("k", since, till),)),
    )
    return replace(seen, partner_working=there, docplanner_working=there, partner_breaks=mine)


SENDING: dict[str, tuple[Case, str, str]] = {
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
    "working time an hour late": (
        Case(SENT, working((10, 13)), between=[PUT], **SETS),
        "times",
        "the vendor (times and offsets): replaceSlots was sent with 2026-11-24T09:00:00+00:00 (line 40), 1 h later",
    ),
    "cleared by activation": (
        equal((visit(at(9)),), (), call(30, "bookSlot", 201), call(40, "deleteSlots", 204)),
        "cleared",
        "the vendor (activation): deleteSlots was accepted (line 40) and no replaceSlots followed",
    ),
    "staff's break unsent": (
        Case(
            CalendarsEqual("1", ""),
            blocked(at(10), at(11)),
            OUTWARD,
            [call(40, "getBookings")],
            actor=Actor.STAFF,
            deed="sync",
        ),
        "not-sent:addBreak",
        "the vendor (outgoing queue): the clinic's calendar has it otherwise than Docplanner (line 89) and no add",
    ),
    "staff's visit unsent": (
        equal((visit(at(9)),), (), call(40, "getBookings")),
        "not-sent:addAppointment",
        "the vendor (outgoing queue): the clinic's calendar has it otherwise than Docplanner (line 89) and no bookSlot",
    ),
    "echo stored": (
        Case(SHOWN, calendar(visit(at(9)), visit(at(9))), OUTWARD, [BOOKED], actor=Actor.STAFF, deed="addAppointment"),
        "echo-stored",
        "the vendor (inbox): after slot-booked (line 30) staff's own visit is there 2 times",
    ),
    "staff not warned": (
        Case(StaffVisitYielded(ANNA, "1", at(9)), STILL, None, [call(30, "bookSlot", 409)]),
        "refusal-not-shown",
        "the vendor (sync state of visits): bookSlot was answered 409 (line 30)",
    ),
    "repeated blindly": (
        Case(SHOWN, NOTHING, between=[call(40, "bookSlot", None), call(41, "bookSlot", 409)], **BOOKS),
        "repeated-blindly",
        "the vendor (outgoing queue): bookSlot got no answer (line 40) and was sent again (line 41) without any",
    ),
    "a lost answer is no refusal": (
        Case(GONE, STILL, INWARD, [call(40, "cancelBooking", 503)], actor=Actor.STAFF, deed="cancelAppointment"),
        "lost-answer",
        "the vendor (outgoing queue): cancelBooking got 503 (line 40) and was not sent again",
    ),
    "absence told as presence": (
        Case(
            PresenceShown(ANNA, "absent"),
            calendar(visit(at(9), presence="present")),
            **STAFF,
            deed="markPresence",
            between=[token(1), call(40, "markPatientPresence", 204)],
        ),
        "told-otherwise",
        "the vendor (outgoing queue): staff noted that the patient was absent, and markPatientPresence was accepted",
    ),
    "presence not told": (
        Case(PresenceShown(ANNA, "absent"), STILL, **STAFF, deed="markPresence", between=[token(1)]),
        "not-sent:markPresence",
        "the vendor (outgoing queue): after the act in line 22 the clinic's system made no call",
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
        (
            "the vendor (sending of working time): replaceSlots had success (line 40); of the periods sent last 1 had "
            "services and 0 had none; look at whether a changed day is sent whole"
        ),
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
"""Each: the evidence, the word of its cause, and how its next begins."""
