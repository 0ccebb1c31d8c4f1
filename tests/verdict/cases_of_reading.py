"""Mistakes with what comes from Docplanner: the mapping, news, bookings that are read."""

from __future__ import annotations

from typing import Any

from verdict.told import ANNA, JAN, OUTWARD, Case, at, calendar, call, equal, items, news, token, visit

from harness.recorder.line import Actor
from harness.verdict.checks.mapping import InsurancesMapped, ResourcesMapped, ServiceReplaced, ServicesMapped
from harness.verdict.checks.notifications import EndpointStands, ForgedRefused
from harness.verdict.checks.visits import VisitGone, VisitShown
from harness.verdict.observation import (
    AnswersSeen,
    ForgedAnswerSeen,
    InsuranceSeen,
    MappedThing,
    MappingSeen,
    PersonSeen,
)

SHOWN = VisitShown(ANNA, "1", at(9), 30, "11")
GONE = VisitGone(ANNA, "1")
NOTHING, STILL = calendar(), calendar(visit(at(9)))
BOOKED = news(30, "slot-booked", visit_booking={"id": "b7", "start_at": "2026-11-24T09:00:00+01:00"})
STAFF: dict[str, Any] = {"direction": OUTWARD, "actor": Actor.STAFF}
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


READING: dict[str, tuple[Case, str, str]] = {
    "endpoint silent": (
        Case(SHOWN, NOTHING, between=[news(30, "slot-booked", None)]),
        "endpoint-silent",
        (
            "whoever configures the run (endpoint for notifications): slot-booked was sent to http://clinic.test/news "
            "and nothing answered (line 30)"
        ),
    ),
    "nothing listens, forged": (
        Case(ForgedRefused(), ForgedAnswerSeen("wrong", None), None),
        "endpoint-silent",
        "whoever configures the run (endpoint for notifications): a notification was sent and nothing answered; look",
    ),
    "nothing listens, nonsense": (
        Case(EndpointStands(), AnswersSeen((("no JSON", None), ("a list", None))), None),
        "endpoint-silent",
        "whoever configures the run (endpoint for notifications): 2 requests were sent and nothing answered; look",
    ),
    "forgery accepted": (
        Case(ForgedRefused(), ForgedAnswerSeen("wrong", 204), None),
        "endpoint-unguarded",
        "the vendor (endpoint for notifications): a notification with a wrong key was answered 204; compare",
    ),
    "nonsense falls over": (
        Case(EndpointStands(), AnswersSeen((("no JSON", 500), ("a list", 400))), None),
        "endpoint-nonsense",
        "the vendor (endpoint for notifications): no JSON was answered 500; look at where the endpoint reads",
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
    "visit an hour late": (
        Case(SHOWN, calendar(visit(at(10))), between=[BOOKED]),
        "times",
        (
            "the vendor (times and offsets): slot-booked said 2026-11-24T09:00:00+01:00 (line 30) and the visit is "
            "shown at 2026-11-24T10:00:00+01:00, 1 h later, exactly the zone's offset"
        ),
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
    "echo of a cancellation": (
        Case(GONE, STILL, between=[news(30, "booking-canceled")], actor=Actor.STAFF, deed="cancelAppointment"),
        "echo-stored",
        "the vendor (inbox): staff cancelled, booking-canceled was taken (line 30), and the visit is booked",
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
}
"""Each: the evidence, the word of its cause, and how its next begins."""
