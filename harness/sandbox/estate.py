"""The estate: clinics, doctors, addresses, services and insurances, invented in the marketplace's language."""

from __future__ import annotations

import random
from functools import cache

from faker import Faker

from harness.sandbox.directory import (
    Address,
    AddressService,
    Directory,
    Doctor,
    Facility,
    Ids,
    InsuranceProvider,
    Service,
)
from harness.sandbox.service_names import service_names

__all__ = ["Estate"]

SPECIALIZATIONS = ("Family medicine", "Cardiology", "Dermatology", "Orthopaedics", "Paediatrics")
OFFERED_BY = ((), (), (0, 1), (1,), (0, 1), (0, 4), (2,), (3,), (4,), (0, 4), (0, 2), (0, 4))
"""Which specializations offer a service, by place in the list of names; () for all of them."""
DIAGNOSTIC = {2, 3, 4, 9, 10}
"""Which services are diagnostics, likewise."""
INSURANCES = {"Medisana": ("Basic", "Comfort"), "Vitalis": ("Standard", "Plus"), "Sanitas Nova": ("Classic",)}
MINUTES = 30
"""Every service's length, so that a period offers one grid: behaviour.md, long services across periods are [open]."""
SERVICES_AN_ADDRESS = 2


@cache
def _faker(locale: str) -> Faker:
    """One generator a locale: making one costs up to 100 ms."""
    return Faker(locale)


class Estate:
    """Makes clinics, one after the other, the same ones from the same seed and base."""

    def __init__(self, directory: Directory, ids: Ids, *, locale: str, seed: str) -> None:
        self._directory = directory
        self._ids = ids
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._people = _faker(locale)
        self._people.seed_instance(self._random.getrandbits(64))
        self._names: set[tuple[str, str]] = set()
        specializations = [ids.new() for _ in SPECIALIZATIONS]
        directory.specializations = dict(zip(specializations, SPECIALIZATIONS, strict=True))
        for place, name in enumerate(service_names(locale)):
            offered_by = frozenset(specializations[one] for one in OFFERED_BY[place] or range(len(SPECIALIZATIONS)))
            service = Service(ids.new(), name, diagnostic=place in DIAGNOSTIC, specializations=offered_by)
            directory.services[service.id] = service
        for name, plans in INSURANCES.items():
            provider = InsuranceProvider(ids.new(), name, tuple((ids.new(), plan) for plan in plans))
            directory.insurances[provider.id] = provider

    def go_on_in(self, directory: Directory) -> None:
        """Clinics join those of ``directory`` from now on, with names that none of its doctors has."""
        self._directory = directory
        self._names = {(one.name, one.surname) for one in directory.doctors.values()}

    def add(self, kind: str, granted_to: set[str]) -> Facility:
        """A new clinic: two doctors; ``lookalike`` ones share a name, and one has three addresses."""
        facility = Facility(self._ids.new(), self._people.company(), kind, granted_to)
        names = [self._name(), self._name()]
        if kind == "lookalike":
            names[1] = names[0]
        for index, (name, surname) in enumerate(names):
            specialization = self._random.choice(list(self._directory.specializations))
            doctor = Doctor(self._ids.new(), facility.id, name, surname, specialization=specialization)
            facility.doctors[doctor.id] = doctor
            places = [False, False, True] if kind == "lookalike" and index == 0 else [False]
            offered = self._random.sample(list(self._directory.services.values()), SERVICES_AN_ADDRESS)
            if kind == "lookalike":
                offered = list(self._directory.services.values())[:SERVICES_AN_ADDRESS]
            for online in places:
                address = self._address(doctor, offered, online_only=online)
                doctor.addresses[address.id] = address
        self._directory.add(facility)
        return facility

    def open_address(self, doctor: Doctor, *, online_only: bool) -> Address:
        """The doctor works at one place more, with a calendar of its own."""
        offered = self._random.sample(list(self._directory.services.values()), SERVICES_AN_ADDRESS)
        address = self._address(doctor, offered, online_only=online_only)
        self._directory.add_address(doctor, address)
        return address

    def _address(self, doctor: Doctor, offered: list[Service], *, online_only: bool) -> Address:
        address = Address(
            id=self._ids.new(),
            facility_id=doctor.facility_id,
            doctor_id=doctor.id,
            name="Online" if online_only else self._people.street_name(),
            street="" if online_only else self._people.street_address(),
            post_code="" if online_only else self._people.postcode(),
            city_name=self._people.city(),
            online_only=online_only,
        )
        for number, service in enumerate(offered):
            made = AddressService(
                id=self._ids.new(),
                service_id=service.id,
                name=service.name,
                duration=MINUTES,
                price=self._random.randrange(50, 400, 10),
                is_default=number == 0,
            )
            address.services[made.id] = made
        providers = self._random.sample(list(self._directory.insurances.values()), self._random.choice((1, 2)))
        for provider in providers:
            plans = self._random.sample(provider.plans, self._random.randint(1, len(provider.plans)))
            address.insurances[provider.id] = tuple(sorted(plan for plan, _ in plans))
        return address

    def _name(self) -> tuple[str, str]:
        while True:
            name = (self._people.first_name(), self._people.last_name())
            if name not in self._names:
                self._names.add(name)
                return name
