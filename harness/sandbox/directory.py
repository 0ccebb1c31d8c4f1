"""Facilities, doctors, addresses, services and insurances, and who may see them. Pure.

Source: behaviour.md, "Mapping": an address is one doctor at one place of a facility and owns one calendar.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from harness.sandbox.kept import Kept
from harness.sandbox.refusals import refuse

__all__ = ["Address", "AddressService", "Directory", "Doctor", "Facility", "Ids", "InsuranceProvider", "Service"]


class Ids:
    """One counter for ids of every kind, with gaps, so that no id of one kind is ever one of another."""

    def __init__(self, first: int, gaps: Iterator[int]) -> None:
        self.last = first
        """The newest id, as a number."""
        self._gaps = gaps

    def new(self) -> str:
        """An id that was never given before."""
        self.last += next(self._gaps)
        return str(self.last)

    def go_on_after(self, last: int) -> None:
        """No id up to ``last`` is given any more."""
        self.last = max(self.last, last)


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the dictionary; ``specializations`` are ids of those that offer it."""

    id: str
    name: str
    diagnostic: bool = False
    specializations: frozenset[str] = frozenset()


@dataclass(slots=True)
class AddressService:
    """What one address offers; ``id`` is valid for that address alone."""

    id: str
    service_id: str
    name: str
    duration: int
    """Minutes."""
    price: int | None = None
    is_price_from: bool = False
    is_default: bool = False
    is_visible: bool = True
    description: str | None = None
    custom_name: str | None = None
    allowed_patients: tuple[int | None, int | None] | None = None
    """The least and the greatest age in years; None for no bound, or for none at all."""
    public_insurance_flow: bool = False


@dataclass(frozen=True, slots=True)
class InsuranceProvider:
    """An insurance provider of the dictionary, with its plans as (id, name)."""

    id: str
    name: str
    plans: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Address:
    """One doctor at one place: the owner of a calendar."""

    id: str
    facility_id: str
    doctor_id: str
    name: str
    street: str
    post_code: str
    city_name: str
    online_only: bool = False
    services: dict[str, AddressService] = field(default_factory=dict)
    insurances: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Provider id to the ids of the plans accepted."""
    insurance_support: str = "private_and_insurance"
    commercial_type: str = "premium"
    has_calendar: bool = True
    calendar_enabled: bool = True
    active: bool = True
    """A disabled address has a profile that patients do not see."""
    integrated: bool = True
    """Whether API clients serve it; removeAddressIntegration ends that."""
    payment_account: str | None = None
    """The account by which visits are paid online; None where they are not."""
    extra_fields: frozenset[str] = frozenset()
    """Of gender, nin and birth_date those that patients must tell."""

    @property
    def is_commercial(self) -> bool:
        """Whether the profile pays for a calendar."""
        return self.commercial_type != "basic"

    @property
    def is_bookable(self) -> bool:
        """Whether visits can be booked at all."""
        return self.calendar_enabled and self.active


@dataclass(slots=True)
class Doctor:
    """A doctor within a facility."""

    id: str
    facility_id: str
    name: str
    surname: str
    specialization: str
    """Id of a specialization."""
    addresses: dict[str, Address] = field(default_factory=dict)


@dataclass(slots=True)
class Facility:
    """A clinic. ``kind`` is ordinary or lookalike; ``granted_to`` names API clients, ``read_only`` some of them."""

    id: str
    name: str
    kind: str
    granted_to: set[str] = field(default_factory=set)
    read_only: set[str] = field(default_factory=set)
    """API clients that may see the clinic's calendars, and not change them."""
    doctors: dict[str, Doctor] = field(default_factory=dict)


class Directory:
    """Everything that can be mapped, looked up under the grants of an API client."""

    def __init__(self) -> None:
        self.facilities: Kept[Facility] = Kept()
        self.services: dict[str, Service] = {}
        self.specializations: dict[str, str] = {}
        """Names by id."""
        self.insurances: dict[str, InsuranceProvider] = {}
        self.addresses: Kept[Address] = Kept()
        self.doctors: Kept[Doctor] = Kept()

    def add(self, facility: Facility) -> None:
        """Take the facility in, with its doctors and addresses."""
        self.facilities[facility.id] = facility
        for doctor in facility.doctors.values():
            self.doctors[doctor.id] = doctor
            self.addresses.update(doctor.addresses)

    def add_address(self, doctor: Doctor, address: Address) -> None:
        """The doctor works at one place more."""
        doctor.addresses[address.id] = address
        self.addresses[address.id] = address

    def remove_address(self, address: Address) -> None:
        """The doctor works there no longer: from now on there is no such address."""
        del self.doctor_of(address).addresses[address.id]
        del self.addresses[address.id]

    def doctor(self, doctor_id: str) -> Doctor:
        """The doctor, whoever asks.

        Raises:
            Refusal: 404, there is none.
        """
        found = self.doctors.get(doctor_id)
        if found is None:
            raise refuse("ObjectNotFound", 404)
        return found

    def may_edit(self, client_id: str, address: Address) -> bool:
        """Whether the API client may change the calendar [assumed: granted so, and the address is integrated]."""
        facility = self.facilities[address.facility_id]
        return address.integrated and client_id in facility.granted_to - facility.read_only

    def shared_with(self, client_id: str) -> list[Facility]:
        """The facilities granted to the API client."""
        return [one for one in self.facilities.values() if client_id in one.granted_to]

    def address(self, address_id: str) -> Address:
        """The address, whoever asks.

        Raises:
            Refusal: 404, there is none.
        """
        found = self.addresses.get(address_id)
        if found is None:
            raise refuse("ObjectNotFound", 404)
        return found

    def find_facility(self, client_id: str, facility_id: str) -> Facility:
        """The facility under the client's grants: missing 404, not granted 403 [doc]."""
        found = self.facilities.get(facility_id)
        if found is None:
            raise refuse("ObjectNotFound", 404)
        if client_id not in found.granted_to:
            raise refuse("FacilityNotAuthorized", 403)
        return found

    def find_doctor(self, client_id: str, facility_id: str, doctor_id: str, known: Collection[str] = ()) -> Doctor:
        """The doctor of the facility, likewise; ``known`` names the errors that the operation documents."""
        facility = self.find_facility(client_id, facility_id)
        if doctor_id not in self.doctors:
            raise refuse("ObjectNotFound", 404)
        found = facility.doctors.get(doctor_id)
        if found is None:
            unrelated = "DoctorDoesNotBelongToFacility"
            raise refuse(unrelated if unrelated in known else "DoctorNotAuthorized", 403)
        return found

    def find_address(
        self, client_id: str, facility_id: str, doctor_id: str, address_id: str, known: Collection[str] = ()
    ) -> Address:
        """The address of the doctor, likewise; ``known`` names the errors that the operation documents."""
        doctor = self.find_doctor(client_id, facility_id, doctor_id)
        elsewhere = self.addresses.get(address_id)
        if elsewhere is None:
            raise refuse("ObjectNotFound", 404)
        found = doctor.addresses.get(address_id)
        if found is None:
            same = elsewhere.facility_id == facility_id
            name = "AddressDoesNotBelongToDoctor" if same else "AddressDoesNotBelongToFacility"
            granted = client_id in self.facilities[elsewhere.facility_id].granted_to
            raise refuse(name if granted and name in known else "AddressNotAuthorized", 403)
        return found

    def doctor_of(self, address: Address) -> Doctor:
        """The doctor who works there."""
        return self.facilities[address.facility_id].doctors[address.doctor_id]

    def facility_of(self, address: Address) -> Facility:
        """The clinic that it belongs to."""
        return self.facilities[address.facility_id]

    def knows_service(self, address_service_id: str) -> bool:
        """Whether any address has the service."""
        return any(address_service_id in one.services for one in self.addresses.values())

    def service_of(self, address: Address, address_service_id: str) -> AddressService:
        """A service of the address: missing anywhere 404, another address's 403 [doc]."""
        found = address.services.get(address_service_id)
        if found is not None:
            return found
        if self.knows_service(address_service_id):
            raise refuse("AddressServiceMismatch", 403)
        raise refuse("ObjectNotFound", 404)
