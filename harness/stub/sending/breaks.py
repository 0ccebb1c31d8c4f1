"""Blocked time goes to Docplanner as breaks."""

from __future__ import annotations

from datetime import timedelta

from harness.client.models import CalendarAt
from harness.client.outcome import Done, Refused
from harness.stub import blocks, mapping
from harness.stub.blocks import Block
from harness.stub.later import Later, decided
from harness.stub.link import Link

__all__ = ["send_break"]

EXISTS = 409
"""The same range and description exists already. Source: behaviour.md, "Calendars"."""
SAME_RANGE = 422
MISSING = 404
HALF_A_DAY = timedelta(hours=12)


def send_break(link: Link, block_id: str) -> None:
    """Bring Docplanner to what the clinic holds of the blocked time.

    Raises:
        Later: it could not be finished now.
    """
    with link.database.reading() as connection:
        block = blocks.by_id(connection, link.tenant.id, block_id)
        at = mapping.calendar_at(connection, link.tenant.id, block.address_id) if block else None
    if block is None or at is None or link.defects.on("breaks-not-sent"):
        return
    if block.origin == "docplanner" and link.defects.on("doctors-breaks-kept-from-staff"):
        return
    if block.uncertain:
        _look(link, at, block)
        raise Later("looked what became of the last try")
    if block.removed and block.live:
        _remove(link, at, block)
    elif not block.removed and not block.live:
        _add(link, at, block)
    elif block.live and not block.as_sent:
        _move(link, at, block)


def _add(link: Link, at: CalendarAt, block: Block) -> None:
    _change(link, block, uncertain=True, sent_since=block.since, sent_till=block.till)
    outcome = link.api.calendars.add_break(at, link.local(block.since), link.local(block.till), block.description)
    if isinstance(outcome, Refused) and outcome.status != EXISTS:
        _change(link, block, uncertain=False)
    outcome = decided(outcome)
    if isinstance(outcome, Done):
        _there(link, block, outcome.value)
    elif outcome.status != EXISTS or not _look(link, at, block):
        _refused(link, block, outcome)


def _look(link: Link, at: CalendarAt, block: Block) -> bool:
    """Whether Docplanner has a break of that time which nobody else made: then it is ours."""
    since, till = block.sent_since or block.since, block.sent_till or block.till
    outcome = decided(link.api.calendars.breaks(at, link.local(since), link.local(till)))
    for one in outcome.value if isinstance(outcome, Done) else ():
        with link.database.reading() as connection:
            known = blocks.by_break(connection, link.tenant.id, one.id)
        if known is None and (one.since, one.till) == (since, till):
            _there(link, block, one.id)
            return True
    _change(link, block, uncertain=False)
    return False


def _move(link: Link, at: CalendarAt, block: Block) -> None:
    if link.defects.on("moved-breaks-added"):
        _add(link, at, block)
        return
    since, till = link.local(block.since), link.local(block.till)
    outcome = decided(link.api.calendars.move_break(at, block.break_id or "", since, till))
    if isinstance(outcome, Refused) and outcome.status == MISSING:
        _change(link, block, live=False, break_id=None)
        raise Later("Docplanner has lost the break: it is added again")
    if isinstance(outcome, Refused) and outcome.status != SAME_RANGE:
        _refused(link, block, outcome)
    else:
        _change(link, block, sent_since=block.since, sent_till=block.till)


def _remove(link: Link, at: CalendarAt, block: Block) -> None:
    if link.defects.on("removed-breaks-kept"):
        return
    if link.defects.on("breaks-of-a-day-freed"):
        with link.database.reading() as connection:
            since, till = block.since - HALF_A_DAY, block.till + HALF_A_DAY
            others = blocks.overlapping(connection, link.tenant.id, at.address_id, since, till)
        for one in others:
            link.api.calendars.delete_break(at, one.break_id or "")
    outcome = decided(link.api.calendars.delete_break(at, block.break_id or ""))
    if isinstance(outcome, Refused) and outcome.status != MISSING:
        _refused(link, block, outcome)
    else:
        _change(link, block, live=False)


def _there(link: Link, block: Block, break_id: str) -> None:
    _change(link, block, break_id=break_id, live=True, uncertain=False, problem=None)


def _refused(link: Link, block: Block, outcome: Refused) -> None:
    _change(link, block, uncertain=False, problem=str(outcome))


def _change(link: Link, block: Block, **changes: object) -> None:
    """Change these fields alone: staff may change others at the same time."""
    with link.database.writing() as connection:
        blocks.change(connection, block.id, **changes)
