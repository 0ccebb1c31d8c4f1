"""Staff decide what the clinic offers at an address."""

from __future__ import annotations

from harness.stub import offers, outbox
from harness.stub.link import Link
from harness.stub.offers import Offer
from harness.stub.outbox import Owed
from harness.stub.refusals import calendar

__all__ = ["decide", "held"]


def held(link: Link, address_id: str) -> Offer:
    """What the clinic offers there."""
    calendar(link, address_id)
    with link.database.reading() as connection:
        return offers.held(connection, link.tenant.id, address_id)


def decide(link: Link, address_id: str, offer: Offer) -> None:
    """From now on the clinic offers this there; the profile follows."""
    calendar(link, address_id)
    with link.database.writing() as connection:
        offers.put(connection, link.tenant.id, address_id, offer)
        outbox.add(connection, link.tenant.id, address_id, Owed.OFFER)
    link.flag(address_id)
