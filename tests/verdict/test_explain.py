"""What a finding names as the next thing to do, from the lines between an act and the wait that gave up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.recorder.line import Actor, Channel, Kind, Line
from harness.verdict.explain import explain
from harness.verdict.finding import FindingText, Problem

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
INWARD, OUTWARD = "docplanner to partner", "partner to docplanner"
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


def finding(
    direction: str, *between: Line, noun: str = "visits", problem: Problem = PROBLEM, intended: int | None = None
) -> FindingText:
    """The finding of a wait in line 90, triggered by the act that is done in line 10."""
    done = line(10, Kind.ACT, Actor.PATIENT, Channel.MARKETPLACE, state="done", words="Anna books")
    act = replace(done, cause=intended)
    said = {"trigger": 10, "looks": 7, "look": 89, "limit_s": 60.0, "direction": direction, "noun": noun}
    wait = line(90, Kind.WAIT, Actor.HARNESS, Channel.CONTROL, **said)
    early = call(5, "replaceSlots", 200)
    late = told(95, 204)
    return explain(problem, criterion="DP-BOK-01", scenario="s", wait=wait, lines=[early, act, *between, wait, late])


CASES = [
    (INWARD, [told(20, 500)], "slot-booked was answered 500 (line 20)"),
    (INWARD, [told(20, 401)], "slot-booked was answered 401 (line 20)"),
    (INWARD, [told(20, 500), told(30, 204)], "slot-booked was answered 204 in 12 ms (line 30)"),
    (INWARD, [told(20, None)], "nothing answered (line 20)"),
    (INWARD, [told(20, None, "pull")], "slot-booked was pulled (line 20)"),
    (INWARD, [call(20, "getBookings", 200)], "no try of a notification"),
    (OUTWARD, [], "look at the lines before line 90"),
    (OUTWARD, [call(20, "getBookings", 200)], "only read since, getBookings last (line 20)"),
    (
        OUTWARD,
        [call(20, "replaceSlots", 204), call(30, "replaceSlots", 422)],
        "replaceSlots was answered 422",
    ),
    (OUTWARD, [call(20, "replaceSlots", None)], "replaceSlots got no answer (line 20)"),
    (OUTWARD, [call(20, "replaceSlots", 422), call(30, "replaceSlots", 204)], "replaceSlots was accepted (line 30)"),
    ("None", [], "look at the lines before line 90"),
]


@pytest.mark.parametrize(("direction", "between", "says"), CASES)
def test_a_finding_says_what_happened_last(direction: str, between: list[Line], says: str) -> None:
    """The last thing that happened between the act and the end of the wait decides."""
    assert says in finding(direction, *between).next


def test_what_the_check_knows_of_the_cause_stands_beside_it() -> None:
    """The hint of the check follows in brackets, or stands alone where the journal tells nothing."""
    hinted = Problem("It is wrong", "this", "that", "look there")

    assert "what was sent (look there)" in finding(OUTWARD, call(20, "replaceSlots", 204), problem=hinted).next
    assert finding("None", problem=hinted).next == "the vendor (what the finding is about): look there"
    mapping = finding(OUTWARD, noun="mapping", problem=hinted).next
    assert mapping == "the vendor (import of the mapping): look at how the import maps this (look there)"


def test_what_came_while_the_act_was_under_way_counts() -> None:
    """The partner may be quicker than the run that notes the act as done."""
    found = finding(OUTWARD, call(9, "replaceSlots", 422), intended=8)

    assert "replaceSlots was answered 422 (line 9)" in found.next
    assert found.lines == (9, 10, 89)


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
