"""A partner system with a person at it, put together: for the assembly, and for each worker of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from harness.clock import Clock
from harness.config import RunSettings
from harness.marketplace.port import Docplanner, Marketplace, VisitThere
from harness.operator.places import Places
from harness.operator.port import Operator
from harness.partner.manual import ManualPartner
from harness.partner.port import Appointment, Health, PartnerBreak, Person, SystemName, Timing
from harness.vocabulary import AddressId, Clinic

__all__ = ["People", "ToldByDocplanner", "manned"]


@dataclass(frozen=True, slots=True)
class ToldByDocplanner:
    """What Docplanner shows, in the words of a clinic's calendar."""

    marketplace: Marketplace

    def visits(self, address: AddressId, since: datetime, till: datetime) -> Sequence[Appointment]:
        """Every visit that starts in the range."""
        return [_appointment(address, one) for one in self.marketplace.visits(address, since, till)]

    def breaks(self, address: AddressId, since: datetime, till: datetime) -> Sequence[PartnerBreak]:
        """Breaks that overlap the range."""
        found = self.marketplace.breaks(address, since, till)
        return [PartnerBreak(one.break_id, one.since, one.till, origin="docplanner") for one in found]


@dataclass(frozen=True, slots=True)
class People:
    """Who operates the partner system, and what they told of it."""

    operator: Operator
    system: tuple[str, str]
    """Name and version."""
    capabilities: tuple[str, ...]
    callback_url: str | None = None
    pull_interval_s: float = 0.0

    @classmethod
    def of(cls, settings: RunSettings, operator: Operator) -> People:
        """As a worker of the run knows it."""
        return cls(
            operator,
            settings.system,
            settings.capabilities,
            settings.callback_url,
            settings.pull_interval_s,
        )

    @property
    def health(self) -> Health:
        """What the control contract would say."""
        timing = Timing(pull_interval_s=self.pull_interval_s or None)
        return Health("ok", SystemName(*self.system), self.capabilities, self.callback_url, timing)


def manned(
    people: People,
    docplanner: Docplanner,
    client_id: str,
    zone: ZoneInfo,
    clock: Clock,
    ripe: Callable[[], None] = lambda: None,
) -> ManualPartner:
    """The partner system, with Docplanner's side read from ``docplanner``; ``client_id`` is the partner's there."""

    def shared() -> tuple[Clinic, ...]:
        return tuple(clinic for clinic, granted in docplanner.estate() if client_id in granted)

    told = ToldByDocplanner(docplanner)
    return ManualPartner(
        people.health, people.operator, places=Places(shared), told=told, zone=zone, clock=clock, ripe=ripe
    )


def _appointment(address: AddressId, visit: VisitThere) -> Appointment:
    person = visit.patient
    return Appointment(
        id=visit.booking_id,
        docplanner_booking_id=visit.booking_id,
        start=visit.start,
        end=visit.end,
        address_service_id=visit.address_service_id,
        patient=Person(
            person.name, person.phone, person.surname, email=person.email, birth_date=person.birth_date, nin=person.nin
        ),
        status="booked" if visit.status == "booked" else "canceled",
        origin="docplanner",
        address_id=address,
        confirmed=visit.confirmed,
        presence=visit.presence,
    )
