"""Patients on the marketplace and doctors in their Docplanner calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from harness.driver.outcomes import NotApplicable
from harness.driver.scene import Scene
from harness.marketplace.port import By, Marketplace
from harness.recorder.line import Actor
from harness.vocabulary import BookingId, Break, Calendar, Patient, Service, Visit

__all__ = ["MarketplaceDesk"]


@dataclass(frozen=True, slots=True)
class MarketplaceDesk:
    """What patients (``by`` patient) or doctors (``by`` doctor) do at Docplanner."""

    scene: Scene
    marketplace: Marketplace
    by: By

    def book(self, calendar: Calendar, patient: Patient, start: datetime, service: Service) -> Visit:
        """A visit is booked at Docplanner."""
        visit = Visit(calendar, patient, start, service.minutes, service)
        made = self.scene.act(
            self._actor,
            f"{self._who(visit)} books {self.scene.days.words(start)}",
            lambda cause: self.marketplace.book(visit, self.by, cause),
            address=calendar.id,
        )
        return replace(visit, booking_id=BookingId(made.booking_id))

    def move(self, visit: Visit, start: datetime) -> Visit:
        """The visit moves; it has a new id afterwards."""
        made = self.scene.act(
            self._actor,
            f"{self._who(visit)} moves the visit of {self.scene.days.words(visit.start)} "
            f"to {self.scene.days.words(start)}",
            lambda cause: self.marketplace.move(visit, start, self.by, cause),
            address=visit.calendar.id,
        )
        return replace(visit, start=start, booking_id=BookingId(made.booking_id), appointment_id=None)

    def move_across(self, visit: Visit, to: Visit) -> Visit:
        """The visit moves to another calendar of the facility; it has a new id afterwards."""
        made = self.scene.act(
            self._actor,
            f"{self._who(visit)} moves the visit of {self.scene.days.words(visit.start)} to another calendar",
            lambda cause: self.marketplace.move(visit, to.start, self.by, cause, to),
            address=visit.calendar.id,
        )
        return replace(to, booking_id=BookingId(made.booking_id), appointment_id=None)

    def cancel(self, visit: Visit) -> Visit:
        """The visit is cancelled."""
        self.scene.act(
            self._actor,
            f"{self._who(visit)} cancels the visit of {self.scene.days.words(visit.start)}",
            lambda cause: self.marketplace.cancel(visit, self.by, cause),
            address=visit.calendar.id,
        )
        return visit

    def block(self, calendar: Calendar, since: datetime, till: datetime) -> Break:
        """The doctor blocks time."""
        if not self.scene.settings.can("breaks"):
            raise NotApplicable("the partner system does not declare the capability breaks")
        made = self.scene.act(
            self._actor,
            f"The doctor blocks {self.scene.days.words(since)}–{till:%H:%M}",
            lambda cause: self.marketplace.add_break(calendar.id, since, till, cause),
            address=calendar.id,
        )
        return Break(calendar, since, till, id=made.break_id)

    def move_block(self, blocked: Break, since: datetime, till: datetime) -> Break:
        """The doctor moves the blocked time."""
        self.scene.act(
            self._actor,
            f"The doctor moves the blocked time to {self.scene.days.words(since)}–{till:%H:%M}",
            lambda cause: self.marketplace.move_break(blocked.calendar.id, blocked.id or "", since, till, cause),
            address=blocked.calendar.id,
        )
        return replace(blocked, since=since, till=till)

    def free(self, blocked: Break) -> None:
        """The doctor frees the blocked time."""
        self.scene.act(
            self._actor,
            "The doctor frees the blocked time",
            lambda cause: self.marketplace.remove_break(blocked.calendar.id, blocked.id or "", cause),
            address=blocked.calendar.id,
        )

    @property
    def _actor(self) -> Actor:
        return Actor.PATIENT if self.by == "patient" else Actor.DOCTOR

    def _who(self, visit: Visit) -> str:
        return visit.patient.name if self.by == "patient" else f"The doctor, for {visit.patient.name},"
