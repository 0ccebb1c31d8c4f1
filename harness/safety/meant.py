"""What a run meant to do to one calendar, by its journal of writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from harness.client.models import CalendarAt
from harness.contract.json_value import JsonValue, array_of, object_of
from harness.safety.writes import Intended, Writes

__all__ = ["Meant"]


@dataclass(frozen=True, slots=True)
class Meant:
    """Whatever of it is found in the calendar is the run's, whether or not its write was ever answered."""

    made: frozenset[str]
    """Ids that Docplanner's answers named."""
    visits: frozenset[datetime]
    """When visits were to begin."""
    breaks: frozenset[tuple[datetime, datetime]]
    services: frozenset[str]
    """Dictionary services that were to be offered."""
    insurances: frozenset[str]
    """Providers that were to be added or taken out."""
    days: frozenset[date]
    """On which offered time was to change, directly or because of a visit or a break."""
    last: datetime | None
    """When the last write was meant; None for none."""

    @property
    def anything(self) -> bool:
        """Whether the run wrote to the calendar at all."""
        return self.last is not None

    @classmethod
    def of(cls, writes: Writes, calendar: CalendarAt, zone: ZoneInfo) -> Meant:
        """What was meant for ``calendar``; a visit moved here from another one of it counts too."""
        mine = [one for one in writes.intended if one.calendar == calendar]
        here = [*mine, *(one for one in writes.intended if _target(one) == calendar.address_id and one not in mine)]
        visits = {at for one in here for at in _starts(one)}
        breaks = {span for one in mine for span in _spans(one)}
        days = {at.astimezone(zone).date() for at in visits}
        days |= {day for one in mine for day in _days(one, zone)}
        days |= {day for since, till in breaks for day in _between(since, till, zone)}
        ended = [writes.ended[one.id] for one in here if one.id in writes.ended]
        return cls(
            made=frozenset(one.location.rstrip("/").rpartition("/")[2] for one in ended if one.location),
            visits=frozenset(visits),
            breaks=frozenset(breaks),
            services=frozenset(str(one.body.get("service_id")) for one in mine if one.operation == "addAddressService"),
            insurances=frozenset(
                str(one.body.get("insurance_provider_id") or one.params.get("insurance_provider_id"))
                for one in mine
                if "InsuranceProvider" in one.operation
            ),
            days=frozenset(days),
            last=max((one.at for one in here), default=None),
        )


def _target(one: Intended) -> str | None:
    told = one.body.get("address_id") if one.operation == "moveBooking" else None
    return None if told is None else str(told)


def _starts(one: Intended) -> Iterator[datetime]:
    told = {"bookSlot": one.params.get("start"), "moveBooking": one.body.get("start")}.get(one.operation)
    yield from _instants(told)


def _spans(one: Intended) -> Iterator[tuple[datetime, datetime]]:
    if one.operation in {"addCalendarBreak", "moveCalendarBreak"}:
        instants = [*_instants(one.body.get("since")), *_instants(one.body.get("till"))]
        if len(instants) == 2:  # noqa: PLR2004 - a beginning and an end
            yield instants[0], instants[1]


def _days(one: Intended, zone: ZoneInfo) -> Iterator[date]:
    if one.operation == "deleteSlots":
        yield from (date.fromisoformat(one.params["date"]),)
    if one.operation == "replaceSlots":
        for slot in array_of(one.body.get("slots")):
            for name in ("start", "end"):
                yield from (at.astimezone(zone).date() for at in _instants(object_of(slot).get(name)))


def _between(since: datetime, till: datetime, zone: ZoneInfo) -> Iterator[date]:
    day = since.astimezone(zone).date()
    while day <= till.astimezone(zone).date():
        yield day
        day += timedelta(days=1)


def _instants(told: JsonValue) -> Iterator[datetime]:
    try:
        at = datetime.fromisoformat(str(told))
    except ValueError:
        return
    if at.tzinfo is not None:
        yield at
