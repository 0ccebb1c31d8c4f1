"""The ledger of what staff entered, against a naive list of minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from harness.driver.ledger import Ledger
from harness.verdict.observation import PeriodSeen
from harness.vocabulary import AddressId, AddressServiceId, Period, Service

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
HERE = AddressId("1")
VISIT = Service(AddressServiceId("7"), "3", "Consultation", 30)


def at(minute: int) -> datetime:
    """The instant that many minutes after midnight."""
    return MIDNIGHT + timedelta(minutes=minute)


def minutes(periods: tuple[PeriodSeen, ...]) -> set[int]:
    """Every minute that the periods cover, counted from midnight."""
    return {
        minute
        for period in periods
        for minute in range(
            int((period.start - MIDNIGHT).total_seconds() // 60), int((period.end - MIDNIGHT).total_seconds() // 60)
        )
    }


spans = st.tuples(st.integers(0, 300), st.integers(1, 90)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(working=spans, blocked=st.lists(spans, max_size=5), taken=st.lists(spans, max_size=3))
def test_bookable_time_is_working_time_without_what_is_blocked_or_taken(
    working: tuple[int, int], blocked: list[tuple[int, int]], taken: list[tuple[int, int]]
) -> None:
    """Minute by minute, however the holes overlap."""
    ledger = Ledger()
    ledger.set_day(HERE, MIDNIGHT.date(), (Period(at(working[0]), at(working[1]), (VISIT,)),))
    for number, (since, till) in enumerate(blocked):
        ledger.block(HERE, str(number), at(since), at(till))

    bookable = ledger.bookable_time(HERE, [(at(since), at(till)) for since, till in taken])

    expected = set(range(*working)).difference(*(range(*one) for one in [*blocked, *taken]))
    assert minutes(bookable) == expected


def test_a_day_set_again_replaces_the_day_and_leaves_the_others() -> None:
    """Staff edit day by day."""
    ledger = Ledger()
    first, second = MIDNIGHT.date(), MIDNIGHT.date() + timedelta(days=1)
    ledger.set_day(HERE, first, (Period(at(540), at(600), (VISIT,)),))
    ledger.set_day(HERE, second, (Period(at(1980), at(2040), (VISIT,)),))
    ledger.set_day(HERE, first, ())

    assert ledger.days(HERE) == (first, second)
    assert minutes(ledger.working_time(HERE)) == set(range(1980, 2040))


def test_freed_time_is_bookable_again() -> None:
    """A block that is moved and freed leaves no hole."""
    ledger = Ledger()
    ledger.set_day(HERE, MIDNIGHT.date(), (Period(at(540), at(600), (VISIT,)),))
    ledger.block(HERE, "b", at(540), at(550))
    ledger.block(HERE, "b", at(560), at(570))
    assert minutes(ledger.bookable_time(HERE)) == set(range(540, 560)) | set(range(570, 600))

    ledger.free(HERE, "b")

    assert minutes(ledger.bookable_time(HERE)) == set(range(540, 600))
