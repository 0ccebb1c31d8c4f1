"""Staff block time, move what is blocked, and free it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from harness.stub import blocks, outbox
from harness.stub.blocks import Block
from harness.stub.link import Link
from harness.stub.outbox import Owed
from harness.stub.refusals import calendar, invalid, not_found

__all__ = ["add", "listed", "move", "remove"]


def listed(link: Link, address_id: str, since: datetime, till: datetime) -> list[Block]:
    """Blocked time that overlaps [since, till)."""
    calendar(link, address_id)
    with link.database.reading() as connection:
        return blocks.overlapping(connection, link.tenant.id, address_id, since, till)


def add(link: Link, address_id: str, since: datetime, till: datetime, description: str | None) -> Block:
    """Staff block time; visits that are there already stay.

    Raises:
        Refusal: it ends before it starts.
    """
    calendar(link, address_id)
    _refuse_if_empty(since, till)
    block = Block(blocks.new_id(), address_id, since, till, description, "partner")
    with link.database.writing() as connection:
        blocks.add(connection, link.tenant.id, block)
        outbox.add(connection, link.tenant.id, address_id, Owed.BREAK, block.id)
    link.flag(address_id)
    return block


def move(link: Link, address_id: str, block_id: str, since: datetime, till: datetime) -> None:
    """Staff move blocked time.

    Raises:
        Refusal: there is none, or it would end before it starts.
    """
    calendar(link, address_id)
    _refuse_if_empty(since, till)
    with link.database.writing() as connection:
        _there(connection, link, address_id, block_id)
        blocks.change(connection, block_id, since=since, till=till, problem=None)
        outbox.add(connection, link.tenant.id, address_id, Owed.BREAK, block_id)
    link.flag(address_id)


def remove(link: Link, address_id: str, block_id: str) -> None:
    """Staff free blocked time.

    Raises:
        Refusal: there is none.
    """
    calendar(link, address_id)
    with link.database.writing() as connection:
        _there(connection, link, address_id, block_id)
        blocks.change(connection, block_id, removed=True, problem=None)
        outbox.add(connection, link.tenant.id, address_id, Owed.BREAK, block_id)
    link.flag(address_id)


def _there(connection: Connection, link: Link, address_id: str, block_id: str) -> None:
    block = blocks.by_id(connection, link.tenant.id, block_id)
    if block is None or block.removed or block.address_id != address_id:
        what = f"break {block_id} in this calendar"
        raise not_found(what)


def _refuse_if_empty(since: datetime, till: datetime) -> None:
    if till <= since:
        message = "a break ends after it starts"
        raise invalid(message)
