"""The visible estate: what an API client could touch, shown before it writes anything, and confirmed once."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from harness.client.api import DocplannerApi
from harness.client.models import CalendarAt
from harness.client.outcome import value_of
from harness.errors import OutputUnusable

__all__ = ["Confirmations", "Estate", "Place", "demanding", "read_estate"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A calendar, with the names by which people know it."""

    facility_id: str
    doctor_id: str
    address_id: str
    facility: str
    doctor: str
    address: str

    @property
    def calendar(self) -> CalendarAt:
        """Where it is in the API."""
        return CalendarAt(self.facility_id, self.doctor_id, self.address_id)


@dataclass(frozen=True, slots=True)
class Estate:
    """Everything that one API client may see, and which of it may be written to."""

    origin: str
    client_id: str
    places: tuple[Place, ...]
    writable: frozenset[str]
    """Ids of facilities."""

    @property
    def fingerprint(self) -> str:
        """The same for the same estate, whatever the order in which it was read; another for any change of it."""
        told = [self.origin, self.client_id, sorted(self.writable), [_fields(one) for one in sorted(self.places)]]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @property
    def calendars(self) -> frozenset[CalendarAt]:
        """Those that may be written to, once the estate is confirmed."""
        return frozenset(one.calendar for one in self.places if one.facility_id in self.writable)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Facilities that may be written to and cannot be seen: most likely mistyped."""
        return tuple(sorted(self.writable - {one.facility_id for one in self.places}))

    def text(self) -> str:
        """The estate as it is shown before it is confirmed."""
        lines = [f"API client {self.client_id} at {self.origin} sees:"]
        facility = ""
        for one in sorted(self.places):
            if one.facility_id != facility:
                facility = one.facility_id
                may = "may be WRITTEN to" if facility in self.writable else "read only"
                lines.append(f"  {one.facility} (facility {facility}): {may}")
            lines.append(f"    {one.doctor}, {one.address} (doctor {one.doctor_id}, address {one.address_id})")
        lines += [f"  facility {one}: may be written to, and cannot be seen" for one in self.unknown]
        return "\n".join(lines)


def read_estate(api: DocplannerApi, *, origin: str, client_id: str, writable: Iterable[str]) -> Estate:
    """Read what the API client may see.

    Raises:
        DocplannerError: something is not answered, or may not be read.
    """
    directory = api.directory
    places = [
        Place(facility.id, doctor.id, address.id, facility.name, f"{doctor.name} {doctor.surname}", address.name or "-")
        for facility in value_of(directory.facilities())
        for doctor in value_of(directory.doctors(facility.id))
        for address in value_of(directory.addresses(facility.id, doctor.id))
    ]
    return Estate(origin, client_id, tuple(sorted(places)), frozenset(writable))


def demanding(api: DocplannerApi, estate: Estate) -> frozenset[CalendarAt]:
    """Where patients must give a national number, of what may be written to.

    Raises:
        DocplannerError: something is not answered, or may not be read.
    """
    doctors = {(one.facility_id, one.doctor_id) for one in estate.calendars}
    return frozenset(
        CalendarAt(facility, doctor, address)
        for facility, doctor in sorted(doctors)
        for address, told in value_of(api.directory.demands(facility, doctor)).items()
        if "nin" in told
    )


class Confirmations:
    """Which estates somebody has confirmed, by their fingerprints, in a file of this user's."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def has(self, estate: Estate) -> bool:
        """Whether exactly this estate was confirmed; a file that cannot be read confirms nothing."""
        return estate.fingerprint in self._read()

    def add(self, estate: Estate, who: str, at: datetime) -> None:
        """Keep that ``who`` has confirmed it.

        Raises:
            OutputUnusable: the file cannot be written.
        """
        known = self._read()
        known[estate.fingerprint] = {"client_id": estate.client_id, "by": who, "at": at.isoformat()}
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(json.dumps(known, indent=2) + "\n")
            fresh.replace(self._path)
        except OSError as error:
            message = f"The confirmation cannot be kept in {self._path}: {error.strerror}."
            raise OutputUnusable(message) from error

    def _read(self) -> dict[str, object]:
        with contextlib.suppress(OSError, ValueError):
            told = json.loads(self._path.read_text(encoding="utf-8"))
            return told if isinstance(told, dict) else {}
        return {}


def _fields(one: Place) -> list[str]:
    return [one.facility_id, one.doctor_id, one.address_id, one.facility, one.doctor, one.address]
