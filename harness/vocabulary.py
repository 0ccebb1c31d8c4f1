"""The clinic's words as frozen values: what features, driver and checks speak of.

Ids are Docplanner's unless a name says otherwise, always strings; instants are aware; durations of visits are whole
minutes because both contracts count in minutes.
"""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NewType

__all__ = [
    "STAFF_MEETING",
    "AddressId",
    "AddressServiceId",
    "AppointmentId",
    "BookingId",
    "Break",
    "BreakId",
    "Calendar",
    "Clinic",
    "Delivery",
    "Doctor",
    "DoctorId",
    "FacilityId",
    "Insurance",
    "Patient",
    "Period",
    "Service",
    "Slot",
    "Visit",
    "name_key",
    "phone_key",
]

STAFF_MEETING = "staff meeting"
"""What a run says of time that it blocks; in any other words about a break somebody may be named."""

FacilityId = NewType("FacilityId", str)
DoctorId = NewType("DoctorId", str)
AddressId = NewType("AddressId", str)
AddressServiceId = NewType("AddressServiceId", str)
BookingId = NewType("BookingId", str)
BreakId = NewType("BreakId", str)
AppointmentId = NewType("AppointmentId", str)
"""The partner system's own id of a visit."""


class Delivery(enum.StrEnum):
    """How notifications reach the partner system."""

    PUSH = "push"
    PULL = "pull"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Service:
    """What is offered at one address: an *address service*."""

    id: AddressServiceId
    service_id: str
    """The dictionary service; never usable in slots."""
    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Insurance:
    """An insurance provider accepted at an address, with its plans' ids."""

    id: str
    name: str
    plan_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """A doctor at an address: what the API calls an address, and the unit that owns slots and visits."""

    id: AddressId
    facility_id: FacilityId
    doctor_id: DoctorId
    name: str
    online_only: bool
    services: tuple[Service, ...]
    insurances: tuple[Insurance, ...] = ()
    demands: frozenset[str] = frozenset()
    """Of ``gender``, ``nin`` and ``birth_date`` what patients must tell to book there, where that was read."""


@dataclass(frozen=True, slots=True)
class Doctor:
    """A doctor of a clinic, with one calendar for each address."""

    id: DoctorId
    name: str
    surname: str
    calendars: tuple[Calendar, ...]

    @property
    def full_name(self) -> str:
        """Name and surname as written on the profile."""
        return f"{self.name} {self.surname}"


@dataclass(frozen=True, slots=True)
class Clinic:
    """A facility."""

    id: FacilityId
    name: str
    doctors: tuple[Doctor, ...]


@dataclass(frozen=True, slots=True)
class Patient:
    """A person who visits the clinic."""

    name: str
    surname: str
    phone: str
    email: str | None = None
    birth_date: date | None = None
    nin: str | None = None
    gender: str | None = None
    shares_phone: bool = False
    """Whether others have the same phone, so that it tells nobody apart: the tester's, on a real Docplanner."""

    @property
    def full_name(self) -> str:
        """Name and surname."""
        return f"{self.name} {self.surname}"


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which a service may be booked."""

    calendar: Calendar
    start: datetime
    service: Service

    @property
    def end(self) -> datetime:
        """When a visit booked here would end."""
        return self.start + timedelta(minutes=self.service.minutes)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as the run arranged it: the truth that both calendars are compared with.

    ``booking_id`` is None until Docplanner's id is known, ``appointment_id`` until the partner system's is.
    """

    calendar: Calendar
    patient: Patient
    start: datetime
    minutes: int
    service: Service
    booking_id: BookingId | None = None
    appointment_id: AppointmentId | None = None

    @property
    def end(self) -> datetime:
        """When the visit ends."""
        return self.start + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Period:
    """Working time of a calendar in which services are offered."""

    start: datetime
    end: datetime
    services: tuple[Service, ...]
    insurance_accepted: str | None = None
    """In the API's words, such as with-insurance-only; None for no word about it."""
    insurance_provider_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Break:
    """Time that is blocked. ``id`` belongs to the side on which it was made."""

    calendar: Calendar
    since: datetime
    till: datetime
    description: str | None = None
    id: str | None = None


def name_key(name: str, surname: str = "") -> str:
    """The form in which two full names are compared: NFKC, case folded, spaces collapsed.

    Source: partner-control.yaml, "How two sides are compared".
    """
    return " ".join(unicodedata.normalize("NFKC", f"{name} {surname}").casefold().split())


def phone_key(phone: str) -> str:
    """The form in which two phone numbers are compared: the last nine digits.

    Source: partner-control.yaml, "How two sides are compared".
    """
    return "".join(character for character in phone if character.isdigit())[-9:]
