"""The profile of an address follows what the clinic offers there."""

from __future__ import annotations

from collections.abc import Iterator

from harness.client.models import CalendarAt
from harness.client.outcome import Outcome
from harness.stub import offers
from harness.stub.importing import Upstream, read_profile
from harness.stub.later import Later, decided
from harness.stub.link import Link
from harness.stub.profiles import refresh_profile

__all__ = ["send_offer"]


def send_offer(link: Link, at: CalendarAt) -> None:
    """Add, change and remove services and insurances until the profile has what staff decided.

    The profile is read first each time, so a try whose end is not known is never repeated blindly.

    Raises:
        Later: it could not be finished now.
    """
    with link.database.reading() as connection:
        offer = offers.decided(connection, link.tenant.id, at.address_id)
    if offer is None or link.defects.on("profile-not-populated"):
        return
    try:
        results = list(_differences(link, at, offer))
    except Upstream as trouble:
        raise Later(str(trouble)) from trouble
    if results:
        refresh_profile(link, at)
    for outcome in results:
        decided(outcome)


def _differences(link: Link, at: CalendarAt, offer: offers.Offer) -> Iterator[Outcome[object]]:
    services, insurances = read_profile(link.api, at, link.defects)
    there = {one.service_id: one for one in services}
    for wanted in offer.services:
        known = there.pop(wanted.service_id, None)
        if known is None:
            yield link.api.directory.add_service(at, wanted.service_id, minutes=wanted.minutes, price=wanted.price)
        elif known.duration != wanted.minutes or (wanted.price is not None and known.price != int(wanted.price)):
            yield link.api.directory.update_service(at, known.id, minutes=wanted.minutes, price=wanted.price)
    for left in there.values():
        yield link.api.directory.delete_service(at, left.id)
    accepted = {one.id for one in insurances}
    for provider in sorted(set(offer.insurance_provider_ids) - accepted):
        yield link.api.directory.put_insurance(at, provider)
    for provider in sorted(accepted - set(offer.insurance_provider_ids)):
        yield link.api.directory.delete_insurance(at, provider)
