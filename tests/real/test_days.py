"""On a real calendar a scenario knows the days that it was leased, and no others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from harness.driver.days import Day
from harness.driver.outcomes import NotProven
from harness.real.days import LeasedDays

WARSAW = ZoneInfo("Europe/Warsaw")
FIRST = date(2027, 3, 27)


def test_tomorrow_is_the_first_leased_day() -> None:
    """And looks reach over the leased days alone, whatever their length: clocks go forward on the second."""
    days = LeasedDays(FIRST, 3, WARSAW)

    assert [days.day_of(Day(one)) for one in (1, 2, 3)] == [FIRST + timedelta(days=one) for one in range(3)]
    assert days.window(28) == (datetime(2027, 3, 27, tzinfo=WARSAW), datetime(2027, 3, 30, tzinfo=WARSAW))
    days.begin(datetime(2027, 1, 1, tzinfo=UTC))
    assert days.day_of(Day(1)) == FIRST


@pytest.mark.parametrize("offset", [0, 4, 95])
def test_another_day_is_not_proven(offset: int) -> None:
    """Something of somebody else's may be there."""
    with pytest.raises(NotProven, match="none of the days") as told:
        LeasedDays(FIRST, 3, WARSAW).day_of(Day(offset))
    assert (told.value.reason, told.value.blame) == ("needs the embedded sandbox", None)
