"""What the clinic decided to offer at an address: services and insurances of the profile."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from harness.stub import mapping
from harness.stub.tables import offers

__all__ = ["Offer", "Offered", "decided", "forget", "held", "put"]


@dataclass(frozen=True, slots=True)
class Offered:
    """A service of the dictionary; ``minutes`` is how long it takes."""

    service_id: str
    minutes: int
    price: float | None = None
    address_service_id: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything that is offered there."""

    services: tuple[Offered, ...]
    insurance_provider_ids: tuple[str, ...]


def decided(connection: Connection, tenant: int, address_id: str) -> Offer | None:
    """What staff decided; None where they never did."""
    c = offers.c
    query = select(c.services, c.insurance_provider_ids).where(c.tenant == tenant, c.address_id == address_id)
    row = connection.execute(query).first()
    if row is None:
        return None
    return Offer(tuple(Offered(*one) for one in row.services), tuple(row.insurance_provider_ids))


def held(connection: Connection, tenant: int, address_id: str) -> Offer:
    """What staff decided, or else what the profile has; with address service ids where they are known."""
    profile = mapping.services_of(connection, tenant, address_id)
    offer = decided(connection, tenant, address_id)
    if offer is None:
        services = [Offered(one.service_id or one.id, one.minutes or 0, one.price, one.id) for one in profile]
        return Offer(tuple(services), tuple(mapping.insurance_ids(connection, tenant, address_id)))
    ids = {one.service_id: one.id for one in profile}
    known = [Offered(one.service_id, one.minutes, one.price, ids.get(one.service_id)) for one in offer.services]
    return Offer(tuple(known), offer.insurance_provider_ids)


def put(connection: Connection, tenant: int, address_id: str, offer: Offer) -> None:
    """Staff decide what is offered."""
    values = {
        "services": [[one.service_id, one.minutes, one.price] for one in offer.services],
        "insurance_provider_ids": list(offer.insurance_provider_ids),
    }
    statement = insert(offers).values(tenant=tenant, address_id=address_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["tenant", "address_id"], set_=values))


def forget(connection: Connection, tenant: int) -> None:
    """Nothing was decided."""
    connection.execute(delete(offers).where(offers.c.tenant == tenant))
