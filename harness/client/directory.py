"""Facilities, doctors, addresses, their services and insurances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.client.calls import Calls, nothing
from harness.client.models import Address, AddressService, CalendarAt, Doctor, Facility, InsuranceProvider
from harness.client.outcome import Outcome
from harness.client.reading import (
    items_of,
    read_address,
    read_address_service,
    read_demands,
    read_doctor,
    read_facility,
    read_insurance_provider,
)
from harness.contract.json_value import JsonObject, JsonValue

__all__ = ["Directory", "InsuranceSupport"]

InsuranceSupport = Literal["private", "insurance", "private_and_insurance"]


@dataclass(frozen=True, slots=True)
class Directory:
    """What Docplanner shares with the API client, and the profile of each address."""

    calls: Calls

    def facilities(self) -> Outcome[tuple[Facility, ...]]:
        """Every facility that is granted (getFacilities)."""
        return self.calls.send("GET", ("facilities",), lambda answer: items_of(answer.json, read_facility))

    def facility(self, facility_id: str) -> Outcome[Facility]:
        """One facility with its doctors (getFacility)."""
        query = {"with": "facility.doctors"}
        return self.calls.send("GET", ("facilities", facility_id), lambda one: read_facility(one.json), query=query)

    def doctors(self, facility_id: str) -> Outcome[tuple[Doctor, ...]]:
        """Doctors of a facility (getDoctors)."""
        path = ("facilities", facility_id, "doctors")
        return self.calls.send("GET", path, lambda answer: items_of(answer.json, read_doctor))

    def doctor(self, facility_id: str, doctor_id: str) -> Outcome[Doctor]:
        """One doctor with the addresses in the facility (getDoctor)."""
        path = ("facilities", facility_id, "doctors", doctor_id)
        query = {"with": "doctor.addresses,address.online_only"}
        return self.calls.send("GET", path, lambda answer: read_doctor(answer.json), query=query)

    def demands(self, facility_id: str, doctor_id: str) -> Outcome[Mapping[str, frozenset[str]]]:
        """Of gender, nin and birth_date what patients must tell to book a doctor, by address (getDoctor)."""
        path = ("facilities", facility_id, "doctors", doctor_id)
        query = {"with": "doctor.addresses,address.booking_extra_fields"}
        return self.calls.send("GET", path, lambda answer: read_demands(answer.json), query=query)

    def addresses(self, facility_id: str, doctor_id: str) -> Outcome[tuple[Address, ...]]:
        """Addresses of a doctor in a facility, each with whether it is online-only (getAddresses)."""
        path = ("facilities", facility_id, "doctors", doctor_id, "addresses")
        query = {"with": "address.online_only"}
        return self.calls.send("GET", path, lambda answer: items_of(answer.json, read_address), query=query)

    def address(self, at: CalendarAt) -> Outcome[Address]:
        """One address with what is known of its payment and insurance (getAddress)."""
        query = {"with": "address.online_only,address.commercial_type,address.insurance_support"}
        return self.calls.send("GET", at.path, lambda answer: read_address(answer.json), query=query)

    def set_insurance_support(self, at: CalendarAt, support: InsuranceSupport) -> Outcome[Address]:
        """Say who pays for visits at an address (updateAddress)."""
        body: JsonObject = {"insurance_support": support}
        return self.calls.send("PATCH", at.path, lambda answer: read_address(answer.json), body=body)

    def remove_integration(self, at: CalendarAt) -> Outcome[None]:
        """Integrate the address no longer; it is not deleted (removeAddressIntegration)."""
        return self.calls.send("DELETE", (*at.path, "integration"), nothing)

    def services(self, at: CalendarAt) -> Outcome[tuple[AddressService, ...]]:
        """Services of an address (getAddressServices)."""
        path = (*at.path, "services")
        return self.calls.send("GET", path, lambda answer: items_of(answer.json, read_address_service))

    def service(self, at: CalendarAt, address_service_id: str) -> Outcome[AddressService]:
        """One service of an address (getAddressService)."""
        path = (*at.path, "services", address_service_id)
        return self.calls.send("GET", path, lambda answer: read_address_service(answer.json))

    def add_service(
        self, at: CalendarAt, service_id: str, *, minutes: int, price: float | None = None
    ) -> Outcome[AddressService]:
        """Offer a dictionary service at an address (addAddressService)."""
        body: JsonObject = {"service_id": service_id, "default_duration": minutes, "price": price}
        path = (*at.path, "services")
        return self.calls.send("POST", path, lambda answer: read_address_service(answer.json), body=body)

    def update_service(
        self, at: CalendarAt, address_service_id: str, *, minutes: int, price: float | None = None
    ) -> Outcome[AddressService]:
        """Change duration and price (updateAddressService)."""
        body: JsonObject = {"default_duration": minutes, "price": price}
        path = (*at.path, "services", address_service_id)
        return self.calls.send("PATCH", path, lambda answer: read_address_service(answer.json), body=body)

    def delete_service(self, at: CalendarAt, address_service_id: str) -> Outcome[None]:
        """Offer a service no longer (deleteAddressService)."""
        return self.calls.send("DELETE", (*at.path, "services", address_service_id), nothing)

    def insurances(self, at: CalendarAt) -> Outcome[tuple[InsuranceProvider, ...]]:
        """Providers and plans that are accepted at an address (getAddressInsuranceProviders)."""
        path = (*at.path, "insurance-providers")
        return self.calls.send("GET", path, lambda answer: items_of(answer.json, read_insurance_provider))

    def add_insurance(self, at: CalendarAt, provider_id: str, plan_ids: Sequence[str] = ()) -> Outcome[None]:
        """Accept a provider, and of its plans those named (addAddressInsuranceProvider)."""
        plans: list[JsonValue] = [{"insurance_plan_id": one} for one in plan_ids]
        body: JsonObject = {"insurance_provider_id": provider_id, "insurance_plans": plans}
        return self.calls.send("POST", (*at.path, "insurance-providers"), nothing, body=body)

    def put_insurance(self, at: CalendarAt, provider_id: str) -> Outcome[None]:
        """Accept a provider (updateOrCreateAddressInsuranceProvider)."""
        body: JsonObject = {"insurance_provider_id": provider_id, "insurance_plans": []}
        return self.calls.send("PUT", (*at.path, "insurance-providers"), nothing, body=body)

    def delete_insurance(self, at: CalendarAt, provider_id: str) -> Outcome[None]:
        """Accept a provider no longer (deleteAddressInsuranceProvider)."""
        return self.calls.send("DELETE", (*at.path, "insurance-providers", provider_id), nothing)
