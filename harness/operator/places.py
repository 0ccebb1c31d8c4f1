"""What people call the calendars: doctor, address, clinic, and the services there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from harness.errors import BrokenHarness
from harness.vocabulary import AddressId, Calendar, Clinic, Doctor, Service

__all__ = ["Place", "Places"]


@dataclass(frozen=True, slots=True)
class Place:
    """A calendar with those to whom it belongs."""

    clinic: Clinic
    doctor: Doctor
    calendar: Calendar

    @property
    def words(self) -> str:
        """``Dr Anna Kowalska, Main Street 1 (Praxis Nord)``."""
        return f"Dr {self.doctor.full_name}, {self.calendar.name} ({self.clinic.name})"


class Places:
    """Looks calendars up by id; asks for the clinics again where it does not know one. ``clinics`` may call the API."""

    def __init__(self, clinics: Callable[[], Iterable[Clinic]]) -> None:
        self._clinics = clinics
        self._known: dict[AddressId, Place] = {}

    def place(self, address: AddressId) -> Place:
        """The calendar.

        Raises:
            BrokenHarness: there is none of that id.
        """
        if address not in self._known:
            self._read()
        if address not in self._known:
            message = f"No clinic has a calendar {address}."
            raise BrokenHarness(message)
        return self._known[address]

    def service(self, address: AddressId, service_id: str | None) -> Service | None:
        """The service of the calendar; None where it is unknown, also after asking again."""
        for again in (False, True):
            if again:
                self._read()
            for one in self.place(address).calendar.services:
                if one.id == service_id:
                    return one
        return None

    def clinics(self) -> tuple[Clinic, ...]:
        """Every clinic as it is now."""
        return self._read()

    def _read(self) -> tuple[Clinic, ...]:
        clinics = tuple(self._clinics())
        self._known |= {
            calendar.id: Place(clinic, doctor, calendar)
            for clinic in clinics
            for doctor in clinic.doctors
            for calendar in doctor.calendars
        }
        return clinics
