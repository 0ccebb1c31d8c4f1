"""A visit that is sent last: once it has arrived, everything before it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from harness.driver.cast import Cast
from harness.driver.clinic import ClinicView
from harness.driver.days import Day, Moment
from harness.driver.people import MarketplaceDesk
from harness.driver.scene import Scene
from harness.vocabulary import Calendar

__all__ = ["Marker"]

NAME = "Marker"
DAY = 20
"""Far from every day that features speak of, and within the window that is compared."""


@dataclass(frozen=True, slots=True)
class Marker:
    """For partner systems that cannot say whether they are at rest."""

    scene: Scene
    doctors: MarketplaceDesk
    clinic: ClinicView
    cast: Callable[[], Cast]

    def arrives(self, calendar: Calendar) -> bool:
        """A visit that the doctor books on a far day: once the clinic shows it, what came before has arrived."""
        cast, last = self.cast(), self.scene.last
        number = sum(one.name.startswith(NAME) for one in cast.patients())
        start = self.scene.days.at(Moment(Day(DAY), time(7 + number)))
        visit = self.doctors.book(calendar, cast.patient(f"{NAME}{number}"), start, cast.service(calendar))
        shown = self.clinic.shows(visit)
        self.scene.last = last
        return shown
