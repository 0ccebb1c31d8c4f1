"""The partner system's working time: noted before staff change it, and put back through the partner system itself.

Undoing at Docplanner alone would not last: the partner system would send its own working time again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol, cast
from zoneinfo import ZoneInfo

from harness.clock import Clock
from harness.errors import PartnerError, PersonError
from harness.partner.port import Partner
from harness.safety.writes import Kept, Scheduled, WriteJournal, Writes
from harness.vocabulary import AddressId, AddressServiceId, Period, Service

__all__ = ["HoldsSchedules", "noting", "put_back"]


class HoldsSchedules(Protocol):
    """The clinic's system, as far as working time goes."""

    def set_schedule(self, address: AddressId, days: Sequence[date], periods: Sequence[Period]) -> None:
        """The working time of ``days`` becomes exactly ``periods``."""
        ...


def noting(partner: Partner, journal: WriteJournal, clock: Clock, zone: ZoneInfo) -> Partner:
    """``partner``, of which each day's working time stands in the journal before it is changed for the first time."""
    return cast("Partner", _Noting(partner, journal, clock, zone))


class _Noting:
    def __init__(self, partner: Partner, journal: WriteJournal, clock: Clock, zone: ZoneInfo) -> None:
        self._partner = partner
        self._journal = journal
        self._clock = clock
        self._zone = zone
        self._known: set[tuple[AddressId, date]] = set()

    def __getattr__(self, name: str) -> object:
        return getattr(self._partner, name)

    def set_schedule(self, address: AddressId, days: Sequence[date], periods: Sequence[Period]) -> None:
        """The working time of ``days`` becomes exactly ``periods``, once it is known what it was."""
        new = sorted({day for day in days if (address, day) not in self._known})
        for day in new:
            self._journal.schedule(self._clock.now(), address, (day,), self._now(address, day))
            self._known.add((address, day))
        self._partner.set_schedule(address, days, periods)

    def _now(self, address: AddressId, day: date) -> tuple[Kept, ...] | None:
        """What the system holds; a person is not asked for what a free day of Docplanner's calendar says already."""
        if self._partner.asks_a_person:
            return None
        midnight = datetime.combine(day, time(), self._zone)
        held = self._partner.schedule(address, midnight, midnight + timedelta(days=1))
        mine = [one for one in held if one.start.astimezone(self._zone).date() == day]
        return tuple(
            Kept(one.start, one.end, tuple((each.address_service_id, each.duration) for each in one.services))
            for one in mine
        )


def put_back(
    calendars: HoldsSchedules, writes: Writes, journal: WriteJournal, clock: Clock, tell: Callable[[str], None]
) -> list[str]:
    """Give the partner system its working time of before, day by day; what could not be given back, and why.

    Days of which nobody knew the working time become free: Docplanner showed nothing on them.
    """
    left = []
    for address, noted in _by_calendar(writes.scheduled).items():
        days = sorted({day for one in noted for day in one.days})
        tell(f"giving the clinic's system back its working time of {len(days)} days at address {address}")
        periods = [_period(kept) for one in noted for kept in one.before or ()]
        try:
            calendars.set_schedule(AddressId(address), days, periods)
        except (PartnerError, PersonError) as error:
            named = ", ".join(str(day) for day in days)
            left.append(f"address {address}: working time of {named} in the clinic's system ({error})")
    if not left:
        journal.put_back(clock.now())
    return left


def _by_calendar(noted: Sequence[Scheduled]) -> dict[str, list[Scheduled]]:
    """What was noted first of each day: anything later is the run's own."""
    found: dict[str, list[Scheduled]] = {}
    seen: set[tuple[str, date]] = set()
    for one in noted:
        if any((one.address_id, day) in seen for day in one.days):
            continue
        seen |= {(one.address_id, day) for day in one.days}
        found.setdefault(one.address_id, []).append(one)
    return found


def _period(kept: Kept) -> Period:
    services = tuple(Service(AddressServiceId(name), "", "", minutes) for name, minutes in kept.services)
    return Period(kept.start, kept.end, services)
