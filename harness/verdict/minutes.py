"""Time as sets of minutes: two divisions of the same working time are equal, whatever their pieces.

Source: partner-control.yaml, "Working time and offers as sets of bookable minutes for each service".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from harness.verdict.observation import BreakSeen, PeriodSeen, VisitSeen

__all__ = ["between", "by_service", "later", "minutes_of", "of_breaks", "of_visits"]

MINUTE = timedelta(minutes=1)


def later(start: datetime, minutes: int) -> datetime:
    """The instant so many minutes later, in UTC: on the days when clocks change, too."""
    return start.astimezone(UTC) + MINUTE * minutes


def minutes_of(start: datetime, end: datetime) -> set[datetime]:
    """Every minute that begins in [start, end), in UTC."""
    first = start.astimezone(UTC).replace(second=0, microsecond=0)
    return {first + MINUTE * step for step in range(max(0, int((end - first) / MINUTE)))}


def between(minutes: Iterable[datetime], since: datetime, till: datetime) -> set[datetime]:
    """Those minutes that lie in [since, till)."""
    return {one for one in minutes if since <= one < till}


def by_service(periods: Iterable[PeriodSeen], since: datetime, till: datetime) -> dict[tuple[str, int], set[datetime]]:
    """The minutes of each service and duration within the range."""
    found: dict[tuple[str, int], set[datetime]] = {}
    for one in periods:
        minutes = minutes_of(max(one.start, since), min(one.end, till))
        if minutes:
            found.setdefault((one.address_service_id, one.minutes), set()).update(minutes)
    return found


def of_visits(visits: Iterable[VisitSeen]) -> set[datetime]:
    """The minutes that booked visits take."""
    taken: set[datetime] = set()
    for one in visits:
        if one.booked:
            taken |= minutes_of(one.start, later(one.start, one.minutes))
    return taken


def of_breaks(breaks: Iterable[BreakSeen]) -> set[datetime]:
    """The minutes that breaks cover."""
    covered: set[datetime] = set()
    for one in breaks:
        covered |= minutes_of(one.since, one.till)
    return covered
