"""When people are told: compared with a naive reading of the rule over every history of pings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.monitor.rules import Occasion, Ping, Standing, after

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def pings(works: list[bool]) -> list[Ping]:
    """One every five minutes."""
    return [Ping(NOON + timedelta(minutes=5 * n), 200 if one else 503, 1.0) for n, one in enumerate(works)]


def naive(works: list[bool]) -> list[tuple[int, Occasion]]:
    """After which ping people are told what: the third failure of each row of them, and the first success after it."""
    told: list[tuple[int, Occasion]] = []
    for place, one in enumerate(works):
        row = works[:place][::-1]
        before = row.index(True) if True in row else len(row)
        if not one and before == 2:
            told.append((place, Occasion.FAILS))
        if one and before >= 3:
            told.append((place, Occasion.WORKS_AGAIN))
    return told


@given(st.lists(st.booleans(), max_size=40))
def test_people_are_told_once_when_it_fails_and_once_when_it_works_again(works: list[bool]) -> None:
    """And never in between."""
    standing, told = Standing(), []
    for place, ping in enumerate(pings(works)):
        standing, occasion = after(standing, ping)
        if occasion:
            told.append((place, occasion))

    assert told == naive(works)


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_how_near_alarm_is_counts_down(works: list[bool]) -> None:
    """So many failures more raise it, and not one fewer."""
    standing = Standing()
    for ping in pings(works):
        standing, _ = after(standing, ping)
    left = standing.left
    for ping in pings([False] * left):
        assert not standing.alerted
        standing, _ = after(standing, ping)

    assert standing.alerted


@pytest.mark.parametrize(
    ("status", "took_ms", "works", "denies"),
    [
        (200, 5000.0, True, False),
        (200, 5000.1, True, True),
        (404, 1.0, True, False),
        (499, 1.0, True, False),
        (500, 1.0, False, True),
        (503, 1.0, False, True),
        (None, 10_000.0, False, True),
    ],
)
def test_what_counts_as_working(status: int | None, took_ms: float, *, works: bool, denies: bool) -> None:
    """Any answer but a 5XX works; one later than 5 s comes too late for a patient all the same."""
    ping = Ping(NOON, status, took_ms)

    assert (ping.works, ping.denies) == (works, denies)
