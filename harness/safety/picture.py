"""What a calendar shows, read through the API: before a run, and after it was undone."""

from __future__ import annotations

from datetime import datetime

import msgspec

from harness.client.api import DocplannerApi
from harness.client.models import Booking, CalendarAt
from harness.client.outcome import value_of
from harness.vocabulary import phone_key

__all__ = ["Blocked", "Booked", "Insured", "Offered", "Picture", "Service", "Window", "differences", "take"]


class Window(msgspec.Struct, frozen=True):
    """From when to when a picture reaches."""

    since: datetime
    till: datetime


class Offered(msgspec.Struct, frozen=True, order=True):
    """A time that can be booked; ``services`` are pairs of address service id and minutes."""

    start: datetime
    services: tuple[tuple[str, int], ...]


class Booked(msgspec.Struct, frozen=True, order=True):
    """A visit; who has it stands nowhere here."""

    id: str
    start: datetime
    minutes: int
    cancelled: bool
    own: bool
    """Whether the patient's phone is the tester's."""


class Blocked(msgspec.Struct, frozen=True, order=True):
    """A break. What it is called may name somebody, so that stands nowhere here."""

    id: str
    since: datetime
    till: datetime


class Service(msgspec.Struct, frozen=True, order=True):
    """A service of the address."""

    id: str
    service_id: str | None
    minutes: int | None
    price: int | None


class Insured(msgspec.Struct, frozen=True, order=True):
    """An insurance provider that is accepted, with its plans."""

    id: str
    plans: tuple[str, ...]


class Picture(msgspec.Struct, frozen=True):
    """Everything that can be seen of a calendar, each in an order of its own."""

    taken_at: datetime
    enabled: bool
    offered: tuple[Offered, ...]
    visits: tuple[Booked, ...]
    breaks: tuple[Blocked, ...]
    services: tuple[Service, ...]
    insurances: tuple[Insured, ...]
    support: str | None


def take(
    api: DocplannerApi, at: CalendarAt, window: Window, now: datetime, phones: frozenset[str] = frozenset()
) -> Picture:
    """Read everything about the calendar within the window; ``phones`` are the tester's.

    Raises:
        DocplannerRefused: something may not be read.
        DocplannerUnreachable: something was not answered.
        LimitSpent: the API client has no reads left.
    """
    calendars, directory = api.calendars, api.directory
    since, till = window.since, window.till
    return Picture(
        taken_at=now,
        enabled=value_of(calendars.enabled(at)),
        offered=tuple(
            sorted(
                Offered(one.start, tuple(sorted(one.services)))
                for one in value_of(calendars.free_slots(at, since, till, with_services=True))
            )
        ),
        visits=tuple(
            sorted(
                Booked(one.id, one.start, one.minutes, one.canceled, _is_own(one, phones))
                for one in value_of(api.bookings.every(at, since, till))
            )
        ),
        breaks=tuple(
            sorted(Blocked(one.id, one.since, one.till) for one in value_of(calendars.breaks(at, since, till)))
        ),
        services=tuple(
            sorted(Service(one.id, one.service_id, one.duration, one.price) for one in value_of(directory.services(at)))
        ),
        insurances=tuple(
            sorted(
                Insured(one.id, tuple(sorted(plan.id for plan in one.plans)))
                for one in value_of(directory.insurances(at))
            )
        ),
        support=value_of(directory.address(at)).insurance_support,
    )


LEAST_DIGITS = 8
"""Of a phone by which somebody is known: two without digits would be the same."""


def _is_own(booking: Booking, phones: frozenset[str]) -> bool:
    """Whether the phone is a tester's; whoever shows none, or hardly any of it, is nobody's but his own."""
    known = {phone_key(one) for one in phones}
    key = phone_key(booking.patient.phone) if booking.patient else ""
    return len(key) >= LEAST_DIGITS and key in known


def differences(before: Picture, after: Picture) -> list[str]:
    """How ``after`` is not as before, in words; empty where it is. What has begun meanwhile is left aside.

    Cancelled visits make no difference: they cannot be made to never have been.
    """
    told: list[str] = []
    if before.enabled != after.enabled:
        told.append(f"the calendar is {'open' if after.enabled else 'closed'} now")
    if before.support != after.support:
        told.append(f"who pays for visits is {after.support} now, was {before.support}")
    for what, was, there in (
        ("offered time", _future(before, after), _future(after, after)),
        ("visit", _standing(before), _standing(after)),
        (
            "break",
            frozenset((one.since, one.till) for one in before.breaks),
            {(one.since, one.till) for one in after.breaks},
        ),
        ("service", frozenset(before.services), frozenset(after.services)),
        ("insurance", frozenset(before.insurances), frozenset(after.insurances)),
    ):
        told += [f"{what} {_named(one)} is missing" for one in sorted(was - there)]
        told += [f"{what} {_named(one)} is new" for one in sorted(there - was)]
    return told


def _future(picture: Picture, after: Picture) -> frozenset[Offered]:
    return frozenset(one for one in picture.offered if one.start > after.taken_at)


def _standing(picture: Picture) -> frozenset[tuple[str, datetime]]:
    return frozenset((one.id, one.start) for one in picture.visits if not one.cancelled)


def _named(one: object) -> str:
    match one:
        case Offered():
            return one.start.isoformat(timespec="minutes")
        case (datetime() as since, datetime() as till):
            return f"{since.isoformat(timespec='minutes')} to {till.isoformat(timespec='minutes')}"
        case (str() as name, datetime() as start):
            return f"{name} of {start.isoformat(timespec='minutes')}"
        case Service() | Insured():
            return one.id
        case _:
            return str(one)
