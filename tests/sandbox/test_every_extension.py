"""Every extension that the contract lists for an operation shows something, and nothing without being asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from sandbox.served import Place, Served

from harness.contract.documents import API, document, resolved
from harness.contract.json_value import array_of, object_of, text_of
from harness.contract.operations import OPERATIONS

SHOWS = {
    "facility.doctors": "doctors",
    "doctor.profile_url": "profile_url",
    "doctor.specializations": "specializations",
    "doctor.license_numbers": "license_numbers",
    "doctor.addresses": "addresses",
    "address.booking_extra_fields": "booking_extra_fields",
    "address.online_only": "is_online_only",
    "address.visit_payment": "visit_payment",
    "address.commercial_type": "commercial_type",
    "address.insurance_support": "insurance_support",
    "address_service.allowed_patients": "allowed_patients",
    "address_service.custom_name": "custom_name",
    "address_service.public_insurance_flow": "is_public_insurance_flow",
    "slot.services": "address_services",
    "booking.patient": "patient",
    "booking.address_service": "address_service",
    "booking.presence": "presence",
    "booking.confirmation": "confirmed",
    "booking.moving": "moving",
}
"""The field by which each is seen; services.only_diagnostics narrows a list and has a test of its own."""
NEEDS: Mapping[tuple[str, str], str] = {
    ("getDoctor", "address"): "doctor.addresses",
    ("getBookings", "address_service"): "booking.address_service",
}
"""What an extension stands below, by operation and the extension's first word."""


def listed() -> Iterator[tuple[str, str]]:
    """Each operation with each of its extensions."""
    whole = document(API)
    for operation in OPERATIONS.values():
        for parameter in (resolved(whole, one) for one in array_of(operation.definition.get("parameters"))):
            if parameter.get("name") == "with":
                names = object_of(object_of(parameter["schema"])["items"])["enum"]
                yield from ((operation.id, text_of(name)) for name in array_of(names))


NARROWING = ("getServices", "services.only_diagnostics")
LISTED = [one for one in listed() if one != NARROWING]


def fields(value: object) -> set[str]:
    """Every name in it, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*(fields(one) for one in value.values()))
    return set().union(*(fields(one) for one in value)) if isinstance(value, list) else set()


def asked(docplanner: Served, place: Place, operation_id: str, extensions: list[str]) -> set[str]:
    """The fields of the answer with those extensions."""
    docplanner.fill(place, 2)
    docplanner.fill(place, 3)
    booking = docplanner.book(place, docplanner.at(2, "09:00"))["booking_id"]
    ids = {"facility_id": place.facility_id, "doctor_id": place.doctor_id, "address_id": place.address_id}
    ids |= {"address_service_id": place.services[0], "booking_id": booking}
    path = OPERATIONS[operation_id].template.format(**ids)
    query = f"with={','.join(extensions)}" if extensions else ""
    body: dict[str, Any] | None = None
    if operation_id in {"getSlots", "getBookings"}:
        query += f"&start={quote(docplanner.at(2, '00:00'))}&end={quote(docplanner.at(4, '00:00'))}"
    if operation_id == "moveBooking":
        body = {"start": docplanner.at(3, "09:00"), "address_service_id": place.services[0]}
    answer = docplanner.api(OPERATIONS[operation_id].method, f"{path}?{query.lstrip('&')}", body)
    assert answer.is_success, answer.text
    return fields(answer.json())


def test_no_extension_of_the_contract_is_forgotten() -> None:
    """Each has a field by which it is seen."""
    assert {name for _, name in LISTED} == set(SHOWS)
    assert NARROWING in listed()


@pytest.mark.parametrize(("operation_id", "extension"), LISTED)
def test_an_extension_shows_its_field_where_it_is_asked_for(
    docplanner: Served, place: Place, operation_id: str, extension: str
) -> None:
    """It is there with the extension, and was not there without it."""
    below = NEEDS.get((operation_id, extension.partition(".")[0]))
    base = [below] if below else []

    assert SHOWS[extension] in asked(docplanner, place, operation_id, [*base, extension])
    other = docplanner.place()
    assert SHOWS[extension] not in asked(docplanner, other, operation_id, base)
