"""Who plays: the clinic that a scenario was given, its doctors by the names of the feature, and invented patients.

Patients' phones lie in the run's own block of numbers, so that everybody who sees one can tell an invented patient from
a real one. Names and numbers follow from the run's seed and base.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from faker import Faker

from harness.errors import BrokenHarness
from harness.marketplace.port import Lease
from harness.vocabulary import Calendar, Doctor, Patient, Service, Visit

__all__ = ["Cast", "DoctorName"]

CALLING_CODES = {
    "es_AR": "+5411",
    "pt_BR": "+5511",
    "es_CL": "+56",
    "es_CO": "+573",
    "cs_CZ": "+420",
    "es_ES": "+34",
    "it_IT": "+393",
    "es_MX": "+525",
    "pt_PT": "+351",
    "tr_TR": "+905",
    "pl_PL": "+48",
    "de_DE": "+4915",
}
NATIONAL_NUMBERS = {"pl_PL": "pesel", "pt_BR": "cpf", "es_ES": "nif", "it_IT": "ssn"}
"""Faker's provider of the country's national number, where it has one."""
GENDERS = {"Piotr": "m", "Jan": "m", "Adam": "m"}
"""Of patients whom features name; the others are women."""
RECOGNISED_BY = "Acceptance"
"""In the surnames of patients at a real clinic."""
PATIENTS_A_SCENARIO = 10
BORN_BETWEEN = (date(1950, 1, 1), date(2004, 12, 31))


@dataclass(frozen=True, slots=True)
class DoctorName:
    """A doctor as a feature names one: the namesake is "the other Dr Kowalska"."""

    surname: str
    other: bool = False
    place: str = ""
    """Empty for the first address, "second" or "online"."""


@cache
def faker(locale: str) -> Faker:
    """One generator a locale: making one costs up to 100 ms."""
    return Faker(locale)


class Cast:
    """The people of one scenario."""

    def __init__(
        self,
        lease: Lease,
        *,
        locale: str,
        seed: str,
        phone_block: str,
        phone: str | None = None,
        email: str | None = None,
        nin: str | None = None,
    ) -> None:
        """``phone`` and ``email`` are the tester's where they are given: then every patient has them.

        ``nin`` is the tester's too. With the tester's phone a national number is given only where it is demanded.
        """
        self.clinic = lease.clinic
        self._number = lease.number
        self._locale = locale
        self._block = phone_block
        self._phone, self._email, self._nin = phone, email, nin
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._doctors: dict[str, Doctor] = {}
        self._patients: dict[str, Patient] = {}

    def calendar(self, name: DoctorName) -> Calendar:
        """The calendar that the feature means. Doctors are dealt in the order in which they are first named."""
        doctor = self._doctor(name)
        on_site = [one for one in doctor.calendars if not one.online_only]
        online = [one for one in doctor.calendars if one.online_only]
        choice = {"": on_site[:1], "second": on_site[1:2], "online": online[:1]}[name.place]
        if not choice:
            message = f"The clinic {self.clinic.name!r} has no {name.place} address for {name.surname}."
            raise BrokenHarness(message)
        return choice[0]

    def calendars(self) -> tuple[Calendar, ...]:
        """Every calendar of the clinic."""
        return tuple(calendar for doctor in self.clinic.doctors for calendar in doctor.calendars)

    def patient(self, name: str, calendar: Calendar | None = None) -> Patient:
        """The patient of that first name: the same one throughout the scenario, and in no other.

        Who books a ``calendar`` tells what is demanded there.
        """
        if name not in self._patients:
            self._patients[name] = self._invent(name, len(self._patients))
        found, demands = self._patients[name], calendar.demands if calendar else frozenset()
        return replace(
            found,
            gender=GENDERS.get(name, "f") if "gender" in demands else found.gender,
            nin=self._nin if self._phone and "nin" in demands else found.nin,
        )

    def patients(self) -> tuple[Patient, ...]:
        """Everybody invented so far."""
        return tuple(self._patients.values())

    def across(self, visit: Visit, calendar: Calendar, start: datetime) -> Visit:
        """The visit in another calendar."""
        service = self.service(calendar)
        patient = self.patient(visit.patient.name, calendar)
        return replace(visit, calendar=calendar, patient=patient, start=start, minutes=service.minutes, service=service)

    def service(self, calendar: Calendar) -> Service:
        """The service that visits there are booked for, where a feature names none: the first."""
        return calendar.services[0]

    def _doctor(self, name: DoctorName) -> Doctor:
        key = f"{name.surname} (other)" if name.other else name.surname
        if key not in self._doctors:
            if len(self._doctors) == len(self.clinic.doctors):
                message = f"The clinic {self.clinic.name!r} has no doctor left for {name.surname}."
                raise BrokenHarness(message)
            taken = 1 if name.other and not self._doctors else len(self._doctors)
            self._doctors[key] = self.clinic.doctors[taken]
        return self._doctors[key]

    def _invent(self, name: str, index: int) -> Patient:
        people = faker(self._locale)
        people.seed_instance(self._random.getrandbits(64))
        surname = f"{people.last_name()}-{people.last_name()}"
        digits = f"{self._block}{self._number * PATIENTS_A_SCENARIO + index:04d}"
        born = BORN_BETWEEN[0] + timedelta(days=self._random.randrange((BORN_BETWEEN[1] - BORN_BETWEEN[0]).days))
        number = None if self._phone else NATIONAL_NUMBERS.get(self._locale)
        return Patient(
            name=name,
            surname=f"{surname}-{RECOGNISED_BY}" if self._phone else surname,
            phone=self._phone or f"{CALLING_CODES.get(self._locale, '+34')}{digits}",
            email=self._email or f"patient.{digits}@example.com",
            birth_date=born,
            nin=str(getattr(people, number)()) if number else None,
            shares_phone=self._phone is not None,
        )
