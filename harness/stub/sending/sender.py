"""Sends the oldest change that a calendar owes."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import assert_never

from harness.client.pacing import Kind
from harness.stub import mapping, outbox
from harness.stub.later import Later, backoff
from harness.stub.link import Link
from harness.stub.outbox import Item, Owed
from harness.stub.sending.breaks import send_break
from harness.stub.sending.days import DaySender
from harness.stub.sending.offers import send_offer
from harness.stub.sending.visits import send_visit

__all__ = ["Sender"]

LOGGER = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.15
LONGEST_PAUSE_S = 8.0
"""Between two tries of the same change; doubled each time in between."""


@dataclass(slots=True)
class Sender:
    """The outgoing side of a link. Called for a calendar by one thread at a time."""

    link: Link
    days: DaySender = field(default_factory=DaySender)
    tries: dict[int, int] = field(default_factory=dict)

    def send_next(self, address_id: str) -> float | None:
        """Send the oldest change of the calendar; seconds until the next try is due, None where nothing is owed."""
        with self.link.database.reading() as connection:
            item = outbox.head(connection, self.link.tenant.id, address_id)
        if item is None:
            return None
        shut = self.link.api.gate.left(Kind.WRITE)
        if shut:
            return shut.total_seconds()
        try:
            self._send(item)
        except Later as later:
            LOGGER.info("%s of calendar %s is tried again: %s", item.kind, address_id, later)
            tried = self.tries[item.id] = self.tries.get(item.id, 0) + 1
            return backoff(tried, first_s=FIRST_PAUSE_S, longest_s=LONGEST_PAUSE_S)
        self.tries.pop(item.id, None)
        with self.link.database.writing() as connection:
            outbox.done(connection, item)
        return 0

    def _send(self, item: Item) -> None:
        with self.link.database.reading() as connection:
            at = mapping.calendar_at(connection, self.link.tenant.id, item.address_id)
        match item.kind:
            case Owed.VISIT:
                send_visit(self.link, item.ref)
            case Owed.BREAK:
                send_break(self.link, item.ref)
            case Owed.DAYS:
                if at:
                    self.days.send(self.link, at)
            case Owed.OFFER:
                if at:
                    send_offer(self.link, at)
            case _:
                assert_never(item.kind)
