"""What is known to exist on the far side: learned from its own answers, so that requests reach more than 404."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["Known"]

REMEMBERED = 200
"""Ids of a kind in a calendar; older ones are forgotten."""
EVERYWHERE = ""
"""The place of what belongs to no calendar."""

LEARNED = {
    "bookSlot": {"id": "booking_id"},
    "moveBooking": {"id": "booking_id"},
    "getBookings": {"id": "booking_id"},
    "addCalendarBreak": {"id": "break_id"},
    "getCalendarBreaks": {"id": "break_id"},
    "addAddressService": {"id": "address_service_id"},
    "getAddressServices": {"id": "address_service_id"},
    "getInsuranceProviders": {"insurance_provider_id": "insurance_provider_id"},
    "getServices": {"id": "service_id"},
    "addServiceAsDoctor": {"id": "address_service_id"},
    "getServicesSeen": {"id": "address_service_id"},
    "getAppointments": {"id": "appointment_id"},
    "addAppointment": {"id": "appointment_id"},
    "addBreak": {"id": "break_id"},
    "getBreaks": {"id": "break_id"},
}
"""What an ``id`` is in the answers of an operation."""
SPOKEN = ("booking_id", "break_id", "notification_id", "fault_id", "client_id")
"""Names that say by themselves what they are."""


@dataclass
class Known:
    """Calendars, and ids in them; ``today`` is the far side's day."""

    zone: ZoneInfo
    today: date
    chance: random.Random
    calendars: list[dict[str, str]] = field(default_factory=list)
    """Path parameters that belong together."""
    ids: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def learn(self, operation_id: str, calendar: str, told: object) -> None:
        """Remember the ids of an answer."""
        names = {**{name: name for name in SPOKEN}, **LEARNED.get(operation_id, {})}
        for one in _objects(told):
            for key, name in names.items():
                if isinstance(value := one.get(key), str):
                    place = (
                        EVERYWHERE if name in {"client_id", "notification_id", "fault_id", "service_id"} else calendar
                    )
                    self.remember(place, name, value)

    def remember(self, calendar: str, name: str, value: str) -> None:
        """One id."""
        had = self.ids[calendar, name]
        if value not in had:
            had.append(value)
            del had[:-REMEMBERED]

    def lose(self, ids: set[str]) -> None:
        """What was deleted is there no longer."""
        for had in self.ids.values():
            had[:] = [one for one in had if one not in ids]

    def forget(self) -> None:
        """Everything is new on the far side."""
        self.calendars.clear()
        self.ids.clear()

    def parameters(self, generated: dict[str, Any]) -> dict[str, Any]:
        """Path parameters that mean something together, in place of generated ones."""
        if not self.calendars:
            return generated
        wanted = [name for name in generated if name.endswith("_id") and name not in self.calendars[0]]
        having = [
            one
            for one in self.calendars
            if all(self.id_of(name, one["address_id"], None) is not None for name in wanted)
        ]
        place = self.chance.choice(having or self.calendars)
        return {name: self._parameter(name, place, value) for name, value in generated.items()}

    def _parameter(self, name: str, place: dict[str, str], otherwise: object) -> object:
        if name in place:
            return place[name]
        if name == "date":
            return str(self.day())
        if name == "start":
            return self.moment()
        return self.id_of(name, place["address_id"], otherwise)

    def id_of(self, name: str, calendar: str, otherwise: object) -> object:
        """An id of the calendar, or one that belongs to none, or what was there."""
        had = self.ids.get((calendar, name)) or self.ids.get((EVERYWHERE, name))
        return self.chance.choice(had) if had else otherwise

    def day(self) -> date:
        """A day near enough to have work in it, mostly."""
        return self.today + timedelta(days=self.chance.choice((-1, 1, 1, 2, 2, 3, 3, 4, 20)))

    def moment(self) -> str:
        """A time of such a day on which a slot may begin, mostly; with the zone's offset."""
        at = time(self.chance.randrange(8, 18), self.chance.choice((0, 0, 30, 30, 15)))
        return datetime.combine(self.day(), at, self.zone).isoformat()

    def range(self) -> tuple[str, str]:
        """Two such moments in order."""
        one, other = sorted(datetime.fromisoformat(self.moment()) for _ in range(2))
        return one.isoformat(), (other if other > one else one + timedelta(minutes=30)).isoformat()


def _objects(told: object) -> Iterator[dict[str, Any]]:
    if isinstance(told, dict):
        yield told
        for one in told.values():
            yield from _objects(one)
    elif isinstance(told, list):
        for one in told:
            yield from _objects(one)
