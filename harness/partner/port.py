"""What a run asks of a partner system, whoever answers: the HTTP control contract, or a person.

The records are those of ``harness/contract/partner-control.yaml``, field by field; unknown fields are ignored.
Every method may raise :class:`~harness.errors.PartnerUnreachable`, :class:`~harness.errors.ContractBroken`,
:class:`~harness.errors.Unsupported` (501) or :class:`~harness.errors.PartnerRefused` (any other refusal).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import msgspec

from harness.vocabulary import AddressId, Patient, Period, Service

__all__ = [
    "Activity",
    "Appointment",
    "Connection",
    "Health",
    "MappingRow",
    "OfferHeld",
    "Partner",
    "PartnerBreak",
    "PartnerCalendars",
    "PartnerSystem",
    "PeriodHeld",
    "Person",
    "ServiceHeld",
    "ServiceOffered",
    "Sync",
    "SystemName",
    "Timing",
]


class SystemName(msgspec.Struct, frozen=True):
    """Name and version, as the verdict names them."""

    name: str
    version: str


class Timing(msgspec.Struct, frozen=True):
    """Seconds; None where the system does not say."""

    pull_interval_s: float | None = None
    compare_interval_s: float | None = None
    http_timeout_s: float | None = None


class Health(msgspec.Struct, frozen=True):
    """Who the system is and what it can do."""

    status: str
    system: SystemName
    capabilities: tuple[str, ...]
    callback_url: str | None = None
    timing: Timing = Timing()

    def can(self, capability: str) -> bool:
        """Whether the system declares ``capability``."""
        return capability in self.capabilities


class MappingRow(msgspec.Struct, frozen=True):
    """One thing of Docplanner and its counterpart; ``status`` is mapped or gone."""

    kind: str
    docplanner_id: str
    partner_id: str
    status: str
    parent_id: str | None = None
    name: str | None = None


class Activity(msgspec.Struct, frozen=True):
    """What is still under way."""

    outgoing: int
    incoming: int
    syncing: bool

    @property
    def idle(self) -> bool:
        """Whether nothing is."""
        return self.outgoing == 0 and self.incoming == 0 and not self.syncing


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """A patient at the wire."""

    name: str
    phone: str
    surname: str = ""
    email: str | None = None
    birth_date: date | None = None
    nin: str | None = None
    gender: str | None = None

    @classmethod
    def of(cls, patient: Patient) -> Person:
        """The patient as the control contracts write one."""
        return cls(
            name=patient.name,
            phone=patient.phone,
            surname=patient.surname,
            email=patient.email,
            birth_date=patient.birth_date,
            nin=patient.nin,
            gender=patient.gender,
        )


class Sync(msgspec.Struct, frozen=True):
    """Where a visit stands with Docplanner: pending, synced, conflict or failed."""

    state: str | None = None
    message: str | None = None


class Appointment(msgspec.Struct, frozen=True):
    """A visit as the partner system holds it."""

    id: str
    docplanner_booking_id: str | None
    start: datetime
    end: datetime
    address_service_id: str | None
    patient: Person
    status: str
    origin: str
    address_id: str | None = None
    sync: Sync = Sync()
    confirmed: bool = False
    presence: str | None = None


class PartnerBreak(msgspec.Struct, frozen=True):
    """Blocked time as the partner system holds it."""

    id: str
    since: datetime
    till: datetime
    origin: str
    docplanner_break_id: str | None = None
    description: str | None = None


class ServiceHeld(msgspec.Struct, frozen=True):
    """A service within a working period; ``duration`` in minutes."""

    address_service_id: str
    duration: int


class PeriodHeld(msgspec.Struct, frozen=True):
    """Working time as the partner system holds it."""

    start: datetime
    end: datetime
    services: tuple[ServiceHeld, ...]


class ServiceOffered(msgspec.Struct, frozen=True):
    """A service that the clinic offers; ``service_id`` is the dictionary's, ``duration`` in minutes."""

    service_id: str
    duration: int
    address_service_id: str | None = None


class OfferHeld(msgspec.Struct, frozen=True):
    """What the clinic offers at an address, as the partner system holds it."""

    services: tuple[ServiceOffered, ...]
    insurance_provider_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Connection:
    """Where Docplanner is and with which credentials. The secrets do not show in a repr."""

    api_base_url: str
    token_url: str
    client_id: str
    client_secret: str
    delivery: str
    marketplace: str
    time_zone: str
    callback_api_key: str | None = None
    callback_api_key_header: str = "X-Api-Key"

    def __repr__(self) -> str:
        return f"Connection({self.api_base_url!r}, client_id={self.client_id!r}, delivery={self.delivery!r})"


class PartnerSystem(Protocol):
    """The system as a whole."""

    def health(self) -> Health:
        """Who the system is and what it can do."""
        ...

    def reset(self) -> None:
        """Forget what earlier runs left behind."""
        ...

    def set_clock(self, now: datetime) -> None:
        """It is ``now``, and time goes on from there."""
        ...

    def connect(self, connection: Connection) -> None:
        """Where Docplanner is from now on."""
        ...

    def import_mapping(self) -> int:
        """Read and map every resource; how many things were imported."""
        ...

    def mapping(self) -> tuple[MappingRow, ...]:
        """What is mapped now, what is gone included."""
        ...

    def sync(self, addresses: Sequence[AddressId]) -> None:
        """Start a full synchronisation of the calendars named."""
        ...

    def pull(self) -> None:
        """Pull the notifications that wait."""
        ...

    def activity(self) -> Activity:
        """What is still under way."""
        ...

    def set_active(self, active: bool) -> None:
        """Switch the integration off, or on again."""
        ...


class PartnerCalendars(Protocol):
    """What staff do and see in the calendars, each named by Docplanner's address id."""

    @property
    def asks_a_person(self) -> bool:
        """Whether every look is a question to a person: it is then asked once all is quiet, and never polled."""
        ...

    def schedule(self, address: AddressId, since: datetime, till: datetime) -> tuple[PeriodHeld, ...]:
        """Working periods that overlap the range."""
        ...

    def set_schedule(self, address: AddressId, days: Sequence[date], periods: Sequence[Period]) -> None:
        """The working time of ``days`` becomes exactly ``periods``."""
        ...

    def set_offer(self, address: AddressId, services: Sequence[Service], providers: Sequence[str]) -> None:
        """Staff decide which dictionary services, with which lengths, and which insurers the clinic offers there."""
        ...

    def appointments(self, address: AddressId, since: datetime, till: datetime) -> tuple[Appointment, ...]:
        """Every appointment that starts in the range, cancelled ones included."""
        ...

    def appointments_of(
        self, addresses: Sequence[AddressId], since: datetime, till: datetime, *, ids: bool = False
    ) -> Mapping[AddressId, tuple[Appointment, ...]]:
        """The same of several calendars, in one look. ``ids``: by which booking of Docplanner's each is known matters.

        Without it a person is not asked for that, and the ids are None.
        """
        ...

    def add_appointment(self, address: AddressId, values: Mapping[str, object], patient: Patient) -> Appointment:
        """Staff book; ``values`` are start, duration and address_service_id."""
        ...

    def move_appointment(self, address: AddressId, appointment: str, values: Mapping[str, object]) -> Appointment:
        """Staff move; ``values`` are start and, where they change, duration, address_service_id, address_id."""
        ...

    def confirm_appointment(self, address: AddressId, appointment: str) -> None:
        """Staff confirm."""
        ...

    def mark_presence(self, address: AddressId, appointment: str, presence: str) -> None:
        """Staff note that the patient was ``present`` or ``absent``."""
        ...

    def cancel_appointment(self, address: AddressId, appointment: str) -> None:
        """Staff cancel."""
        ...

    def breaks(self, address: AddressId, since: datetime, till: datetime) -> tuple[PartnerBreak, ...]:
        """Breaks that overlap the range."""
        ...

    def add_break(self, address: AddressId, since: datetime, till: datetime, description: str) -> PartnerBreak:
        """Staff block time."""
        ...

    def move_break(self, address: AddressId, break_id: str, since: datetime, till: datetime) -> None:
        """Staff move blocked time."""
        ...

    def remove_break(self, address: AddressId, break_id: str) -> None:
        """Staff free blocked time."""
        ...


class Partner(PartnerSystem, PartnerCalendars, Protocol):
    """All of it."""
