"""How things read at the wire: answers of the API and data of notifications, as openapi.yaml has them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from harness.contract.json_value import JsonObject, JsonValue
from harness.sandbox.bookings import Booking
from harness.sandbox.breaks import Break
from harness.sandbox.directory import Address, AddressService, Directory, Doctor, Facility

__all__ = ["Payloads", "items"]

REMEMBERED = 8192
"""Instants of which the text is remembered: lists of slots repeat theirs."""


@lru_cache(REMEMBERED)
def _local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).replace(microsecond=0).isoformat()


def items(values: Iterable[JsonObject]) -> JsonObject:
    """A list as the API writes one."""
    return {"_items": list(values)}


class Payloads:
    """Writes values of one marketplace: times in its zone, with offset."""

    def __init__(self, directory: Directory, zone: ZoneInfo, domain: str) -> None:
        self._directory = directory
        self._zone = zone
        self._domain = domain

    def time(self, instant: datetime) -> str:
        """``2026-11-24T09:00:00+01:00``."""
        # Remembered for UTC alone, as slots are: in a zone with summer time two instants of one wall clock are equal.
        return (_local if instant.tzinfo is UTC else _local.__wrapped__)(instant, self._zone)

    def facility(self, facility: Facility, extensions: frozenset[str] = frozenset()) -> JsonObject:
        """A facility, with its doctors where asked."""
        told: JsonObject = {"id": facility.id, "name": facility.name}
        if "facility.doctors" in extensions:
            told["doctors"] = items(self.doctor(one) for one in facility.doctors.values())
        return told

    def doctor(self, doctor: Doctor, extensions: frozenset[str] = frozenset()) -> JsonObject:
        """A doctor, with what is asked for."""
        told: JsonObject = {"id": doctor.id, "name": doctor.name, "surname": doctor.surname}
        if "doctor.profile_url" in extensions:
            told["profile_url"] = f"https://www.{self._domain}/doctor-{doctor.id}"
        if "doctor.specializations" in extensions:
            told["specializations"] = items(
                [{"id": doctor.specialization, "name": self._directory.specializations[doctor.specialization]}]
            )
        if "doctor.license_numbers" in extensions:
            told["license_numbers"] = items([{"id": "1", "license_number": doctor.id}])
        if "doctor.addresses" in extensions:
            told["addresses"] = items(self.address(one, extensions) for one in doctor.addresses.values())
        return told

    def address(self, address: Address, extensions: frozenset[str] = frozenset()) -> JsonObject:
        """An address, with what is asked for."""
        told: JsonObject = {
            "id": address.id,
            "name": address.name,
            "city_name": address.city_name,
            "post_code": address.post_code or None,
            "street": address.street or None,
        }
        if "address.online_only" in extensions:
            told["is_online_only"] = address.online_only
        if "address.visit_payment" in extensions:
            told["visit_payment"] = address.payment_account is not None
        if "address.commercial_type" in extensions:
            told["commercial_type"] = address.commercial_type
        if "address.insurance_support" in extensions:
            told["insurance_support"] = address.insurance_support
        if "address.booking_extra_fields" in extensions:
            told["booking_extra_fields"] = {
                name: name in address.extra_fields for name in ("gender", "nin", "birth_date")
            }
        return told

    def service(self, service: AddressService, extensions: frozenset[str] = frozenset()) -> JsonObject:
        """An address service."""
        told: JsonObject = {
            "id": service.id,
            "name": service.custom_name or service.name,
            "price": service.price,
            "is_price_from": service.is_price_from,
            "is_default": service.is_default,
            "service_id": service.service_id,
            "description": service.description,
            "duration": service.duration,
            "is_visible": service.is_visible,
        }
        if "address_service.allowed_patients" in extensions:
            ages = service.allowed_patients
            told["allowed_patients"] = None if ages is None else {"minimum_age": ages[0], "maximum_age": ages[1]}
        if "address_service.custom_name" in extensions:
            told["custom_name"] = service.custom_name
        if "address_service.public_insurance_flow" in extensions:
            told["is_public_insurance_flow"] = service.public_insurance_flow
        return told

    def insurances(self, address: Address) -> JsonObject:
        """The providers accepted at the address, with their plans."""
        return items(
            {
                "insurance_provider_id": provider_id,
                "name": self._directory.insurances[provider_id].name,
                "insurance_plans": items(
                    {"insurance_plan_id": plan, "name": name}
                    for plan, name in self._directory.insurances[provider_id].plans
                    if plan in accepted
                ),
            }
            for provider_id, accepted in address.insurances.items()
        )

    def calendar_break(self, found: Break) -> JsonObject:
        """A break."""
        return {
            "id": found.id,
            "since": self.time(found.since),
            "till": self.time(found.till),
            "description": found.description,
        }

    def booking(self, booking: Booking, address: Address, extensions: frozenset[str]) -> JsonObject:
        """A booking with the extensions asked for."""
        told: JsonObject = {
            "id": booking.id,
            "status": booking.status,
            "start_at": self.time(booking.start),
            "end_at": self.time(booking.end),
            "duration": booking.minutes,
            "booked_by": booking.booked_by,
            "canceled_by": booking.canceled_by,
            "booked_at": self.time(booking.booked_at),
            "canceled_at": self.time(booking.canceled_at) if booking.canceled_at else None,
            "comment": booking.comment,
            "insurance": booking.insurance,
            "visit_payment": booking.payment_status is not None,
            "visit_payment_status": booking.payment_status,
        }
        if "booking.patient" in extensions:
            told["patient"] = booking.patient
        if "booking.address_service" in extensions:
            told["address_service"] = self._service_of(booking, address, extensions)
        if "booking.presence" in extensions:
            told["presence"] = booking.presence
        if "booking.confirmation" in extensions:
            told["confirmed"] = booking.confirmed
        return told

    def event(self, address: Address, **rest: JsonValue) -> JsonObject:
        """The data of a notification: facility, doctor, address, and what it is about."""
        doctor = self._directory.doctor_of(address)
        facility = self._directory.facility_of(address)
        return {
            "facility": self.facility(facility),
            "doctor": self.doctor(doctor),
            "address": self.address(address),
            **rest,
        }

    def told_booking(self, booking: Booking, address: Address) -> JsonObject:
        """A visit as notifications tell it."""
        told: JsonObject = {
            "id": booking.id,
            "status": booking.status,
            "start_at": self.time(booking.start),
            "end_at": self.time(booking.end),
            "duration": booking.minutes,
            "booked_by": booking.booked_by,
            "canceled_by": booking.canceled_by,
            "booked_at": self.time(booking.booked_at),
            "canceled_at": self.time(booking.canceled_at) if booking.canceled_at else None,
            "address_service": self._told_service(booking, address),
            "patient": booking.patient,
            "visit_payment": booking.payment_status is not None,
        }
        if booking.insurance:
            told["insurance"] = booking.insurance
        if booking.comment:
            told["comment"] = booking.comment
        return told

    def told_request(self, booking: Booking, address: Address) -> JsonObject:
        """A visit that is only asked for: it has no id yet."""
        return {
            "booking_at": self.time(booking.booked_at),
            "booking_by": booking.booked_by,
            "duration": booking.minutes,
            "start_at": self.time(booking.start),
            "end_at": self.time(booking.end),
            "address_service": self._told_service(booking, address),
            "patient": booking.patient,
        }

    def told_break(self, found: Break) -> JsonObject:
        """A break as notifications tell it."""
        return {"id": found.id, "since": self.time(found.since), "till": self.time(found.till)}

    def _service_of(self, booking: Booking, address: Address, extensions: frozenset[str]) -> JsonValue:
        service = address.services.get(booking.address_service_id or "")
        return self.service(service, extensions) if service else None

    def _told_service(self, booking: Booking, address: Address) -> JsonValue:
        service = address.services.get(booking.address_service_id or "")
        if service is None:
            return None
        return {
            "id": service.id,
            "name": service.name,
            "price": service.price,
            "is_price_from": service.is_price_from,
            "is_visible": service.is_visible,
        }
