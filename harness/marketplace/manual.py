"""Docplanner's side with people at it: patients book on the marketplace, doctors work in their Docplanner calendar.

Every act is a task. That it took place is never trusted: it is read from ``reading`` until it shows, from the moment
at which the person said done. What no person can do stands in :mod:`harness.marketplace.nobody`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from harness.clock import Clock
from harness.errors import DocplannerRefused, EffectNotShown
from harness.marketplace.port import (
    BreakSeenThere,
    By,
    Cause,
    OfferThere,
    VisitThere,
    WorkPeriodThere,
)
from harness.operator.asking import have_done
from harness.operator.places import Places
from harness.operator.port import Operator, Said, Task, Who
from harness.vocabulary import AddressId, Calendar, Patient, Period, Service, Visit, name_key, phone_key
from harness.waiting import News, eventually

__all__ = ["ManualMarketplace", "Reading"]

T = TypeVar("T")

CONFLICT = 409
BOOKED = "booked"


class Reading(Protocol):
    """What Docplanner shows, read by calls that change nothing."""

    def offers(self, address: AddressId, since: datetime, till: datetime) -> tuple[OfferThere, ...]:
        """What patients can book."""
        ...

    def working_time(self, address: AddressId, since: datetime, till: datetime) -> tuple[WorkPeriodThere, ...]:
        """The work periods that were accepted."""
        ...

    def visits(self, address: AddressId, since: datetime, till: datetime) -> tuple[VisitThere, ...]:
        """Every visit that starts in the range, cancelled ones included."""
        ...

    def breaks(self, address: AddressId, since: datetime, till: datetime) -> tuple[BreakSeenThere, ...]:
        """Breaks that overlap the range."""
        ...

    def services(self, address: AddressId) -> tuple[Service, ...]:
        """What the calendar's profile offers now."""
        ...


@dataclass(frozen=True, slots=True)
class ManualMarketplace:
    """The port :class:`~harness.marketplace.port.Marketplace`, and the services of a profile, done by people.

    An effect must show within ``within`` after the person said done; ``news`` wakes the wait.
    """

    operator: Operator
    reading: Reading
    places: Places
    zone: ZoneInfo
    clock: Clock
    news: News
    within: timedelta

    # -- read, not asked ------------------------------------------------------------------------------------------

    def offers(self, address: AddressId, since: datetime, till: datetime) -> tuple[OfferThere, ...]:
        """What patients can book."""
        return self.reading.offers(address, since, till)

    def working_time(self, address: AddressId, since: datetime, till: datetime) -> tuple[WorkPeriodThere, ...]:
        """The work periods that were accepted."""
        return self.reading.working_time(address, since, till)

    def visits(self, address: AddressId, since: datetime, till: datetime) -> tuple[VisitThere, ...]:
        """Every visit that starts in the range, cancelled ones included."""
        return self.reading.visits(address, since, till)

    def breaks(self, address: AddressId, since: datetime, till: datetime) -> tuple[BreakSeenThere, ...]:
        """Breaks that overlap the range."""
        return self.reading.breaks(address, since, till)

    def services(self, address: AddressId) -> tuple[Service, ...]:
        """What the calendar's profile offers now."""
        return self.reading.services(address)

    # -- visits ---------------------------------------------------------------------------------------------------

    def book(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """A patient takes an offered slot, or the doctor books in the Docplanner calendar."""
        del cause
        card = _card(visit.patient)
        return self._done(
            self._task(by, "book", f"book {self._of(visit)}, {visit.minutes} min.\n    {card}", visit, _patient(visit)),
            lambda: self._booked(visit),
            f"such visit ({self._of(visit)})",
        )

    def move(self, visit: Visit, start: datetime, by: By, cause: Cause, to: Visit | None = None) -> VisitThere:
        """The visit moves and gets a new id; ``to`` names the calendar, service and length where they change."""
        del cause
        target = to or _at(visit, start)
        across = f", with {self._where(target.calendar)} ({target.service.name})" if to else ""
        details = {**_patient(visit), "to": _facts(target)}
        words = f"move {self._of(visit)} to {self._when(target.start)}{across}."
        return self._done(
            self._task(by, "move", words, visit, details),
            lambda: self._booked(target),
            f"visit at the new time ({self._of(target)})",
        )

    def confirm(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """The visit is confirmed."""
        del cause
        return self._done(
            self._task(by, "confirm", f"confirm {self._of(visit)}.", visit, _patient(visit)),
            lambda: _only(self._found(visit), lambda one: one.confirmed),
            "confirmation",
        )

    def mark_presence(self, visit: Visit, by: By, presence: str, cause: Cause) -> VisitThere:
        """The patient was ``present`` or ``absent``: once the visit has begun."""
        del cause
        details = {**_patient(visit), "presence": presence}
        return self._done(
            self._task(
                by, "mark_presence", f"note that the patient was {presence}: {self._of(visit)}.", visit, details
            ),
            lambda: _only(self._found(visit), lambda one: (one.presence or "").casefold() == presence),
            f"note that the patient was {presence}",
        )

    def cancel(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """The visit is cancelled."""
        del cause
        return self._done(
            self._task(by, "cancel", f"cancel {self._of(visit)}.", visit, _patient(visit)),
            lambda: _only(self._found(visit), lambda one: one.status != BOOKED),
            "cancellation",
        )

    # -- breaks, working time, services ---------------------------------------------------------------------------

    def add_break(self, address: AddressId, since: datetime, till: datetime, cause: Cause) -> BreakSeenThere:
        """The doctor blocks time."""
        del cause
        task = self._doctors("add_break", f"block {self._span(since, till)}", address, _span(since, till))
        return self._done(task, lambda: self._blocked(address, since, till), "such break")

    def move_break(self, address: AddressId, break_id: str, since: datetime, till: datetime, cause: Cause) -> None:
        """The doctor moves blocked time."""
        del cause
        old = self._break(address, break_id)
        words = f"move the break {self._span(old.since, old.till)} to {self._span(since, till)}"
        details = {"break": _span(old.since, old.till), **_span(since, till)}
        task = self._doctors("move_break", words, address, details)
        self._done(task, lambda: self._blocked(address, since, till), "break at the new time")

    def remove_break(self, address: AddressId, break_id: str, cause: Cause) -> None:
        """The doctor frees blocked time."""
        del cause
        old = self._break(address, break_id)
        words = f"remove the break {self._span(old.since, old.till)}"
        task = self._doctors("remove_break", words, address, {"break": _span(old.since, old.till)})
        self._done(task, lambda: None if self._blocked(address, old.since, old.till) else True, "removal of the break")

    def fill(self, address: AddressId, days: Sequence[date], periods: Sequence[Period], cause: Cause) -> None:
        """The doctor enters working time by hand."""
        del cause
        named = ", ".join(f"{day:%a %d %b}" for day in days)
        rows = "; ".join(
            f"{self._span(one.start, one.end)} for {', '.join(each.name for each in one.services)}" for one in periods
        )
        details: dict[str, object] = {
            "days": [day.isoformat() for day in days],
            "periods": [
                {**_span(one.start, one.end), "services": [str(each.id) for each in one.services]} for one in periods
            ],
        }
        task = self._doctors("fill", f"let the working time of {named} be exactly: {rows or 'none'}", address, details)
        due = {(str(each.id), one.start, one.end) for one in periods for each in one.services}
        self._done(task, lambda: self._filled(address, days, due), "such working time")

    def add_service(self, calendar: Calendar, service_id: str, minutes: int, cause: Cause) -> Service:
        """The doctor adds a service to the profile; what was there before does not count."""
        del cause
        before = {one.id for one in self.services(calendar.id)}
        known = next((one.name for one in calendar.services if one.service_id == service_id), service_id)
        details = {"service_id": service_id, "duration": minutes}
        task = self._doctors("add_service", f"add the service {known}, {minutes} min", calendar.id, details)
        return self._done(
            task,
            lambda: next(
                (one for one in self.services(calendar.id) if one.id not in before and one.service_id == service_id),
                None,
            ),
            "such service",
        )

    def delete_service(self, calendar: Calendar, service: Service, cause: Cause) -> None:
        """The doctor deletes a service from the profile."""
        del cause
        words = f"delete the service {service.name}"
        task = self._doctors("delete_service", words, calendar.id, {"address_service_id": str(service.id)})
        left = service.id
        self._done(
            task,
            lambda: None if any(one.id == left for one in self.services(calendar.id)) else True,
            "removal of the service",
        )

    # -- within ---------------------------------------------------------------------------------------------------

    def _done(self, task: Task, shown: Callable[[], T | None], what: str) -> T:
        """Ask, then read until it shows.

        Raises:
            DocplannerRefused: the person said that Docplanner refused.
            EffectNotShown: the person said done, and it does not show in time.
        """
        answer = have_done(self.operator, task)
        if answer.said is Said.REFUSED:
            told = f"Docplanner refused ({answer.by} says{f': {answer.note}' if answer.note else ''})"
            raise DocplannerRefused(told, status=CONFLICT, error="conflict")
        waited = eventually(
            shown,
            lambda seen: "nothing" if seen is None else None,
            within=self.within,
            news=self.news,
            clock=self.clock,
        )
        if waited.seen is None:
            message = f"{answer.by} said done; Docplanner shows no {what} after {self.within.total_seconds():.0f} s"
            raise EffectNotShown(message)
        return waited.seen

    def _task(self, by: By, verb: str, words: str, visit: Visit, details: Mapping[str, object]) -> Task:
        who = Who.PATIENT if by == "patient" else Who.DOCTOR
        place = "On the marketplace, as the patient" if by == "patient" else "In the Docplanner calendar, as the doctor"
        booking = str(visit.booking_id) if visit.booking_id else None
        return Task(who, f"{place}: {words}", verb, {"by": by, "booking_id": booking, **_facts(visit), **details})

    def _doctors(self, verb: str, words: str, address: AddressId, details: Mapping[str, object]) -> Task:
        place = self.places.place(address).words
        told = f"In the Docplanner calendar, as the doctor: {words}. {place}."
        return Task(Who.DOCTOR, told, verb, {"address_id": address, **details})

    def _booked(self, visit: Visit, *, other_than: str | None = None) -> VisitThere | None:
        return next((one for one in self._around(visit) if one.status == BOOKED and one.booking_id != other_than), None)

    def _found(self, visit: Visit) -> VisitThere | None:
        """The visit by its id; by patient and time where the id is not known."""
        day = timedelta(days=1)
        if visit.booking_id is None:
            return next(iter(self._around(visit)), None)
        there = self.visits(visit.calendar.id, visit.start - day, visit.start + day)
        return next((one for one in there if one.booking_id == visit.booking_id), None)

    def _around(self, visit: Visit) -> list[VisitThere]:
        there = self.visits(visit.calendar.id, visit.start, visit.start + timedelta(minutes=1))
        return [one for one in there if one.start == visit.start and _same(one, visit.patient)]

    def _blocked(self, address: AddressId, since: datetime, till: datetime) -> BreakSeenThere | None:
        there = self.breaks(address, since, till)
        return next((one for one in there if (one.since, one.till) == (since, till)), None)

    def _break(self, address: AddressId, break_id: str) -> BreakSeenThere:
        now = self.clock.now()
        there = self.breaks(address, now - timedelta(days=1), now + timedelta(days=100))
        found = next((one for one in there if one.break_id == break_id), None)
        if found is None:
            message = f"Docplanner shows no break {break_id} there"
            raise DocplannerRefused(message, status=404, error="not_found")
        return found

    def _filled(
        self, address: AddressId, days: Sequence[date], due: set[tuple[str, datetime, datetime]]
    ) -> tuple[WorkPeriodThere, ...] | None:
        first, last = (datetime(one.year, one.month, one.day, tzinfo=self.zone) for one in (min(days), max(days)))
        there = self.working_time(address, first, last + timedelta(days=1))
        mine = [one for one in there if one.start.astimezone(self.zone).date() in days]
        seen = {(each.address_service_id, one.start, one.end) for one in mine for each in one.services}
        return there if seen == due else None

    def _of(self, visit: Visit) -> str:
        who = visit.patient.full_name
        return f"{who}'s visit, {self._when(visit.start)}, {visit.service.name}, {self._where(visit.calendar)}"

    def _where(self, calendar: Calendar) -> str:
        return self.places.place(calendar.id).words

    def _when(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.zone):%a %d %b %H:%M}"

    def _span(self, since: datetime, till: datetime) -> str:
        return f"{self._when(since)}-{till.astimezone(self.zone):%H:%M}"


def _missing(seen: object) -> str | None:
    return "nothing" if seen is None else None


def _only(visit: VisitThere | None, so: Callable[[VisitThere], bool]) -> VisitThere | None:
    return visit if visit is not None and so(visit) else None


def _at(visit: Visit, start: datetime) -> Visit:
    return Visit(visit.calendar, visit.patient, start, visit.minutes, visit.service)


def _same(there: VisitThere, patient: Patient) -> bool:
    """Whether it is that patient's: by phone, or by name where Docplanner shows no phone, or others have the same."""
    if there.patient.phone and not patient.shares_phone:
        return phone_key(there.patient.phone) == phone_key(patient.phone)
    return name_key(there.patient.name, there.patient.surname) == name_key(patient.name, patient.surname)


def _card(patient: Patient) -> str:
    born = patient.birth_date.isoformat() if patient.birth_date else None
    return " · ".join(str(one) for one in (patient.phone, patient.email, born, patient.nin) if one)


def _patient(visit: Visit) -> dict[str, object]:
    return {"patient": {"name": visit.patient.name, "surname": visit.patient.surname, "phone": visit.patient.phone}}


def _facts(visit: Visit) -> dict[str, object]:
    return {
        "address_id": visit.calendar.id,
        "start": visit.start.isoformat(),
        "duration": visit.minutes,
        "address_service_id": str(visit.service.id),
    }


def _span(since: datetime, till: datetime) -> dict[str, object]:
    return {"since": since.isoformat(), "till": till.isoformat()}
