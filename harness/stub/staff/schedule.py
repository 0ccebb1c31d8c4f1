"""Staff enter working time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from harness.stub import outbox, schedules
from harness.stub.link import Link
from harness.stub.outbox import Owed
from harness.stub.refusals import calendar, invalid
from harness.stub.schedules import Impossible, Period
from harness.stub.staff.visits import known_service

__all__ = ["listed", "set_days"]


def listed(link: Link, address_id: str, since: datetime, till: datetime) -> list[Period]:
    """Working periods that overlap [since, till)."""
    calendar(link, address_id)
    with link.database.reading() as connection:
        return schedules.overlapping(connection, link.tenant.id, address_id, since, till)


def set_days(link: Link, address_id: str, days: Sequence[date], periods: Sequence[Period]) -> None:
    """The working time of the days becomes exactly these periods.

    Raises:
        Refusal: a period lies on a day that is not named, crosses midnight or overlaps another one, or a service is
            not offered there.
    """
    at = calendar(link, address_id)
    known = {service: known_service(link, at, service) for one in periods for service, _ in one.services}
    wanted: dict[date, list[Period]] = {day: [] for day in days}
    if link.defects.on("offset-of-staff-dropped"):
        periods = [_on_the_wall(link, one) for one in periods]
    for one in periods:
        day = link.day_of(one.start)
        if day not in wanted:
            message = f"a period starts on {day}, which is not among the days named"
            raise invalid(message)
        if link.day_of(one.end) != day and one.end != link.midnight(link.day_of(one.end)):
            message = "a period ends on another day than it starts; this system has no night shifts"
            raise invalid(message)
        services = tuple((known[service], minutes) for service, minutes in one.services)
        wanted[day].append(replace(one, services=services))
    with link.database.writing() as connection:
        try:
            schedules.set_days(connection, link.tenant.id, address_id, wanted)
        except Impossible as impossible:
            raise invalid(str(impossible)) from impossible
        outbox.add(connection, link.tenant.id, address_id, Owed.DAYS)
    link.flag(address_id)


def _on_the_wall(link: Link, period: Period) -> Period:
    """The hours as they were written, whatever their offset: what a careless system reads."""
    return replace(period, start=period.start.replace(tzinfo=link.zone), end=period.end.replace(tzinfo=link.zone))
