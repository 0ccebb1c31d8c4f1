"""Handles the oldest notification of a calendar."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from sqlalchemy import Connection

from harness.client.models import Booking, CalendarAt
from harness.client.reading import Unreadable, read_booking, read_break
from harness.contract.json_value import object_of
from harness.stub import inbox, mapping, visits
from harness.stub.forgetful import is_stale, put_aside
from harness.stub.later import Later, backoff
from harness.stub.link import Link
from harness.stub.profiles import refresh_profile
from harness.stub.receiving import bookings, breaks
from harness.stub.receiving.letters import SERVICES, Envelope, Nonsense, open_envelope

__all__ = ["Handler"]

LOGGER = logging.getLogger(__name__)
FIRST_PAUSE_S = 0.15
LONGEST_PAUSE_S = 5.0
IDS_OF_ONE_MOVE = 2
MOST_TRIES = 40
"""After so many tries a notification is given up: the next comparison finds what it told."""


@dataclass(slots=True)
class Handler:
    """The incoming side of a link. Called for a calendar by one thread at a time."""

    link: Link
    tries: dict[int, int] = field(default_factory=dict)

    def handle_next(self, address_id: str) -> float | None:
        """Handle the oldest notification; seconds until the next try is due, None where none waits."""
        link = self.link
        with link.database.reading() as connection:
            letter = inbox.head(connection, link.tenant.id, address_id)
            at = mapping.calendar_at(connection, link.tenant.id, address_id) if letter else None
        if letter is None:
            return None
        if at is None:
            with link.database.writing() as connection:
                if link.defects.on("unmapped-visits-dropped"):
                    _forget(connection, link, letter)
                inbox.park(connection, letter)
            return 0
        try:
            self._follow(at, open_envelope(letter.body))
        except Later as later:
            tried = self.tries[letter.id] = self.tries.get(letter.id, 0) + 1
            if tried < MOST_TRIES:
                return backoff(tried, first_s=FIRST_PAUSE_S, longest_s=LONGEST_PAUSE_S)
            LOGGER.info("a notification about calendar %s is given up: %s", address_id, later)
        except (Nonsense, Unreadable) as nonsense:
            LOGGER.info("a notification about calendar %s is not understood: %s", address_id, nonsense)
        self.tries.pop(letter.id, None)
        with link.database.writing() as connection:
            inbox.done(connection, letter)
        return 0

    def _follow(self, at: CalendarAt, news: Envelope) -> None:
        if self.link.defects.on("stale-news-put-aside") and is_stale(self.link, news):
            put_aside(self.link, news)
            return
        match news.name:
            case "slot-booked":
                self._booked(at, _booking(news, "visit_booking"))
            case "booking-canceled":
                self._canceled(at, _booking(news, "visit_booking"))
            case "booking-moved":
                self._moved(at, _booking(news, "old_visit_booking"), _booking(news, "new_visit_booking"))
            case "booking-confirmed" if self.link.defects.on("confirmations-ignored"):
                return
            case "presence-marked" if self.link.defects.on("presence-ignored"):
                return
            case "booking-confirmed" | "presence-marked":
                self._marked(at, _booking(news, "visit_booking"), news)
            case "break-created" | "break-moved" | "break-removed":
                self._break(at, news)
            case name if name in SERVICES:
                refresh_profile(self.link, at)

    def _break(self, at: CalendarAt, news: Envelope) -> None:
        if (
            self.link.defects.on("older-break-news-believed")
            and news.name != "break-removed"
            and breaks.put_where_told(self.link, read_break(news.data["break"]))
        ):
            return
        breaks.follow(self.link, at, str(object_of(news.data["break"])["id"]))

    def _booked(self, at: CalendarAt, told: Booking) -> None:
        link = self.link
        if link.defects.on("doctors-bookings-ignored") and told.booked_by == "doctor":
            return
        with link.database.reading() as connection:
            known = visits.known_booking(connection, link.tenant.id, told.id)
        if link.defects.on("news-trusted-in-order") and (known is None or known.dead):
            bookings.store_anew(link, at, told)
        elif known is None:
            self._read(at, told)
        elif self._careless(told, dead=known.dead):
            bookings.store_anew(link, at, told)

    def _careless(self, told: Booking, *, dead: bool) -> bool:
        """Whether a booking that is known is stored again."""
        defects = self.link.defects
        echo = defects.on("echoes-doubled") and told.booked_by == "integration"
        return echo or defects.on("duplicates-doubled") or (dead and defects.on("cancelled-visits-revived"))

    def _read(self, at: CalendarAt, told: Booking, *, old: str | None = None) -> None:
        """Take the booking as Docplanner holds it now; one that it does not have is nothing."""
        found = bookings.find(self.link, at, told.id)
        if found is None:
            LOGGER.info("news of booking %s, which Docplanner does not have", told.id)
            return
        bookings.take(self.link, *found, patient=told.patient, old=old)

    def _canceled(self, at: CalendarAt, told: Booking) -> None:
        link = self.link
        if link.defects.on("doctors-cancellations-ignored") and told.canceled_by == "doctor":
            return
        if link.defects.on("own-visits-not-followed") and self._ours(told.id):
            return
        if link.defects.on("echoed-cancellations-booked") and told.canceled_by == "integration":
            bookings.store_anew(link, at, told)
        elif not link.defects.on("cancellations-ignored"):
            bookings.cancel(link, told.id)

    def _moved(self, at: CalendarAt, old: Booking, new: Booking) -> None:
        link = self.link
        if link.defects.on("moves-only-add"):
            bookings.store_anew(link, at, new)
            return
        if link.defects.on("further-moves-dropped") and self._moved_often(old.id):
            return
        if link.defects.on("doctors-moves-ignored") and new.booked_by == "doctor":
            return
        if link.defects.on("last-move-told-believed"):
            bookings.put_where_told(link, at, old.id, new)
        with link.database.reading() as connection:
            known = visits.known_booking(connection, link.tenant.id, new.id)
        if known is None:
            self._read(at, new, old=old.id)
        elif link.defects.on("moves-doubled") or self._echo_stored(new):
            bookings.store_anew(link, at, new)
        else:
            with link.database.writing() as connection:
                bookings.hand_on(connection, link, old.id, new.id)

    def _echo_stored(self, moved: Booking) -> bool:
        """Whether the clinic's own move is taken for a new visit."""
        return self.link.defects.on("echoed-moves-doubled") and moved.booked_by == "integration"

    def _ours(self, booking_id: str) -> bool:
        """Whether staff made the visit."""
        with self.link.database.reading() as connection:
            visit = visits.by_booking(connection, self.link.tenant.id, booking_id)
        return visit is not None and visit.origin == "partner"

    def _moved_often(self, booking_id: str) -> bool:
        """Whether the visit has had more ids than one move explains."""
        with self.link.database.reading() as connection:
            visit = visits.by_booking(connection, self.link.tenant.id, booking_id)
            ids = visits.ids_of(connection, self.link.tenant.id, visit.id) if visit else []
        return len(ids) > IDS_OF_ONE_MOVE

    def _marked(self, at: CalendarAt, told: Booking, news: Envelope) -> None:
        presence = str(news.data.get("presence") or "") if news.name == "presence-marked" else None
        confirmed = news.name == "booking-confirmed"
        if not bookings.mark(self.link, told.id, confirmed=confirmed, presence=presence):
            self._booked(at, told)
            bookings.mark(self.link, told.id, confirmed=confirmed, presence=presence)


def _forget(connection: Connection, link: Link, letter: inbox.Letter) -> None:
    """Note the booking as dealt with, although nobody has it."""
    booking = object_of(object_of(letter.body.get("data")).get("visit_booking"))
    visits.kill(connection, link.tenant.id, str(booking.get("id")))


def _booking(news: Envelope, noun: str) -> Booking:
    return read_booking(news.data.get(noun))
