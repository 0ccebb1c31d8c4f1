"""Visits that have begun: whether the patient came, noted on either side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.driver.cast import Cast, DoctorName
from harness.driver.clinic import person
from harness.driver.people import MarketplaceDesk
from harness.driver.scene import TO_DOCPLANNER, TO_PARTNER, Scene
from harness.driver.staff import StaffDesk
from harness.driver.views import Views
from harness.marketplace.port import Marketplace
from harness.recorder.line import Actor
from harness.verdict.checks.presence import PresenceShown
from harness.vocabulary import Visit

__all__ = ["PresenceDesk", "just_begun"]

GRID = timedelta(minutes=15)
"""Visits begin at quarters of an hour, so that a system whose times lie on a grid can hold one."""


def just_begun(now: datetime) -> datetime:
    """The last quarter of an hour that has begun: on the same local day as ``now``, wherever it is read."""
    return now - timedelta(minutes=now.minute % (GRID.seconds // 60), seconds=now.second, microseconds=now.microsecond)


@dataclass(frozen=True, slots=True)
class PresenceDesk:
    """Who notes whether the patient came, and where it must show."""

    scene: Scene
    staff: StaffDesk
    doctors: MarketplaceDesk
    marketplace: Marketplace
    views: Views
    cast: Callable[[], Cast]

    def begun(self, patient: str, doctor: DoctorName) -> Visit:
        """The doctor books a visit that has just begun: no clock needs to be moved for it."""
        cast = self.cast()
        calendar = cast.calendar(doctor)
        start = just_begun(self.scene.clock.now()).astimezone(self.scene.days.zone)
        self.scene.days.check(start.date())
        return self.doctors.book(calendar, cast.patient(patient, calendar), start, cast.service(calendar))

    def by_staff(self, visit: Visit, presence: str) -> None:
        """Staff note that the patient was ``present`` or ``absent``."""
        self._need(visit, presence)
        self.staff.mark_presence(visit, presence)

    def by_doctor(self, visit: Visit, presence: str) -> None:
        """The doctor notes it at Docplanner."""
        self._need(visit, presence)
        self.scene.act(
            Actor.DOCTOR,
            f"The doctor notes that {visit.patient.name} was {presence}",
            lambda cause: self.marketplace.mark_presence(visit, "doctor", presence, cause),
            address=visit.calendar.id,
        )

    def expect_at_docplanner(self, visit: Visit, presence: str) -> None:
        """In time Docplanner shows it."""
        self.scene.expect(
            PresenceShown(person(visit.patient), presence),
            lambda: self.views.docplanner_visits(self.cast().calendars()),
            noun="visits",
            direction=TO_DOCPLANNER,
            address=visit.calendar.id,
        )

    def expect_in_clinic(self, visit: Visit, presence: str) -> None:
        """In time the clinic's calendar shows it."""
        self.scene.expect(
            PresenceShown(person(visit.patient), presence),
            lambda: self.views.partner_visits(self.cast().calendars()),
            noun="visits",
            direction=TO_PARTNER,
            address=visit.calendar.id,
        )

    def _need(self, visit: Visit, presence: str) -> None:
        self.scene.need("presence", lambda: self.staff.mark_presence(visit, presence))
