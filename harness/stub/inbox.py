"""What Docplanner told: kept until it is handled, by calendar and in the order in which it was made.

What comes twice waits twice: handling it again does no harm. What names a calendar that is not mapped yet is parked
until the next import.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from harness.contract.json_value import JsonObject
from harness.stub.tables import inbox

__all__ = ["Letter", "add", "count", "done", "forget", "head", "lanes", "park", "unpark"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A notification that waits."""

    id: int
    address_id: str
    body: JsonObject


def add(connection: Connection, tenant: int, address_id: str, created_at: datetime, body: JsonObject) -> None:
    """Keep a notification."""
    values = {
        "tenant": tenant,
        "address_id": address_id,
        "created_at": created_at,
        "body": body,
        "parked": False,
    }
    connection.execute(insert(inbox).values(**values))


def head(connection: Connection, tenant: int, address_id: str) -> Letter | None:
    """The oldest notification of a calendar."""
    c = inbox.c
    waiting = (c.tenant == tenant) & (c.address_id == address_id) & ~c.parked
    query = select(c.id, c.address_id, c.body).where(waiting).order_by(c.created_at, c.id).limit(1)
    row = connection.execute(query).first()
    return Letter(row.id, row.address_id, row.body) if row else None


def done(connection: Connection, letter: Letter) -> None:
    """It is handled."""
    connection.execute(delete(inbox).where(inbox.c.id == letter.id))


def park(connection: Connection, letter: Letter) -> None:
    """Its calendar is not mapped: keep it until one is."""
    connection.execute(update(inbox).where(inbox.c.id == letter.id).values(parked=True))


def unpark(connection: Connection, tenant: int, address_ids: Sequence[str]) -> list[str]:
    """These calendars are mapped now: what was parked for them waits again. Answers which of them have any."""
    c = inbox.c
    parked = set(connection.execute(select(c.address_id).where(c.tenant == tenant, c.parked)).scalars())
    found = sorted(parked & set(address_ids))
    mine = (c.tenant == tenant) & c.address_id.in_(found)
    if found:
        connection.execute(update(inbox).where(mine).values(parked=False))
    return found


def count(connection: Connection, tenant: int) -> int:
    """How many wait to be handled; what is parked waits for somebody else."""
    query = select(func.count()).select_from(inbox).where(inbox.c.tenant == tenant, ~inbox.c.parked)
    return int(connection.execute(query).scalar_one())


def lanes(connection: Connection, tenant: int) -> list[str]:
    """The calendars for which notifications wait."""
    query = select(inbox.c.address_id).where(inbox.c.tenant == tenant, ~inbox.c.parked).distinct()
    return list(connection.execute(query).scalars())


def forget(connection: Connection, tenant: int) -> None:
    """Nothing waits any more."""
    connection.execute(delete(inbox).where(inbox.c.tenant == tenant))
