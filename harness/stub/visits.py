"""Appointments as the clinic holds them, and every booking id by which Docplanner ever knew one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from harness.client.models import Person
from harness.client.reading import read_person, write_person
from harness.stub.tables import appointments, booking_ids
from harness.vocabulary import name_key, phone_key

__all__ = [
    "KnownBooking",
    "Visit",
    "add",
    "by_booking",
    "by_id",
    "change",
    "forget",
    "ids_of",
    "kill",
    "known_booking",
    "link",
    "new_id",
    "overlapping",
    "relink",
    "remove",
    "same_person",
    "starting_in",
    "uncertain",
    "unsent",
]

LONGEST_VISIT = timedelta(hours=24)
NOBODY = Person("", "")


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment. The fields ``sent_*`` are what Docplanner has of it, as far as the clinic knows."""

    id: str
    address_id: str
    start: datetime
    end: datetime
    address_service_id: str | None
    patient: Person
    comment: str | None
    status: str
    origin: str
    sync_state: str
    confirmed: bool = False
    presence: str | None = None
    sync_message: str | None = None
    booking_id: str | None = None
    """The id that is valid now, or was last."""
    live: bool = False
    """Whether ``booking_id`` is booked at Docplanner."""
    uncertain: bool = False
    """Whether a write was sent whose end nobody knows."""
    sent_address_id: str | None = None
    sent_start: datetime | None = None
    sent_end: datetime | None = None
    sent_service_id: str | None = None
    sent_confirmed: bool = False
    sent_presence: str | None = None

    @property
    def booked(self) -> bool:
        """Whether it takes place."""
        return self.status == "booked"

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int((self.end - self.start).total_seconds() // 60)

    @property
    def as_sent(self) -> bool:
        """Whether Docplanner has it at this place, time and length."""
        return (self.address_id, self.start, self.end) == (self.sent_address_id, self.sent_start, self.sent_end)


@dataclass(frozen=True, slots=True)
class KnownBooking:
    """A booking id that was seen. A dead one was cancelled or moved away from, and never lives again."""

    booking_id: str
    appointment_id: str | None
    dead: bool


def new_id() -> str:
    """An id of the clinic's own."""
    return f"visit-{uuid.uuid4().hex[:20]}"


def add(connection: Connection, tenant: int, visit: Visit) -> None:
    """A new appointment."""
    connection.execute(insert(appointments).values(tenant=tenant, **_columns(visit)))


def change(connection: Connection, visit_id: str, **changes: object) -> None:
    """The fields named are now like this; the others stay, also where somebody else changes them meanwhile."""
    if isinstance(patient := changes.get("patient"), Person):
        changes["patient"] = write_person(patient)
    connection.execute(update(appointments).where(appointments.c.id == visit_id).values(**changes))


def remove(connection: Connection, visit: Visit) -> None:
    """There is no such appointment: it was another one, seen twice."""
    connection.execute(delete(appointments).where(appointments.c.id == visit.id))


def by_id(connection: Connection, tenant: int, visit_id: str) -> Visit | None:
    """The appointment with the clinic's own id."""
    found = _all(connection, (appointments.c.tenant == tenant) & (appointments.c.id == visit_id))
    return next(iter(found), None)


def by_booking(connection: Connection, tenant: int, booking_id: str) -> Visit | None:
    """The appointment that Docplanner knows, or once knew, by that id."""
    known = known_booking(connection, tenant, booking_id)
    return by_id(connection, tenant, known.appointment_id) if known and known.appointment_id else None


def starting_in(connection: Connection, tenant: int, address_id: str, since: datetime, till: datetime) -> list[Visit]:
    """Appointments that start in [since, till), cancelled ones included."""
    c = appointments.c
    return _all(connection, (c.tenant == tenant) & (c.address_id == address_id) & (c.start >= since) & (c.start < till))


def overlapping(connection: Connection, tenant: int, address_id: str, start: datetime, end: datetime) -> list[Visit]:
    """Booked appointments that take some of the span."""
    found = starting_in(connection, tenant, address_id, start - LONGEST_VISIT, end)
    return [one for one in found if one.booked and one.end > start]


def unsent(connection: Connection, tenant: int, address_id: str, since: datetime) -> list[Visit]:
    """Appointments that Docplanner does not have as the clinic holds them, from ``since`` on."""
    c = appointments.c
    mine = (c.tenant == tenant) & (c.address_id == address_id) & (c.end > since)
    return [one for one in _all(connection, mine) if one.booked != one.live or (one.live and not one.as_sent)]


def known_booking(connection: Connection, tenant: int, booking_id: str) -> KnownBooking | None:
    """What is known of a booking id."""
    c = booking_ids.c
    query = select(c.booking_id, c.appointment_id, c.dead).where(c.tenant == tenant, c.booking_id == booking_id)
    row = connection.execute(query).first()
    return KnownBooking(*row) if row else None


def link(connection: Connection, tenant: int, booking_id: str, visit_id: str | None) -> None:
    """Docplanner knows the appointment by that id. One that is dead stays so."""
    statement = upsert(booking_ids).values(tenant=tenant, booking_id=booking_id, appointment_id=visit_id, dead=False)
    changed = {"appointment_id": statement.excluded.appointment_id}
    connection.execute(statement.on_conflict_do_update(index_elements=["tenant", "booking_id"], set_=changed))


def kill(connection: Connection, tenant: int, booking_id: str) -> None:
    """The booking no longer takes place, whatever news of it still comes."""
    statement = upsert(booking_ids).values(tenant=tenant, booking_id=booking_id, appointment_id=None, dead=True)
    changed = {"dead": True}
    connection.execute(statement.on_conflict_do_update(index_elements=["tenant", "booking_id"], set_=changed))


def relink(connection: Connection, tenant: int, old: Visit, new: Visit) -> None:
    """Every booking id of ``old`` belongs to ``new``."""
    c = booking_ids.c
    mine = (c.tenant == tenant) & (c.appointment_id == old.id)
    connection.execute(update(booking_ids).where(mine).values(appointment_id=new.id))


def ids_of(connection: Connection, tenant: int, visit_id: str) -> list[str]:
    """Every booking id by which Docplanner knew the appointment."""
    c = booking_ids.c
    query = select(c.booking_id).where(c.tenant == tenant, c.appointment_id == visit_id)
    return list(connection.execute(query).scalars())


def uncertain(connection: Connection, tenant: int, address_id: str, start: datetime, patient: Person) -> Visit | None:
    """An appointment that was being booked there and then for the patient when the connection failed."""
    c = appointments.c
    mine = (c.tenant == tenant) & (c.sent_address_id == address_id) & (c.sent_start == start)
    found = _all(connection, mine & c.uncertain & ~c.live)
    return next((one for one in found if same_person(one.patient, patient)), None)


def forget(connection: Connection, tenant: int) -> None:
    """There are no appointments any more, and no booking id is known."""
    connection.execute(delete(appointments).where(appointments.c.tenant == tenant))
    connection.execute(delete(booking_ids).where(booking_ids.c.tenant == tenant))


def same_person(one: Person, other: Person | None) -> bool:
    """Whether two records are of one patient, compared as the control contract compares."""
    if other is None:
        return False
    named = name_key(one.name, one.surname) == name_key(other.name, other.surname)
    return named and phone_key(one.phone) == phone_key(other.phone)


def _columns(visit: Visit) -> dict[str, object]:
    names = visit.__dataclass_fields__
    return {name: getattr(visit, name) for name in names} | {"patient": write_person(visit.patient)}


def _all(connection: Connection, where: ColumnElement[bool]) -> list[Visit]:
    columns = [column for column in appointments.c if column.name != "tenant"]
    found = connection.execute(select(*columns).where(where).order_by(appointments.c.start)).mappings()
    return [Visit(**{**row, "patient": read_person(row["patient"]) or NOBODY}) for row in found]
