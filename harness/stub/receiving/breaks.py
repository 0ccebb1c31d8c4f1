"""Breaks of Docplanner become blocked time of the clinic. Whatever the news says, the break itself is read."""

from __future__ import annotations

from harness.client.models import CalendarAt, CalendarBreak
from harness.client.outcome import Done
from harness.stub import blocks
from harness.stub.blocks import Block
from harness.stub.later import decided
from harness.stub.link import Link

__all__ = ["follow", "gone", "hold", "put_where_told"]


def follow(link: Link, at: CalendarAt, break_id: str) -> None:
    """There is news of the break: take it as Docplanner has it now.

    Raises:
        Later: Docplanner could not be read.
    """
    if link.defects.on("own-breaks-not-followed") and _made_here(link, break_id):
        return
    outcome = decided(link.api.calendars.break_by_id(at, break_id))
    if isinstance(outcome, Done):
        hold(link, at, outcome.value)
    else:
        gone(link, break_id)


def hold(link: Link, at: CalendarAt, there: CalendarBreak) -> None:
    """Docplanner has this break."""
    tenant = link.tenant.id
    sent = {"sent_since": there.since, "sent_till": there.till, "live": True}
    with link.database.writing() as connection:
        known = blocks.by_break(connection, tenant, there.id)
        tried = None if known else blocks.tried(connection, tenant, at.address_id, there.since, there.till)
        if tried is not None:
            # it is what the clinic sent, so what staff did since is newer
            blocks.change(connection, tried.id, break_id=there.id, uncertain=False, problem=None, **sent)
            return
        if known is None and link.defects.on("doctors-breaks-ignored"):
            return
        if known is None:
            block = Block(
                id=blocks.new_id(),
                address_id=at.address_id,
                since=there.since,
                till=there.till,
                description=there.description,
                origin="docplanner",
                break_id=there.id,
                live=True,
                sent_since=there.since,
                sent_till=there.till,
            )
            blocks.add(connection, tenant, block)
        elif link.defects.on("doctors-moved-breaks-ignored") and known.origin == "docplanner":
            return
        elif (there.since, there.till) != (known.sent_since, known.sent_till) or not known.live:
            changes = {"since": there.since, "till": there.till, "break_id": there.id, "uncertain": False}
            blocks.change(connection, known.id, **changes, **sent)


def gone(link: Link, break_id: str) -> None:
    """Docplanner has the break no longer."""
    with link.database.writing() as connection:
        known = blocks.by_break(connection, link.tenant.id, break_id)
        if known and link.defects.on("doctors-removed-breaks-kept"):
            return
        if known and known.live:
            blocks.change(connection, known.id, removed=True, live=False)


def put_where_told(link: Link, told: CalendarBreak) -> bool:
    """Put the break where news say, however old they are, which a careless system does; False for one not known."""
    with link.database.writing() as connection:
        known = blocks.by_break(connection, link.tenant.id, told.id)
        if known and known.live:
            place = {"since": told.since, "till": told.till, "sent_since": told.since, "sent_till": told.till}
            blocks.change(connection, known.id, **place)
    return known is not None


def _made_here(link: Link, break_id: str) -> bool:
    """Whether staff made it."""
    with link.database.reading() as connection:
        known = blocks.by_break(connection, link.tenant.id, break_id)
    return known is not None and known.origin == "partner"
