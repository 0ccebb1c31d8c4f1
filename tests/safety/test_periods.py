"""Working time that is put back offers exactly what was offered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from harness.safety.periods import divided, periods_for
from harness.safety.picture import Offered
from harness.sandbox import slots

MORNING = datetime(2026, 11, 24, 6, tzinfo=UTC)
SERVICES = st.dictionaries(st.sampled_from(["1", "2", "3"]), st.sampled_from([10, 15, 20, 30, 45, 60]), min_size=1)


@st.composite
def days(draw: st.DrawFn) -> list[slots.WorkPeriod]:
    """Some periods of a day that do not overlap, each long enough for all of its services."""
    periods: list[slots.WorkPeriod] = []
    since = 0
    for _ in range(draw(st.integers(1, 4))):
        since += draw(st.integers(0, 6)) * 10
        services = draw(SERVICES)
        till = since + max(services.values()) + draw(st.integers(0, 12)) * 10
        offered = tuple(slots.Offered(*one) for one in services.items())
        start, end = MORNING + timedelta(minutes=since), MORNING + timedelta(minutes=till)
        periods.append(slots.WorkPeriod(start, end, offered, MORNING))
        since = till
    return periods


def offered(periods: Sequence[slots.WorkPeriod]) -> list[Offered]:
    """What the embedded sandbox cuts them into."""
    by_start: dict[datetime, list[tuple[str, int]]] = {}
    for offer in (one for period in periods for one in slots.cut(period)):
        by_start.setdefault(offer.start, []).append((offer.address_service_id, offer.duration))
    return sorted(Offered(start, tuple(sorted(services))) for start, services in by_start.items())


@given(days(), st.integers(0, 3))
def test_what_was_offered_is_offered_again(day: list[slots.WorkPeriod], number: int) -> None:
    """By the rules of the sandbox, whatever the services, however long the periods, and however divided again."""
    before = offered(day)
    back = [
        slots.WorkPeriod(one.start, one.end, tuple(slots.Offered(*each) for each in one.services), MORNING)
        for period in periods_for(before)
        for one in divided(period, number)
    ]

    assert offered(back) == before
