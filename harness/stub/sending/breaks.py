"""Blocked time goes to Docplanner as breaks."""

from __future__ import annotations

from harness.client.models import CalendarAt
from harness.client.outcome import Done, Refused, Unknown
from harness.stub import blocks, mapping
from harness.stub.blocks import Block
from harness.stub.link import Link
from harness.stub.sending.result import NOTHING_TO_WAIT_FOR, Later, Sent, too_many

__all__ = ["send_break"]

EXISTS = 409
"""The same range and description exists already. Source: behaviour.md, "Calendars"."""
SAME_RANGE = 422
MISSING = 404


def send_break(link: Link, block_id: str) -> Sent | Later:
    """Bring Docplanner to what the clinic holds of the blocked time."""
    with link.database.reading() as connection:
        block = blocks.by_id(connection, link.tenant.id, block_id)
        at = mapping.calendar_at(connection, link.tenant.id, block.address_id) if block else None
    if block is None or at is None or link.defects.on("breaks-not-sent"):
        return NOTHING_TO_WAIT_FOR
    if block.removed and not block.live and not block.uncertain:
        return NOTHING_TO_WAIT_FOR
    if block.removed and block.live:
        return _remove(link, at, block)
    if not block.live:
        return _add(link, at, block)
    return NOTHING_TO_WAIT_FOR if block.as_sent else _move(link, at, block)


def _add(link: Link, at: CalendarAt, block: Block) -> Sent | Later:
    if block.uncertain:
        found = _look(link, at, block)
        if found is not None:
            return found
    _change(link, block, uncertain=True, sent_since=block.since, sent_till=block.till)
    outcome = link.api.calendars.add_break(at, link.local(block.since), link.local(block.till), block.description)
    if isinstance(outcome, Done):
        return _there(link, block, outcome.value)
    if isinstance(outcome, Unknown):
        return Later(outcome.reason)
    if outcome.status == EXISTS:
        return _look(link, at, block) or _refused(link, block, outcome)
    _change(link, block, uncertain=False)
    return Later(str(outcome)) if too_many(outcome) else _refused(link, block, outcome)


def _look(link: Link, at: CalendarAt, block: Block) -> Sent | Later | None:
    """The break of a try whose end is not known, taken for ours; None where there is none."""
    since, till = block.sent_since or block.since, block.sent_till or block.till
    outcome = link.api.calendars.breaks(at, link.local(since), link.local(till))
    if not isinstance(outcome, Done):
        return Later(str(outcome))
    for one in outcome.value:
        with link.database.reading() as connection:
            known = blocks.by_break(connection, link.tenant.id, one.id)
        if known is None and (one.since, one.till) == (since, till):
            _there(link, block, one.id)
            return Later("the last try took place")
    _change(link, block, uncertain=False)
    return None if not block.removed else NOTHING_TO_WAIT_FOR


def _move(link: Link, at: CalendarAt, block: Block) -> Sent | Later:
    break_id = block.break_id or ""
    outcome = link.api.calendars.move_break(at, break_id, link.local(block.since), link.local(block.till))
    if isinstance(outcome, Unknown):
        return Later(outcome.reason)  # the same move again is refused with 422, so it does no harm
    if isinstance(outcome, Refused):
        if too_many(outcome):
            return Later(str(outcome))
        if outcome.status == MISSING:
            _change(link, block, live=False, break_id=None)
            return Later("Docplanner has lost the break: it is added again")
        if outcome.status != SAME_RANGE:
            return _refused(link, block, outcome)
    _change(link, block, sent_since=block.since, sent_till=block.till)
    return NOTHING_TO_WAIT_FOR


def _remove(link: Link, at: CalendarAt, block: Block) -> Sent | Later:
    if link.defects.on("removed-breaks-kept"):
        return NOTHING_TO_WAIT_FOR
    outcome = link.api.calendars.delete_break(at, block.break_id or "")
    if isinstance(outcome, Unknown) or (isinstance(outcome, Refused) and too_many(outcome)):
        return Later(str(outcome))
    if isinstance(outcome, Refused) and outcome.status != MISSING:
        return _refused(link, block, outcome)
    _change(link, block, live=False)
    return NOTHING_TO_WAIT_FOR


def _there(link: Link, block: Block, break_id: str) -> Sent:
    _change(link, block, break_id=break_id, live=True, uncertain=False, problem=None)
    return NOTHING_TO_WAIT_FOR


def _refused(link: Link, block: Block, outcome: Refused) -> Sent:
    _change(link, block, uncertain=False, problem=str(outcome))
    return NOTHING_TO_WAIT_FOR


def _change(link: Link, block: Block, **changes: object) -> None:
    """Change these fields alone: staff may change others at the same time."""
    with link.database.writing() as connection:
        blocks.change(connection, block.id, **changes)
