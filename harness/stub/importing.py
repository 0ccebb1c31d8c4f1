"""Reading what Docplanner shares, with several requests at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from harness.client.api import DocplannerApi
from harness.client.models import Address, AddressService, CalendarAt, InsuranceProvider
from harness.client.outcome import Done, Outcome, Refused
from harness.stub.defects import Defects
from harness.stub.mapping import Snapshot

__all__ = ["Upstream", "read_everything", "read_profile"]

T = TypeVar("T")
Key = TypeVar("Key")

AT_A_TIME = 3
NOT_SHARED = frozenset({403, 404})
"""Statuses of a thing that is not shared, or no longer."""


class Upstream(Exception):
    """Docplanner refused or did not answer; the message says what."""


def read_everything(api: DocplannerApi, defects: Defects) -> Snapshot:
    """Facilities, doctors, addresses, services and insurances.

    Raises:
        Upstream: something could not be read; nothing may be taken for gone.
    """
    facilities = _value(api.directory.facilities(), ())
    with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="import") as pool:
        doctors = [
            (facility.id, doctor)
            for facility, found in _each(pool, facilities, lambda one: _value(api.directory.doctors(one.id), ()))
            for doctor in found
        ]
        addresses = [
            (CalendarAt(facility_id, doctor.id, address.id), address)
            for (facility_id, doctor), found in _each(
                pool, doctors, lambda one: _value(api.directory.addresses(one[0], one[1].id), ())
            )
            for address in _wanted(found, defects)
        ]
        profiles = list(_each(pool, addresses, lambda one: read_profile(api, one[0], defects)))
    if defects.on("first-services-copied"):
        profiles = [(key, (profiles[0][1][0], insurances)) for key, (_, insurances) in profiles]
    return Snapshot(
        facilities,
        tuple(doctors),
        tuple(addresses),
        {at.address_id: services for (at, _), (services, _) in profiles},
        {at.address_id: insurances for (at, _), (_, insurances) in profiles},
    )


def read_profile(
    api: DocplannerApi, at: CalendarAt, defects: Defects
) -> tuple[tuple[AddressService, ...], tuple[InsuranceProvider, ...]]:
    """Services and insurances of one address.

    Raises:
        Upstream: they could not be read.
    """
    services = _value(api.directory.services(at), ())
    if defects.on("insurances-not-read"):
        return services, ()
    return services, _value(api.directory.insurances(at), ())


def _wanted(addresses: tuple[Address, ...], defects: Defects) -> tuple[Address, ...]:
    if defects.on("second-address-ignored"):
        return addresses[:1]
    if defects.on("online-addresses-ignored"):
        return tuple(one for one in addresses if not one.online_only)
    return addresses


def _each(pool: ThreadPoolExecutor, keys: Iterable[Key], read: Callable[[Key], T]) -> Iterable[tuple[Key, T]]:
    known = list(keys)
    return zip(known, pool.map(read, known), strict=True)


def _value(outcome: Outcome[T], absent: T) -> T:
    if isinstance(outcome, Done):
        return outcome.value
    if isinstance(outcome, Refused):
        if outcome.status in NOT_SHARED:
            return absent
        message = f"Docplanner refused to be read: {outcome}"
        raise Upstream(message)
    message = f"Docplanner could not be read: {outcome.reason}"
    raise Upstream(message)
