"""Staff book, move, cancel and confirm visits, and mark who came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from harness.client.models import CalendarAt, Person
from harness.stub import blocks, mapping, outbox, visits
from harness.stub.link import Link
from harness.stub.outbox import Owed
from harness.stub.profiles import refresh_profile
from harness.stub.refusals import calendar, conflict, invalid, not_found
from harness.stub.visits import Visit

__all__ = ["book", "cancel", "confirm", "known_service", "listed", "mark", "move", "one"]


def listed(link: Link, address_id: str, since: datetime, till: datetime) -> list[Visit]:
    """Every visit that starts in [since, till), cancelled ones included."""
    calendar(link, address_id)
    with link.database.reading() as connection:
        return visits.starting_in(connection, link.tenant.id, address_id, since, till)


def one(link: Link, address_id: str, visit_id: str) -> Visit:
    """One visit of the calendar."""
    calendar(link, address_id)
    with link.database.reading() as connection:
        return _visit(connection, link, address_id, visit_id)


def book(
    link: Link,
    address_id: str,
    *,
    start: datetime,
    minutes: int,
    address_service_id: str,
    patient: Person,
    comment: str | None,
) -> Visit:
    """Staff book a visit.

    Raises:
        Refusal: the calendar or the service is not mapped, or the time is taken or blocked.
    """
    at = calendar(link, address_id)
    if minutes < 1:
        message = "a visit takes at least a minute"
        raise invalid(message)
    service = known_service(link, at, address_service_id)
    visit = Visit(
        id=visits.new_id(),
        address_id=address_id,
        start=start,
        end=start + timedelta(minutes=minutes),
        address_service_id=service,
        patient=patient,
        comment=comment,
        status="booked",
        origin="partner",
        sync_state="pending",
    )
    with link.database.writing() as connection:
        _refuse_if_taken(connection, link, visit)
        visits.add(connection, link.tenant.id, visit)
        outbox.add(connection, link.tenant.id, address_id, Owed.VISIT, visit.id)
    link.flag(address_id)
    return visit


def cancel(link: Link, address_id: str, visit_id: str) -> None:
    """Staff cancel the visit.

    Raises:
        Refusal: it is cancelled already, or not there.
    """
    calendar(link, address_id)
    with link.database.writing() as connection:
        _booked(connection, link, address_id, visit_id)
        visits.change(connection, visit_id, status="canceled", sync_state="pending", sync_message=None)
        lane = _owe(connection, link, visit_id)
    link.flag(lane)


def move(
    link: Link,
    address_id: str,
    visit_id: str,
    *,
    start: datetime,
    minutes: int | None,
    address_service_id: str | None,
    to_address_id: str | None,
) -> Visit:
    """Staff move the visit to another time, or to another calendar of the facility.

    Raises:
        Refusal: the time is taken, or the service is not offered there, or the calendar is of another facility.
    """
    at = calendar(link, address_id)
    target = at if to_address_id in {None, address_id} else calendar(link, str(to_address_id))
    if target.facility_id != at.facility_id:
        message = "a visit moves within its facility only"
        raise conflict(message)
    with link.database.writing() as connection:
        visit = _booked(connection, link, address_id, visit_id)
        service = address_service_id or visit.address_service_id
        if target != at and address_service_id is None:
            service = mapping.sister_service(connection, link.tenant.id, target.address_id, service)
            if service is None:
                message = "the service is not offered at that address"
                raise conflict(message)
        moved = replace(
            visit,
            address_id=target.address_id,
            start=start,
            end=start + timedelta(minutes=minutes or visit.minutes),
            address_service_id=service,
            sync_state="pending",
            sync_message=None,
        )
        _refuse_if_taken(connection, link, moved)
        names = ("address_id", "start", "end", "address_service_id", "sync_state", "sync_message")
        visits.change(connection, visit_id, **{name: getattr(moved, name) for name in names})
        lane = _owe(connection, link, visit_id)
    link.flag(lane)
    return moved


def confirm(link: Link, address_id: str, visit_id: str) -> None:
    """Staff confirm the visit.

    Raises:
        Refusal: it is cancelled, or not there.
    """
    calendar(link, address_id)
    with link.database.writing() as connection:
        _booked(connection, link, address_id, visit_id)
        visits.change(connection, visit_id, confirmed=True)
        lane = _owe(connection, link, visit_id)
    link.flag(lane)


def mark(link: Link, address_id: str, visit_id: str, presence: str) -> None:
    """Staff mark that the patient came, or did not.

    Raises:
        Refusal: the visit is cancelled, has not begun, or is not there.
    """
    calendar(link, address_id)
    with link.database.writing() as connection:
        visit = _booked(connection, link, address_id, visit_id)
        if visit.start > link.clock.now():
            message = "the visit has not begun"
            raise conflict(message)
        visits.change(connection, visit_id, presence=presence)
        lane = _owe(connection, link, visit_id)
    link.flag(lane)


def _visit(connection: Connection, link: Link, address_id: str, visit_id: str) -> Visit:
    visit = visits.by_id(connection, link.tenant.id, visit_id)
    if visit is None or visit.address_id != address_id:
        what = f"appointment {visit_id} in this calendar"
        raise not_found(what)
    return visit


def _booked(connection: Connection, link: Link, address_id: str, visit_id: str) -> Visit:
    visit = _visit(connection, link, address_id, visit_id)
    if not visit.booked:
        message = "the visit is cancelled"
        raise conflict(message)
    return visit


def known_service(link: Link, at: CalendarAt, service: str) -> str:
    """The service as it is known now; one that is not known may be new, so the profile is read again."""
    for again in (False, True):
        with link.database.reading() as connection:
            offered = {known.id for known in mapping.services_of(connection, link.tenant.id, at.address_id)}
            current = mapping.current_service(connection, link.tenant.id, at.address_id, service)
        if current in offered:
            return str(current)
        if not again:
            refresh_profile(link, at)
    message = f"service {service} is not offered at address {at.address_id}"
    raise invalid(message)


def _refuse_if_taken(connection: Connection, link: Link, wanted: Visit) -> None:
    tenant = link.tenant.id
    there = visits.overlapping(connection, tenant, wanted.address_id, wanted.start, wanted.end)
    if any(visit.id != wanted.id for visit in there):
        message = "the time is taken by another visit"
        raise conflict(message)
    if blocks.overlapping(connection, tenant, wanted.address_id, wanted.start, wanted.end):
        message = "the time is blocked"
        raise conflict(message)


def _owe(connection: Connection, link: Link, visit_id: str) -> str:
    """The change is owed, in the order of the calendar that owes the visit already or has it at Docplanner."""
    tenant = link.tenant.id
    visit = visits.by_id(connection, tenant, visit_id)
    if visit is None:
        what = f"appointment {visit_id}"
        raise not_found(what)
    there = visit.sent_address_id if visit.live or visit.uncertain else None
    lane = outbox.lane_of(connection, tenant, Owed.VISIT, visit_id) or there or visit.address_id
    outbox.add(connection, tenant, lane, Owed.VISIT, visit_id)
    return lane
