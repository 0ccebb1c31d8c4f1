"""Slots where a long service may end in an adjoining period, and lists of what overlaps: against lists of minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from harness.sandbox.slots import Offered, Timetable, WorkPeriod, cut

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
HOUR = timedelta(hours=1)
MENU = st.lists(st.sampled_from((Offered("short", 20), Offered("long", 60), Offered("longest", 120))), unique=True)


@st.composite
def days(draw: st.DrawFn) -> Timetable:
    """A day whose hours are periods of their own, with whatever services, or gaps."""
    hours = draw(st.lists(MENU, min_size=1, max_size=10))
    periods = [
        WorkPeriod(MIDNIGHT + place * HOUR, MIDNIGHT + (place + 1) * HOUR, tuple(services), MIDNIGHT)
        for place, services in enumerate(hours)
        if services
    ]
    return Timetable(tuple(periods))


@given(days())
def test_a_service_spans_as_long_as_every_minute_offers_it(day: Timetable) -> None:
    """What starts on a period's grid, and for each minute of which somebody works who offers it."""
    minutes = {
        (period.start + timedelta(minutes=minute), service.address_service_id)
        for period in day.periods
        for service in period.services
        for minute in range(60)
    }
    wanted = {
        (start, service.address_service_id)
        for period in day.periods
        for service in period.services
        for start in [period.start + step * period.step for step in range(-(-HOUR // period.step))]
        if {(start + timedelta(minutes=one), service.address_service_id) for one in range(service.duration)} <= minutes
    }
    offers = day.offers((), MIDNIGHT, MIDNIGHT + 24 * HOUR, spanning=True)

    assert {(one.start, one.address_service_id) for one in offers} == wanted
    assert len(offers) == len(wanted)


@given(days(), st.integers(0, 700), st.integers(1, 400))
def test_a_range_may_hold_what_overlaps_it(day: Timetable, since: int, length: int) -> None:
    """Of all slots those that end after its start and start before its end, or those alone that start in it."""
    start = MIDNIGHT + timedelta(minutes=since)
    end = start + timedelta(minutes=length)
    every = [one for period in day.periods for one in cut(period)]

    assert day.offers((), start, end, begun=True) == [one for one in every if one.start < end and one.end > start]
    assert day.offers((), start, end) == [one for one in every if start <= one.start < end]


@given(days(), st.integers(0, 700), st.integers(1, 400))
def test_working_time_covers_what_all_minutes_of_are_worked(day: Timetable, since: int, length: int) -> None:
    """Over the borders of periods, and not over gaps."""
    worked = {one.start + timedelta(minutes=minute) for one in day.periods for minute in range(60)}
    start = MIDNIGHT + timedelta(minutes=since)

    wanted = all(start + timedelta(minutes=minute) in worked for minute in range(length))
    assert day.covers((start, start + timedelta(minutes=length))) is wanted
