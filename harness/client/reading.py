"""From JSON to values and back: lenient where the contract is.

Ids, phones and durations come as strings or numbers; unknown fields are ignored; null and absent are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypeVar

from harness.client.models import (
    Address,
    AddressService,
    Booking,
    BookingPage,
    CalendarBreak,
    Doctor,
    Facility,
    FreeSlot,
    InsurancePlan,
    InsuranceProvider,
    Moving,
    Person,
    Pulled,
    Service,
    WorkPeriod,
)
from harness.contract.json_value import JsonObject, JsonValue, array_of, object_of

__all__ = [
    "Unreadable",
    "identifier",
    "instant",
    "items_of",
    "optional_text",
    "read_address",
    "read_address_service",
    "read_booking",
    "read_booking_page",
    "read_break",
    "read_demands",
    "read_doctor",
    "read_facility",
    "read_insurance_plan",
    "read_insurance_provider",
    "read_person",
    "read_pulled",
    "read_service",
    "read_slot",
    "read_status",
    "whole",
    "write_instant",
    "write_person",
    "write_work_period",
]

T = TypeVar("T")


class Unreadable(ValueError):
    """An answer lacks what the contract requires of it."""


def identifier(value: JsonValue) -> str:
    """An id as a string, whether it came as a string or as a number."""
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    message = f"an id is missing or of another kind: {value!r}"
    raise Unreadable(message)


def optional_text(value: JsonValue) -> str | None:
    """A text, a number as text, or None."""
    if value is None or isinstance(value, bool | list | dict):
        return None
    return str(value)


def whole(value: JsonValue) -> int:
    """A whole number that may have come as text."""
    try:
        return int(str(value))
    except ValueError as error:
        message = f"a number is missing or of another kind: {value!r}"
        raise Unreadable(message) from error


def instant(value: JsonValue) -> datetime:
    """An aware instant."""
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError as error:
        message = f"a date-time is missing or of another kind: {value!r}"
        raise Unreadable(message) from error
    if read.tzinfo is None:
        message = f"a date-time lacks its offset: {value!r}"
        raise Unreadable(message)
    return read


def write_instant(at: datetime) -> str:
    """The instant with an offset and without fractions, as Docplanner takes it."""
    return at.isoformat(timespec="seconds")


def items_of(value: JsonValue, read: Callable[[JsonValue], T]) -> tuple[T, ...]:
    """The items of a list answer."""
    items = object_of(value).get("_items")
    if not isinstance(items, list):
        message = "a list lacks its _items"
        raise Unreadable(message)
    return tuple(read(item) for item in items)


def _inner(value: JsonValue, read: Callable[[JsonValue], T]) -> tuple[T, ...]:
    """The items of a list within an answer; none where it was not asked for."""
    return items_of(value, read) if value is not None else ()


def read_facility(value: JsonValue) -> Facility:
    """A facility."""
    told = object_of(value)
    return Facility(
        identifier(told.get("id")),
        optional_text(told.get("name")) or "",
        _inner(told.get("doctors"), read_doctor),
    )


def read_doctor(value: JsonValue) -> Doctor:
    """A doctor."""
    told = object_of(value)
    return Doctor(
        identifier(told.get("id")),
        optional_text(told.get("name")) or "",
        optional_text(told.get("surname")) or "",
        _inner(told.get("addresses"), read_address),
    )


def read_address(value: JsonValue) -> Address:
    """An address; whether it is online-only where that was asked for."""
    told = object_of(value)
    online = told.get("is_online_only")
    return Address(
        identifier(told.get("id")),
        optional_text(told.get("name")),
        online if isinstance(online, bool) else None,
        optional_text(told.get("commercial_type")),
        optional_text(told.get("insurance_support")),
    )


def read_demands(value: JsonValue) -> Mapping[str, frozenset[str]]:
    """What patients must tell to book a doctor, by the ids of the addresses."""
    return dict(_inner(object_of(value).get("addresses"), _demanded))


def _demanded(value: JsonValue) -> tuple[str, frozenset[str]]:
    told = object_of(value)
    extra = object_of(told.get("booking_extra_fields"))
    return identifier(told.get("id")), frozenset(name for name, needed in extra.items() if needed is True)


def read_address_service(value: JsonValue) -> AddressService:
    """A service of an address."""
    told = object_of(value)
    duration, price = told.get("duration"), told.get("price")
    return AddressService(
        identifier(told.get("id")),
        optional_text(told.get("name")) or "",
        optional_text(told.get("service_id")),
        None if duration is None else whole(duration),
        None if price is None else whole(price),
    )


def read_service(value: JsonValue) -> Service:
    """A service of the dictionary."""
    told = object_of(value)
    return Service(identifier(told.get("id")), optional_text(told.get("name")) or "")


def read_insurance_provider(value: JsonValue) -> InsuranceProvider:
    """A provider with its plans."""
    told = object_of(value)
    plans = array_of(object_of(told.get("insurance_plans")).get("_items"))
    return InsuranceProvider(
        identifier(told.get("insurance_provider_id")),
        optional_text(told.get("name")) or "",
        tuple(read_insurance_plan(plan) for plan in plans),
    )


def read_insurance_plan(value: JsonValue) -> InsurancePlan:
    """A plan of a provider."""
    told = object_of(value)
    return InsurancePlan(identifier(told.get("insurance_plan_id")), optional_text(told.get("name")) or "")


def read_person(value: JsonValue) -> Person | None:
    """A patient, or None where there is none."""
    told = object_of(value)
    if not told:
        return None
    born = optional_text(told.get("birth_date"))
    try:
        birth_date = date.fromisoformat(born[:10]) if born else None
    except ValueError:
        birth_date = None
    return Person(
        name=optional_text(told.get("name")) or "",
        phone=optional_text(told.get("phone")) or "",
        surname=optional_text(told.get("surname")) or "",
        email=optional_text(told.get("email")),
        birth_date=birth_date,
        nin=optional_text(told.get("nin")),
        gender=optional_text(told.get("gender")),
    )


def write_person(person: Person) -> JsonObject:
    """A patient for bookSlot; what is not known is left out."""
    told: JsonObject = {"name": person.name, "phone": person.phone}
    if person.surname:
        told["surname"] = person.surname
    if person.email:
        told["email"] = person.email
    if person.birth_date:
        told["birth_date"] = person.birth_date.isoformat()
    if person.nin:
        told["nin"] = person.nin
    if person.gender:
        told["gender"] = person.gender
    return told


def read_booking(value: JsonValue) -> Booking:
    """A booking, of an answer or of a notification (which names no status where it is booked)."""
    told = object_of(value)
    start, end = instant(told.get("start_at")), instant(told.get("end_at"))
    moving = object_of(told.get("moving"))
    newest = moving.get("newest_booking_id")
    confirmed = told.get("confirmed")
    service = object_of(told.get("address_service"))
    return Booking(
        id=identifier(told.get("id")),
        status=optional_text(told.get("status")) or "booked",
        start=start,
        end=end,
        minutes=whole(told.get("duration")) if told.get("duration") is not None else _minutes(start, end),
        booked_by=optional_text(told.get("booked_by")) or "",
        canceled_by=optional_text(told.get("canceled_by")) or "",
        patient=read_person(told.get("patient")),
        address_service_id=optional_text(service.get("id")),
        comment=optional_text(told.get("comment")),
        moving=Moving(identifier(moving.get("origin_booking_id")), identifier(newest)) if newest is not None else None,
        presence=optional_text(told.get("presence")),
        confirmed=confirmed if isinstance(confirmed, bool) else None,
    )


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


def read_booking_page(value: JsonValue) -> BookingPage:
    """A page of bookings; one that does not say how many there are is the last."""
    told = object_of(value)
    page, pages = told.get("page"), told.get("pages")
    return BookingPage(
        items_of(value, read_booking),
        1 if page is None else whole(page),
        1 if pages is None else whole(pages),
    )


def read_break(value: JsonValue) -> CalendarBreak:
    """A break."""
    told = object_of(value)
    return CalendarBreak(
        identifier(told.get("id")),
        instant(told.get("since")),
        instant(told.get("till")),
        optional_text(told.get("description")),
    )


def read_slot(value: JsonValue) -> FreeSlot:
    """A time that can be booked."""
    told = object_of(value)
    offered = _inner(told.get("address_services"), read_address_service)
    return FreeSlot(instant(told.get("start")), tuple((one.id, one.duration) for one in offered if one.duration))


def read_status(value: JsonValue) -> bool:
    """Whether a calendar is enabled."""
    return object_of(value).get("status") == "enabled"


def read_pulled(value: JsonValue) -> Pulled:
    """Notifications as they came."""
    told = object_of(value)
    found = array_of(told.get("notifications"))
    return Pulled(tuple(dict(object_of(one)) for one in found), whole(told.get("remaining", 0)))


def write_work_period(period: WorkPeriod) -> JsonObject:
    """A range of replaceSlots; null services remove."""
    told: JsonObject = {
        "start": write_instant(period.start),
        "end": write_instant(period.end),
        "address_services": [
            {"address_service_id": service, "duration": minutes} for service, minutes in period.services
        ]
        or None,
    }
    if period.insurance_accepted is not None:
        told["insurance_accepted"] = period.insurance_accepted
    if period.insurance_providers is not None:
        told["insurance_providers"] = [_number(one) for one in period.insurance_providers]
    return told


def _number(identity: str) -> JsonValue:
    return int(identity) if identity.isdecimal() else identity
