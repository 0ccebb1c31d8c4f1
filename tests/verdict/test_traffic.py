"""What is folded from the partner's own traffic: methods, tokens, latencies and breaches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.recorder.line import Actor, Channel, Kind, Line
from harness.verdict.judge import judge
from harness.verdict.observation import MethodUse, SyncTimesSeen, TokensSeen
from harness.verdict.traffic import (
    Timed,
    breaches,
    latencies,
    limited_seen,
    methods_seen,
    partner_calls,
    pings_seen,
    sync_times_seen,
    tokens_seen,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
INWARD, OUTWARD, DELAY = "docplanner to partner", "partner to docplanner", "sandbox delay"


def line(n: int, kind: Kind, actor: Actor = Actor.HARNESS, way: Channel | None = None, /, **body: Any) -> Line:  # noqa: ANN401
    """A line about calendar 1, ``n`` seconds after noon."""
    return Line(1, "r", n, "p", NOON + timedelta(seconds=n), None, "s", kind, actor, way, None, "1", body)


def call(n: int, operation: str, status: int | None, **body: Any) -> Line:  # noqa: ANN401
    """A call of the partner system."""
    method = "GET" if operation.startswith("get") else "PUT"
    said = {"operation": operation, "method": method, "status": status, "url": "http://h/x", **body}
    return line(n, Kind.EXCHANGE, Actor.PARTNER, Channel.API, **said)


def token(n: int) -> Line:
    """A token call; the token lives for an hour."""
    return line(n, Kind.EXCHANGE, Actor.PARTNER, Channel.TOKEN, response={"json": {"expires_in": 3600}})


def wait(n: int, direction: str | None, trigger: int, outcome: str = "satisfied", *, settled: bool = False) -> Line:
    """A wait that ended in that second, for an act in the second of its number."""
    at = {one: (NOON + timedelta(seconds=s)).isoformat() for one, s in (("triggered_at", trigger), ("ended_at", n))}
    return line(n, Kind.WAIT, direction=direction, trigger=trigger, outcome=outcome, settled=settled, **at)


def test_methods_are_counted_by_how_they_ended() -> None:
    """Calls, successes and the last status, with the extensions asked for and periods without services."""
    empty = {"json": {"slots": [{"start": "a", "address_services": []}]}}
    lines = [
        call(1, "getFacility", 200, url="http://h/x?with=facility.doctors%2Cfacility.name"),
        call(2, "replaceSlots", 429),
        call(3, "replaceSlots", 204, request=empty),
        call(4, "bookSlot", None),
        line(5, Kind.EXCHANGE, Actor.HARNESS, Channel.CONTROL, operation="addBreak", status=201),
        line(6, Kind.NOTIFICATION_TRY, Actor.DOCPLANNER, channel="push", status=204),
        line(7, Kind.NOTIFICATION_TRY, Actor.DOCPLANNER, channel="push", status=500),
        line(8, Kind.NOTIFICATION_TRY, Actor.DOCPLANNER, channel="pull", status=200),
    ]
    seen = methods_seen(lines, ["push"])

    assert seen.pushed_taken == 1
    assert seen.capabilities == ("push",)
    assert seen.uses == (
        MethodUse("bookSlot", 1, 0, None),
        MethodUse("getFacility", 1, 1, 200),
        MethodUse("getFacility?facility.doctors", 1, 1, 200),
        MethodUse("getFacility?facility.name", 1, 1, 200),
        MethodUse("replaceSlots", 2, 1, 204),
        MethodUse("replaceSlots?nothing", 1, 1, 204),
    )


def test_methods_of_the_verdict_name_what_was_never_called() -> None:
    """Every required method has a row; what was refused is counted."""
    run = line(1, Kind.RUN, state="started", partner={"capabilities": []}, covered={}, scope=None)
    rows = {one["operation_id"]: one for one in judge([run, call(2, "bookSlot", 409)])["methods"]}

    assert rows["bookSlot"] == {
        "operation_id": "bookSlot",
        "calls": 1,
        "refused": 1,
        "last_status": 409,
        "required_for": "bookings",
    }
    assert rows["getBookings"]["calls"] == 0


def test_tokens_that_ended_are_counted() -> None:
    """By the run, or by time; control calls are no API calls."""
    ended = line(3, Kind.EXCHANGE, Actor.HARNESS, Channel.CONTROL, operation="expireTokens")

    assert tokens_seen([token(1), call(2, "getBookings", 200), ended]) == TokensSeen(1, 1, 1)
    assert tokens_seen([token(1), call(2, "getBookings", 200), token(7300)]) == TokensSeen(2, 2, 1)
    assert tokens_seen([]) == TokensSeen(0, 0, 0)


def test_a_token_that_ended_before_its_time_is_one_that_ended() -> None:
    """A 401 can come earlier than expires_in says; several for one token are one end, and so is one that was due."""
    early = [token(1), call(60, "getBookings", 401), call(61, "bookSlot", 401), token(62)]
    assert tokens_seen(early) == TokensSeen(2, 1, 2)
    assert tokens_seen([*early, call(120, "getSlots", 401), token(121)]) == TokensSeen(3, 2, 3)
    assert tokens_seen([token(1), call(3605, "getBookings", 401), token(3606)]) == TokensSeen(2, 1, 1)


def test_the_delay_of_the_sandbox_is_told_apart() -> None:
    """Towards Docplanner the partner's time ends with the write that Docplanner accepted last."""
    lines = [
        call(5, "replaceSlots", 204),
        call(12, "replaceSlots", 503),
        call(13, "replaceSlots", 204),
        call(14, "getSlots", 200),
        wait(18, OUTWARD, trigger=10),
    ]
    assert latencies(lines) == [Timed(DELAY, 5.0, "s"), Timed(OUTWARD, 3.0, "s")]


def test_only_the_first_wait_that_came_true_counts_for_an_act() -> None:
    """Later waits for the same act, those given up and those without direction measure nothing."""
    lines = [
        wait(11, INWARD, 10, "given up"),
        wait(12, None, 10),
        wait(13, INWARD, 10),
        wait(15, INWARD, 10),
        wait(27, INWARD, 20),
    ]
    assert latencies(lines) == [Timed(INWARD, 3.0, "s"), Timed(INWARD, 7.0, "s")]


def test_latency_of_the_verdict_is_measured_values() -> None:
    """Median and 95th percentile are values that occurred."""
    run = line(1, Kind.RUN, state="started", partner={}, covered={}, scope=None)
    waits = [wait(100 * n + n, INWARD, 100 * n) for n in range(1, 21)]

    assert judge([run, *waits])["latency"] == [
        {"direction": INWARD, "count": 20, "p50_s": 10.0, "p95_s": 19.0, "max_s": 20.0}
    ]


def test_changes_that_never_came_are_counted_while_the_partner_was_busy() -> None:
    """A wait that ended early, since the partner was settled, is a finding and no delay."""
    lines = [
        wait(12, OUTWARD, 10),
        wait(72, OUTWARD, 12, "given up"),
        wait(80, OUTWARD, 73, "given up", settled=True),
        wait(99, INWARD, 90, "given up"),
    ]
    assert sync_times_seen(lines) == SyncTimesSeen((2.0,), never=1)


def test_breaches_are_told_once_with_their_lines() -> None:
    """What the run injected, and what the harness itself sent, is left out."""
    wrong = ["body has no duration"]
    lines = [
        *(call(n, "bookSlot", 201, breaches=wrong) for n in range(1, 8)),
        call(8, "bookSlot", 500, breaches=wrong, injected=True),
        call(9, "getBookings", 200, breaches=[]),
        line(10, Kind.EXCHANGE, Actor.HARNESS, Channel.CONTROL, operation="addBreak", breaches=wrong),
        line(11, Kind.NOTIFICATION_TRY, Actor.DOCPLANNER, event="slot-booked", breaches=["created_at is missing"]),
        line(12, Kind.NOTIFICATION_TRY, Actor.DOCPLANNER, event="x", breaches=["no such event"], injected=True),
    ]
    found = breaches(lines)

    assert [(one.text, one.count, one.lines) for one in found] == [
        ("bookSlot: body has no duration", 7, (1, 2, 3, 4, 5)),
        ("slot-booked: created_at is missing", 1, (11,)),
    ]


def write(began: float, ended: float, status: int = 204, reset: float | None = None, address: str = "1") -> Line:
    """A write of the partner between these seconds after noon; a 429 names its reset."""
    headers = {} if reset is None else {"x-ratelimit-reset": (NOON + timedelta(seconds=reset)).isoformat()}
    started = (NOON + timedelta(seconds=began)).isoformat()
    made = call(1, "replaceSlots", status, started_at=started, response={"headers": headers})
    return replace(made, at=NOON + timedelta(seconds=ended), address=address)


def test_writes_between_a_429_and_its_reset_are_counted() -> None:
    """Each 429 by itself; what began after the reset, or concerns another calendar, is none of them."""
    lines = [
        write(0.0, 1.0, 429, reset=5.0),
        write(2.0, 2.1, 429, reset=5.0),
        write(3.0, 3.1, 204),
        write(3.5, 3.6, 204, address="2"),
        write(5.0, 5.1, 204),
    ]
    assert limited_seen(lines, "1").tried == (2, 1)


def test_a_write_that_was_under_way_when_the_429_came_is_no_disobedience() -> None:
    """Three at once, of which the first one to end is refused."""
    lines = [write(0.0, 1.0, 429, reset=5.0), write(0.2, 1.2, 429, reset=5.0), write(0.4, 1.4, 429, reset=5.0)]

    assert limited_seen(lines, "1").tried == (0, 0, 0)


def test_a_429_without_a_reset_forbids_nothing() -> None:
    """Nobody said until when."""
    assert limited_seen([write(0, 1, 429), write(2, 3)], "1").tried == ()


@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.floats(0, 5), st.sampled_from([204, 429]), st.sampled_from(["1", "2"])),
        max_size=8,
    ),
    st.randoms(),
)
def test_the_order_of_lines_is_free(calls: list[tuple[float, float, int, str]], random: st.Random) -> None:
    """What counts is when a call began: journals of several processes are ordered by when calls ended."""
    lines = [
        write(began, began + took, status, began + 10 if status == 429 else None, address)
        for began, took, status, address in calls
    ]
    shuffled = list(lines)
    random.shuffle(shuffled)

    assert sorted(limited_seen(shuffled, "1").tried) == sorted(limited_seen(lines, "1").tried)


def test_changes_that_the_run_held_up_are_not_measured() -> None:
    """How long a partner needs after trouble that was made on purpose says nothing of how soon changes show."""
    late, never = wait(100, OUTWARD, 10), wait(200, OUTWARD, 110, "given up")
    troubled, given_up = (replace(one, body=one.body | {"troubled": True}) for one in (late, never))

    assert sync_times_seen([troubled, given_up, wait(203, OUTWARD, 200)]) == SyncTimesSeen((3.0,), 0)


def test_a_clock_that_was_moved_ends_one_token() -> None:
    """However far it was moved."""
    moved = line(2, Kind.EXCHANGE, Actor.HARNESS, Channel.CONTROL, operation="moveClock", status=204)

    assert tokens_seen([token(1), moved, token(3), call(4, "getDoctors", 200)]) == TokensSeen(2, 1, 1)


def test_pings_are_what_was_sent_without_a_body() -> None:
    """By any method; nonsense has a body, and what the sandbox could not send was not sent."""

    def sent(method: str, body: str, status: int | None, told: int = 200) -> Line:
        asked = {"json": {"method": method, "body": body}}
        answer = {"json": {"status": status, "took_ms": 3.0, "error": None}}
        said = {"operation": "sendRaw", "status": told, "request": asked, "response": answer}
        return line(1, Kind.EXCHANGE, Actor.HARNESS, Channel.CONTROL, **said)

    lines = [sent("GET", "", 204), sent("POST", "[]", 500), sent("PUT", "", None), sent("HEAD", "", 200, told=409)]
    assert pings_seen(lines).answers == (("GET", 204), ("PUT", None))


def test_what_the_guard_stopped_is_no_call_to_docplanner() -> None:
    """Nothing can be concluded from its refusal."""
    stopped = call(1, "deleteAddressService", 403, response={"headers": {"x-acceptance-guard": "refused"}})
    sent = call(2, "deleteAddressService", 403, response={"headers": {}})

    assert [one.n for one in partner_calls([stopped, sent])] == [2]
