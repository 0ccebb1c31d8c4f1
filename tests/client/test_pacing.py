"""Keeping to the limits that Docplanner announces."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
from client.docplanner import AT, NOW, FarSide, api

from harness.client.outcome import Done, Refused
from harness.client.pacing import Gate, Kind
from harness.clock import ManualClock, SystemClock

NONE_WAITS = timedelta(0)
UNTIL_IT_IS_OVER_S = 0.4


def limited(*, remaining: int, in_s: float, status: int = 204) -> httpx.Response:
    """An answer with the headers of the limiter."""
    reset = (NOW + timedelta(seconds=in_s)).isoformat()
    headers = {"X-RateLimit-Limit": "40", "X-RateLimit-Remaining": str(remaining), "X-RateLimit-Reset": reset}
    return httpx.Response(status, headers=headers)


def test_nothing_is_sent_once_nothing_remains() -> None:
    """The next write is held back without a call, until the reset."""
    far_side, clock = FarSide(lambda _: limited(remaining=0, in_s=30)), ManualClock(NOW)
    docplanner = api(far_side, clock=clock, patience=NONE_WAITS)

    first, second = docplanner.bookings.cancel(AT, "1"), docplanner.bookings.cancel(AT, "2")
    clock.advance(timedelta(seconds=31))
    third = docplanner.bookings.cancel(AT, "2")

    assert first == third == Done(None)
    assert isinstance(second, Refused)
    assert second.status == 429
    assert len(far_side.asked) == 2


def test_reads_and_writes_are_counted_apart() -> None:
    """A minute's writes used up do not keep the clinic from reading."""
    far_side = FarSide(
        lambda request: (
            httpx.Response(200, json={"_items": []}) if request.method == "GET" else limited(remaining=0, in_s=30)
        )
    )
    docplanner = api(far_side, patience=NONE_WAITS)

    docplanner.bookings.cancel(AT, "1")

    assert docplanner.directory.facilities() == Done(())
    assert docplanner.gate.left(Kind.WRITE) == timedelta(seconds=30)
    assert docplanner.gate.left(Kind.READ) == NONE_WAITS


def test_a_429_while_calls_remain_is_about_something_else() -> None:
    """Failed notifications may be released once an hour: that refusal closes no other way."""
    far_side = FarSide(lambda _: limited(remaining=39, in_s=30, status=429))
    docplanner = api(far_side, patience=NONE_WAITS)

    refused = docplanner.notifications.release()

    assert isinstance(refused, Refused)
    assert docplanner.gate.left(Kind.WRITE) == NONE_WAITS
    assert len(far_side.asked) == 1


def test_a_429_with_a_reset_is_sent_again_after_it() -> None:
    """It was not carried out, so that is safe."""
    answers = [limited(remaining=0, in_s=-1, status=429), httpx.Response(204)]
    far_side = FarSide(lambda _: answers.pop(0))

    assert api(far_side).bookings.cancel(AT, "1") == Done(None)
    assert len(far_side.asked) == 2


def test_a_reset_in_whole_seconds_is_not_taken_for_the_very_moment() -> None:
    """It has passed when it is read, and the limit has not: asking at once would spend every try for nothing."""
    began: list[float] = []

    def answer(_: httpx.Request) -> httpx.Response:
        began.append(time.monotonic())
        over = time.monotonic() - began[0] > UNTIL_IT_IS_OVER_S
        reset = datetime.now(UTC).replace(microsecond=0).isoformat()
        headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
        return httpx.Response(204) if over else httpx.Response(429, headers=headers)

    docplanner = api(FarSide(answer), clock=SystemClock(), patience=timedelta(seconds=5))

    assert docplanner.bookings.cancel(AT, "1") == Done(None)
    assert len(began) <= 3


def test_a_429_whose_reset_is_far_is_handed_on() -> None:
    """Who called decides what to do in the meantime, and the gate says how long that is."""
    far_side = FarSide(lambda _: limited(remaining=0, in_s=3000, status=429))
    docplanner = api(far_side)

    outcome = docplanner.bookings.cancel(AT, "1")

    assert isinstance(outcome, Refused)
    assert outcome.status == 429
    assert len(far_side.asked) == 1
    assert docplanner.gate.left(Kind.WRITE) == timedelta(seconds=3000)


def test_a_429_without_a_reset_is_handed_on_at_once() -> None:
    """It is about the request itself: the same one is still in work."""
    far_side = FarSide(lambda _: httpx.Response(429))

    outcome = api(far_side).calendars.replace_slots(AT, [])

    assert isinstance(outcome, Refused)
    assert len(far_side.asked) == 1


def test_no_headers_mean_no_limiter() -> None:
    """Nothing is held back."""
    far_side = FarSide(lambda _: httpx.Response(204))
    docplanner = api(far_side, patience=NONE_WAITS)

    assert [docplanner.bookings.cancel(AT, str(number)) for number in range(50)] == [Done(None)] * 50


def test_whoever_waits_is_let_go_when_the_client_closes() -> None:
    """A stop does not take until the next reset."""
    gate = Gate(SystemClock())
    gate.shut(Kind.WRITE, SystemClock().now() + timedelta(hours=1))
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(gate.wait(Kind.WRITE, timedelta(hours=2))))

    waiting.start()
    gate.close()
    waiting.join(10)

    assert answers == [False]
