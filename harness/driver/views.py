"""Looks at both calendars, turned into the observations that checks judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.driver.scene import Scene
from harness.marketplace.port import Marketplace, PatientThere
from harness.partner.port import PartnerCalendars, Person
from harness.verdict.observation import (
    BreakSeen,
    BreaksSeen,
    CalendarSeen,
    CalendarsSeen,
    OfferSeen,
    OffersSeen,
    PeriodSeen,
    PersonSeen,
    VisitSeen,
    WorkingTimeSeen,
)
from harness.vocabulary import AddressId, Calendar

__all__ = ["WINDOW_DAYS", "Views"]

WINDOW_DAYS = 28
"""Source: criteria.md, "Both calendars equal"."""


@dataclass(frozen=True, slots=True)
class Views:
    """What each side shows of the scenario's calendars from today over the window."""

    scene: Scene
    partner: PartnerCalendars
    marketplace: Marketplace

    def partner_visits(self, calendars: Sequence[Calendar], *, ids: bool = False) -> CalendarSeen:
        """The visits that the clinic's system shows; ``ids`` where it matters by which bookings it knows them."""
        since, till = self._window()
        held = self.partner.appointments_of([calendar.id for calendar in calendars], since, till, ids=ids)
        visits = [
            VisitSeen(
                id=one.id,
                address_id=calendar.id,
                start=one.start,
                minutes=_minutes(one.end - one.start),
                patient=_person(one.patient),
                booked=one.status == "booked",
                booking_id=one.docplanner_booking_id,
                address_service_id=one.address_service_id,
                sync_state=one.sync.state,
                origin=one.origin,
                confirmed=one.confirmed,
                presence=one.presence,
            )
            for calendar in calendars
            for one in held[calendar.id]
        ]
        return CalendarSeen("partner", since, till, tuple(visits))

    def docplanner_visits(self, calendars: Sequence[Calendar]) -> CalendarSeen:
        """The visits that Docplanner shows."""
        since, till = self._window()
        visits = [
            VisitSeen(
                id=one.booking_id,
                address_id=calendar.id,
                start=one.start,
                minutes=one.duration,
                patient=_person(one.patient),
                booked=one.status == "booked",
                booking_id=one.booking_id,
                address_service_id=one.address_service_id,
                origin=one.booked_by,
                confirmed=one.confirmed,
                presence=one.presence,
            )
            for calendar in calendars
            for one in self.marketplace.visits(calendar.id, since, till)
        ]
        return CalendarSeen("docplanner", since, till, tuple(visits))

    def offers(self, calendar: Calendar) -> OffersSeen:
        """What patients can book."""
        since, till = self._window()
        offers = tuple(
            OfferSeen(one.address_service_id, one.start, one.end)
            for one in self.marketplace.offers(calendar.id, since, till)
        )
        return OffersSeen(calendar.id, since, till, offers)

    def docplanner_working_time(self, calendar: Calendar, days: int = WINDOW_DAYS) -> WorkingTimeSeen:
        """The work periods that Docplanner has accepted for so many days."""
        since, till = self.scene.days.window(days)
        periods = tuple(
            PeriodSeen(service.address_service_id, service.duration, one.start, one.end)
            for one in self.marketplace.working_time(calendar.id, since, till)
            for service in one.services
        )
        return WorkingTimeSeen(calendar.id, since, till, periods)

    def partner_working_time(self, calendar: Calendar) -> WorkingTimeSeen:
        """The working time that the clinic's system holds."""
        since, till = self._window()
        periods = tuple(
            PeriodSeen(service.address_service_id, service.duration, one.start, one.end)
            for one in self.partner.schedule(calendar.id, since, till)
            for service in one.services
        )
        return WorkingTimeSeen(calendar.id, since, till, periods)

    def partner_breaks(self, address: AddressId) -> BreaksSeen:
        """The blocked time that the clinic's system shows."""
        since, till = self._window()
        found = tuple(
            BreakSeen(one.id, one.since, one.till, one.origin) for one in self.partner.breaks(address, since, till)
        )
        return BreaksSeen("partner", since, till, found)

    def docplanner_breaks(self, address: AddressId) -> BreaksSeen:
        """The blocked time that Docplanner shows."""
        since, till = self._window()
        found = tuple(
            BreakSeen(one.break_id, one.since, one.till, one.made_by)
            for one in self.marketplace.breaks(address, since, till)
        )
        return BreaksSeen("docplanner", since, till, found)

    def both(self, calendar: Calendar) -> CalendarsSeen:
        """Everything of one calendar, on both sides."""
        since, till = self._window()
        can_break = self.scene.settings.can("breaks")
        return CalendarsSeen(
            partner=self.partner_visits([calendar]),
            docplanner=self.docplanner_visits([calendar]),
            partner_working=self.partner_working_time(calendar),
            docplanner_working=self.docplanner_working_time(calendar),
            partner_breaks=self.partner_breaks(calendar.id) if can_break else BreaksSeen("partner", since, till, ()),
            docplanner_breaks=self.docplanner_breaks(calendar.id),
        )

    def _window(self) -> tuple[datetime, datetime]:
        return self.scene.days.window(WINDOW_DAYS)


def _minutes(length: timedelta) -> int:
    return round(length.total_seconds() / 60)


def _person(person: Person | PatientThere) -> PersonSeen:
    born = person.birth_date.isoformat() if person.birth_date else None
    return PersonSeen(person.name, person.surname, person.phone, person.email, born, person.nin)
