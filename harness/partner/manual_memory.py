"""What a calendar should show, as far as the run knows: what staff did, and what Docplanner shows.

It is put to the person as a proposal, and judges nothing: what counts is what the person answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol

import msgspec

from harness.partner.port import Appointment, PartnerBreak, PeriodHeld, Sync
from harness.vocabulary import AddressId, phone_key

__all__ = ["Memory", "Told"]

_Key = tuple[str, str, datetime]


class Told(Protocol):
    """What Docplanner shows of a calendar, in the words of a clinic's calendar: ``id`` is Docplanner's own."""

    def visits(self, address: AddressId, since: datetime, till: datetime) -> Sequence[Appointment]:
        """Every visit that starts in the range, those that were cancelled or moved away included."""
        ...

    def breaks(self, address: AddressId, since: datetime, till: datetime) -> Sequence[PartnerBreak]:
        """Breaks that overlap the range."""
        ...


@dataclass(slots=True)
class Memory:
    """What staff did, by calendar. What Docplanner knows already is taken from there."""

    visits: dict[str, Appointment] = field(default_factory=dict)
    """What staff made, by an id of ours; ``address_id`` is set."""
    seen: dict[str, Appointment] = field(default_factory=dict)
    """What the person saw last, by the id under which it was told."""
    breaks: dict[str, tuple[AddressId, PartnerBreak]] = field(default_factory=dict)
    _left: set[_Key] = field(default_factory=set)
    """Times that staff cancelled, or moved away from."""
    _freed: set[tuple[AddressId, datetime, datetime]] = field(default_factory=set)
    _marks: dict[_Key, dict[str, object]] = field(default_factory=dict)
    _days: dict[tuple[AddressId, date], tuple[PeriodHeld, ...]] = field(default_factory=dict)

    # -- visits ---------------------------------------------------------------------------------------------------

    def put(self, visit: Appointment) -> None:
        """Staff booked the visit, or moved it there."""
        self._left.discard(_key(visit.address_id or "", visit))
        self.visits[visit.id] = visit

    def leave(self, address: AddressId, visit: Appointment) -> None:
        """Staff cancelled the visit, or moved it away from there."""
        self._left.add(_key(address, visit))
        self.visits.pop(visit.id, None)

    def mark(self, address: AddressId, visit: Appointment, **marks: object) -> None:
        """Staff confirmed the visit, or noted presence."""
        self._marks.setdefault(_key(address, visit), {}).update(marks)

    def shown(self, address: AddressId, told: Sequence[Appointment]) -> tuple[Appointment, ...]:
        """The booked visits that the calendar should show, by time."""
        known = {_key(address, one) for one in told}
        booked = [one for one in told if one.status == "booked" and _key(address, one) not in self._left]
        own = [one for one in self.visits.values() if one.address_id == address and _key(address, one) not in known]
        own = [_in_conflict(one) if any(_overlap(one, each) for each in booked) else one for one in own]
        rows = [
            msgspec.structs.replace(
                one, docplanner_booking_id=None, address_id=address, **self._marks.get(_key(address, one), {})
            )
            for one in (*booked, *own)
        ]
        return tuple(sorted(rows, key=lambda one: one.start))

    # -- breaks and working time ----------------------------------------------------------------------------------

    def block(self, address: AddressId, blocked: PartnerBreak) -> None:
        """Staff blocked the time, or moved the break there."""
        self._freed.discard((address, *_span(blocked)))
        self.breaks[blocked.id] = (address, blocked)

    def free(self, address: AddressId, blocked: PartnerBreak) -> None:
        """Staff freed the time, or moved the break away from there."""
        self._freed.add((address, *_span(blocked)))
        self.breaks.pop(blocked.id, None)

    def blocked(self, address: AddressId, told: Sequence[PartnerBreak]) -> tuple[PartnerBreak, ...]:
        """The breaks that the calendar should show, by time."""
        there = [one for one in told if (address, *_span(one)) not in self._freed]
        spans = {_span(one) for one in there}
        own = [one for where, one in self.breaks.values() if where == address and _span(one) not in spans]
        return tuple(sorted((*there, *own), key=lambda one: one.since))

    def set_days(self, address: AddressId, days: Sequence[date], periods: Sequence[PeriodHeld]) -> None:
        """The working time of the days; each period belongs to the day on which it starts, in its own zone."""
        for day in days:
            self._days[address, day] = tuple(one for one in periods if one.start.date() == day)

    def working(self, address: AddressId, since: datetime, till: datetime) -> tuple[PeriodHeld, ...]:
        """What staff entered that overlaps the range, by time."""
        every = [one for (where, _), held in self._days.items() if where == address for one in held]
        return tuple(sorted((one for one in every if one.start < till and one.end > since), key=lambda one: one.start))


def _key(address: str, visit: Appointment) -> _Key:
    return address, phone_key(visit.patient.phone), visit.start.astimezone(UTC)


def _span(blocked: PartnerBreak) -> tuple[datetime, datetime]:
    return blocked.since.astimezone(UTC), blocked.till.astimezone(UTC)


def _overlap(one: Appointment, other: Appointment) -> bool:
    return one.start < other.end and other.start < one.end


def _in_conflict(visit: Appointment) -> Appointment:
    return msgspec.structs.replace(visit, sync=Sync("conflict"))
