"""What a Docplanner shows, read through its API by calls that change nothing.

It knows less than the embedded sandbox tells: who moved a visit, who made a break, and which working time was accepted
stand nowhere in the API. Each method says what stands in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from harness.client.api import DocplannerApi
from harness.client.models import Address, AddressService, Booking, CalendarAt, Facility
from harness.client.models import Doctor as DoctorThere
from harness.client.outcome import value_of
from harness.errors import DocplannerRefused
from harness.marketplace.port import (
    BreakSeenThere,
    OfferThere,
    PatientThere,
    ServiceOfferedThere,
    VisitThere,
    WorkPeriodThere,
)
from harness.vocabulary import (
    AddressId,
    AddressServiceId,
    Calendar,
    Clinic,
    Doctor,
    DoctorId,
    FacilityId,
    Insurance,
    Service,
)

__all__ = ["DocplannerReading"]


class DocplannerReading:
    """Reads by ``api``, which should be a client that can do nothing else (:func:`harness.safety.session.reading`).

    Raises from every method:
        DocplannerRefused: it may not be read.
        DocplannerUnreachable: it was not answered.
        LimitSpent: the API client has no reads left.
    """

    def __init__(self, api: DocplannerApi) -> None:
        self._api = api
        self._places: dict[AddressId, CalendarAt] = {}

    def clinics(self, only: Sequence[str] | None = None) -> tuple[Clinic, ...]:
        """Every facility that is shared with the API client, or those whose ids are named, as it is now."""
        found = value_of(self._api.directory.facilities())
        return tuple(self._clinic(one) for one in found if only is None or one.id in only)

    def place(self, address: AddressId) -> CalendarAt:
        """Where the calendar is in the API; the estate is read again for one that is not known yet."""
        if address not in self._places:
            self._find_places()
        if address not in self._places:
            message = f"Address {address} is not shared with the API client."
            raise DocplannerRefused(message, status=404, error="not found")
        return self._places[address]

    def services(self, address: AddressId) -> tuple[Service, ...]:
        """What the calendar's profile offers now. A service without a duration cannot be booked, and is left out."""
        found = value_of(self._api.directory.services(self.place(address)))
        return tuple(_service(one, one.duration) for one in found if one.duration)

    def offers(self, address: AddressId, since: datetime, till: datetime) -> tuple[OfferThere, ...]:
        """What can be booked, one for each service of a slot; what is blocked may or may not be among it [open]."""
        slots = value_of(self._api.calendars.free_slots(self.place(address), since, till, with_services=True))
        return tuple(
            OfferThere(service, slot.start, slot.start + timedelta(minutes=minutes))
            for slot in slots
            for service, minutes in slot.services
        )

    def working_time(self, address: AddressId, since: datetime, till: datetime) -> tuple[WorkPeriodThere, ...]:
        """What is offered, and what visits take of it: the API does not tell which work periods were accepted."""
        offered = [(one.address_service_id, one.start, one.end) for one in self.offers(address, since, till)]
        taken = [
            (one.address_service_id, one.start, one.end)
            for one in self.visits(address, since, till)
            if one.status == "booked" and one.address_service_id
        ]
        return tuple(
            WorkPeriodThere(start, end, (ServiceOfferedThere(service, int((end - start).total_seconds()) // 60),))
            for service, start, end in sorted({*offered, *taken}, key=lambda one: (one[1], one[0]))
        )

    def visits(self, address: AddressId, since: datetime, till: datetime) -> tuple[VisitThere, ...]:
        """Every visit that starts in the range, cancelled ones included; what it was before a move is not told."""
        found = value_of(self._api.bookings.every(self.place(address), since, till))
        return tuple(_visit(one) for one in found if since <= one.start < till)

    def breaks(self, address: AddressId, since: datetime, till: datetime) -> tuple[BreakSeenThere, ...]:
        """Breaks that overlap the range; who made them is not told."""
        found = value_of(self._api.calendars.breaks(self.place(address), since, till))
        return tuple(BreakSeenThere(one.id, one.since, one.till, one.description) for one in found)

    # -- within ---------------------------------------------------------------------------------------------------

    def _find_places(self) -> None:
        directory = self._api.directory
        for facility in value_of(directory.facilities()):
            for doctor in value_of(directory.doctors(facility.id)):
                for address in value_of(directory.addresses(facility.id, doctor.id)):
                    self._keep(facility.id, doctor.id, address.id)

    def _keep(self, facility: str, doctor: str, address: str) -> CalendarAt:
        at = CalendarAt(facility, doctor, address)
        self._places[AddressId(address)] = at
        return at

    def _clinic(self, facility: Facility) -> Clinic:
        doctors = value_of(self._api.directory.doctors(facility.id))
        return Clinic(FacilityId(facility.id), facility.name, tuple(self._doctor(facility, one) for one in doctors))

    def _doctor(self, facility: Facility, doctor: DoctorThere) -> Doctor:
        addresses = value_of(self._api.directory.addresses(facility.id, doctor.id))
        demands = value_of(self._api.directory.demands(facility.id, doctor.id))
        calendars = tuple(
            self._calendar(self._keep(facility.id, doctor.id, one.id), one, demands.get(one.id, frozenset()))
            for one in addresses
        )
        return Doctor(DoctorId(doctor.id), doctor.name, doctor.surname, calendars)

    def _calendar(self, at: CalendarAt, address: Address, demands: frozenset[str]) -> Calendar:
        accepted = value_of(self._api.directory.insurances(at))
        return Calendar(
            AddressId(at.address_id),
            FacilityId(at.facility_id),
            DoctorId(at.doctor_id),
            address.name or "",
            bool(address.online_only),
            self.services(AddressId(at.address_id)),
            tuple(Insurance(one.id, one.name, tuple(plan.id for plan in one.plans)) for one in accepted),
            demands,
        )


def _service(one: AddressService, minutes: int) -> Service:
    return Service(AddressServiceId(one.id), one.service_id or "", one.name, minutes)


def _visit(one: Booking) -> VisitThere:
    person = one.patient
    return VisitThere(
        booking_id=one.id,
        status=one.status,
        start=one.start,
        end=one.end,
        duration=one.minutes,
        address_service_id=one.address_service_id,
        patient=PatientThere(person.name, person.phone, person.surname, person.email, person.birth_date, person.nin)
        if person
        else PatientThere("", ""),
        booked_by=one.booked_by,
        canceled_by=one.canceled_by,
        confirmed=bool(one.confirmed),
        presence=one.presence,
    )
