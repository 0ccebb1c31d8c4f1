"""What the clinic's system must show: expectations of the partner's side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from harness.driver.scene import TO_DOCPLANNER, TO_PARTNER, Scene
from harness.driver.views import Views
from harness.verdict.checks.breaks import BreakGone, BreakShown
from harness.verdict.checks.visits import StaffVisitYielded, VisitGone, VisitIdKnown, VisitShown
from harness.verdict.observation import PersonSeen
from harness.vocabulary import Break, Calendar, Patient, Visit

__all__ = ["ClinicView", "person"]


def person(patient: Patient) -> PersonSeen:
    """The patient as a check expects one."""
    born = patient.birth_date.isoformat() if patient.birth_date else None
    return PersonSeen(
        patient.name, patient.surname, patient.phone, patient.email, born, patient.nin, patient.shares_phone
    )


@dataclass(frozen=True, slots=True)
class ClinicView:
    """Expectations of the clinic's calendar. ``every`` is all calendars of the scenario's clinic."""

    scene: Scene
    views: Views

    def expect_visit(self, visit: Visit, every: tuple[Calendar, ...]) -> None:
        """In time the clinic's calendar shows exactly this visit of the patient, and no other.

        Raises:
            Finding: it is missing, doubled, at another time, in another calendar, or of another person.
        """
        self.scene.expect(
            _shown(visit),
            lambda: self.views.partner_visits(every),
            noun="visits",
            direction=TO_PARTNER,
            address=visit.calendar.id,
        )

    def shows(self, visit: Visit) -> bool:
        """Whether the clinic's calendar comes to show the visit in time; nothing is judged by it."""
        waited = self.scene.watch(
            _shown(visit), lambda: self.views.partner_visits([visit.calendar]), within=self.scene.limit(TO_PARTNER)
        )
        return waited.objection is None

    def expect_still_one(self, visit: Visit, every: tuple[Calendar, ...]) -> None:
        """Once both sides are settled, the clinic's calendar shows exactly this visit of the patient."""
        self.scene.settle(every)
        self.expect_visit(visit, every)

    def expect_id_known(self, visit: Visit, every: tuple[Calendar, ...]) -> None:
        """Once both sides are settled, the clinic's system knows the visit by the booking that Docplanner has."""
        self.scene.settle(every)
        there = self.views.docplanner_visits(every).visits
        booked = [one for one in there if one.booked and one.start == visit.start]
        ids = [one.id for one in booked if one.address_id == visit.calendar.id]
        if ids:
            self.scene.expect(
                VisitIdKnown(person(visit.patient), ids[0]),
                lambda: self.views.partner_visits(every, ids=True),
                noun="visits",
                direction=TO_DOCPLANNER,
                address=visit.calendar.id,
            )

    def expect_no_visit(self, patient: Patient, calendar: Calendar, every: tuple[Calendar, ...]) -> None:
        """In time the clinic's calendar shows no booked visit of the patient."""
        self.scene.expect(
            VisitGone(person(patient), calendar.id),
            lambda: self.views.partner_visits(every),
            noun="visits",
            direction=TO_PARTNER,
            address=calendar.id,
        )

    def expect_never(self, patient: Patient, calendar: Calendar, every: tuple[Calendar, ...]) -> None:
        """Once both sides are settled, the clinic's calendar shows no booked visit of the patient."""
        self.scene.settle(every)
        self.expect_no_visit(patient, calendar, every)

    def expect_yielded(self, patient: Patient, start: datetime, calendar: Calendar) -> None:
        """Staff's visit was refused or withdrawn, or is kept and marked as a conflict: never shown as synchronised."""
        self.scene.settle([calendar])
        self.scene.expect(
            StaffVisitYielded(person(patient), calendar.id, start),
            lambda: self.views.partner_visits([calendar]),
            noun="visits",
            direction=None,
            address=calendar.id,
        )

    def expect_break(self, blocked: Break) -> None:
        """In time the clinic's calendar shows exactly this time as blocked."""
        self.scene.expect(
            BreakShown(blocked.since, blocked.till),
            lambda: self.views.partner_breaks(blocked.calendar.id),
            noun="breaks",
            direction=TO_PARTNER,
            address=blocked.calendar.id,
        )

    def expect_no_break(self, blocked: Break) -> None:
        """In time the clinic's calendar shows that time as free."""
        self.scene.expect(
            BreakGone(blocked.since, blocked.till),
            lambda: self.views.partner_breaks(blocked.calendar.id),
            noun="breaks",
            direction=TO_PARTNER,
            address=blocked.calendar.id,
        )


def _shown(visit: Visit) -> VisitShown:
    return VisitShown(person(visit.patient), visit.calendar.id, visit.start, visit.minutes, visit.service.id)
