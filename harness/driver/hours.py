"""Working time that is special: told in another zone, far ahead, for the insured; and the profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from harness.driver.cast import Cast, DoctorName
from harness.driver.days import Day, Hours
from harness.driver.docplanner import DocplannerView
from harness.driver.outcomes import NotProven
from harness.driver.scene import TO_DOCPLANNER, Scene
from harness.driver.staff import StaffDesk
from harness.marketplace.port import Estate
from harness.verdict.checks.profile import ProfilePopulated
from harness.verdict.observation import ProfileSeen
from harness.vocabulary import Calendar, Period, Service

__all__ = ["HoursDesk"]

HORIZON_DAYS = 83
"""Whole days of which all lie within 12 weeks. Source: behaviour.md, "Calendars"."""
SHORTER = 5
"""Minutes by which staff change the length of a service."""


@dataclass(frozen=True, slots=True)
class HoursDesk:
    """What staff enter that the API has rules about."""

    scene: Scene
    staff: StaffDesk
    docplanner: DocplannerView
    estate: Estate
    cast: Callable[[], Cast]

    def in_zone(self, doctor: DoctorName, hours: Hours, zone: str) -> None:
        """The same instants, told with the offset of another time zone."""
        calendar = self.cast().calendar(doctor)
        there = ZoneInfo(zone)
        periods = tuple(
            replace(one, start=one.start.astimezone(there), end=one.end.astimezone(there))
            for one in self._periods(calendar, hours)
        )
        self.staff.set_periods(calendar, periods, f"told in the time of {zone}")

    def far_ahead(self, doctor: DoctorName, days: tuple[Day, ...], start: time, end: time) -> None:
        """The same hours on several days, entered at once; where that is refused, on those within 12 weeks.

        A system that lets nobody plan beyond 12 weeks keeps within them as well. Source: partner-control.yaml, 422.
        """
        calendar = self.cast().calendar(doctor)
        periods = tuple(one for day in days for one in self._periods(calendar, Hours(day, ((start, end),))))
        if self.staff.try_to_set_periods(calendar, periods, "some of them far ahead").status is not None:
            last = self.scene.days.midnight(self.scene.days.today + timedelta(days=HORIZON_DAYS))
            near = tuple(one for one in periods if one.end <= last)
            self.staff.set_periods(calendar, near, "all of them within 12 weeks")

    def for_insured(self, doctor: DoctorName, hours: Hours, accepted: str) -> None:
        """Working time for patients with, or without, insurance alone."""
        self.scene.need("insurances")
        calendar = self.cast().calendar(doctor)
        providers = tuple(one.id for one in calendar.insurances)
        if not providers:
            raise NotProven("the address has no insurance", reason="precondition unmet", blame="docplanner")
        named = () if accepted == "without-insurance-only" else providers
        periods = tuple(
            replace(one, insurance_accepted=accepted, insurance_provider_ids=named)
            for one in self._periods(calendar, hours)
        )
        self.staff.set_periods(calendar, periods, accepted)

    def expect_horizon(self, doctor: DoctorName) -> None:
        """In time Docplanner has exactly the working time of the next 12 weeks."""
        self.docplanner.expect_working_time(self.cast().calendar(doctor), HORIZON_DAYS)

    def offer(self, doctor: DoctorName) -> tuple[Service, ...]:
        """Staff decide to offer the first service alone, shorter than before, and every insurance."""
        calendar = self.cast().calendar(doctor)
        first = calendar.services[0]
        offered = (replace(first, minutes=first.minutes - SHORTER),)
        self.scene.need("services", lambda: self.staff.offer(calendar, offered, ()))
        self.staff.offer(calendar, offered, tuple(one.id for one in calendar.insurances))
        return offered

    def expect_profile(self, doctor: DoctorName, offered: tuple[Service, ...]) -> None:
        """In time the profile has exactly that."""
        calendar = self.cast().calendar(doctor)
        check = ProfilePopulated(
            calendar.id,
            tuple((one.service_id, one.minutes) for one in offered),
            tuple(one.id for one in calendar.insurances),
        )
        self.scene.expect(
            check,
            lambda: self._profile(calendar),
            noun="profile",
            direction=TO_DOCPLANNER,
            address=calendar.id,
        )

    def _profile(self, calendar: Calendar) -> ProfileSeen:
        services = tuple((one.service_id, one.minutes) for one in self.estate.services(calendar.id))
        there = [each for clinic, _ in self.estate.estate() for doctor in clinic.doctors for each in doctor.calendars]
        mine = next(one for one in there if one.id == calendar.id)
        return ProfileSeen(services, tuple(one.id for one in mine.insurances))

    def _periods(self, calendar: Calendar, hours: Hours) -> tuple[Period, ...]:
        services = (self.cast().service(calendar),)
        return tuple(Period(start, end, services) for start, end in self.scene.days.spans(hours))
