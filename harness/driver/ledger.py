"""What staff have entered in this scenario: the truth that Docplanner's calendar is compared with.

Pure. Working time is kept day by day, as staff edit it; a day that was never set has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from harness.verdict.observation import PeriodSeen
from harness.vocabulary import AddressId, Period

__all__ = ["Ledger"]


class Ledger:
    """Working time and blocked time by calendar."""

    def __init__(self) -> None:
        self._periods: dict[AddressId, dict[date, tuple[Period, ...]]] = {}
        self._blocked: dict[AddressId, dict[str, tuple[datetime, datetime]]] = {}

    def set_day(self, address: AddressId, day: date, periods: tuple[Period, ...]) -> None:
        """The day's working time is exactly ``periods`` now."""
        self._periods.setdefault(address, {})[day] = periods

    def day(self, address: AddressId, day: date) -> tuple[Period, ...]:
        """The working time of one day."""
        return self._periods.get(address, {}).get(day, ())

    def days(self, address: AddressId) -> tuple[date, ...]:
        """Every day that was ever set, emptied ones included."""
        return tuple(sorted(self._periods.get(address, {})))

    def block(self, address: AddressId, key: str, since: datetime, till: datetime) -> None:
        """Time is blocked; the same ``key`` again moves it."""
        self._blocked.setdefault(address, {})[key] = (since, till)

    def free(self, address: AddressId, key: str) -> None:
        """The blocked time of ``key`` is free again."""
        self._blocked.get(address, {}).pop(key, None)

    def working_time(self, address: AddressId) -> tuple[PeriodSeen, ...]:
        """Everything that Docplanner should have been sent, one entry a service."""
        return tuple(
            PeriodSeen(service.id, service.minutes, period.start, period.end)
            for day in self.days(address)
            for period in self.day(address, day)
            for service in period.services
        )

    def bookable_time(
        self, address: AddressId, taken: Iterable[tuple[datetime, datetime]] = ()
    ) -> tuple[PeriodSeen, ...]:
        """Working time without what is blocked or ``taken``."""
        holes = [*self._blocked.get(address, {}).values(), *taken]
        return tuple(piece for period in self.working_time(address) for piece in _without(period, holes))


def _without(period: PeriodSeen, holes: Iterable[tuple[datetime, datetime]]) -> list[PeriodSeen]:
    """The period with the holes cut out, in order."""
    pieces = [(period.start, period.end)]
    for since, till in holes:
        pieces = [
            piece
            for start, end in pieces
            for piece in ((start, min(end, since)), (max(start, till), end))
            if piece[1] - piece[0] > timedelta(0)
        ]
    return [PeriodSeen(period.address_service_id, period.minutes, start, end) for start, end in pieces]
