"""What Docplanner answers and takes, as frozen values. Ids are strings, instants are aware, durations are minutes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

__all__ = [
    "Address",
    "AddressService",
    "Booking",
    "BookingPage",
    "CalendarAt",
    "CalendarBreak",
    "Doctor",
    "Facility",
    "FreeSlot",
    "InsurancePlan",
    "InsuranceProvider",
    "Moving",
    "NewBooking",
    "Notification",
    "Person",
    "Pulled",
    "Service",
    "WorkPeriod",
]


@dataclass(frozen=True, slots=True)
class CalendarAt:
    """Where a calendar is in the API: an address of a doctor in a facility."""

    facility_id: str
    doctor_id: str
    address_id: str

    @property
    def path(self) -> tuple[str, ...]:
        """The parts of its path."""
        return ("facilities", self.facility_id, "doctors", self.doctor_id, "addresses", self.address_id)


@dataclass(frozen=True, slots=True)
class Facility:
    """A clinic."""

    id: str
    name: str
    doctors: tuple[Doctor, ...] = ()
    """Empty also where they were not asked for."""


@dataclass(frozen=True, slots=True)
class Doctor:
    """A doctor of a facility."""

    id: str
    name: str
    surname: str
    addresses: tuple[Address, ...] = ()
    """Empty also where they were not asked for."""


@dataclass(frozen=True, slots=True)
class Address:
    """A place of a doctor, with a calendar of its own."""

    id: str
    name: str | None
    online_only: bool | None = None
    """None where it was not asked for."""
    commercial_type: str | None = None
    """premium, saas-only or basic; None where it was not asked for."""
    insurance_support: str | None = None
    """private, insurance or private_and_insurance; None where it was not asked for."""


@dataclass(frozen=True, slots=True)
class AddressService:
    """What is offered at one address. ``service_id`` is the dictionary's and cannot be used in slots."""

    id: str
    name: str
    service_id: str | None = None
    duration: int | None = None
    price: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the dictionary, which addresses can offer."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class InsurancePlan:
    """A plan of a provider."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class InsuranceProvider:
    """A provider accepted at an address."""

    id: str
    name: str
    plans: tuple[InsurancePlan, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A patient."""

    name: str
    phone: str
    surname: str = ""
    email: str | None = None
    birth_date: date | None = None
    nin: str | None = None
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Moving:
    """First and newest id of a booking that was moved."""

    origin: str
    newest: str


@dataclass(frozen=True, slots=True)
class Booking:
    """A visit as Docplanner holds it."""

    id: str
    status: str
    start: datetime
    end: datetime
    minutes: int
    booked_by: str = ""
    canceled_by: str = ""
    patient: Person | None = None
    """None where the answer does not carry one."""
    address_service_id: str | None = None
    comment: str | None = None
    moving: Moving | None = None
    presence: str | None = None
    confirmed: bool | None = None

    @property
    def canceled(self) -> bool:
        """Whether it no longer takes place."""
        return self.status == "canceled"


@dataclass(frozen=True, slots=True)
class BookingPage:
    """One page of bookings; ``pages`` is how many there are."""

    items: tuple[Booking, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class NewBooking:
    """A visit to book."""

    address_service_id: str
    patient: Person
    minutes: int
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarBreak:
    """Time that is blocked."""

    id: str
    since: datetime
    till: datetime
    description: str | None = None


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A time that can be booked.

    ``services`` are pairs of address service id and duration; empty also where they were not asked for.
    """

    start: datetime
    services: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkPeriod:
    """Working time to offer; without services whatever is offered in it is removed.

    ``services`` are pairs of address service id and duration.
    """

    start: datetime
    end: datetime
    services: tuple[tuple[str, int], ...] = ()
    insurance_accepted: str | None = None
    insurance_providers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """News from Docplanner; ``data`` is as it came."""

    name: str
    created_at: datetime
    data: dict[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pulled:
    """Notifications that were waiting, oldest first, as they came, and how many wait still."""

    notifications: tuple[dict[str, object], ...]
    remaining: int
