"""Blocked time as the clinic holds it: breaks of staff, and breaks of the doctor at Docplanner."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from harness.stub.tables import breaks

__all__ = ["Block", "add", "by_break", "by_id", "change", "forget", "new_id", "overlapping", "tried", "unsent"]


@dataclass(frozen=True, slots=True)
class Block:
    """Blocked time. The fields ``sent_*`` are what Docplanner has of it."""

    id: str
    address_id: str
    since: datetime
    till: datetime
    description: str | None
    origin: str
    removed: bool = False
    break_id: str | None = None
    """Docplanner's id, also after it was removed there."""
    live: bool = False
    """Whether Docplanner has it."""
    uncertain: bool = False
    sent_since: datetime | None = None
    sent_till: datetime | None = None
    problem: str | None = None

    @property
    def as_sent(self) -> bool:
        """Whether Docplanner has it at this time."""
        return (self.since, self.till) == (self.sent_since, self.sent_till)


def new_id() -> str:
    """An id of the clinic's own."""
    return f"break-{uuid.uuid4().hex[:20]}"


def add(connection: Connection, tenant: int, block: Block) -> None:
    """Time is blocked."""
    connection.execute(insert(breaks).values(tenant=tenant, **_columns(block)))


def change(connection: Connection, block_id: str, **changes: object) -> None:
    """The fields named are now like this; the others stay, also where somebody else changes them meanwhile."""
    connection.execute(update(breaks).where(breaks.c.id == block_id).values(**changes))


def by_id(connection: Connection, tenant: int, block_id: str) -> Block | None:
    """Blocked time by the clinic's own id, what was removed included."""
    return next(iter(_all(connection, (breaks.c.tenant == tenant) & (breaks.c.id == block_id))), None)


def by_break(connection: Connection, tenant: int, break_id: str) -> Block | None:
    """Blocked time by Docplanner's id, what was removed included."""
    return next(iter(_all(connection, (breaks.c.tenant == tenant) & (breaks.c.break_id == break_id))), None)


def overlapping(connection: Connection, tenant: int, address_id: str, since: datetime, till: datetime) -> list[Block]:
    """Blocked time that overlaps [since, till)."""
    c = breaks.c
    mine = (c.tenant == tenant) & (c.address_id == address_id) & ~c.removed
    return _all(connection, mine & (c.since < till) & (c.till > since))


def tried(connection: Connection, tenant: int, address_id: str, since: datetime, till: datetime) -> Block | None:
    """Blocked time that was being sent with that range when the connection failed, what was removed since included."""
    c = breaks.c
    mine = (c.tenant == tenant) & (c.address_id == address_id) & c.uncertain & ~c.live
    return next(iter(_all(connection, mine & (c.sent_since == since) & (c.sent_till == till))), None)


def unsent(connection: Connection, tenant: int, address_id: str, since: datetime) -> list[Block]:
    """Blocked time that Docplanner does not have as the clinic holds it, from ``since`` on."""
    c = breaks.c
    found = _all(connection, (c.tenant == tenant) & (c.address_id == address_id) & (c.till > since))
    return [one for one in found if one.live == one.removed or (one.live and not one.as_sent)]


def forget(connection: Connection, tenant: int) -> None:
    """No time is blocked any more."""
    connection.execute(delete(breaks).where(breaks.c.tenant == tenant))


def _columns(block: Block) -> dict[str, object]:
    return {name: getattr(block, name) for name in block.__dataclass_fields__}


def _all(connection: Connection, where: ColumnElement[bool]) -> list[Block]:
    columns = [column for column in breaks.c if column.name != "tenant"]
    found = connection.execute(select(*columns).where(where).order_by(breaks.c.since)).mappings()
    return [Block(**dict(row)) for row in found]
