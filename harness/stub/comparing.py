"""Both calendars are compared and made equal: at activation, when asked, and after the link was down.

Nothing is taken for cancelled because a list lacks it. Source: behaviour.md, "Access", getBookings.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from harness.client.models import Booking, CalendarAt
from harness.client.outcome import Done, Outcome, Refused
from harness.contract.limits import MAX_WEEKS_AHEAD
from harness.stub import blocks, mapping, outbox, schedules, visits
from harness.stub.later import Later, decided
from harness.stub.link import Link
from harness.stub.outbox import Owed
from harness.stub.receiving import bookings as received
from harness.stub.receiving import breaks as received_breaks

__all__ = ["compare"]

T = TypeVar("T")

NOT_THERE = frozenset({403, 404})


def compare(link: Link, address_id: str, *, thorough: bool = True) -> None:
    """Take what Docplanner has of the calendar and the clinic lacks; what the clinic has more is owed afterwards.

    After a time in which nobody listened nothing ``thorough`` is needed: only bookings and breaks are read, which are
    what others may have changed. Working time is the clinic's own, and looked at where the calendar owes something.

    Raises:
        Later: Docplanner could not be read. The same again does no harm.
    """
    with link.database.reading() as connection:
        at = mapping.calendar_at(connection, link.tenant.id, address_id)
        thorough = thorough or outbox.head(connection, link.tenant.id, address_id) is not None
    if at is None:
        return
    today = link.today()
    if link.defects.on("this-week-not-compared"):
        today += timedelta(days=7)
    since, till = link.midnight(today), link.midnight(link.today() + timedelta(weeks=MAX_WEEKS_AHEAD))
    if thorough:
        _open(link, at)
    if not link.defects.on("existing-bookings-not-read"):
        _take_bookings(link, at, since, till)
    _take_breaks(link, at, since, till)
    owed: list[tuple[Owed, str]] = []
    if thorough:
        _owe_days(link, at, since, till)
        owed += [(Owed.OFFER, ""), (Owed.DAYS, "")]
    if link.defects.on("activation-doubles"):
        _resend_visits(link, at, since, till)
    with link.database.writing() as connection:
        owed += [(Owed.BREAK, one.id) for one in blocks.unsent(connection, link.tenant.id, address_id, since)]
        unsent = visits.unsent(connection, link.tenant.id, address_id, link.clock.now())
        owed += [(Owed.VISIT, one.id) for one in unsent if one.sync_state != "conflict"]
        for kind, ref in owed:
            outbox.add(connection, link.tenant.id, address_id, kind, ref)


def _open(link: Link, at: CalendarAt) -> None:
    enabled = link.api.calendars.enabled(at)
    missing = isinstance(enabled, Refused) and enabled.status in NOT_THERE
    if not missing and _value(enabled):
        return
    opened = link.api.calendars.enable(at)
    decided(opened)  # opening what is open does no harm, and a refusal is seen when visits are booked


def _take_bookings(link: Link, at: CalendarAt, since: datetime, till: datetime) -> None:
    there = received.listed(link, at, since, till)
    # cancelled ones first: they lead to what they were moved to, so that no visit is there twice
    if link.defects.on("absent-means-cancelled"):
        _cancel_absent(link, at, there, since, till)
    for booking in sorted(there, key=lambda one: (not one.canceled, one.start)):
        if _is_news(link, booking):
            taken = link.api.bookings.one(at, booking.id) if booking.canceled else None
            truth = taken.value if isinstance(taken, Done) else booking
            received.take(link, at, truth, patient=booking.patient)
        elif not booking.canceled:
            received.mark(link, booking.id, confirmed=bool(booking.confirmed), presence=booking.presence)


def _cancel_absent(link: Link, at: CalendarAt, there: tuple[Booking, ...], since: datetime, till: datetime) -> None:
    """Take for cancelled what the list lacks: what a careless system does."""
    with link.database.reading() as connection:
        held = visits.starting_in(connection, link.tenant.id, at.address_id, since, till)
    for visit in held:
        if visit.live and visit.booking_id and visit.booking_id not in {one.id for one in there}:
            received.cancel(link, visit.booking_id)


def _is_news(link: Link, booking: Booking) -> bool:
    """Whether the clinic does not know the booking, or takes one for booked that is cancelled."""
    with link.database.reading() as connection:
        known = visits.known_booking(connection, link.tenant.id, booking.id)
    if link.defects.on("lost-cancellations-kept") and booking.canceled:
        return False
    if link.defects.on("lost-bookings-not-sought") and booking.booked_by == "user":
        return known is not None and booking.canceled
    return (known is None) if not booking.canceled else (known is not None and not known.dead)


def _resend_visits(link: Link, at: CalendarAt, since: datetime, till: datetime) -> None:
    """Store again whatever Docplanner has: what a careless system does when it is activated again."""
    for booking in received.listed(link, at, since, till):
        with link.database.reading() as connection:
            known = visits.by_booking(connection, link.tenant.id, booking.id)
        if known and not booking.canceled and booking.booked_by != "integration":
            received.store_anew(link, at, booking)


def _take_breaks(link: Link, at: CalendarAt, since: datetime, till: datetime) -> None:
    there = _value(link.api.calendars.breaks(at, since, till))
    for one in there:
        received_breaks.hold(link, at, one)
    with link.database.reading() as connection:
        known = blocks.overlapping(connection, link.tenant.id, at.address_id, since, till)
    for block in known:
        if block.live and block.break_id and block.break_id not in {one.id for one in there}:
            received_breaks.follow(link, at, block.break_id)


def _owe_days(link: Link, at: CalendarAt, since: datetime, till: datetime) -> None:
    """Every day whose working time the clinic holds is owed, and every other day on which Docplanner offers some."""
    offered = {link.day_of(slot.start) for slot in _value(link.api.calendars.free_slots(at, since, till))}
    if link.defects.on("activation-clears"):
        for day in sorted(offered):
            link.api.calendars.delete_slots(at, day)
        return
    with link.database.writing() as connection:
        known = schedules.days_known(connection, link.tenant.id, at.address_id, link.day_of(since))
        schedules.mark_changed(connection, link.tenant.id, at.address_id, sorted({*known, *offered}))


def _value(outcome: Outcome[T]) -> T:
    known = decided(outcome)
    if isinstance(known, Done):
        return known.value
    message = f"Docplanner could not be read: {known}"
    raise Later(message)
