"""Writes to a real Docplanner keep to its limits, by our own count and by what its headers say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from harness.safety.pacing import LIMITS, Limit, pause, spent
from harness.safety.writes import Ended, Intended, Writes

NOW = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
NOTHING = timedelta(0)


def written(*ago_s: float, by_person: bool = False) -> Writes:
    """What was written so many seconds ago."""
    made = [
        Intended(str(number), NOW - timedelta(seconds=one), "replaceSlots", {}, {}, by_person)
        for number, one in enumerate(ago_s)
    ]
    return Writes(Path("none"), intended=made)


@given(
    st.lists(st.tuples(st.integers(1, 4), st.floats(0, 30)), max_size=60),
    st.lists(
        st.builds(Limit, st.integers(4, 12), st.integers(5, 90).map(lambda seconds: timedelta(seconds=seconds))),
        min_size=1,
        max_size=2,
    ),
)
def test_no_window_ever_holds_more_than_its_limit(acts: list[tuple[int, float]], limits: list[Limit]) -> None:
    """However many writes each act needs, and however long people take between them."""
    writes, now = Writes(Path("none")), NOW
    for number, (need, idle_s) in enumerate(acts):
        now += timedelta(seconds=idle_s)
        waited = pause(writes, need, now, limits)
        assert waited <= max(one.window for one in limits)
        now += waited
        assert pause(writes, need, now, limits) == NOTHING, "one wait is enough"
        for each in range(need):
            writes.intended.append(Intended(f"{number}-{each}", now, "bookSlot", {}, {}))
    made = [one.at for one in writes.intended]
    for limit in limits:
        for at in made:
            assert sum(at - limit.window < one <= at for one in made) <= limit.calls


def test_an_act_goes_on_at_once_while_there_is_room() -> None:
    """37 writes in the last minute leave room for three."""
    assert pause(written(*[30.0] * 37), 3, NOW) == NOTHING
    assert pause(written(*[30.0] * 38), 3, NOW) == timedelta(seconds=30)


def test_what_the_headers_say_goes_before_our_own_count() -> None:
    """Others may use the same API client."""
    writes = written(20.0)
    writes.ended["0"] = Ended("0", 201, None, remaining=2, reset=NOW + timedelta(seconds=9))

    assert pause(writes, 3, NOW) == timedelta(seconds=10)
    assert pause(writes, 2, NOW) == NOTHING
    assert pause(writes, 3, NOW + timedelta(seconds=11)) == NOTHING


def test_a_reset_far_ahead_is_not_believed_for_ever() -> None:
    """A clock there may be wrong."""
    writes = written(20.0)
    writes.ended["0"] = Ended("0", 429, None, remaining=0, reset=NOW + timedelta(days=3))

    assert pause(writes, 1, NOW) == max(one.window for one in LIMITS)


def test_what_people_do_in_docplanners_pages_costs_no_call() -> None:
    """They have no limit of writes."""
    assert spent(written(*[1.0] * 50, by_person=True)) == 0
    assert pause(written(*[1.0] * 50, by_person=True), 3, NOW) == NOTHING
