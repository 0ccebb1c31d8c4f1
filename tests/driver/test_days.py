"""The days of a scenario: counted from today, and found on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.contract.marketplaces import MARKETPLACES
from harness.driver.days import Day, Days, Moment, clock_change
from harness.driver.outcomes import NotProven
from harness.driver.presence import GRID, just_begun
from harness.driver.timing import ELSEWHERE, day_of_change

ZONES = sorted({one.time_zone for one in MARKETPLACES.values()})
TODAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - its bounds


def _length(zone: ZoneInfo, day: date) -> timedelta:
    ends = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    return ends - datetime.combine(day, time(), zone).astimezone(UTC)


@given(zone=st.sampled_from(ZONES), today=TODAYS, forward=st.booleans())
def test_the_day_of_change_is_one_on_which_clocks_change(zone: str, today: date, *, forward: bool) -> None:
    """Tomorrow or later, shorter where they go forward, in the clinic's zone or where the server may stand."""
    there = ZoneInfo(zone)

    found = day_of_change(there, today, forward=forward)

    lengths = {_length(one, found) - timedelta(days=1) for one in (there, ELSEWHERE)}
    assert today < found <= today + timedelta(weeks=54)
    assert any(length < timedelta(0) if forward else length > timedelta(0) for length in lengths)


def test_warsaw_changes_in_march_and_in_october() -> None:
    """Known days."""
    warsaw = ZoneInfo("Europe/Warsaw")

    assert clock_change(warsaw, date(2026, 11, 24), forward=True) == date(2027, 3, 28)
    assert clock_change(warsaw, date(2026, 10, 25), forward=False) == date(2026, 10, 25)
    assert clock_change(ZoneInfo("America/Bogota"), date(2026, 1, 1), forward=True) is None


@given(zone=st.sampled_from(ZONES), now=INSTANTS)
def test_a_visit_that_has_just_begun_is_of_today(zone: str, now: datetime) -> None:
    """Begun, less than a quarter of an hour ago, on the clinic's own day and on the grid of its clock."""
    start = just_begun(now)
    wall = start.astimezone(ZoneInfo(zone))

    assert timedelta(0) <= now - start < GRID
    assert wall.date() == now.astimezone(ZoneInfo(zone)).date()
    assert (wall.minute % 15, wall.second, wall.microsecond) == (0, 0, 0)


def test_days_are_counted_anew_after_the_clock_was_moved() -> None:
    """Tomorrow at nine is nine on the wall, on the day of the change too."""
    days = Days(datetime(2026, 11, 23, 12, tzinfo=UTC), ZoneInfo("Europe/Warsaw"))

    days.begin(datetime(2027, 3, 27, 11, tzinfo=UTC))

    assert days.at(Moment(Day(1), time(9))).astimezone(UTC) == datetime(2027, 3, 28, 7, tzinfo=UTC)


def test_a_time_that_clocks_leave_out_is_nobody_elses_fault() -> None:
    """In Chile the day of the change begins at one o'clock: half past midnight would become half past one."""
    days = Days(datetime(2027, 9, 4, 16, tzinfo=UTC), ZoneInfo("America/Santiago"))

    with pytest.raises(NotProven, match="there is no 00:30 on Sun 05 Sep") as raised:
        days.at(Moment(Day(1), time(0, 30)))

    assert raised.value.blame == "harness"
    assert days.day_of(Day(1, whole=True)) == date(2027, 9, 6)


@given(zone=st.sampled_from(ZONES), now=INSTANTS, at=st.times())
def test_a_day_of_24_hours_has_every_time(zone: str, now: datetime, at: time) -> None:
    """Tomorrow, or a day later."""
    there = ZoneInfo(zone)
    days = Days(now, there)
    at = at.replace(second=0, microsecond=0)

    day = days.day_of(Day(1, whole=True))

    assert day - days.today in {timedelta(days=1), timedelta(days=2)}
    assert _length(there, day) == timedelta(days=1)
    assert days.at(Moment(Day(1, whole=True), at)).astimezone(UTC).astimezone(there).time() == at
