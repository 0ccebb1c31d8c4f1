"""What a finding names as the next thing to do, from the lines between an act and the wait that gave up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.recorder.line import Actor, Channel, Kind, Line
from harness.verdict.explain import explain
from harness.verdict.finding import FindingText, Problem

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
INWARD, OUTWARD = "docplanner to partner", "partner to docplanner"
INBOX = "look at how it works off its inbox"
TOOK_IT = "the clinic's system answered slot-booked"
PROBLEM = Problem("It is wrong", "this", "that")


def line(n: int, kind: Kind, actor: Actor, way: Channel, scenario: str = "s", /, **body: Any) -> Line:  # noqa: ANN401
    """A line of the scenario, ``n`` seconds after noon."""
    at = NOON + timedelta(seconds=n)
    return Line(1, "r", n, "p", at, None, scenario, kind, actor, way, None, "1", body)


def told(n: int, status: int | None, channel: str = "push", **body: Any) -> Line:  # noqa: ANN401
    """A delivery of a notification."""
    said = {"event": "slot-booked", "channel": channel, "status": status, "took_ms": 12.4, **body}
    return line(n, Kind.NOTIFICATION_TRY, Actor.DOCPLANNER, Channel.NOTIFICATION, **said)


def call(n: int, operation: str, status: int | None, scenario: str = "s", /, **body: Any) -> Line:  # noqa: ANN401
    """A call of the partner system."""
    method = "GET" if operation.startswith("get") else "PUT"
    said = {"operation": operation, "method": method, "status": status, "took_ms": 5, **body}
    return line(n, Kind.EXCHANGE, Actor.PARTNER, Channel.API, scenario, **said)


def finding(direction: str, *between: Line, noun: str = "visits", problem: Problem = PROBLEM) -> FindingText:
    """The finding of a wait in line 90, triggered by the act in line 10."""
    act = line(10, Kind.ACT, Actor.PATIENT, Channel.MARKETPLACE, state="done", words="Anna books")
    said = {"trigger": 10, "looks": 7, "look": 89, "limit_s": 60.0, "direction": direction, "noun": noun}
    wait = line(90, Kind.WAIT, Actor.HARNESS, Channel.CONTROL, **said)
    early = call(5, "replaceSlots", 200)
    late = told(95, 204)
    return explain(problem, criterion="DP-BOK-01", scenario="s", wait=wait, lines=[early, act, *between, wait, late])


CASES = [
    (
        INWARD,
        [told(20, 500)],
        "the endpoint fell over slot-booked with 500 (line 20): look at its log",
    ),
    (
        INWARD,
        [told(20, 401)],
        "the endpoint refused slot-booked with 401 (line 20): look at its log",
    ),
    (
        INWARD,
        [told(20, 500), told(30, 204)],
        f"the clinic's system answered slot-booked (line 30) with 204 in 12 ms and did not take it over: {INBOX}",
    ),
    (
        INWARD,
        [told(20, None)],
        "the endpoint gave no answer to slot-booked (line 20): look at whether it is reachable",
    ),
    (
        INWARD,
        [told(20, 200, "pull")],
        "the clinic's system pulled slot-booked (line 20) and did not take it over: look at its inbox",
    ),
    (
        INWARD,
        [call(20, "getBookings", 200)],
        "the clinic's system called Docplanner since, and did not take over what it read: look at its reading",
    ),
    (
        INWARD,
        [],
        "no news was fetched or delivered since: is the clinic's system polling, and is its endpoint reachable?",
    ),
    (
        OUTWARD,
        [],
        "the clinic's system made no call since: is the change in its outgoing queue?",
    ),
    (
        OUTWARD,
        [call(20, "getBookings", 200)],
        "the clinic's system only read since, and sent no change: is the change in its outgoing queue?",
    ),
    (
        OUTWARD,
        [call(20, "replaceSlots", 204), call(30, "replaceSlots", 422)],
        "Docplanner answered replaceSlots with 422 (line 30): look at how the refusal is handled",
    ),
    (
        OUTWARD,
        [call(20, "bookSlot", 404, response={"json": {"errors": [], "message": "Slot not found"}})],
        'Docplanner answered bookSlot with 404 "Slot not found" (line 20): look at how the refusal is handled',
    ),
    (
        INWARD,
        [told(20, 204, request={"json": {"name": "slot-booked", "data": {"visit_booking": {"id": 55021}}}})],
        f"{TOOK_IT} (line 20) with 204 in 12 ms and did not take it over: {INBOX} for booking 55021",
    ),
    (
        INWARD,
        [told(20, 200, "pull", request={"json": {"data": {"break": {"id": "7"}}}})],
        "the clinic's system pulled slot-booked (line 20) and did not take it over: look at its inbox for break 7",
    ),
    (
        OUTWARD,
        [call(20, "replaceSlots", None)],
        "Docplanner gave replaceSlots no answer (line 20): look at how the lost answer is handled",
    ),
    (
        OUTWARD,
        [call(20, "replaceSlots", 422), call(30, "replaceSlots", 204)],
        "the clinic's system sent replaceSlots (line 30) and Docplanner accepted it: look at what was sent",
    ),
    ("None", [], "the clinic's system: look at the lines above"),
]


@pytest.mark.parametrize(("direction", "between", "next_"), CASES)
def test_a_finding_says_who_acts_next(direction: str, between: list[Line], next_: str) -> None:
    """The last thing that happened between the act and the end of the wait decides."""
    assert finding(direction, *between).next == next_


def test_what_the_check_knows_of_the_cause_stands_beside_it() -> None:
    """The hint of the check follows in brackets, or stands alone where the journal tells nothing."""
    hinted = Problem("It is wrong", "this", "that", "look there")

    assert finding(OUTWARD, call(20, "replaceSlots", 204), problem=hinted).next.endswith("what was sent (look there)")
    assert finding("None", problem=hinted).next == "the clinic's system: look there"
    mapping = finding(OUTWARD, noun="mapping", problem=hinted).next
    assert mapping == "the clinic's system: look at how the import maps this (look there)"


def test_the_evidence_is_the_act_the_traffic_and_the_look() -> None:
    """Lines of before, of later and of other scenarios are left out; reads are no evidence."""
    found = finding(
        OUTWARD, call(20, "getBookings", 200), call(30, "replaceSlots", 204), call(40, "bookSlot", 201, "other")
    )

    assert found.lines == (10, 30, 89)
    assert found.evidence == (
        "Anna books (line 10, 12:00:10Z); called replaceSlots, answered 204 in 5 ms (line 30, 12:00:30Z); "
        "looked 7 times, last in line 89; waited up to 60 s"
    )
    assert str(found).splitlines() == [
        "DP-BOK-01  It is wrong",
        "  expected  this",
        "  observed  that",
        f"  evidence  {found.evidence}",
        f"  next      {found.next}",
    ]


def test_an_answer_that_never_came_is_told_as_such() -> None:
    """Neither a status nor a time is invented."""
    found = finding(INWARD, told(20, None, took_ms=None))

    assert "told slot-booked, answered no answer (line 20, 12:00:20Z)" not in found.evidence
    assert "told slot-booked, no answer (line 20, 12:00:20Z)" in found.evidence


def test_a_refusal_is_quoted_in_docplanners_words() -> None:
    """The message of the answer stands in the evidence; a success has none."""
    refused = call(20, "bookSlot", 404, response={"json": {"message": "Slot not found"}})
    taken = call(30, "bookSlot", 201, response={"json": {"message": "made"}})
    found = finding(OUTWARD, refused, taken)

    assert 'called bookSlot, answered 404 "Slot not found" in 5 ms (line 20, 12:00:20Z)' in found.evidence
    assert "called bookSlot, answered 201 in 5 ms (line 30, 12:00:30Z)" in found.evidence
