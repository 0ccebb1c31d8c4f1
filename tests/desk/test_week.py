"""A week laid out, and times as people write them: in every zone, also on the days when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.contract.marketplaces import MARKETPLACES
from harness.desk.local_time import field_value, instant_of, midnight
from harness.desk.week import DAYS, Entry, laid_out

WARSAW = ZoneInfo("Europe/Warsaw")
ZONES = st.sampled_from(sorted({one.time_zone for one in MARKETPLACES.values()})).map(ZoneInfo)
MINUTES = st.integers(0, 4 * 366 * 24 * 60).map(lambda one: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=one))
LENGTHS = st.integers(1, 3 * 24 * 60).map(lambda one: timedelta(minutes=one))
KINDS = st.sampled_from(["slot", "visit", "break"])


@given(MINUTES, ZONES)
def test_what_a_field_shows_means_the_same_instant_again(instant: datetime, zone: ZoneInfo) -> None:
    """Also in the hour that comes twice."""
    assert instant_of(field_value(instant, zone), zone) == instant


@pytest.mark.parametrize(
    "text", ["", "soon", "2027-03-28T02:30", "2026-13-01T09:00", "9999-12-31T23:59", "0001-01-01T00:00"]
)
def test_a_time_that_is_none_means_none(text: str) -> None:
    """Words, a time that clocks leave out, a year without a calendar."""
    assert instant_of(text, WARSAW) is None


@given(st.lists(st.tuples(KINDS, MINUTES, LENGTHS), max_size=12), ZONES, st.data())
def test_everything_stands_on_each_day_that_it_touches_and_within_the_hours_shown(
    drawn: list[tuple[str, datetime, timedelta]], zone: ZoneInfo, data: st.DataObject
) -> None:
    """And nowhere else; nothing begins before the first hour or ends after the last."""
    entries = [Entry(kind, start, start + length, "", str(n)) for n, (kind, start, length) in enumerate(drawn)]
    chosen = data.draw(st.sampled_from(entries)).start if entries else datetime(2026, 3, 29, tzinfo=UTC)
    first = chosen.astimezone(zone).date() - timedelta(days=data.draw(st.integers(0, 6)))

    week = laid_out(entries, first, chosen, zone)

    assert 0 <= week.first_hour < week.last_hour <= 24
    assert len(week.days) == DAYS
    for day in week.days:
        since, till = midnight(day.day, zone), midnight(day.day + timedelta(days=1), zone)
        touching = {one.title for one in entries if one.start < till and one.end > since}
        assert {one.entry.title for one in day.placed} == touching
        for one in day.placed:
            assert 1 <= one.row <= (week.last_hour - week.first_hour) * 60
            assert one.span >= 1
    numbers = [one.number for one in week.placed]
    assert numbers == sorted(set(numbers))


def test_days_when_clocks_change_are_marked() -> None:
    """29 March 2026 has 23 hours in Warsaw."""
    week = laid_out([], date(2026, 3, 23), datetime(2026, 3, 24, 8, tzinfo=UTC), WARSAW)

    assert [day.day.day for day in week.days if day.changes_clocks] == [29]
    assert [day.day.day for day in week.days if day.is_today] == [24]
