"""The clinic's staff at the partner system."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from harness.driver.days import Day, Hours
from harness.driver.outcomes import NotProven
from harness.driver.scene import Scene
from harness.errors import PartnerRefused
from harness.partner.port import Appointment, PartnerBreak, PartnerCalendars
from harness.recorder.line import Actor
from harness.verdict.observation import RefusalSeen
from harness.vocabulary import STAFF_MEETING, AppointmentId, BookingId, Break, Calendar, Patient, Period, Service, Visit

__all__ = ["StaffDesk"]

CANNOT_HOLD = 422
"""The system cannot represent what is asked. Source: partner-control.yaml, the description."""
REFUSALS_OF_A_TAKEN_TIME = frozenset({409, 422, 502})
"""502: the system books at Docplanner before it answers, and Docplanner refused. Source: partner-control.yaml."""


@dataclass(frozen=True, slots=True)
class StaffDesk:
    """What staff do in the clinic's system."""

    scene: Scene
    calendars: PartnerCalendars

    def set_working_time(self, calendar: Calendar, hours: Hours, services: tuple[Service, ...]) -> None:
        """The day's working time becomes exactly ``hours``, offering ``services``."""
        day = self.scene.days.day_of(hours.day)
        spans = self.scene.days.spans(hours)
        periods = tuple(Period(start, end, services) for start, end in spans)
        told = ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in spans)
        self.scene.act(
            Actor.STAFF,
            f"Staff set the working time of {day:%a %d %b} to {told}",
            lambda _: self.calendars.set_schedule(calendar.id, [day], periods),
            address=calendar.id,
        )
        self.scene.ledger.set_day(calendar.id, day, periods)

    def set_periods(self, calendar: Calendar, periods: tuple[Period, ...], told: str) -> None:
        """The days of ``periods`` become exactly these, entered at once; ``told`` says what is special about it."""
        days = sorted({one.start.astimezone(self.scene.days.zone).date() for one in periods})
        self.scene.act(
            Actor.STAFF,
            f"Staff set the working time of {len(days)} days, {told}",
            lambda _: self.calendars.set_schedule(calendar.id, days, periods),
            address=calendar.id,
        )
        for day in days:
            mine = [one for one in periods if one.start.astimezone(self.scene.days.zone).date() == day]
            self.scene.ledger.set_day(calendar.id, day, tuple(mine))

    def try_to_set_periods(self, calendar: Calendar, periods: tuple[Period, ...], told: str) -> RefusalSeen:
        """As :meth:`set_periods`; that the system can hold no such plan (422) is an answer, not trouble."""
        try:
            self.set_periods(calendar, periods, told)
        except NotProven as trouble:
            refused = trouble.__cause__
            if isinstance(refused, PartnerRefused) and refused.status == CANNOT_HOLD:
                return RefusalSeen(refused.status, refused.error)
            raise
        return RefusalSeen(None)

    def offer(self, calendar: Calendar, services: tuple[Service, ...], providers: tuple[str, ...]) -> None:
        """The clinic offers these services and insurances there from now on."""
        self.scene.act(
            Actor.STAFF,
            f"Staff decide to offer {len(services)} services and {len(providers)} insurances",
            lambda _: self.calendars.set_offer(calendar.id, services, providers),
            address=calendar.id,
        )

    def add_working_time(self, calendar: Calendar, hours: Hours, services: tuple[Service, ...]) -> None:
        """The day's working time grows by ``hours``; what was there stays."""
        day = self.scene.days.day_of(hours.day)
        before = self.scene.ledger.day(calendar.id, day)
        added = tuple(Period(start, end, services) for start, end in self.scene.days.spans(hours))
        periods = tuple(sorted((*before, *added), key=lambda period: period.start))
        self.scene.act(
            Actor.STAFF,
            f"Staff add working time on {day:%a %d %b}",
            lambda _: self.calendars.set_schedule(calendar.id, [day], periods),
            address=calendar.id,
        )
        self.scene.ledger.set_day(calendar.id, day, periods)

    def empty_day(self, calendar: Calendar, day: Day) -> None:
        """The day has no working time any more."""
        date = self.scene.days.day_of(day)
        self.scene.act(
            Actor.STAFF,
            f"Staff empty {date:%a %d %b}",
            lambda _: self.calendars.set_schedule(calendar.id, [date], []),
            address=calendar.id,
        )
        self.scene.ledger.set_day(calendar.id, date, ())

    def book(self, calendar: Calendar, patient: Patient, start: datetime, service: Service) -> Visit:
        """Staff book a visit."""
        visit = Visit(calendar, patient, start, service.minutes, service)
        made = self.scene.act(
            Actor.STAFF,
            f"Staff book {patient.name} on {self.scene.days.words(start)}",
            lambda _: self._add(visit),
            address=calendar.id,
        )
        return _known(visit, made)

    def try_to_book(self, calendar: Calendar, patient: Patient, start: datetime, service: Service) -> RefusalSeen:
        """Staff book a time that may be taken: a refusal is an answer, not trouble."""
        visit = Visit(calendar, patient, start, service.minutes, service)
        return self.scene.act(
            Actor.STAFF,
            f"Staff try to book {patient.name} on {self.scene.days.words(start)}",
            lambda _: self._attempt(visit),
            address=calendar.id,
        )

    def move(self, visit: Visit, start: datetime) -> Visit:
        """Staff move the visit to another time."""
        made = self.scene.act(
            Actor.STAFF,
            f"Staff move {visit.patient.name}'s visit to {self.scene.days.words(start)}",
            lambda _: self.calendars.move_appointment(
                visit.calendar.id, self._id(visit), {"start": start.isoformat(), "duration": visit.minutes}
            ),
            address=visit.calendar.id,
        )
        return _known(replace(visit, start=start, booking_id=None), made)

    def move_across(self, visit: Visit, to: Visit) -> Visit:
        """Staff move the visit to another calendar of the facility."""
        values = {
            "start": to.start.isoformat(),
            "duration": to.minutes,
            "address_id": to.calendar.id,
            "address_service_id": to.service.id,
        }
        made = self.scene.act(
            Actor.STAFF,
            f"Staff move {visit.patient.name}'s visit to another calendar",
            lambda _: self.calendars.move_appointment(visit.calendar.id, self._id(visit), values),
            address=visit.calendar.id,
        )
        return _known(replace(to, booking_id=None), made)

    def cancel(self, visit: Visit) -> Visit:
        """Staff cancel the visit."""
        self.scene.act(
            Actor.STAFF,
            f"Staff cancel {visit.patient.name}'s visit of {self.scene.days.words(visit.start)}",
            lambda _: self.calendars.cancel_appointment(visit.calendar.id, self._id(visit)),
            address=visit.calendar.id,
        )
        return visit

    def confirm(self, visit: Visit) -> None:
        """Staff confirm the visit."""
        self.scene.act(
            Actor.STAFF,
            f"Staff confirm {visit.patient.name}'s visit of {self.scene.days.words(visit.start)}",
            lambda _: self.calendars.confirm_appointment(visit.calendar.id, self._id(visit)),
            address=visit.calendar.id,
        )

    def mark_presence(self, visit: Visit, presence: str) -> None:
        """Staff note that the patient was ``present`` or ``absent``."""
        self.scene.act(
            Actor.STAFF,
            f"Staff note that {visit.patient.name} was {presence}",
            lambda _: self.calendars.mark_presence(visit.calendar.id, self._id(visit), presence),
            address=visit.calendar.id,
        )

    def block(self, calendar: Calendar, since: datetime, till: datetime) -> Break:
        """Staff block time."""
        self.need_breaks(calendar, since, till)
        made = self._block(calendar, since, till)
        self.scene.ledger.block(calendar.id, made.id, since, till)
        return Break(calendar, since, till, STAFF_MEETING, made.id)

    def move_block(self, blocked: Break, since: datetime, till: datetime) -> Break:
        """Staff move the blocked time."""
        break_id = blocked.id or ""
        self.scene.act(
            Actor.STAFF,
            f"Staff move the blocked time to {self.scene.days.words(since)}–{till:%H:%M}",
            lambda _: self.calendars.move_break(blocked.calendar.id, break_id, since, till),
            address=blocked.calendar.id,
        )
        self.scene.ledger.block(blocked.calendar.id, break_id, since, till)
        return replace(blocked, since=since, till=till)

    def free(self, blocked: Break) -> None:
        """Staff free the blocked time."""
        break_id = blocked.id or ""
        self.scene.act(
            Actor.STAFF,
            "Staff free the blocked time",
            lambda _: self.calendars.remove_break(blocked.calendar.id, break_id),
            address=blocked.calendar.id,
        )
        self.scene.ledger.free(blocked.calendar.id, break_id)

    def need_breaks(self, calendar: Calendar, since: datetime, till: datetime) -> None:
        """Only where the clinic's system knows breaks; see :meth:`Scene.need`."""
        self.scene.need("breaks", lambda: self._block(calendar, since, till))

    def _block(self, calendar: Calendar, since: datetime, till: datetime) -> PartnerBreak:
        return self.scene.act(
            Actor.STAFF,
            f"Staff block {self.scene.days.words(since)}–{till:%H:%M}",
            lambda _: self.calendars.add_break(calendar.id, since, till, STAFF_MEETING),
            address=calendar.id,
        )

    def _add(self, visit: Visit) -> Appointment:
        values = {
            "start": visit.start.isoformat(),
            "duration": visit.minutes,
            "address_service_id": visit.service.id,
        }
        return self.calendars.add_appointment(visit.calendar.id, values, visit.patient)

    def _attempt(self, visit: Visit) -> RefusalSeen:
        try:
            self._add(visit)
        except PartnerRefused as refusal:
            if refusal.status in REFUSALS_OF_A_TAKEN_TIME:
                return RefusalSeen(refusal.status, refusal.error)
            raise
        return RefusalSeen(None)

    def _id(self, visit: Visit) -> str:
        """The partner's id of the visit: looked up by patient and time where Docplanner made it."""
        if visit.appointment_id:
            return visit.appointment_id
        if self.calendars.asks_a_person:
            return visit.booking_id or ""
        around = timedelta(hours=1)
        held = self.calendars.appointments(visit.calendar.id, visit.start - around, visit.end + around)
        booked = [one for one in held if one.status == "booked" and one.start == visit.start]
        same = [one for one in booked if one.docplanner_booking_id == visit.booking_id] or booked
        if not same:
            message = f"no appointment at {self.scene.days.words(visit.start)}"
            raise PartnerRefused(message, status=404, error="not_found")
        return same[0].id


def _known(visit: Visit, made: Appointment) -> Visit:
    booking = BookingId(made.docplanner_booking_id) if made.docplanner_booking_id else visit.booking_id
    return replace(visit, appointment_id=AppointmentId(made.id), booking_id=booking)
