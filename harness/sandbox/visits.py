"""What can be done with visits: booked, moved, cancelled, confirmed. Raises refusals in the API's words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from harness.contract.json_value import JsonObject
from harness.sandbox.bookings import Booking
from harness.sandbox.directory import Address, AddressService
from harness.sandbox.refusals import Refusal, invalid, refuse
from harness.sandbox.slots import Span, end_of_chain
from harness.sandbox.state import Cause, State

__all__ = ["INTEGRATION", "Visits", "Wanted"]

INTEGRATION = "integration"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A visit that somebody wants: a service, a time, a patient."""

    start: datetime
    minutes: int | None
    address_service_id: str
    patient: JsonObject
    comment: str | None = None
    insurance: JsonObject | None = None


class Visits:
    """The rules of visits, in every calendar of one sandbox."""

    def __init__(self, state: State) -> None:
        self.state = state

    def book(self, address: Address, wanted: Wanted, *, by: str, cause: Cause) -> Booking:
        """A visit by user, doctor or integration. All but the doctor need a slot that is free [doc]/[open]."""
        booking = self.bookable(address, wanted, by=by)
        self.state.bookings.add(booking)
        told = self.state.payloads.told_booking(booking, address)
        self.state.announce("slot-booked", address, self.state.payloads.event(address, visit_booking=told), cause)
        return booking

    def bookable(self, address: Address, wanted: Wanted, *, by: str) -> Booking:
        """The visit as it would be, if it can be booked; nothing is kept.

        Raises:
            Refusal: 404, no such service, a disabled calendar, no slot that is free or, for a patient, one that is
                over; 422, no commercial address.
        """
        booking = self.draft(address, wanted, by=by)
        if by != "doctor" and not _is_open(address, by):
            raise refuse("UnableToBookForAddress", 404)
        if by == INTEGRATION and not address.is_commercial:
            raise refuse("NotCommercial", 422, ID=address.id)
        if self._is_late(wanted, by):
            raise refuse("SlotNotFound", 404, START=self.state.payloads.time(wanted.start))
        if self._needs_slot(address, by):
            self._need_slot(address, booking.span, wanted.address_service_id)
        if not self.state.bookings.is_free(address.id, booking.span):
            raise refuse("SlotNotFound", 404, START=self.state.payloads.time(wanted.start))
        return booking

    def movable(self, booking: Booking, target: Address, wanted: Wanted, *, by: str) -> Booking:
        """The visit as it would be after the move, if it can be moved; nothing is kept.

        With which status a target that is not free is refused is a setting [open].

        Raises:
            Refusal: 409, it stands no longer; 403, another facility; 422, another payment account while money is held;
                400, the service or the time.
        """
        source = self.state.directory.address(booking.address_id)
        if not booking.is_booked:
            raise refuse("VisitAlreadyMovedOrDeleted", 409)
        if source.facility_id != target.facility_id:
            raise refuse("AddressDoesNotBelongToFacility", 403)
        if booking.holds_money and source.payment_account != target.payment_account:
            raise refuse("CannotCrossPaymentAccounts", 422)
        service = target.services.get(wanted.address_service_id)
        if service is None:
            strange = self.state.directory.knows_service(wanted.address_service_id)
            raise refuse("ServiceDoesNotBelongToAddress" if strange else "ServiceDoesNotExistOnMove", 400)
        new = self._draft(target, service, wanted, wanted.minutes or booking.minutes, by)
        if by != "doctor" and not _is_open(target, by):
            raise invalid("the target's calendar is disabled")
        if self._is_late(wanted, by):
            raise self._taken(target)
        new = replace(new, payment_status=booking.payment_status, insurance=booking.insurance)
        if self._needs_slot(target, by):
            try:
                self._need_slot(target, new.span, service.id, but=booking)
            except Refusal as refusal:
                raise self._taken(target) from refusal
        if not self.state.bookings.is_free(target.id, new.span, but=booking.id):
            raise self._taken(target)
        return new

    def move(self, booking: Booking, target: Address, wanted: Wanted, *, by: str, cause: Cause) -> Booking:
        """Cancel the old visit and make one with a new id. Without a duration the old one stays [doc]."""
        new = self.movable(booking, target, wanted, by=by)
        source = self.state.directory.address(booking.address_id)
        old, made = self.state.bookings.move(booking, new, by=by, at=self.state.clock.now())
        named = source if self.state.behaviour_of(source.id).moved_names_address == "old" else target
        payloads = self.state.payloads
        data = payloads.event(
            named,
            old_visit_booking=payloads.told_booking(old, source),
            new_visit_booking=payloads.told_booking(made, target),
        )
        self.state.announce("booking-moved", named, data, cause)
        return made

    def cancel(self, booking: Booking, *, by: str, cause: Cause) -> Booking:
        """The visit no longer stands, and its time is free."""
        if not booking.is_booked:
            raise refuse("VisitNotBooked", 400, ID=booking.id)
        address = self.state.directory.address(booking.address_id)
        if by == INTEGRATION and not address.integrated:
            raise refuse("UnableToCancelForAddress", 400)
        canceled = self.state.bookings.cancel(booking, by=by, at=self.state.clock.now())
        told = self.state.payloads.told_booking(canceled, address)
        data = self.state.payloads.event(address, visit_booking=told)
        self.state.announce("booking-canceled", address, data, cause)
        return canceled

    def draft(self, address: Address, wanted: Wanted, *, by: str) -> Booking:
        """The visit as it would be; nothing is kept. Without a length it has the one offered, or the profile's.

        Raises:
            Refusal: 404, the address has no such service.
        """
        service = address.services.get(wanted.address_service_id)
        if service is None:
            raise refuse("ServiceDoesNotExist", 404)
        minutes = wanted.minutes
        if minutes is None:
            readable = self.state.calendar(address.id).readable
            spanning = self.state.behaviour_of(address.id).service_spans_periods
            offers = readable.offers((), wanted.start, wanted.start + timedelta(minutes=1), spanning=spanning)
            lengths = (one.duration for one in offers if one.address_service_id == service.id)
            minutes = next(lengths, service.duration)
        return self._draft(address, service, wanted, minutes, by)

    def _draft(self, address: Address, service: AddressService, wanted: Wanted, minutes: int, by: str) -> Booking:
        return Booking(
            id=self.state.ids.new(),
            address_id=address.id,
            start=wanted.start,
            minutes=minutes,
            address_service_id=service.id,
            service_name=service.name,
            patient=wanted.patient,
            booked_by=by,
            booked_at=self.state.clock.now(),
            comment=wanted.comment,
            payment_status="not-paid" if address.payment_account and by == "user" else None,
            insurance=wanted.insurance,
        )

    def _taken(self, target: Address) -> Refusal:
        body = invalid("the target time is not free").body
        return Refusal(self.state.behaviour_of(target.id).taken_move_status, body)

    def _is_late(self, wanted: Wanted, by: str) -> bool:
        """Patients take times that are to come; the doctor may note what has been [assumed]."""
        return by == "user" and wanted.start < self.state.clock.now()

    def _needs_slot(self, address: Address, by: str) -> bool:
        """A patient takes a slot, a doctor books anywhere [doc]; the partner system by the setting [open]."""
        return by == "user" or (by == INTEGRATION and self.state.behaviour_of(address.id).booking_needs_slot)

    def _need_slot(self, address: Address, span: Span, service_id: str, *, but: Booking | None = None) -> None:
        """The time begins on the grid of a work period with the service, ends within it, and is free.

        Which lengths are allowed, and whether an adjoining period counts, are settings [open].
        """
        start, end = span
        behaviour = self.state.behaviour_of(address.id)
        taken = self.state.bookings.taken(address.id, start, end, but=but.id if but else None)
        taken += self.state.breaks.taken(address.id, start, end)
        periods = self.state.calendar(address.id).readable.overlapping(start, end)
        chain = periods if behaviour.service_spans_periods else ()
        inside = next((one for one in periods if one.begins(start)), None)
        if inside is None or taken or end > end_of_chain(inside, service_id, chain):
            raise refuse("SlotNotFound", 404, START=self.state.payloads.time(start))
        if not any(one.address_service_id == service_id for one in inside.services):
            raise refuse("SlotWithoutService", 404, START=self.state.payloads.time(start), ID=service_id)
        if not inside.lasts((end - start) // timedelta(minutes=1), service_id, behaviour.visit_length):
            raise refuse("SlotNotFound", 404, START=self.state.payloads.time(start))


def _is_open(address: Address, by: str) -> bool:
    """Whether a patient, or the partner system, can book there at all [assumed but for the calendar]."""
    return address.is_bookable and (address.integrated if by == INTEGRATION else address.is_commercial)
