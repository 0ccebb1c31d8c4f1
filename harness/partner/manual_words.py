"""How a task speaks of calendars, times and people, and how it says the same in facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from harness.operator.places import Places
from harness.partner.port import Appointment, Person
from harness.vocabulary import AddressId, Period

__all__ = ["Words", "card", "facts_of", "period_facts", "range_facts", "who"]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the clinic whose time is that of ``zone``."""

    places: Places
    zone: ZoneInfo

    def where(self, address: AddressId) -> str:
        """Doctor, address and clinic."""
        return self.places.place(address).words

    def at(self, instant: datetime) -> str:
        """``Thu 26 Nov 10:00``."""
        return f"{instant.astimezone(self.zone):%a %d %b %H:%M}"

    def span(self, since: datetime, till: datetime) -> str:
        """``Thu 26 Nov 10:00-11:00``."""
        return f"{self.at(since)}-{till.astimezone(self.zone):%H:%M}"

    def period(self, period: Period) -> str:
        """The span, with its services."""
        services = ", ".join(f"{one.name} ({one.minutes} min)" for one in period.services)
        insured = f", {period.insurance_accepted}" if period.insurance_accepted else ""
        return f"{self.span(period.start, period.end)} for {services}{insured}"

    def visit(self, address: AddressId, visit: Appointment) -> str:
        """``Anna Nowak's visit of Thu 26 Nov 10:00, Dr Kowalska, Main Street (Praxis Nord)``."""
        return f"{who(visit.patient)}'s visit of {self.at(visit.start)}, {self.where(address)}"


def who(person: Person) -> str:
    """Name and surname."""
    return f"{person.name} {person.surname}".strip()


def card(person: Person) -> str:
    """What staff note of a patient beside the name."""
    born = person.birth_date.isoformat() if person.birth_date else None
    return " · ".join(str(one) for one in (person.phone, person.email, born, person.nin) if one)


def facts_of(visit: Appointment) -> dict[str, object]:
    """By which a program finds the visit: patient and time."""
    return {
        "start": visit.start.isoformat(),
        "duration": round((visit.end - visit.start).total_seconds() / 60),
        "patient": msgspec.to_builtins(visit.patient),
    }


def range_facts(since: datetime, till: datetime) -> dict[str, object]:
    """A span of time."""
    return {"since": since.isoformat(), "till": till.isoformat()}


def period_facts(period: Period) -> Mapping[str, object]:
    """Working time as the control contract writes it."""
    insured: dict[str, object] = {}
    if period.insurance_accepted is not None:
        insured["insurance_accepted"] = period.insurance_accepted
        insured["insurance_provider_ids"] = list(period.insurance_provider_ids)
    services = [{"address_service_id": one.id, "duration": one.minutes} for one in period.services]
    return {"start": period.start.isoformat(), "end": period.end.isoformat(), "services": services, **insured}
