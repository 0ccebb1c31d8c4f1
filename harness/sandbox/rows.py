"""Everything that the sandbox knows as rows: a kind, a key, and a JSON object; and a sandbox made of them again.

A snapshot is all rows; a state file keeps the rows that have changed. The fields of a row are those of the class that
it is made of, so whatever a class learns is kept too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, get_type_hints

import msgspec

from harness.clock import MovableClock
from harness.sandbox.bookings import Booking, Bookings
from harness.sandbox.breaks import Break, Breaks
from harness.sandbox.clients import ApiClient
from harness.sandbox.directory import Address, Directory, Doctor, Facility, InsuranceProvider, Service
from harness.sandbox.faults import Fault, Faults
from harness.sandbox.kept import Kept
from harness.sandbox.notifications import Mailbox, Notification, Queue
from harness.sandbox.opinions import OpinionRequest, Opinions
from harness.sandbox.profiles import Behaviour
from harness.sandbox.slots import Timetable, WorkPeriod
from harness.sandbox.state import CalendarState, Pending, SlotsWrite, State

__all__ = ["KINDS", "Kind", "Rows", "load", "row_of"]

Rows = Mapping[str, Mapping[str, Any]]
"""By kind and key, in the order in which they were made: what JSON can say of each."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What there is once in a sandbox."""

    marketplace: str
    last_id: int
    first_client: str
    clock_offset_s: float
    behaviour: Behaviour
    leased: list[str]
    leases: int
    services: list[Service]
    specializations: dict[str, str]
    insurances: list[InsuranceProvider]
    opinions_given: list[str]


@dataclass(frozen=True, slots=True)
class StoredCalendar:
    """A calendar, each work period told once: timetables name places in ``periods``."""

    periods: list[WorkPeriod]
    accepted: list[int]
    readable: list[int]
    pending: list[tuple[datetime, list[int]]]
    recent_writes: list[SlotsWrite]
    behaviour: Behaviour | None
    scenario: str | None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row: where its entries are, and what is told of one."""

    name: str
    entries: Callable[[State], Mapping[str, Any]]
    told: Callable[[Any], object] = lambda entry: entry


def row_of(kind: Kind, entry: object) -> bytes:
    """The entry as JSON."""
    return msgspec.json.encode(kind.told(entry))


def load(rows: Rows, state: State, clock: MovableClock) -> None:
    """Make ``state`` know what the rows tell, and nothing else. Ids go on after the newest that either has given.

    Raises:
        ValueError: the rows are no sandbox, or one of another marketplace.
    """
    try:
        whole = _read(Whole, rows["whole"][""])
        clients = {key: _read(ApiClient, row) for key, row in rows["client"].items()}
        rooms = (
            _directory(rows, whole),
            _bookings(rows["booking"]),
            _opinions(rows["opinion-request"], whole),
            _breaks(rows["break"]),
            _mailbox(rows),
            _faults(rows["fault"]),
            Kept({key: _calendar(_read(StoredCalendar, row)) for key, row in rows["calendar"].items()}),
        )
        first_client = clients[whole.first_client]
    except (KeyError, IndexError, TypeError, AttributeError, msgspec.ValidationError) as error:
        message = f"this is no state of a sandbox: {error}"
        raise ValueError(message) from error
    if whole.marketplace != state.settings.marketplace:
        message = f"this is a sandbox of {whole.marketplace}, not of {state.settings.marketplace}"
        raise ValueError(message)
    state.ids.go_on_after(whole.last_id)
    state.clients, state.first_client = Kept(clients), first_client
    state.behaviour, state.leased, state.leases = whole.behaviour, set(whole.leased), whole.leases
    clock.shift(timedelta(seconds=whole.clock_offset_s))
    state.take(*rooms)


def _whole(state: State) -> Whole:
    clock = state.clock
    return Whole(
        marketplace=state.settings.marketplace,
        last_id=state.ids.last,
        first_client=state.first_client.id,
        clock_offset_s=clock.offset.total_seconds() if isinstance(clock, MovableClock) else 0.0,
        behaviour=state.behaviour,
        leased=sorted(state.leased),
        leases=state.leases,
        services=list(state.directory.services.values()),
        specializations=state.directory.specializations,
        insurances=list(state.directory.insurances.values()),
        opinions_given=sorted(state.opinions.given),
    )


def _directory(rows: Rows, whole: Whole) -> Directory:
    directory = Directory()
    directory.services = {one.id: one for one in whole.services}
    directory.specializations = whole.specializations
    directory.insurances = {one.id: one for one in whole.insurances}
    facilities = {key: _read(Facility, row) for key, row in rows["facility"].items()}
    doctors = {key: _read(Doctor, row) for key, row in rows["doctor"].items()}
    for row in rows["address"].values():
        address = _read(Address, row)
        doctors[address.doctor_id].addresses[address.id] = address
    for doctor in doctors.values():
        facilities[doctor.facility_id].doctors[doctor.id] = doctor
    for facility in facilities.values():
        directory.add(facility)
    return directory


def _bookings(rows: Mapping[str, Any]) -> Bookings:
    bookings = Bookings()
    for row in rows.values():
        bookings.update(_read(Booking, row))
    return bookings


def _opinions(rows: Mapping[str, Any], whole: Whole) -> Opinions:
    opinions = Opinions()
    opinions.requests.update({key: _read(OpinionRequest, row) for key, row in rows.items()})
    opinions.given = set(whole.opinions_given)
    return opinions


def _breaks(rows: Mapping[str, Any]) -> Breaks:
    breaks = Breaks()
    for row in rows.values():
        breaks.add(_read(Break, row))
    return breaks


def _mailbox(rows: Rows) -> Mailbox:
    mailbox = Mailbox()
    for row in rows["notification"].values():
        mailbox.keep(_read(Notification, row))
    for client_id, items in rows["queue"].items():
        queue: Queue = deque()
        for notification_id, since in items:
            queue.append((mailbox.notifications[notification_id], datetime.fromisoformat(since)))
        mailbox.queues[client_id] = queue
    return mailbox


def _faults(rows: Mapping[str, Any]) -> Faults:
    faults = Faults()
    for row in rows.values():
        faults.arm(_read(Fault, row))
    return faults


def _stored(calendar: CalendarState) -> StoredCalendar:
    places: dict[int, int] = {}
    periods: list[WorkPeriod] = []

    def of(timetable: Timetable) -> list[int]:
        for one in timetable.periods:
            if id(one) not in places:
                places[id(one)] = len(periods)
                periods.append(one)
        return [places[id(one)] for one in timetable.periods]

    return StoredCalendar(
        periods=periods,
        accepted=of(calendar.accepted),
        readable=of(calendar.readable),
        pending=[(one.readable_at, of(one.timetable)) for one in calendar.pending],
        recent_writes=calendar.recent_writes,
        behaviour=calendar.behaviour,
        scenario=calendar.scenario,
    )


def _calendar(stored: StoredCalendar) -> CalendarState:
    def at(places: Iterable[int]) -> Timetable:
        return Timetable(tuple(stored.periods[place] for place in places))

    accepted, readable = at(stored.accepted), at(stored.readable)
    return CalendarState(
        accepted=accepted,
        readable=accepted if stored.readable == stored.accepted else readable,
        pending=[Pending(readable_at, at(places)) for readable_at, places in stored.pending],
        recent_writes=stored.recent_writes,
        behaviour=stored.behaviour,
        scenario=stored.scenario,
    )


def _read(cls: type[Any], row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as ``cls`` says
    hints = _hints(cls)  # type: ignore[arg-type]  # a class can be hashed
    return cls(**{name: msgspec.convert(value, hints[name]) for name, value in row.items()})


@cache
def _hints(cls: type[Any]) -> dict[str, Any]:
    """The types of the fields; what JSON nests in JSON is taken as it is."""
    known = {one.name for one in fields(cls)}
    return {name: hint for name, hint in get_type_hints(cls, localns={"JsonValue": Any}).items() if name in known}


KINDS = (
    Kind("client", lambda state: state.clients),
    Kind("facility", lambda state: state.directory.facilities, lambda one: replace(one, doctors={})),
    Kind("doctor", lambda state: state.directory.doctors, lambda one: replace(one, addresses={})),
    Kind("address", lambda state: state.directory.addresses),
    Kind("calendar", lambda state: state.calendars, _stored),
    Kind("booking", lambda state: state.bookings.by_id),
    Kind("opinion-request", lambda state: state.opinions.requests),
    Kind("break", lambda state: state.breaks.by_id),
    Kind("notification", lambda state: state.mailbox.notifications),
    Kind("queue", lambda state: state.mailbox.queues, lambda queue: [(one.id, since) for one, since in queue]),
    Kind("fault", lambda state: state.faults.armed),
    Kind("whole", lambda state: {"": state}, _whole),
)
