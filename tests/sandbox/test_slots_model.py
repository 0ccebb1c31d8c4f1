"""Slots against a list of minutes that a child could write."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.sandbox.slots import Offer, Offered, Span, Timetable, WorkPeriod, cut

DAYS = (
    ("Europe/Warsaw", date(2026, 10, 24)),  # the second day has 25 hours
    ("Europe/Warsaw", date(2027, 3, 27)),  # 23 hours
    ("Europe/Lisbon", date(2026, 10, 24)),
    ("America/Santiago", date(2026, 9, 5)),  # the second day begins at 01:00
    ("America/Bogota", date(2026, 11, 23)),
)
MINUTE = timedelta(minutes=1)
NOBODY = datetime(2026, 1, 1, tzinfo=UTC)
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
BOTH = (Offered("short", 20), Offered("long", 60))


def minute_of(instant: datetime) -> int:
    """Minutes since 1970: what the naive model counts in."""
    return int(instant.timestamp()) // 60


@dataclass
class Naive:
    """Each minute of the calendar with the piece of working time that it belongs to."""

    zone: ZoneInfo
    minutes: dict[int, tuple[int, tuple[Offered, ...]]] = field(default_factory=dict)
    pieces: int = 0

    def replace(self, sent: list[WorkPeriod], reach: str) -> None:
        """Ranges, or their whole days, become what is sent."""
        if reach == "whole_day":
            for day in {one.start.astimezone(self.zone).date() for one in sent}:
                self.clear(day)
        for period in sent:
            self.pieces += 1
            for minute in range(minute_of(period.start), minute_of(period.end)):
                self.minutes.pop(minute, None)
                if period.services:
                    self.minutes[minute] = (self.pieces, period.services)

    def clear(self, day: date) -> None:
        """Nothing on that local day any longer."""
        for minute in list(self.minutes):
            if datetime.fromtimestamp(minute * 60, self.zone).date() == day:
                del self.minutes[minute]

    def offers(self, taken: list[Span], since: datetime, till: datetime) -> set[tuple[int, int, str]]:
        """For each unbroken piece: every start on its grid from which the whole duration is left and free."""
        busy = {minute for one, other in taken for minute in range(minute_of(one), minute_of(other))}
        found = set()
        for minute, (piece, services) in self.minutes.items():
            first = minute
            while self.minutes.get(first - 1, (None,))[0] == piece:
                first -= 1
            grid = math.gcd(*(one.duration for one in services))
            for service in services:
                needed = range(minute, minute + service.duration)
                fits = all(self.minutes.get(one, (None,))[0] == piece for one in needed)
                on_grid = (minute - first) % grid == 0
                wanted = minute_of(since) <= minute < minute_of(till)
                if fits and on_grid and wanted and not busy.intersection(needed):
                    found.add((minute, minute + service.duration, service.address_service_id))
        return found


@st.composite
def ranges(draw: st.DrawFn, zone: ZoneInfo, first: date, step: int = 60) -> Span:
    """A range within one local day of two, at any offset that somebody may write it with.

    Working time begins and ends at whole hours, which every grid here divides: from where the grid of a period counts
    on that another one has cut short, nobody knows.
    """
    day = first + timedelta(days=draw(st.integers(0, 1)))
    midnight = datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
    after = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)
    whole = (after - midnight) // MINUTE
    since = draw(st.integers(0, whole // step - 1)) * step
    length = draw(st.integers(1, 300 // step)) * step
    written = timezone(timedelta(hours=draw(st.integers(-5, 3))))
    start, end = midnight + since * MINUTE, midnight + min(whole, since + length) * MINUTE
    return start.astimezone(written), end.astimezone(written)


SERVICES = st.lists(
    st.builds(Offered, st.sampled_from("abc"), st.sampled_from([5, 10, 15, 20, 30, 60])), min_size=0, max_size=2
)


@settings(deadline=None)
@given(data=st.data(), place=st.sampled_from(DAYS))
def test_offers_are_what_a_list_of_minutes_says(data: st.DataObject, place: tuple[str, date]) -> None:
    """After any changes, also on days of 23 and 25 hours, the same starts are offered, and nothing taken is touched."""
    zone, first = ZoneInfo(place[0]), place[1]
    timetable, naive = Timetable(), Naive(zone)
    for _ in range(data.draw(st.integers(1, 4), label="changes")):
        if data.draw(st.integers(0, 4)) == 0:
            day = first + timedelta(days=data.draw(st.integers(0, 1)))
            timetable = timetable.cleared(day, zone)
            naive.clear(day)
            continue
        sent = [
            WorkPeriod(*data.draw(ranges(zone, first)), tuple(data.draw(SERVICES)), NOBODY)
            for _ in range(data.draw(st.integers(1, 3)))
        ]
        reach = data.draw(st.sampled_from(["range", "whole_day"]))
        timetable = timetable.replaced(sent, reach=reach, zone=zone)
        naive.replace(sent, reach)
    taken = data.draw(st.lists(ranges(zone, first, 5), max_size=4), label="taken")
    since, till = data.draw(ranges(zone, first, 5), label="asked for")

    offers = timetable.offers(taken, since, till)

    assert as_minutes(offers) == naive.offers(taken, since, till)
    whole = (datetime.combine(first, datetime.min.time(), UTC) - timedelta(days=2), since + timedelta(days=9))
    assert as_minutes(timetable.offers(taken, *whole)) == naive.offers(taken, *whole)
    assert [one.start for one in timetable.periods] == sorted(one.start for one in timetable.periods)


@settings(deadline=None)
@given(
    start=st.integers(0, 59),
    length=st.integers(1, 200),
    services=st.lists(st.builds(Offered, st.sampled_from("abc"), st.integers(1, 90)), min_size=1, max_size=3),
)
def test_a_period_is_cut_from_its_own_start(start: int, length: int, services: list[Offered]) -> None:
    """The grid counts from the period's start, whatever the hour, and whatever the durations are."""
    since = NINE + start * MINUTE
    period = WorkPeriod(since, since + length * MINUTE, tuple(services), NOBODY)
    naive = Naive(ZoneInfo("UTC"))
    naive.replace([period], "range")

    assert as_minutes(cut(period)) == naive.offers([], period.start, period.end)


def as_minutes(offers: list[Offer]) -> set[tuple[int, int, str]]:
    """Offers as the naive model tells them."""
    return {(minute_of(one.start), minute_of(one.end), one.address_service_id) for one in offers}


def starts(offers: list[Offer], service: str) -> list[str]:
    """When the service is offered."""
    return [f"{one.start:%H:%M}" for one in offers if one.address_service_id == service]


def test_two_hours_with_a_short_and_a_long_service_are_cut_every_twenty_minutes() -> None:
    """The worked example of the guide: the grid is 20 minutes, and the long service must end within the period."""
    offers = cut(WorkPeriod(NINE, NINE + 120 * MINUTE, BOTH, NOBODY))

    assert starts(offers, "short") == ["09:00", "09:20", "09:40", "10:00", "10:20", "10:40"]
    assert starts(offers, "long") == ["09:00", "09:20", "09:40", "10:00"]


def test_a_short_booking_in_the_middle_leaves_the_long_service_at_the_start_alone() -> None:
    """The worked example of the guide goes on: 10:00-10:20 is booked."""
    timetable = Timetable((WorkPeriod(NINE, NINE + 120 * MINUTE, BOTH, NOBODY),))
    booked = (NINE + 60 * MINUTE, NINE + 80 * MINUTE)

    offers = timetable.offers([booked], NINE, NINE + 120 * MINUTE)

    assert starts(offers, "short") == ["09:00", "09:20", "09:40", "10:20", "10:40"]
    assert starts(offers, "long") == ["09:00"]


def test_a_long_booking_hides_three_short_slots() -> None:
    """A booking of 60 minutes takes three slots of 20."""
    timetable = Timetable((WorkPeriod(NINE, NINE + 120 * MINUTE, BOTH, NOBODY),))

    offers = timetable.offers([(NINE, NINE + 60 * MINUTE)], NINE, NINE + 120 * MINUTE)

    assert starts(offers, "short") == ["10:00", "10:20", "10:40"]


def test_a_remainder_that_is_too_short_yields_no_slot() -> None:
    """25 minutes hold one slot of 20."""
    assert starts(cut(WorkPeriod(NINE, NINE + 25 * MINUTE, BOTH, NOBODY)), "short") == ["09:00"]
