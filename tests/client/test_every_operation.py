"""Every operation of the contract has a method of the client, which a real sandbox understands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from harness.client.api import DocplannerApi
from harness.client.auth import Credentials
from harness.client.calls import Calls, Endpoint
from harness.client.models import CalendarAt, NewBooking, Person, WorkPeriod
from harness.client.outcome import Done
from harness.clock import MovableClock, SystemClock
from harness.contract.json_value import object_of
from harness.contract.operations import OPERATIONS
from harness.recorder.journal import MemoryJournal
from harness.recorder.line import Kind
from harness.sandbox.http.server import serve
from harness.sandbox.settings import SandboxSettings

ANNA = Person("Anna", "+48500001234", "Nowak")


@dataclass(frozen=True)
class Known:
    """What a call may need: a calendar, a time in it, and something of each kind by its id."""

    at: CalendarAt
    nine: datetime
    service: str
    dictionary_service: str
    provider: str

    @property
    def noon(self) -> datetime:
        """Three hours later."""
        return self.nine + timedelta(hours=3)


CALLS: Mapping[str, Callable[[DocplannerApi, Known], object]] = {
    "getFacilities": lambda api, it: api.directory.facilities(),
    "getFacility": lambda api, it: api.directory.facility(it.at.facility_id),
    "getDoctors": lambda api, it: api.directory.doctors(it.at.facility_id),
    "getDoctor": lambda api, it: api.directory.doctor(it.at.facility_id, it.at.doctor_id),
    "getAddresses": lambda api, it: api.directory.addresses(it.at.facility_id, it.at.doctor_id),
    "getAddress": lambda api, it: api.directory.address(it.at),
    "updateAddress": lambda api, it: api.directory.set_insurance_support(it.at, "private"),
    "removeAddressIntegration": lambda api, it: api.directory.remove_integration(it.at),
    "getServices": lambda api, it: api.dictionaries.services(),
    "getAddressServices": lambda api, it: api.directory.services(it.at),
    "addAddressService": lambda api, it: api.directory.add_service(it.at, it.dictionary_service, minutes=30),
    "getAddressService": lambda api, it: api.directory.service(it.at, it.service),
    "updateAddressService": lambda api, it: api.directory.update_service(it.at, it.service, minutes=30),
    "deleteAddressService": lambda api, it: api.directory.delete_service(it.at, "1"),
    "getInsuranceProviders": lambda api, it: api.dictionaries.insurances(),
    "getInsurancePlans": lambda api, it: api.dictionaries.plans(it.provider),
    "getAddressInsuranceProviders": lambda api, it: api.directory.insurances(it.at),
    "addAddressInsuranceProvider": lambda api, it: api.directory.add_insurance(it.at, it.provider),
    "updateOrCreateAddressInsuranceProvider": lambda api, it: api.directory.put_insurance(it.at, it.provider),
    "deleteAddressInsuranceProvider": lambda api, it: api.directory.delete_insurance(it.at, it.provider),
    "getCalendar": lambda api, it: api.calendars.enabled(it.at),
    "enableCalendar": lambda api, it: api.calendars.enable(it.at),
    "disableCalendar": lambda api, it: api.calendars.disable(it.at),
    "getCalendarBreaks": lambda api, it: api.calendars.breaks(it.at, it.nine, it.noon),
    "addCalendarBreak": lambda api, it: api.calendars.add_break(it.at, it.nine, it.noon, None),
    "getCalendarBreak": lambda api, it: api.calendars.break_by_id(it.at, "1"),
    "moveCalendarBreak": lambda api, it: api.calendars.move_break(it.at, "1", it.nine, it.noon),
    "deleteCalendarBreak": lambda api, it: api.calendars.delete_break(it.at, "1"),
    "getSlots": lambda api, it: api.calendars.free_slots(it.at, it.nine, it.noon),
    "replaceSlots": lambda api, it: api.calendars.replace_slots(
        it.at, [WorkPeriod(it.nine, it.noon, ((it.service, 30),))]
    ),
    "bookSlot": lambda api, it: api.bookings.book(it.at, it.nine, NewBooking(it.service, ANNA, 30)),
    "deleteSlots": lambda api, it: api.calendars.delete_slots(it.at, it.nine.date()),
    "getBookings": lambda api, it: api.bookings.every(it.at, it.nine, it.noon),
    "getBooking": lambda api, it: api.bookings.one(it.at, "1"),
    "cancelBooking": lambda api, it: api.bookings.cancel(it.at, "1", reason="a test"),
    "moveBooking": lambda api, it: api.bookings.move(it.at, "1", it.noon, address_service_id=it.service, minutes=30),
    "confirmBooking": lambda api, it: api.bookings.confirm(it.at, "1"),
    "requestOpinion": lambda api, it: api.bookings.request_opinion(it.at.facility_id, it.at.doctor_id, ANNA.phone),
    "markPatientPresence": lambda api, it: api.bookings.mark_present(it.at, "1"),
    "markPatientAbsence": lambda api, it: api.bookings.mark_absent(it.at, "1"),
    "pullNotification": lambda api, it: api.notifications.pull(),
    "pullMultipleNotification": lambda api, it: api.notifications.pull_many(),
    "releaseNotifications": lambda api, it: api.notifications.release(),
}


@dataclass(frozen=True)
class Connected:
    """A client of a running sandbox, and what the sandbox saw."""

    api: DocplannerApi
    known: Known
    journal: MemoryJournal


@pytest.fixture(scope="module")
def connected() -> Iterator[Connected]:
    """One sandbox for all operations."""
    journal = MemoryJournal()
    with serve(SandboxSettings(clinics=1), journal=journal, clock=MovableClock()) as sandbox:
        credentials = Credentials(sandbox.token_url, sandbox.client_id, sandbox.client_secret)
        api = DocplannerApi(Calls(Endpoint(sandbox.api_base_url, credentials, "tests"), clock=SystemClock()))
        directory = sandbox.state.directory
        facility = next(iter(directory.facilities.values()))
        doctor = next(iter(facility.doctors.values()))
        address = next(iter(doctor.addresses.values()))
        tomorrow = datetime.now(sandbox.state.zone).replace(hour=9, minute=0, second=0, microsecond=0)
        known = Known(
            CalendarAt(facility.id, doctor.id, address.id),
            tomorrow + timedelta(days=1),
            next(iter(address.services)),
            next(iter(directory.services)),
            next(iter(directory.insurances)),
        )
        yield Connected(api, known, journal)
        api.close()


def test_no_operation_is_missing() -> None:
    """The client is whole."""
    assert set(CALLS) == set(OPERATIONS)


@pytest.mark.parametrize("operation", [*sorted(set(CALLS) - {"removeAddressIntegration"}), "removeAddressIntegration"])
def test_the_sandbox_understands_it(connected: Connected, operation: str) -> None:
    """The request means this operation and breaks no contract; whatever is answered can be read."""
    before = len(connected.journal.lines)

    outcome = CALLS[operation](connected.api, connected.known)

    seen = [line.body for line in list(connected.journal.lines)[before:] if line.kind is Kind.EXCHANGE]
    mine = [body for body in seen if body.get("operation") == operation]
    assert mine, seen
    assert mine[-1]["breaches"] == []
    assert OPERATIONS[operation].writes or isinstance(outcome, Done) or mine[-1]["status"] == 404
    assert object_of(mine[-1]["request"])
