"""Visits that are confirmed, on either side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.driver.cast import Cast
from harness.driver.clinic import person
from harness.driver.scene import TO_DOCPLANNER, TO_PARTNER, Scene
from harness.driver.staff import StaffDesk
from harness.driver.views import Views
from harness.marketplace.port import Marketplace
from harness.recorder.line import Actor
from harness.verdict.checks.confirmed import VisitConfirmed
from harness.vocabulary import Visit

__all__ = ["ConfirmingDesk"]


@dataclass(frozen=True, slots=True)
class ConfirmingDesk:
    """Who confirms, and where it must show."""

    scene: Scene
    staff: StaffDesk
    marketplace: Marketplace
    views: Views
    cast: Callable[[], Cast]

    def by_staff(self, visit: Visit) -> None:
        """Staff confirm the visit."""
        self._need(visit)
        self.staff.confirm(visit)

    def by_patient(self, visit: Visit) -> None:
        """The patient confirms the visit at Docplanner."""
        self._need(visit)
        self.scene.act(
            Actor.PATIENT,
            f"{visit.patient.name} confirms the visit of {self.scene.days.words(visit.start)}",
            lambda cause: self.marketplace.confirm(visit, "patient", cause),
            address=visit.calendar.id,
        )

    def expect_at_docplanner(self, visit: Visit) -> None:
        """In time Docplanner shows it as confirmed."""
        self.scene.expect(
            VisitConfirmed(person(visit.patient)),
            lambda: self.views.docplanner_visits(self.cast().calendars()),
            noun="visits",
            direction=TO_DOCPLANNER,
            address=visit.calendar.id,
        )

    def expect_in_clinic(self, visit: Visit) -> None:
        """In time the clinic's calendar shows it as confirmed."""
        self.scene.expect(
            VisitConfirmed(person(visit.patient)),
            lambda: self.views.partner_visits(self.cast().calendars()),
            noun="visits",
            direction=TO_PARTNER,
            address=visit.calendar.id,
        )

    def _need(self, visit: Visit) -> None:
        self.scene.need("confirm", lambda: self.staff.confirm(visit))
