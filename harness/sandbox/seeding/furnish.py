"""A seed becomes clinics, calendars and visits, under the sandbox's own rules; nobody is told of what stood before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from harness.clock import Clock
from harness.contract.json_value import JsonObject
from harness.errors import ConfigurationError
from harness.sandbox.breaks import Break
from harness.sandbox.calendars import Calendars
from harness.sandbox.directory import Address, AddressService, Doctor, Facility, InsuranceProvider, Service
from harness.sandbox.refusals import Refusal
from harness.sandbox.seeding.nodes import Problems, near
from harness.sandbox.seeding.seed import (
    HINT,
    Place,
    Seed,
    SeedAddress,
    SeedClinic,
    SeedDoctor,
    SeedHours,
    SeedVisit,
    read_seed,
)
from harness.sandbox.settings import SandboxSettings
from harness.sandbox.slots import Offered, WorkPeriod
from harness.sandbox.state import State
from harness.sandbox.visits import Wanted

__all__ = ["checked_seed", "furnish"]

Found = TypeVar("Found")
BY = {"patient": "user", "doctor": "doctor"}


def furnish(state: State, rules: Calendars, seed: Seed) -> None:
    """Put what a checked seed says into a sandbox, beside what is there.

    Raises:
        ConfigurationError: the rules refuse something by now, such as a time that has passed.
    """
    problems = Problems()
    _Room(state, rules, problems).furnish(seed)
    _stop_at(problems, seed.path)


def checked_seed(path: Path, settings: SandboxSettings, clock: Clock) -> Seed:
    """The seed in the file, tried in a sandbox that is thrown away.

    Raises:
        ConfigurationError: it cannot be read, names what is in no dictionary, or wants what the rules refuse; all that
            is wrong is told at once, with line and field.
    """
    problems = Problems()
    seed = read_seed(path, problems)
    state = State(settings, clock)
    # where the form is wrong, what the rules say of the rest would mislead: names alone are looked up
    _Room(state, Calendars(state), problems, names_alone=bool(problems.told)).furnish(seed)
    _stop_at(problems, path)
    return seed


def _stop_at(problems: Problems, path: Path) -> None:
    if problems.told:
        message = "\n  ".join([f"The seed file {path} cannot be used:", *problems.lines()])
        raise ConfigurationError(f"{message}\n", hint=HINT)


class _Room:
    """A sandbox that is being furnished."""

    def __init__(self, state: State, rules: Calendars, problems: Problems, *, names_alone: bool = False) -> None:
        self.problems = problems
        self._names_alone = names_alone
        self._state = state
        self._rules = rules
        self._today = state.clock.now().astimezone(state.zone).date()

    def furnish(self, seed: Seed) -> None:
        """Put everything in; what cannot be is noted."""
        self._client(seed)
        self._dictionaries(seed)
        for clinic in seed.clinics:
            self._clinic(clinic)

    def _client(self, seed: Seed) -> None:
        client = self._state.first_client
        client.delivery, client.callback_url, client.realtime = seed.delivery, seed.callback_url, seed.realtime

    def _dictionaries(self, seed: Seed) -> None:
        directory, ids = self._state.directory, self._state.ids
        known = {one.name for one in directory.services.values()}
        everyone = frozenset(directory.specializations)
        for name in seed.services:
            if name not in known:
                service = Service(ids.new(), name, specializations=everyone)
                directory.services[service.id] = service
        for name, plans in seed.insurances:
            provider = InsuranceProvider(ids.new(), name, tuple((ids.new(), plan) for plan in plans))
            directory.insurances[provider.id] = provider

    def _clinic(self, told: SeedClinic) -> None:
        client = self._state.first_client.id
        facility = Facility(self._id(told.id, told.place), told.name, "ordinary")
        if told.grant != "none":
            facility.granted_to.add(client)
        if told.grant == "read":
            facility.read_only.add(client)
        calendars: list[tuple[SeedAddress, Address]] = []
        for one in told.doctors:
            doctor = self._doctor(facility, one)
            facility.doctors[doctor.id] = doctor
            for place in one.addresses:
                address = self._address(doctor, place)
                doctor.addresses[address.id] = address
                calendars.append((place, address))
        self._state.directory.add(facility)
        for place, address in calendars:
            self._calendar(place, address)

    def _doctor(self, facility: Facility, told: SeedDoctor) -> Doctor:
        known = {name: key for key, name in self._state.directory.specializations.items()}
        specialization = next(iter(known.values()))
        if told.specialization:
            specialization = (
                self._named(told.specialization, known, told.specialization_at, "specialization") or specialization
            )
        return Doctor(self._id(told.id, told.place), facility.id, told.name, told.surname, specialization)

    def _address(self, doctor: Doctor, told: SeedAddress) -> Address:
        address = Address(
            id=self._id(told.id, told.place),
            facility_id=doctor.facility_id,
            doctor_id=doctor.id,
            name=told.name,
            street=told.street,
            post_code=told.post_code,
            city_name=told.city,
            online_only=told.online_only,
            insurance_support=told.insurance_support,
            commercial_type=told.commercial_type,
            calendar_enabled=told.calendar_enabled,
        )
        services = {one.name: one.id for one in self._state.directory.services.values()}
        for number, offer in enumerate(told.services):
            service = self._named(offer.name, services, offer.place, "service") or ""
            made = AddressService(
                self._id(offer.id, offer.place),
                service,
                offer.name,
                offer.minutes,
                price=offer.price,
                is_default=number == 0,
            )
            address.services[made.id] = made
        providers = {one.name: one for one in self._state.directory.insurances.values()}
        for place, name, plans in told.insurances:
            provider = self._named(name, providers, place, "insurance")
            if provider is not None:
                known = {plan: key for key, plan in provider.plans}
                chosen = [self._named(one, known, place, "plan") for one in plans] or list(known.values())
                address.insurances[provider.id] = tuple(sorted(one for one in chosen if one))
        return address

    def _calendar(self, told: SeedAddress, address: Address) -> None:
        for hours in told.working_time:
            self._work(address, hours)
        for visit in told.visits:
            self._visit(address, visit)
        for blocked in told.breaks:
            since, till = self._at(blocked.day, blocked.start), self._at(blocked.day, blocked.end)
            made = Break(self._state.ids.new(), address.id, since, till, blocked.description, "doctor")
            try:
                self._state.breaks.add(made)
            except Refusal as refusal:
                self._refused(blocked.place, refusal)

    def _work(self, address: Address, told: SeedHours) -> None:
        known = {one.name: one for one in address.services.values()}
        chosen = [self._named(one, known, told.place, "service") for one in told.services] or list(known.values())
        offered = tuple(Offered(one.id, one.duration) for one in chosen if one is not None)
        start, end = self._at(told.day, told.start), self._at(told.day, told.end)
        period = WorkPeriod(start, end, offered, self._state.clock.now())
        try:
            self._rules.check_period(address, 0, period)
        except Refusal as refusal:
            self._refused(told.place, refusal)
        else:
            self._rules.fill(address, [], [period])

    def _visit(self, address: Address, told: SeedVisit) -> None:
        known = {one.name: one for one in address.services.values()}
        service = (
            self._named(told.service, known, told.place, "service") if told.service else next(iter(known.values()))
        )
        if service is None:
            return
        patient: JsonObject = {**told.patient, "is_returning": False}
        wanted = Wanted(
            self._at(told.day, told.start), told.minutes or service.duration, service.id, patient, told.comment
        )
        try:
            self._state.bookings.add(self._rules.visits.bookable(address, wanted, by=BY[told.by]))
        except Refusal as refusal:
            self._refused(told.place, refusal)

    # -- words -----------------------------------------------------------------------------------------------------

    def _at(self, day: date | int, at: time) -> datetime:
        on = self._today + timedelta(days=day) if isinstance(day, int) else day
        return datetime.combine(on, at, self._state.zone)

    def _id(self, told: str, place: Place) -> str:
        if not told:
            return self._state.ids.new()
        directory = self._state.directory
        if told in directory.facilities or told in directory.doctors or told in directory.addresses:
            self.problems.add(place.line, place.where, "an id of its own", f"{told!r}, which is taken")
        self._state.ids.go_on_after(int(told))
        return told

    def _named(self, name: str, known: Mapping[str, Found], place: Place, what: str) -> Found | None:
        """What has that name; noted and None where nothing has."""
        if name in known:
            return known[name]
        if not name:
            return None  # noted already, as a text that is missing
        remedy = near(name, tuple(known)) or f"add it under {what}s, or take one of {', '.join(known) or 'none'}"
        self.problems.add(place.line, place.where, f"a known {what}", repr(name), remedy)
        return None

    def _refused(self, place: Place, refusal: Refusal) -> None:
        if not self._names_alone:
            self.problems.add(place.line, place.where, "what the API would accept", f"a refusal: {refusal}")
