"""A scenario gets whole days on which there is nothing, and nobody else gets them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from harness.client.models import CalendarAt
from harness.safety.leases import Leased, Leases, empty_days
from harness.safety.picture import Blocked, Booked, Offered, Picture

WARSAW = ZoneInfo("Europe/Warsaw")
FIRST = date(2027, 3, 20)
LAST = FIRST + timedelta(days=20)
"""Clocks go forward in between."""
ONE, OTHER = CalendarAt("1", "2", "3"), CalendarAt("1", "4", "5")

days = st.integers(0, (LAST - FIRST).days).map(lambda count: FIRST + timedelta(days=count))
instants = st.datetimes(datetime(2027, 3, 18), datetime(2027, 4, 12)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001 - made aware here
wishes = st.lists(st.tuples(st.sets(st.sampled_from([ONE, OTHER]), min_size=1), st.integers(1, 4)), max_size=12)


def picture(
    offered: list[datetime], visits: list[tuple[datetime, int, bool]], breaks: list[tuple[datetime, int]]
) -> Picture:
    """A calendar that shows this; lengths are minutes."""
    return Picture(
        taken_at=datetime(2027, 3, 19, tzinfo=UTC),
        enabled=True,
        offered=tuple(Offered(one, (("7", 30),)) for one in offered),
        visits=tuple(Booked(str(n), start, long, gone, own=False) for n, (start, long, gone) in enumerate(visits)),
        breaks=tuple(Blocked(str(n), since, since + timedelta(minutes=long)) for n, (since, long) in enumerate(breaks)),
        services=(),
        insurances=(),
        support=None,
    )


@given(
    st.lists(instants, max_size=5),
    st.lists(st.tuples(instants, st.integers(5, 240), st.booleans()), max_size=5),
    st.lists(st.tuples(instants, st.integers(1, 5000)), max_size=3),
)
def test_a_day_is_empty_where_nothing_touches_it(
    offered: list[datetime], visits: list[tuple[datetime, int, bool]], breaks: list[tuple[datetime, int]]
) -> None:
    """By the minute: the spans and the empty days never meet, and every other day is met by something."""
    empty = empty_days(picture(offered, visits, breaks), FIRST, LAST, WARSAW)

    spans = [(one, one + timedelta(minutes=1)) for one in offered]
    spans += [(start, start + timedelta(minutes=long)) for start, long, _ in visits]
    spans += [(since, since + timedelta(minutes=long)) for since, long in breaks]
    for count in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=count)
        begins, ends = (datetime.combine(one, time(), WARSAW).astimezone(UTC) for one in (day, day + timedelta(days=1)))
        met = any(since < ends and begins < till for since, till in spans)
        assert (day in empty) is not met


@given(st.sets(days), st.sets(days), wishes)
def test_no_day_of_a_calendar_is_given_twice(
    one: set[date], other: set[date], asked: list[tuple[set[CalendarAt], int]]
) -> None:
    """What is given was free, is whole, and a refusal means that there was no room indeed."""
    free = {ONE: one, OTHER: other}
    leases, given_already = Leases(free), set[tuple[CalendarAt, date]]()
    for calendars, count in asked:
        leased = leases.lease(sorted(calendars, key=lambda at: at.path), count)
        left = {at: free[at] - {day for holder, day in given_already if holder == at} for at in free}
        rows = [
            first
            for first in set.intersection(*(left[at] for at in calendars))
            if all(first + timedelta(days=n) in left[at] for n in range(count) for at in calendars)
        ]
        if leased is None:
            assert rows == []
            continue
        assert leased.first == min(rows)
        given_already |= {(at, day) for at in leased.calendars for day in leased.dates}


def test_days_that_were_left_empty_are_given_again() -> None:
    """The others are not: something of the scenario is still there."""
    free = [FIRST, FIRST + timedelta(days=1)]
    leases = Leases({ONE: free})
    leased = leases.lease([ONE], 2)
    assert leased == Leased(FIRST, 2, (ONE,))
    assert leases.lease([ONE], 1) is None

    leases.give_back(leased, {ONE: [free[1]]})

    assert leases.lease([ONE], 1) == Leased(free[1], 1, (ONE,))
    assert leases.lease([ONE], 1) is None
