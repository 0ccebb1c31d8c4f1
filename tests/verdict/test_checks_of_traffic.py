"""Checks of mapping, notifications, tokens, methods and timing: what each lets pass, and how it tells what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from harness.verdict.checks.access import TokensReused
from harness.verdict.checks.mapping import InsurancesMapped, ResourcesMapped, ServiceReplaced, ServicesMapped
from harness.verdict.checks.methods import MethodsUsed
from harness.verdict.checks.notifications import ForgedRefused, NewsAccepted
from harness.verdict.checks.timing import ChangesInTime
from harness.verdict.finding import Problem
from harness.verdict.observation import (
    ForgedAnswerSeen,
    InsuranceSeen,
    MappedThing,
    MappingSeen,
    MethodsSeen,
    MethodUse,
    SyncTimesSeen,
    TokensSeen,
    TriesSeen,
    TrySeen,
)

ALL = ResourcesMapped(("f1",), (("d1", "f1"), ("d2", "f1")), (("a1", "d1"), ("a2", "d2")), permitted=("f9",))
WHOLE = (
    MappedThing("facility", "f1", "p1"),
    MappedThing("doctor", "d1", "p2", "f1"),
    MappedThing("doctor", "d2", "p3", "f1"),
    MappedThing("address", "a1", "p4", "d1"),
    MappedThing("address", "a2", "p5", "d2"),
)
AT_TWO = (MappedThing("doctor", "d1", "p2", "f1"), MappedThing("doctor", "d1", "p2", "f2"))
SERVICES = ServicesMapped("a1", ("s1", "s2"))
REPLACED = ServiceReplaced("a1", old="s1", new="s3")
INSURED = InsurancesMapped("a1", (InsuranceSeen("a1", "i1", ("n1", "n2")),))
MAPPING = ("getFacilities", "getDoctors", "getAddresses", "getAddressServices")
OFTEN = (*MAPPING, "bookSlot", "cancelBooking", "getBookings", "replaceSlots", "deleteSlots")


def services(*ids: str) -> MappingSeen:
    """These services below the address, and one of another address."""
    mapped = [MappedThing("service", one, f"p-{number}", "a1") for number, one in enumerate(ids)]
    return MappingSeen((*mapped, MappedThing("service", "s8", "p8", "a2")))


def insured(*things: tuple[str, str]) -> MappingSeen:
    """These insurance providers and plans."""
    return MappingSeen(tuple(MappedThing(f"insurance_{kind}", id_, "p") for kind, id_ in things))


def tries(*statuses: int | None, channel: str = "push", event: str = "slot-booked", ms: float = 81) -> TriesSeen:
    """A delivery for each status."""
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    return TriesSeen(tuple(TrySeen("n", event, channel, noon, one, ms) for one in statuses))


def used(*names: str, pushed: int = 1, capabilities: tuple[str, ...] = ()) -> MethodsSeen:
    """Each of these methods called once, with success; ``name=500`` with that status."""
    uses = []
    for one in names:
        name, _, status = one.partition("=")
        uses.append(MethodUse(name, 1, 0 if status else 1, int(status or 200)))
    return MethodsSeen(tuple(uses), pushed, capabilities)


def but(*lacking: str, plus: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The usual methods without these, and with those."""
    return (*(one for one in OFTEN if one not in lacking), *plus)


@pytest.mark.parametrize(
    ("check", "seen"),
    [
        (ALL, MappingSeen(WHOLE)),
        (ALL, MappingSeen((*reversed(WHOLE), MappedThing("facility", "f9", "p9")))),
        (ResourcesMapped((), (("d1", "f1"), ("d1", "f2")), ()), MappingSeen(AT_TWO)),
        (SERVICES, services("s2", "s1")),
        (REPLACED, services("s2", "s3")),
        (INSURED, insured(("provider", "i1"), ("plan", "n1"), ("plan", "n2"))),
        (NewsAccepted(), tries(204, 200)),
        (NewsAccepted(), tries(204, ms=10_000)),
        (NewsAccepted(("slot-booked",)), TriesSeen((*tries(204).tries, *tries(500, event="break-moved").tries))),
        (ForgedRefused(), ForgedAnswerSeen("wrong", 401)),
        (ForgedRefused(), ForgedAnswerSeen("missing", 403)),
        (TokensReused(5), TokensSeen(7, 2, 100)),
        (ChangesInTime(60.0), SyncTimesSeen((60.0, 0.1))),
        (MethodsUsed(), used(*OFTEN)),
        (MethodsUsed(), used(*OFTEN, "pullMultipleNotification", pushed=0)),
        (MethodsUsed(), used(*but("getDoctors", plus=("getFacility", "getFacility?facility.doctors")))),
        (MethodsUsed(), used(*but("getAddresses", plus=("getDoctor?doctor.addresses",)))),
        (MethodsUsed(), used(*but("deleteSlots", plus=("replaceSlots?nothing",)))),
        (MethodsUsed(), used(*OFTEN, "addCalendarBreak", "deleteCalendarBreak", capabilities=("breaks",))),
        (MethodsUsed(), used(*OFTEN, "markPatientPresence", "markPatientAbsence", capabilities=("presence",))),
        (MethodsUsed(), used(*OFTEN, "confirmBooking", capabilities=("confirm",))),
    ],
)
def test_what_is_right_passes(check: Any, seen: object) -> None:  # noqa: ANN401
    """A check has nothing against what is as it should be, nor against a permitted alternative."""
    assert check.judge(seen) is None


NOT_USED = (
    "Not every required method was used with success",
    "every method that mapping, bookings and schedule need, each with success",
)
NO_NEWS = "a notification taken by push or pullNotification or pullMultipleNotification"
SERVICE_HINT = "a service belongs to one address: map it by address service id, not by its name or dictionary id"
AGAIN = ("A service that was added again is not mapped anew", "service s3 of address a1 mapped, s1 gone")
AGAIN_HINT = "a service that is added again has a new address service id: read services again at each import"
TOLD = ("Notifications were not accepted", "every notification answered 2xx within 10 s")
STORE_HINT = "the endpoint must answer 2xx once it has stored the notification, and work it off afterwards"
INSURANCES = ("The insurances of address a1 are not mapped", "1 providers with their plans")
KEY_HINT = "compare the agreed key before anything else is done with a notification"
IN_TIME_HINT = "send a change when staff make it, not with the next periodic run"
DOCTORS = "all 2 doctors that are shared, each once"
FAIL = [
    (ALL, MappingSeen(WHOLE[:2]), "Not every doctor has a counterpart", DOCTORS, "1 missing: d2", ""),
    (
        ALL,
        MappingSeen((*WHOLE, MappedThing("facility", "f2", "p9"))),
        "A facility is mapped that is not shared",
        "all 1 clinics that are shared, each once",
        "1 more: f2",
        "",
    ),
    (
        ALL,
        MappingSeen((*WHOLE, MappedThing("doctor", "d2", "p9", "f1"))),
        "A doctor is mapped more than once",
        DOCTORS,
        "more than once: d2",
        "",
    ),
    (
        ALL,
        MappingSeen((*WHOLE[:4], MappedThing("address", "a2", "p5", "d1"))),
        "An address is mapped below the wrong parent",
        "all 2 addresses that are shared, each once",
        "another parent: a2",
        "",
    ),
    (
        ALL,
        MappingSeen((*WHOLE[:2], MappedThing("doctor", "d2", "p2", "f1"), *WHOLE[3:])),
        "Several doctors share one counterpart",
        "every doctor with a partner id of its own",
        "doctors d1, d2 have the same partner id",
        "look-alikes were merged: map by Docplanner's id, never by name",
    ),
    (
        SERVICES,
        services("s1", "s3"),
        "The services of address a1 are not mapped as they are",
        "services s1, s2 of address a1",
        "missing s2; too many s3",
        SERVICE_HINT,
    ),
    (
        SERVICES,
        services("s1", "s2", "s2"),
        "The services of address a1 are not mapped as they are",
        "services s1, s2 of address a1",
        "one of them twice",
        SERVICE_HINT,
    ),
    (REPLACED, services("s1", "s2"), *AGAIN, "the new id missing and the old id still there", AGAIN_HINT),
    (REPLACED, services("s1", "s3"), *AGAIN, "the old id still there", AGAIN_HINT),
    (REPLACED, services("s2"), *AGAIN, "the new id missing", AGAIN_HINT),
    (INSURED, insured(("plan", "n1")), *INSURANCES, "providers i1 missing; plans n2 missing", ""),
    (NewsAccepted(), tries(204, channel="pull"), "No notification was pushed", TOLD[1], "none was sent", ""),
    (
        NewsAccepted(),
        tries(204, 500, None),
        *TOLD,
        "2 of 3 were not: slot-booked 500, slot-booked no answer",
        STORE_HINT,
    ),
    (NewsAccepted(), tries(204, ms=12_340), *TOLD, "1 of 1 were not: slot-booked 204 after 12.3 s", STORE_HINT),
    (NewsAccepted(("break-moved",)), tries(204), "No notification was pushed", TOLD[1], "none was sent", ""),
    (
        NewsAccepted(("slot-booked", "break-moved")),
        tries(204),
        "Not every notification was pushed",
        TOLD[1],
        "never sent: break-moved",
        "",
    ),
    (
        ForgedRefused(),
        ForgedAnswerSeen("wrong", 204),
        "A notification with a wrong key was not refused",
        "401 or 403",
        "204",
        KEY_HINT,
    ),
    (
        ForgedRefused(),
        ForgedAnswerSeen("missing", None),
        "A notification with a missing key was not refused",
        "401 or 403",
        "no answer",
        KEY_HINT,
    ),
    (
        TokensReused(5),
        TokensSeen(7, 1, 100),
        "Access tokens are not reused",
        "at most 6 token calls in the run",
        "7 token calls for 100 API calls",
        "keep the token until expires_in has passed, one for the whole system",
    ),
    (
        ChangesInTime(60.0),
        SyncTimesSeen((61.25, 0.1)),
        "Changes show late at Docplanner",
        "every change within 60 s",
        "1 of 2 later, the worst after 61.2 s",
        IN_TIME_HINT,
    ),
    (
        ChangesInTime(60.0),
        SyncTimesSeen((), never=1),
        "Changes show late at Docplanner",
        "every change within 60 s",
        "1 of 1 later, one of them never while the run waited",
        IN_TIME_HINT,
    ),
    (
        MethodsUsed(),
        used(*but("deleteSlots", "bookSlot"), "bookSlot=409", pushed=0),
        *NOT_USED,
        f"never with success: bookSlot; deleteSlots or replaceSlots?nothing; {NO_NEWS} (bookSlot only refused (409))",
        "",
    ),
    (
        MethodsUsed(),
        used(*OFTEN, "addCalendarBreak", capabilities=("breaks", "insurances")),
        *NOT_USED,
        "never with success: deleteCalendarBreak; getAddressInsuranceProviders",
        "",
    ),
    (
        MethodsUsed(),
        used(*OFTEN, "markPatientPresence", capabilities=("confirm", "presence")),
        *NOT_USED,
        "never with success: confirmBooking; markPatientAbsence",
        "",
    ),
]


@pytest.mark.parametrize(("check", "seen", "headline", "expected", "observed", "hint"), FAIL)
def test_what_is_wrong_is_told(
    check: Any,  # noqa: ANN401
    seen: object,
    headline: str,
    expected: str,
    observed: str,
    hint: str,
) -> None:
    """A check tells what is wrong, what it expected and saw, and the likely cause."""
    assert check.judge(seen) == Problem(headline, expected, observed, hint)
