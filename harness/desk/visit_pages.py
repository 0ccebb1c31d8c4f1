"""Pages about visits: booked as a patient or as the doctor, looked at, moved, cancelled."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import ClassVar

from starlette.responses import Response

from harness.contract.json_value import JsonObject, text_of
from harness.desk.asking import Asking, Problem, see
from harness.desk.invented import invented_patient
from harness.desk.local_time import day_of, midnight
from harness.desk.room import CALENDAR, Room
from harness.desk.words import day_name
from harness.sandbox.bookings import Booking
from harness.sandbox.directory import Address

__all__ = ["VisitPages"]

VISIT = CALENDAR + "/visits/{booking_id}"
PATIENT_FIELDS = {"name": "First name", "surname": "Surname", "phone": "Phone", "email": "E-mail"}
NEEDED = frozenset({"name", "phone"})
WEEKS_AHEAD = 12
MOST_CHOICES = 400
"""Slots that the form for a move lists."""


class VisitPages(Room):
    """What patients and the doctor do with visits."""

    PATHS: ClassVar = {
        ("GET", CALENDAR + "/book"): "booking_form",
        ("POST", CALENDAR + "/book"): "book",
        ("GET", VISIT): "visit",
        ("POST", VISIT + "/move"): "move_as_patient",
        ("POST", VISIT + "/move-as-doctor"): "move_as_doctor",
        ("POST", VISIT + "/cancel"): "cancel",
        ("POST", VISIT + "/confirm"): "confirm",
        ("POST", VISIT + "/presence"): "mark",
    }

    async def booking_form(self, asking: Asking, problem: Problem | None = None) -> Response:
        """A patient's form for the slot that is named, or the doctor's for any time."""
        address = self._address(asking)
        as_doctor = self._by(asking) == "doctor"
        start = self._start(asking)
        offered = [] if as_doctor or start is None else self._offered_at(address, start)
        return self._paper.page(
            asking,
            "book.html.j2",
            section="clinics",
            problem=problem,
            as_doctor=as_doctor,
            start=start,
            usual_start=start or self._usual_start(asking),
            offered=offered,
            service_options=[(one.id, f"{one.name}, {one.duration} min") for one in address.services.values()],
            fields=PATIENT_FIELDS,
            needed=NEEDED,
            invented=invented_patient(self._state),
            **self._owner(address),
        )

    async def book(self, asking: Asking) -> Response:
        """The visit is booked; where the partner is asked first, by its leave."""
        address = self._address(asking)
        try:
            body: JsonObject = {
                "by": self._by(asking),
                "start": self._state.payloads.time(asking.instant("start", "Start", self._zone)),
                "address_service_id": asking.needed("service", "Service"),
                "patient": self._patient(asking),
            }
            if (minutes := asking.whole("duration", "Minutes")) is not None:
                body["duration"] = minutes
            if comment := asking.text("comment"):
                body["comment"] = comment
            made = await self._do(asking, "bookVisit", {"address_id": address.id}, body)
        except Problem as problem:
            return await self.booking_form(asking, problem)
        return see(f"{self._owner(address)['here']}/visits/{made['booking_id']}?done=booked")

    async def visit(self, asking: Asking, problem: Problem | None = None) -> Response:
        """One visit, and what can be done with it."""
        address, booking = self._address(asking), self._booking(asking)
        return self._paper.page(
            asking,
            "visit.html.j2",
            section="clinics",
            problem=problem,
            about=address.id,
            booking=booking,
            name=self._name(booking),
            details=[(label, text_of(booking.patient.get(one))) for one, label in PATIENT_FIELDS.items()],
            day=booking.start.astimezone(self._zone).date(),
            choices=self._choices(address, booking) if booking.is_booked else [],
            colleagues=self._colleagues(address),
            origin=self._link_to(booking.moved_from),
            successor=self._link_to(booking.moved_to),
            **self._owner(address),
        )

    async def move_as_patient(self, asking: Asking) -> Response:
        """To a slot on offer; where the partner is asked first, by its leave."""
        try:
            start = asking.instant("start", "New time", self._zone)
            body: JsonObject = {"by": "patient", "start": self._state.payloads.time(start)}
            moved = await self._do(asking, "moveVisit", asking.params, body)
        except Problem as problem:
            return await self.visit(asking, Problem(problem.words, status=problem.status, form="patient"))
        return see(self._moved(moved, asking.params["address_id"]))

    async def move_as_doctor(self, asking: Asking) -> Response:
        """To any time that is free, also at another address or with a colleague of the clinic."""
        try:
            start = asking.instant("start", "New time", self._zone)
            address_id, _, service_id = asking.needed("target", "Where").partition("/")
            body: JsonObject = {
                "by": "doctor",
                "start": self._state.payloads.time(start),
                "address_id": address_id,
                "address_service_id": service_id,
            }
            if (minutes := asking.whole("duration", "Minutes")) is not None:
                body["duration"] = minutes
            moved = await self._do(asking, "moveVisit", asking.params, body)
        except Problem as problem:
            return await self.visit(asking, Problem(problem.words, status=problem.status, form="doctor"))
        return see(self._moved(moved, address_id))

    async def cancel(self, asking: Asking) -> Response:
        """The visit no longer stands."""
        try:
            await self._do(asking, "cancelVisit", asking.params, {"by": self._by(asking)})
        except Problem as problem:
            return await self.visit(asking, Problem(problem.words, status=problem.status, form="cancel"))
        return see(f"/desk{VISIT.format(**asking.params)}?done=cancelled")

    async def confirm(self, asking: Asking) -> Response:
        """Once, before it begins."""
        return await self._mark(asking, "confirmVisit", {"by": self._by(asking)}, "confirmed")

    async def mark(self, asking: Asking) -> Response:
        """The patient came, or did not: once the visit has begun."""
        presence = "absent" if asking.text("presence") == "absent" else "present"
        return await self._mark(asking, "markPresence", {"by": "doctor", "presence": presence}, presence)

    async def _mark(self, asking: Asking, operation: str, body: JsonObject, done: str) -> Response:
        try:
            await self._do(asking, operation, asking.params, body)
        except Problem as problem:
            return await self.visit(asking, Problem(problem.words, status=problem.status, form="marks"))
        return see(f"/desk{VISIT.format(**asking.params)}?done={done}")

    # -- what the forms offer -------------------------------------------------------------------------------------

    @staticmethod
    def _by(asking: Asking) -> str:
        told = asking.text("by") or asking.query.get("by", "")
        return "doctor" if told == "doctor" else "patient"

    def _start(self, asking: Asking) -> datetime | None:
        """The time that was typed, or that the address of the page names."""
        told = asking.text("start") or asking.query.get("start", "")
        try:
            return Asking(asking.request, "", {}, {"start": told}).instant("start", "Start", self._zone)
        except Problem:
            return None

    def _usual_start(self, asking: Asking) -> datetime:
        """Where the doctor's form begins: the next full hour, or 18:00 of a later day that the query names."""
        now = self._now.astimezone(self._zone)
        day = day_of(asking.query.get("day"), now.date())
        if day > now.date():
            return midnight(day, self._zone) + timedelta(hours=18)
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

    def _offered_at(self, address: Address, start: datetime) -> list[tuple[str, str, int]]:
        """Id, name and minutes of each service on offer at that time."""
        offers = self._inside.rules.offers(address, start, start + timedelta(seconds=1))
        return [(one.address_service_id, address.services[one.address_service_id].name, one.duration) for one in offers]

    def _choices(self, address: Address, booking: Booking) -> list[tuple[str, list[tuple[str, str]]]]:
        """Slots for the service of the visit, by day: value and time of each."""
        till = self._now + timedelta(weeks=WEEKS_AHEAD)
        offers = self._inside.rules.offers(address, self._now, till)
        local = [
            one.start.astimezone(self._zone) for one in offers if one.address_service_id == booking.address_service_id
        ]
        return [
            (day_name(day[0]), [(one.isoformat(), f"{one:%H:%M}, {day_name(one)}") for one in day])
            for _, same in groupby(sorted(local)[:MOST_CHOICES], lambda one: one.date())
            if (day := list(same))
        ]

    def _colleagues(self, address: Address) -> list[tuple[str, list[tuple[str, str]]]]:
        """Every address of the clinic, this one first, with value and name of each service there."""
        clinic = self._state.directory.facility_of(address)
        found = [
            (one, f"{doctor.name} {doctor.surname}, {one.name}")
            for doctor in clinic.doctors.values()
            for one in doctor.addresses.values()
        ]
        found.sort(key=lambda pair: pair[0].id != address.id)
        return [
            (name, [(f"{one.id}/{service.id}", f"{service.name}: {name}") for service in one.services.values()])
            for one, name in found
        ]

    def _link_to(self, booking_id: str | None) -> str | None:
        """The page of another visit of the chain."""
        other = self._state.bookings.get(booking_id) if booking_id else None
        return f"/desk{VISIT.format(address_id=other.address_id, booking_id=other.id)}" if other else None

    @staticmethod
    def _patient(asking: Asking) -> JsonObject:
        for name in NEEDED:
            asking.needed(name, PATIENT_FIELDS[name])
        told: JsonObject = {name: asking.text(name) or None for name in PATIENT_FIELDS}
        return {**told, "surname": asking.text("surname")}

    @staticmethod
    def _moved(moved: JsonObject, address_id: str) -> str:
        return f"/desk{VISIT.format(address_id=address_id, booking_id=moved['booking_id'])}?done=moved"
