"""Reads of a real Docplanner keep to its limit, whoever makes them, by our own count and by what its headers say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safety.places import far
from sandbox.served import SMALL, served

from harness.client.outcome import Done
from harness.clock import ManualClock, SystemClock
from harness.errors import LimitSpent, OutputUnusable
from harness.safety.pacing import Limit
from harness.safety.reads import CountedReads, Reads, ahead, kept
from harness.safety.session import reading

NOW = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
NOTHING = timedelta(0)
A_MOMENT = timedelta(microseconds=1)
HUNDRED = Limit(100, timedelta(hours=1))
"""Six of them are left to others, and two more are wanted before something is done."""


@contextmanager
def counted(clock: ManualClock, limit: Limit = HUNDRED) -> Iterator[Reads]:
    """In memory."""
    with closing(Reads(Path(":memory:"), "17 at docplanner.test", clock, limit)) as reads:
        yield reads


def left(remaining: int, in_s: float, limit: int = 100) -> httpx.Headers:
    """What an answer says of the limit."""
    reset = (NOW + timedelta(seconds=in_s)).isoformat()
    told = {"Limit": str(limit), "Remaining": str(remaining), "Reset": reset}
    return httpx.Headers({f"X-RateLimit-{name}": value for name, value in told.items()})


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=60),
    st.builds(Limit, st.integers(1, 40), st.integers(5, 90).map(lambda seconds: timedelta(seconds=seconds))),
)
def test_no_window_ever_holds_more_than_its_limit(makes: list[tuple[bool, int]], limit: Limit) -> None:
    """The run's reads fit beside the system's, and none waits longer than it must."""
    clock = ManualClock(NOW)
    made: list[datetime] = []
    with counted(clock, limit) as reads:
        for by_system, idle_s in makes:
            clock.advance(timedelta(seconds=idle_s))
            within = [one for one in made if one > clock.now() - limit.window]
            if by_system and len(within) < limit.calls:
                reads.count()
            else:
                wait = reads.take()
                room = limit.calls - kept(limit) - len(within)
                assert (wait == NOTHING) == (room > 0)
                if wait:
                    clock.advance(wait - A_MOMENT)
                    assert reads.take() == A_MOMENT, "a moment earlier is too early"
                    clock.advance(A_MOMENT)
                    assert reads.take() == NOTHING, "one wait is enough"
            made.append(clock.now())
            assert sum(clock.now() - limit.window < one for one in made) <= limit.calls


def test_the_run_waits_before_it_does_what_it_could_not_look_at() -> None:
    """What is wanted before an act is more than one read needs."""
    clock = ManualClock(NOW)
    with counted(clock) as reads:
        for _ in range(100 - kept(HUNDRED) - ahead(HUNDRED)):
            reads.count()
        assert reads.pause() == NOTHING
        clock.advance(timedelta(minutes=10))
        reads.count()

        assert reads.pause() == timedelta(minutes=50)
        assert reads.take() == NOTHING


def test_what_the_headers_say_of_others_counts_too() -> None:
    """Until their reset; what was read since then is taken off."""
    clock = ManualClock(NOW)
    with counted(clock) as reads:
        reads.heard(left(kept(HUNDRED) + 1, 600), 200)
        assert reads.pause() == timedelta(seconds=601)
        clock.advance(A_MOMENT)
        assert reads.take() == NOTHING
        assert reads.take() > timedelta(seconds=600)

        clock.advance(timedelta(seconds=601))
        assert reads.take() == NOTHING


def test_a_reset_far_ahead_is_not_believed_for_ever() -> None:
    """A clock there may be wrong."""
    with counted(ManualClock(NOW)) as reads:
        reads.heard(left(0, 3_000_000), 429)

        assert reads.take() == HUNDRED.window


def test_an_api_client_with_another_limit_has_that_one() -> None:
    """It is adjustable; the headers tell it."""
    with counted(ManualClock(NOW)) as reads:
        for _ in range(150):
            reads.count()
        assert reads.take() > NOTHING

        reads.heard(left(850, 600, limit=1000), 200)

        assert reads.take() == NOTHING


@pytest.mark.parametrize("odd", [{"Remaining": "soon"}, {"Reset": "2027-03-28T01:00:00"}, {"Reset": ""}])
def test_headers_without_sense_are_no_word(odd: dict[str, str]) -> None:
    """Then our own count stands alone."""
    headers = left(0, 600)
    headers.update({f"X-RateLimit-{name}": value for name, value in odd.items()})
    with counted(ManualClock(NOW)) as reads:
        reads.heard(headers, 429)

        assert reads.take() == NOTHING


@pytest.mark.parametrize("headers", [left(0, 600), httpx.Headers()])
def test_it_is_known_since_when_no_read_was_left(headers: httpx.Headers) -> None:
    """What was judged in that time may be nobody's failure; what came before it is judged as ever."""
    clock = ManualClock(NOW)
    with counted(clock) as reads:
        reads.heard(left(0, 600), 200)
        assert not reads.none_left_since(NOW), "the last one was answered"
        reads.heard(left(7, 600), 429)
        assert not reads.none_left_since(NOW), "it was about something else"
        reads.heard(headers, 429)

        assert reads.none_left_since(NOW)
        assert not reads.none_left_since(NOW + A_MOMENT)


def test_several_processes_and_clients_share_one_file(tmp_path: Path) -> None:
    """One API client has one count; another has its own."""
    path, clock = tmp_path / "new" / "reads.sqlite", ManualClock(NOW)
    with (
        closing(Reads(path, "17", clock, HUNDRED)) as one,
        closing(Reads(path, "17", clock, HUNDRED)) as same,
        closing(Reads(path, "18", clock, HUNDRED)) as other,
    ):
        for _ in range(50):
            one.count()
            same.count()

        assert one.take() == same.take() > NOTHING
        assert other.take() == NOTHING


def test_a_file_that_is_something_else_is_named(tmp_path: Path) -> None:
    """With what to do."""
    path = tmp_path / "reads.sqlite"
    path.write_text("x" * 4096)

    with pytest.raises(OutputUnusable, match="Remove it"):
        Reads(path, "17", SystemClock())


def test_a_real_limit_is_kept_to_and_leaves_the_system_its_share(tmp_path: Path) -> None:
    """Over sockets: the run is held back before Docplanner refuses, and the system's reads count as well as its own."""
    with served(replace(SMALL, clinics=1, lookalike_clinics=0)) as docplanner, far(tmp_path, docplanner) as there:
        limits = {"reads_per_hour": 40, "writes_per_minute": 40}
        docplanner.done("PUT", f"/clients/{docplanner.sandbox.client_id}", {"limits": limits})
        with closing(Reads(tmp_path / "reads.sqlite", "17", SystemClock())) as reads:

            def counting() -> httpx.BaseTransport:
                return CountedReads(httpx.HTTPTransport(), reads)

            def holding() -> httpx.BaseTransport:
                return CountedReads(httpx.HTTPTransport(), reads, timedelta(0))

            with (
                reading(there.endpoint, counting, SystemClock()) as system,
                reading(there.endpoint, holding, SystemClock()) as run,
            ):
                asked: list[bool] = []

                def both() -> None:
                    while True:
                        asked.append(isinstance(run.directory.facilities(), Done))
                        asked.append(isinstance(system.directory.facilities(), Done))

                with pytest.raises(LimitSpent, match="limit of reads"):
                    both()
                assert 10 < len(asked) < 40
                assert all(asked)
                assert isinstance(system.directory.facilities(), Done), "some are left to it"
                assert not reads.none_left_since(NOW.replace(year=2020))
