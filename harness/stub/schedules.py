"""Working time, day by day, and which days Docplanner was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from harness.stub.tables import days, periods

__all__ = [
    "DayOwed",
    "Impossible",
    "Period",
    "accepted",
    "accepted_at",
    "by_day",
    "calendars",
    "covers",
    "days_known",
    "failed",
    "forget",
    "mark_changed",
    "of_day",
    "overlapping",
    "owed_days",
    "replace_service",
    "services_used",
    "set_days",
]


class Impossible(ValueError):
    """A schedule makes no sense; the message says why."""


@dataclass(frozen=True, slots=True)
class Period:
    """Working time. ``services`` are pairs of address service id and minutes."""

    start: datetime
    end: datetime
    services: tuple[tuple[str, int], ...]
    insurance_accepted: str | None = None
    insurance_provider_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class DayOwed:
    """A day that Docplanner does not have as the clinic holds it. ``sent`` are the spans that it was sent last."""

    day: date
    version: int
    sent: tuple[tuple[str, str], ...]
    accepted_at: datetime | None


def set_days(connection: Connection, tenant: int, address_id: str, wanted: Mapping[date, Sequence[Period]]) -> None:
    """The working time of each day becomes exactly these periods.

    Raises:
        Impossible: a period is empty, or two of a day overlap.
    """
    for day, found in wanted.items():
        ordered = sorted(found, key=lambda one: one.start)
        if any(one.end <= one.start for one in ordered):
            message = "a period ends before it starts"
            raise Impossible(message)
        if any(after.start < before.end for before, after in pairwise(ordered)):
            message = f"two periods of {day} overlap"
            raise Impossible(message)
        _store(connection, tenant, address_id, day, ordered)


def of_day(connection: Connection, tenant: int, address_id: str, day: date) -> list[Period]:
    """The periods of a day."""
    return _periods(connection, (_mine(tenant, address_id)) & (periods.c.day == day))


def overlapping(connection: Connection, tenant: int, address_id: str, since: datetime, till: datetime) -> list[Period]:
    """The periods that overlap [since, till)."""
    return _periods(connection, (_mine(tenant, address_id)) & (periods.c.start < till) & (periods.c.end > since))


def covers(found: Iterable[Period], start: datetime, end: datetime, service: str | None) -> bool:
    """Whether one of the periods offers the service over the whole span."""
    return any(
        one.start <= start and end <= one.end and service in {offered for offered, _ in one.services} for one in found
    )


def days_known(connection: Connection, tenant: int, address_id: str, since: date) -> list[date]:
    """Days from ``since`` on whose working time was ever set."""
    query = select(days.c.day).where(_day(tenant, address_id), days.c.day >= since)
    return sorted(connection.execute(query).scalars())


def mark_changed(connection: Connection, tenant: int, address_id: str, changed: Iterable[date]) -> None:
    """Docplanner must be sent these days."""
    for day in changed:
        statement = upsert(days).values(tenant=tenant, address_id=address_id, day=day, version=1)
        keys = ["tenant", "address_id", "day"]
        more = {"version": days.c.version + 1, "problem": None}
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=more))


def owed_days(connection: Connection, tenant: int, address_id: str) -> list[DayOwed]:
    """The days that were not sent as they are, but those that Docplanner refused."""
    c = days.c
    query = select(c.day, c.version, c.sent, c.accepted_at).where(
        _day(tenant, address_id), c.version > c.sent_version, c.problem.is_(None)
    )
    return [
        DayOwed(row.day, row.version, tuple((start, end) for start, end in row.sent or ()), row.accepted_at)
        for row in connection.execute(query.order_by(c.day))
    ]


def accepted(
    connection: Connection, tenant: int, address_id: str, owed: DayOwed, sent: Iterable[Period], at: datetime
) -> None:
    """Docplanner accepted the day."""
    spans = [[one.start.isoformat(), one.end.isoformat()] for one in sent]
    where = _day(tenant, address_id) & (days.c.day == owed.day)
    values = {"sent_version": owed.version, "sent": spans, "accepted_at": at}
    connection.execute(update(days).where(where).values(**values))


def failed(connection: Connection, tenant: int, address_id: str, owed: DayOwed, problem: str) -> None:
    """Docplanner refuses the day for good: it is not sent again before it changes."""
    where = _day(tenant, address_id) & (days.c.day == owed.day) & (days.c.version == owed.version)
    connection.execute(update(days).where(where).values(problem=problem))


def accepted_at(connection: Connection, tenant: int, address_id: str, day: date) -> datetime | None:
    """When Docplanner last accepted the working time of the day."""
    query = select(days.c.accepted_at).where(_day(tenant, address_id), days.c.day == day)
    found: datetime | None = connection.execute(query).scalar()
    return found


def replace_service(
    connection: Connection, tenant: int, address_id: str, successors: dict[str, str], since: date
) -> list[date]:
    """Services have new ids: write them into the periods from ``since`` on. Answers which days changed."""
    query = select(periods.c.day).where(_mine(tenant, address_id), periods.c.day >= since).distinct()
    changed = []
    for day in sorted(connection.execute(query).scalars()):
        before = of_day(connection, tenant, address_id, day)
        after = [
            replace(one, services=tuple((successors.get(known, known), minutes) for known, minutes in one.services))
            for one in before
        ]
        if after != before:
            _store(connection, tenant, address_id, day, after)
            changed.append(day)
    return changed


def calendars(connection: Connection, tenant: int, since: date) -> list[str]:
    """The calendars that have working time from ``since`` on."""
    query = select(periods.c.address_id).where(periods.c.tenant == tenant, periods.c.day >= since).distinct()
    return list(connection.execute(query).scalars())


def services_used(connection: Connection, tenant: int, address_id: str, since: date) -> set[str]:
    """Address services of the working time from ``since`` on."""
    query = select(periods.c.services).where(_mine(tenant, address_id), periods.c.day >= since)
    return {service for services in connection.execute(query).scalars() for service, _ in services}


def forget(connection: Connection, tenant: int) -> None:
    """There is no working time any more."""
    connection.execute(delete(periods).where(periods.c.tenant == tenant))
    connection.execute(delete(days).where(days.c.tenant == tenant))


def _mine(tenant: int, address_id: str) -> ColumnElement[bool]:
    return (periods.c.tenant == tenant) & (periods.c.address_id == address_id)


def _day(tenant: int, address_id: str) -> ColumnElement[bool]:
    return (days.c.tenant == tenant) & (days.c.address_id == address_id)


def _periods(connection: Connection, where: ColumnElement[bool]) -> list[Period]:
    grouped: dict[int, Period] = {}
    for row in connection.execute(select(periods).where(where).order_by(periods.c.start)):
        providers = row.insurance_provider_ids
        grouped[row.id] = Period(
            row.start,
            row.end,
            tuple((service, minutes) for service, minutes in row.services),
            row.insurance_accepted,
            None if providers is None else tuple(providers),
        )
    return list(grouped.values())


def _store(connection: Connection, tenant: int, address_id: str, day: date, found: Iterable[Period]) -> None:
    connection.execute(delete(periods).where(_mine(tenant, address_id), periods.c.day == day))
    for one in found:
        values = {
            "start": one.start,
            "end": one.end,
            "services": [list(pair) for pair in one.services],
            "insurance_accepted": one.insurance_accepted,
            "insurance_provider_ids": None if one.insurance_provider_ids is None else list(one.insurance_provider_ids),
        }
        connection.execute(insert(periods).values(tenant=tenant, address_id=address_id, day=day, **values))
    mark_changed(connection, tenant, address_id, [day])


def by_day(found: Iterable[tuple[date, Period]]) -> dict[date, list[Period]]:
    """Periods by the day on which they start."""
    grouped: dict[date, list[Period]] = defaultdict(list)
    for day, period in found:
        grouped[day].append(period)
    return grouped
