"""Bookings: book, read, cancel, move, confirm, presence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from harness.client.calls import Answer, Calls, nothing
from harness.client.models import Booking, BookingPage, CalendarAt, NewBooking
from harness.client.outcome import Done, Outcome
from harness.client.reading import (
    Unreadable,
    read_booking,
    read_booking_page,
    write_instant,
    write_person,
)
from harness.contract.json_value import JsonObject, object_of

__all__ = ["Bookings"]

PAGE_SIZE = 100
EVERYTHING = "booking.patient,booking.address_service,booking.presence,booking.confirmation"


@dataclass(frozen=True, slots=True)
class Bookings:
    """Visits at Docplanner."""

    calls: Calls

    def book(self, at: CalendarAt, start: datetime, visit: NewBooking) -> Outcome[str]:
        """Book the slot that starts then; the id of the booking (bookSlot)."""
        body: JsonObject = {
            "address_service_id": visit.address_service_id,
            "duration": visit.minutes,
            "patient": write_person(visit.patient),
        }
        if visit.comment:
            body["comment"] = visit.comment
        return self.calls.send("POST", (*at.path, "slots", write_instant(start), "book"), _id_of_booking, body=body)

    def page(self, at: CalendarAt, start: datetime, end: datetime, page: int) -> Outcome[BookingPage]:
        """One page of the bookings that start in the range, cancelled ones included (getBookings)."""
        query = {
            "start": write_instant(start),
            "end": write_instant(end),
            "with": EVERYTHING,
            "page": str(page),
            "limit": str(PAGE_SIZE),
        }
        path = (*at.path, "bookings")
        return self.calls.send("GET", path, lambda answer: read_booking_page(answer.json), query=query)

    def every(self, at: CalendarAt, start: datetime, end: datetime) -> Outcome[tuple[Booking, ...]]:
        """All bookings that start in the range, page by page; one that lacks here is not cancelled thereby."""
        found: dict[str, Booking] = {}
        number = 1
        while True:
            outcome = self.page(at, start, end, number)
            if not isinstance(outcome, Done):
                return outcome
            found |= {booking.id: booking for booking in outcome.value.items}
            if number >= outcome.value.pages:
                return Done(tuple(found.values()))
            number += 1

    def one(self, at: CalendarAt, booking_id: str) -> Outcome[Booking]:
        """One booking, with first and newest id where it was moved (getBooking)."""
        path = (*at.path, "bookings", booking_id)
        query = {"with": "booking.moving"}
        return self.calls.send("GET", path, lambda answer: read_booking(answer.json), query=query)

    def cancel(self, at: CalendarAt, booking_id: str, *, reason: str | None = None) -> Outcome[None]:
        """Cancel (cancelBooking)."""
        body: JsonObject = {"reason": reason} if reason else {}
        return self.calls.send("DELETE", (*at.path, "bookings", booking_id), nothing, body=body)

    def move(
        self,
        at: CalendarAt,
        booking_id: str,
        start: datetime,
        *,
        address_service_id: str,
        minutes: int,
        address_id: str | None = None,
    ) -> Outcome[str]:
        """Move, also to another address of the facility; the NEW id (moveBooking)."""
        body: JsonObject = {
            "address_service_id": address_service_id,
            "start": write_instant(start),
            "duration": minutes,
        }
        if address_id is not None:
            body["address_id"] = address_id
        return self.calls.send("POST", (*at.path, "bookings", booking_id, "move"), _id_of_booking, body=body)

    def confirm(self, at: CalendarAt, booking_id: str) -> Outcome[None]:
        """Confirm on behalf of the clinic (confirmBooking)."""
        body: JsonObject = {"confirmed_by": "admin"}
        return self.calls.send("PUT", (*at.path, "bookings", booking_id, "confirm"), nothing, body=body)

    def mark_present(self, at: CalendarAt, booking_id: str) -> Outcome[None]:
        """The patient came (markPatientPresence)."""
        return self.calls.send("POST", (*at.path, "bookings", booking_id, "presence", "patient"), nothing)

    def request_opinion(self, facility_id: str, doctor_id: str, phone: str) -> Outcome[None]:
        """Have Docplanner ask the patient with that phone, by SMS, for an opinion after a visit (requestOpinion)."""
        path = ("facilities", facility_id, "doctors", doctor_id, "opinion-request")
        return self.calls.send("PUT", path, nothing, body={"phone": phone})

    def mark_absent(self, at: CalendarAt, booking_id: str) -> Outcome[None]:
        """The patient did not come (markPatientAbsence)."""
        return self.calls.send("DELETE", (*at.path, "bookings", booking_id, "presence", "patient"), nothing)


def _id_of_booking(answer: Answer) -> str:
    if answer.location and "/bookings/" in answer.location:
        return answer.location.rstrip("/").rsplit("/", 1)[-1]
    if object_of(answer.json):
        return read_booking(answer.json).id
    message = "neither a body nor a Location names the booking"
    raise Unreadable(message)
