"""What Docplanner must show: expectations of Docplanner's side, each of which the partner must have brought about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from harness.driver.clinic import person
from harness.driver.scene import TO_DOCPLANNER, Scene
from harness.driver.views import WINDOW_DAYS, Views
from harness.verdict.checks.activation import CalendarsEqual
from harness.verdict.checks.offers import BookableTime, TimeNotOffered, TimeOffered
from harness.verdict.checks.schedule import WorkingTimeSent
from harness.verdict.checks.visits import OneVisitAt, VisitGone, VisitShown
from harness.vocabulary import Calendar, Patient, Service, Visit

__all__ = ["DocplannerView"]


@dataclass(frozen=True, slots=True)
class DocplannerView:
    """Expectations of Docplanner's calendar. ``every`` is all calendars of the scenario's clinic."""

    scene: Scene
    views: Views

    def expect_visit(self, visit: Visit, every: tuple[Calendar, ...]) -> Visit:
        """In time Docplanner shows exactly this visit of the patient, and no other."""
        self.scene.expect(
            VisitShown(person(visit.patient), visit.calendar.id, visit.start, visit.minutes, visit.service.id),
            lambda: self.views.docplanner_visits(every),
            noun="visits",
            direction=TO_DOCPLANNER,
            address=visit.calendar.id,
        )
        return visit

    def expect_no_visit(self, patient: Patient, calendar: Calendar, every: tuple[Calendar, ...]) -> None:
        """In time Docplanner shows no booked visit of the patient."""
        self.scene.expect(
            VisitGone(person(patient), calendar.id),
            lambda: self.views.docplanner_visits(every),
            noun="visits",
            direction=TO_DOCPLANNER,
            address=calendar.id,
        )

    def expect_one_visit_at(self, visit: Visit) -> None:
        """Once both sides are settled, exactly one visit takes the time at Docplanner."""
        self.scene.settle([visit.calendar])
        self.scene.expect(
            OneVisitAt(visit.calendar.id, visit.start, visit.minutes),
            lambda: self.views.docplanner_visits([visit.calendar]),
            noun="visits",
            direction=None,
            address=visit.calendar.id,
        )

    def expect_offered(self, calendar: Calendar, start: datetime, service: Service) -> None:
        """In time patients can book the service at that time."""
        self.scene.expect(
            TimeOffered(calendar.id, service.id, start, service.minutes),
            lambda: self.views.offers(calendar),
            noun="schedule",
            direction=TO_DOCPLANNER,
            address=calendar.id,
        )

    def expect_not_offered(self, calendar: Calendar, since: datetime, till: datetime) -> None:
        """In time patients can book nothing that touches the span."""
        self.scene.expect(
            TimeNotOffered(calendar.id, since, till),
            lambda: self.views.offers(calendar),
            noun="schedule",
            direction=TO_DOCPLANNER,
            address=calendar.id,
        )

    def expect_working_time(self, calendar: Calendar, days: int = WINDOW_DAYS) -> None:
        """In time Docplanner has exactly the working time that staff entered, over so many days."""
        self.scene.expect(
            WorkingTimeSent(calendar.id, self.scene.ledger.working_time(calendar.id), self.scene.settings.time_zone),
            lambda: self.views.docplanner_working_time(calendar, days),
            noun="schedule",
            direction=TO_DOCPLANNER,
            address=calendar.id,
        )

    def expect_still_working_time(self, calendar: Calendar) -> None:
        """Once both sides are settled, Docplanner has exactly the working time that staff entered."""
        self.scene.settle([calendar])
        self.expect_working_time(calendar)

    def expect_bookable_time(self, calendar: Calendar) -> None:
        """In time patients can book exactly the working time that staff have not blocked."""
        self.scene.expect(
            BookableTime(calendar.id, self.scene.ledger.bookable_time(calendar.id)),
            lambda: self.views.offers(calendar),
            noun="breaks",
            direction=TO_DOCPLANNER,
            address=calendar.id,
        )

    def expect_equal(self, calendars: tuple[Calendar, ...]) -> None:
        """Once both sides are settled, they show the same visits and the same bookable time in every calendar.

        Equal before the activation has taken effect says nothing of it.
        """
        self.scene.settle(calendars)
        for calendar in calendars:
            self.scene.expect(
                CalendarsEqual(calendar.id, self.scene.settings.time_zone),
                lambda calendar=calendar: self.views.both(calendar),  # type: ignore[misc]
                noun="calendars",
                direction=TO_DOCPLANNER,
                address=calendar.id,
            )
