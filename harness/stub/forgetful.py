"""Deliberate mistakes that need more than a line: what a restart loses, and what is put aside for being old."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from harness.client.reading import read_booking
from harness.stub import blocks, outbox, visits
from harness.stub.link import Link
from harness.stub.outbox import Owed
from harness.stub.receiving.letters import Envelope

__all__ = ["is_stale", "lose_owed", "put_aside"]

STALE = timedelta(hours=1)


def lose_owed(link: Link) -> None:
    """What was owed is owed no longer, and what became of visits and breaks that Docplanner has counts as sent."""
    tenant = link.tenant.id
    with link.database.writing() as connection:
        for lane in outbox.lanes(connection, tenant):
            while item := outbox.head(connection, tenant, lane):
                if item.kind is Owed.VISIT:
                    _count_as_sent(connection, tenant, item.ref)
                block = blocks.by_id(connection, tenant, item.ref) if item.kind is Owed.BREAK else None
                if block is not None and block.live and not block.removed:
                    blocks.change(connection, block.id, sent_since=block.since, sent_till=block.till)
                outbox.done(connection, item)


def _count_as_sent(connection: Connection, tenant: int, visit_id: str) -> None:
    visit = visits.by_id(connection, tenant, visit_id)
    if visit is None or not visit.live:
        return
    sent = {"sent_address_id": visit.address_id, "sent_start": visit.start, "sent_end": visit.end}
    visits.change(connection, visit_id, live=visit.booked, sync_state="synced", **sent)


def is_stale(link: Link, news: Envelope) -> bool:
    """Whether news was made more than an hour ago."""
    return link.clock.now() - news.created_at > STALE


def put_aside(link: Link, news: Envelope) -> None:
    """Note the booking that news is about as dealt with."""
    for noun in ("visit_booking", "new_visit_booking"):
        if noun in news.data:
            with link.database.writing() as connection:
                visits.kill(connection, link.tenant.id, read_booking(news.data[noun]).id)
