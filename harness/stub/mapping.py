"""What is mapped: each thing of Docplanner with its counterpart. Told apart by Docplanner's ids, never by names."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from harness.client.models import Address, AddressService, CalendarAt, Doctor, Facility, InsuranceProvider
from harness.stub.defects import Defects
from harness.stub.tables import mapped

__all__ = [
    "MappedRow",
    "MappedService",
    "Snapshot",
    "calendar_at",
    "current_service",
    "every_calendar",
    "first_service",
    "forget",
    "insurance_ids",
    "namesake_calendar",
    "rows",
    "services_of",
    "sister_service",
    "store_profile",
    "store_snapshot",
]

ADDRESS, DOCTOR, FACILITY = "address", "doctor", "facility"
SERVICE, PROVIDER, PLAN = "service", "insurance_provider", "insurance_plan"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that Docplanner shares, as one import read it. Profiles by address id."""

    facilities: tuple[Facility, ...]
    doctors: tuple[tuple[str, Doctor], ...]
    """Each with the id of its facility."""
    addresses: tuple[tuple[CalendarAt, Address], ...]
    services: dict[str, tuple[AddressService, ...]] = field(default_factory=dict)
    insurances: dict[str, tuple[InsuranceProvider, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MappedRow:
    """One thing and its counterpart."""

    kind: str
    docplanner_id: str
    parent_id: str
    partner_id: str
    name: str
    gone: bool


@dataclass(frozen=True, slots=True)
class MappedService:
    """A service of an address; ``service_id`` is the dictionary's."""

    id: str
    service_id: str | None
    name: str
    minutes: int | None
    price: int | None


def rows(connection: Connection, tenant: int) -> list[MappedRow]:
    """Everything that was ever mapped, what is gone included."""
    c = mapped.c
    columns = (c.kind, c.docplanner_id, c.parent_id, c.partner_id, c.name, c.gone)
    return [MappedRow(*row) for row in connection.execute(select(*columns).where(c.tenant == tenant))]


def calendar_at(connection: Connection, tenant: int, address_id: str) -> CalendarAt | None:
    """Where the calendar is in the API; None for one that is not mapped, or gone."""
    c = mapped.c
    found = connection.execute(
        select(c.facility_id, c.parent_id).where(
            c.tenant == tenant, c.kind == ADDRESS, c.docplanner_id == address_id, ~c.gone
        )
    ).first()
    return CalendarAt(found.facility_id, found.parent_id, address_id) if found else None


def every_calendar(connection: Connection, tenant: int, facility_id: str | None = None) -> list[CalendarAt]:
    """The calendars that are mapped, of one facility or of all."""
    c = mapped.c
    query = select(c.facility_id, c.parent_id, c.docplanner_id).where(c.tenant == tenant, c.kind == ADDRESS, ~c.gone)
    if facility_id is not None:
        query = query.where(c.facility_id == facility_id)
    return [CalendarAt(*row) for row in connection.execute(query.order_by(c.docplanner_id))]


def namesake_calendar(connection: Connection, tenant: int, at: CalendarAt) -> CalendarAt:
    """The first calendar in the facility of a doctor who has the same name."""
    c = mapped.c
    doctor = (c.tenant == tenant) & (c.kind == DOCTOR) & (c.parent_id == at.facility_id)
    name = connection.execute(select(c.name).where(doctor, c.docplanner_id == at.doctor_id)).scalar()
    same = set(connection.execute(select(c.docplanner_id).where(doctor, c.name == name)).scalars())
    return next((one for one in every_calendar(connection, tenant, at.facility_id) if one.doctor_id in same), at)


def services_of(connection: Connection, tenant: int, address_id: str) -> list[MappedService]:
    """The services of an address that are there now."""
    c = mapped.c
    found = connection.execute(
        select(c.docplanner_id, c.service_id, c.name, c.minutes, c.price).where(
            c.tenant == tenant, c.kind == SERVICE, c.parent_id == address_id, ~c.gone
        )
    )
    return [MappedService(*row) for row in found]


def current_service(connection: Connection, tenant: int, address_id: str, service: str | None) -> str | None:
    """The id by which an address service is known now: another one where it was deleted and added again."""
    offered = services_of(connection, tenant, address_id)
    if service is None or service in {one.id for one in offered}:
        return service
    return _of_dictionary(connection, tenant, service, offered, at=address_id) or service


def first_service(connection: Connection, tenant: int, address_id: str, service: str | None) -> str | None:
    """The id under which the service was first known at the address, there or gone."""
    c = mapped.c
    query = select(c.docplanner_id, c.service_id, c.name, c.minutes, c.price).where(
        c.tenant == tenant, c.kind == SERVICE, c.parent_id == address_id
    )
    ever = [MappedService(*row) for row in connection.execute(query.order_by(c.docplanner_id))]
    return _of_dictionary(connection, tenant, service, ever, at=address_id) or service


def sister_service(connection: Connection, tenant: int, address_id: str, service: str | None) -> str | None:
    """The service of that address which is the same in the dictionary; None where there is none."""
    return _of_dictionary(connection, tenant, service, services_of(connection, tenant, address_id))


def insurance_ids(connection: Connection, tenant: int, address_id: str) -> list[str]:
    """The providers that are accepted at the address."""
    c = mapped.c
    query = select(c.docplanner_id).where(c.tenant == tenant, c.kind == PROVIDER, c.parent_id == address_id, ~c.gone)
    return list(connection.execute(query).scalars())


def store_snapshot(connection: Connection, tenant: int, snapshot: Snapshot, defects: Defects) -> int:
    """Map what was read and mark what is gone; how many things there are."""
    connection.execute(update(mapped).where(mapped.c.tenant == tenant).values(gone=True))
    found = [_row(tenant, FACILITY, one.id, "", one.name) for one in snapshot.facilities]
    found += [
        _row(tenant, DOCTOR, doctor.id, facility_id, f"{doctor.name} {doctor.surname}")
        for facility_id, doctor in snapshot.doctors
    ]
    found += [
        _row(
            tenant,
            ADDRESS,
            address.id,
            at.doctor_id,
            address.name or "",
            facility_id=at.facility_id,
            online_only=address.online_only,
        )
        for at, address in snapshot.addresses
    ]
    for at, _ in snapshot.addresses:
        services, insurances = snapshot.services[at.address_id], snapshot.insurances[at.address_id]
        found += _profile(connection, tenant, at, services, insurances, defects, found)
    _store(connection, found)
    there = select(func.count()).select_from(mapped).where(mapped.c.tenant == tenant, ~mapped.c.gone)
    return int(connection.execute(there).scalar_one())


def store_profile(
    connection: Connection,
    tenant: int,
    at: CalendarAt,
    services: Sequence[AddressService],
    insurances: Sequence[InsuranceProvider],
    defects: Defects,
) -> None:
    """Map the services and insurances of one address and mark what is gone."""
    c = mapped.c
    own = (c.tenant == tenant) & (c.parent_id == at.address_id) & c.kind.in_((SERVICE, PROVIDER))
    connection.execute(update(mapped).where(own).values(gone=True))
    _store(connection, _profile(connection, tenant, at, services, insurances, defects, ()))


def forget(connection: Connection, tenant: int) -> None:
    """Nothing is mapped any more."""
    connection.execute(delete(mapped).where(mapped.c.tenant == tenant))


def _profile(
    connection: Connection,
    tenant: int,
    at: CalendarAt,
    services: Iterable[AddressService],
    insurances: Iterable[InsuranceProvider],
    defects: Defects,
    beside: Iterable[dict[str, object]],
) -> list[dict[str, object]]:
    """Rows of the services and insurances of one address; ``beside`` are those that will be stored with them."""
    if defects.on("services-by-name"):
        services = _names_not_yet_mapped(connection, tenant, at, services, beside)
    if defects.on("old-service-kept"):
        services = _under_ids_known_before(connection, tenant, at, services)
    found = [
        _row(
            tenant,
            SERVICE,
            one.id,
            at.address_id,
            one.name,
            facility_id=at.facility_id,
            service_id=one.service_id,
            minutes=one.duration,
            price=one.price,
        )
        for one in services
    ]
    for provider in insurances:
        found.append(_row(tenant, PROVIDER, provider.id, at.address_id, provider.name))
        found += [_row(tenant, PLAN, plan.id, provider.id, plan.name) for plan in provider.plans]
    return found


def _row(tenant: int, kind: str, docplanner_id: str, parent_id: str, name: str, **more: object) -> dict[str, object]:
    facts = dict.fromkeys(("facility_id", "online_only", "service_id", "minutes", "price")) | more
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"tenant-{tenant}/{kind}/{docplanner_id}")
    return {
        "tenant": tenant,
        "kind": kind,
        "docplanner_id": docplanner_id,
        "parent_id": parent_id,
        "partner_id": f"{kind[:3]}-{own.hex[:20]}",
        "name": name,
        "gone": False,
        **facts,
    }


def _store(connection: Connection, found: list[dict[str, object]]) -> None:
    if not found:
        return
    statement = insert(mapped)
    changes = {
        name: statement.excluded[name]
        for name in ("name", "gone", "facility_id", "online_only", "service_id", "minutes", "price")
    }
    keys = ["tenant", "kind", "docplanner_id", "parent_id"]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), found)


def _of_dictionary(
    connection: Connection,
    tenant: int,
    service: str | None,
    offered: Iterable[MappedService],
    *,
    at: str | None = None,
) -> str | None:
    """The one among ``offered`` that is the same in the dictionary; ``at`` is where ``service`` must have been."""
    c = mapped.c
    query = select(c.service_id).where(c.tenant == tenant, c.kind == SERVICE, c.docplanner_id == service)
    if at is not None:
        query = query.where(c.parent_id == at)
    wanted = connection.execute(query).scalar()
    return next((one.id for one in offered if wanted is not None and one.service_id == wanted), None)


def _names_not_yet_mapped(
    connection: Connection,
    tenant: int,
    at: CalendarAt,
    services: Iterable[AddressService],
    beside: Iterable[dict[str, object]],
) -> list[AddressService]:
    c = mapped.c
    elsewhere = connection.execute(
        select(c.name).where(
            c.tenant == tenant,
            c.kind == SERVICE,
            c.facility_id == at.facility_id,
            c.parent_id != at.address_id,
            ~c.gone,
        )
    )
    taken = set(elsewhere.scalars())
    taken |= {one["name"] for one in beside if (one["kind"], one["facility_id"]) == (SERVICE, at.facility_id)}
    return [one for one in services if one.name not in taken]


def _under_ids_known_before(
    connection: Connection, tenant: int, at: CalendarAt, services: Iterable[AddressService]
) -> list[AddressService]:
    c = mapped.c
    before = connection.execute(
        select(c.service_id, c.docplanner_id).where(c.tenant == tenant, c.kind == SERVICE, c.parent_id == at.address_id)
    )
    known = dict(before.tuples().all())
    return [
        AddressService(known.get(one.service_id, one.id), one.name, one.service_id, one.duration, one.price)
        for one in services
    ]
