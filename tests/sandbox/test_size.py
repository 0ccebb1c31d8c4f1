"""What a call costs does not grow with the estate: counted in things looked at, not in seconds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from harness.sandbox.bookings import Booking, Bookings
from harness.sandbox.by_time import ByTime
from harness.sandbox.kept import Kept
from harness.sandbox.slots import Offered, Timetable, WorkPeriod

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WARSAW = ZoneInfo("Europe/Warsaw")


class CountedPeriods(tuple[WorkPeriod, ...]):
    """Work periods that count how many of them are looked at one by one."""

    looked_at = 0
    __slots__ = ()

    def __getitem__(self, place):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN204 - as its parent
        found = super().__getitem__(place)
        CountedPeriods.looked_at += 1 if isinstance(found, WorkPeriod) else 0
        return found


class CountedBookings(Kept[Booking]):
    """Bookings that count how many of them are looked at."""

    looked_at = 0

    def __getitem__(self, key: str) -> Booking:
        self.looked_at += 1
        return super().__getitem__(key)


def weeks_of(number: int) -> Timetable:
    """Half-hour periods around the clock, for so many weeks."""
    services = (Offered("s", 30),)
    periods = (
        WorkPeriod(start, start + 30 * MINUTE, services, MONDAY)
        for start in (MONDAY + 30 * place * MINUTE for place in range(number * 7 * 48))
    )
    return Timetable(CountedPeriods(periods))


def looked_at(timetable: Timetable, since: datetime) -> int:
    """How many periods were looked at to offer a day and to clear it."""
    CountedPeriods.looked_at = 0
    timetable.offers((), since, since + DAY)
    timetable.cleared(date(2026, 11, 25), WARSAW)
    return CountedPeriods.looked_at


def test_a_day_of_twelve_weeks_costs_what_one_of_one_week_costs() -> None:
    """Of 4,032 periods few more are looked at than of 336: what a search by halves adds."""
    short, long = looked_at(weeks_of(1), MONDAY + DAY), looked_at(weeks_of(12), MONDAY + DAY)

    assert short >= 20, "nothing was counted"
    assert long <= 1.5 * short


def test_booking_looks_at_few_of_a_full_calendar() -> None:
    """Whether a time is free is seen from its neighbours."""
    bookings = Bookings()
    counted = bookings.by_id = CountedBookings()
    starts = [MONDAY + place * HOUR for place in range(2000)]
    for number, start in enumerate(starts):
        if number != 1000:
            bookings.add(Booking(str(number), "a", start, 60, "s", "Visit", {}, "user", MONDAY))
    counted.looked_at = 0

    assert not bookings.is_free("a", (starts[999], starts[1000]))
    assert bookings.is_free("a", (starts[1000], starts[1001]))
    assert 1 <= counted.looked_at <= 5


spans = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(
    lambda one: (MONDAY + one[0] * MINUTE, MONDAY + (one[0] + one[1]) * MINUTE)
)


@given(st.lists(st.tuples(spans, st.booleans())), spans)
def test_a_range_holds_what_a_look_at_everything_finds(
    added: list[tuple[tuple[datetime, datetime], bool]], asked: tuple[datetime, datetime]
) -> None:
    """Whatever was added and taken away again."""
    by_time, left = ByTime(), {}
    for number, (span, stays) in enumerate(added):
        by_time.add(str(number), *span)
        left[str(number)] = span
        if not stays:
            by_time.remove(str(number), *left.pop(str(number)))
    since, till = asked

    assert set(by_time.overlapping(since, till)) == {
        key for key, (start, end) in left.items() if start < till and end > since
    }
    assert set(by_time.starting_in(since, till)) == {key for key, (start, _) in left.items() if since <= start < till}
