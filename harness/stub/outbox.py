"""What the clinic owes Docplanner: one row for each local change, in order, until Docplanner has accepted it.

A row names what changed, not what to call: the sender compares what the clinic holds with what Docplanner has.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from harness.stub.tables import outgoing

__all__ = ["Item", "Owed", "add", "count", "done", "forget", "head", "lane_of", "lanes"]


class Owed(enum.StrEnum):
    """What a change is about; in brackets what a row's reference is."""

    DAYS = "days"
    """Working time (empty: every day of the calendar that was not sent yet)."""
    VISIT = "visit"
    """An appointment (its own id)."""
    BREAK = "break"
    """Blocked time (its own id)."""
    OFFER = "offer"
    """Services and insurances of the profile (empty)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One change that is owed."""

    id: int
    address_id: str
    kind: Owed
    ref: str


def add(connection: Connection, tenant: int, address_id: str, kind: Owed, ref: str = "") -> None:
    """A change is owed."""
    connection.execute(insert(outgoing).values(tenant=tenant, address_id=address_id, kind=kind, ref=ref))


def head(connection: Connection, tenant: int, address_id: str) -> Item | None:
    """The oldest change that a calendar owes."""
    c = outgoing.c
    query = select(c.id, c.address_id, c.kind, c.ref).where(c.tenant == tenant, c.address_id == address_id)
    row = connection.execute(query.order_by(c.id).limit(1)).first()
    return Item(row.id, row.address_id, Owed(row.kind), row.ref) if row else None


def lane_of(connection: Connection, tenant: int, kind: Owed, ref: str) -> str | None:
    """The calendar in whose order a change of the same thing is owed already, so that one thread sends both."""
    c = outgoing.c
    query = select(c.address_id).where(c.tenant == tenant, c.kind == kind, c.ref == ref).limit(1)
    found: str | None = connection.execute(query).scalar()
    return found


def done(connection: Connection, item: Item) -> None:
    """The change is owed no longer."""
    connection.execute(delete(outgoing).where(outgoing.c.id == item.id))


def count(connection: Connection, tenant: int) -> int:
    """How many changes are owed."""
    query = select(func.count()).select_from(outgoing).where(outgoing.c.tenant == tenant)
    return int(connection.execute(query).scalar_one())


def lanes(connection: Connection, tenant: int) -> list[str]:
    """The calendars that owe something."""
    query = select(outgoing.c.address_id).where(outgoing.c.tenant == tenant).distinct()
    return list(connection.execute(query).scalars())


def forget(connection: Connection, tenant: int) -> None:
    """Nothing is owed any more."""
    connection.execute(delete(outgoing).where(outgoing.c.tenant == tenant))
