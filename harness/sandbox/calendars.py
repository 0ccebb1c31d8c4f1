"""What can be done in a calendar: working time, visits, breaks, services. Raises refusals in the API's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from harness.contract.json_value import JsonObject
from harness.contract.limits import MAX_WEEKS_AHEAD, SAME_PAYLOAD_WINDOW_S
from harness.sandbox.bookings import Booking
from harness.sandbox.breaks import Break
from harness.sandbox.directory import Address, AddressService
from harness.sandbox.refusals import Refusal, invalid, refuse
from harness.sandbox.slots import Offer, Span, Timetable, WorkPeriod
from harness.sandbox.state import Cause, Pending, State

__all__ = ["Calendars", "Wanted"]

INTEGRATION = "integration"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A visit that somebody wants: a service, a time, a patient."""

    start: datetime
    minutes: int | None
    address_service_id: str
    patient: JsonObject
    comment: str | None = None


class Calendars:
    """The rules of one sandbox."""

    def __init__(self, state: State) -> None:
        self.state = state

    # -- working time ---------------------------------------------------------------------------------------------

    def replace(self, address: Address, periods: Sequence[WorkPeriod], payload: bytes) -> float | None:
        """Override the ranges. Seconds until it can be read; None where the payload was ignored as a duplicate.

        Raises:
            Refusal: 429, the same payload is in work.
        """
        state, now = self.state, self.state.clock.now()
        calendar, behaviour = state.calendar(address.id), state.behaviour_of(address.id)
        last = calendar.last_accepted_at
        recent = last is not None and now - last < timedelta(seconds=SAME_PAYLOAD_WINDOW_S)
        same = payload == calendar.last_payload or behaviour.same_payload == "any_within_window"
        if recent and same:
            if calendar.pending and payload == calendar.last_payload:
                raise Refusal(429, {"errors": [], "message": "The same request is being processed"})
            return None
        replaced = calendar.accepted.replaced(periods, reach=behaviour.replace_reach, zone=state.zone)
        calendar.last_payload, calendar.last_accepted_at = payload, now
        if behaviour.calendar_update_enables:
            address.calendar_enabled = True
        return self._accept(address, replaced, behaviour.slots_delay_s)

    def clear(self, address: Address, day: date) -> float:
        """Remove every slot of a day; also of an empty one [assumed]."""
        calendar = self.state.calendar(address.id)
        calendar.last_payload = None
        cleared = calendar.accepted.cleared(day, self.state.zone)
        return self._accept(address, cleared, self.state.behaviour_of(address.id).slots_delay_s)

    def fill(self, address: Address, days: Sequence[date], periods: Sequence[WorkPeriod]) -> None:
        """The doctor enters working time by hand: readable at once."""
        calendar = self.state.calendar(address.id)
        timetable = calendar.accepted
        for day in days:
            timetable = timetable.cleared(day, self.state.zone)
        timetable = timetable.replaced(periods, reach="range", zone=self.state.zone)
        calendar.accepted = calendar.readable = timetable
        calendar.pending.clear()

    def _accept(self, address: Address, timetable: Timetable, delay_s: float) -> float:
        calendar = self.state.calendar(address.id)
        calendar.accepted = timetable
        readable_at = self.state.clock.now() + timedelta(seconds=delay_s)
        calendar.pending.append(Pending(readable_at, timetable))
        return delay_s

    def check_period(self, address: Address, place: int, period: WorkPeriod) -> None:
        """Refuse a period that the API would: crossing midnight, too short, too far, of a strange service [doc]."""
        zone = self.state.zone
        if period.end - period.start < timedelta(minutes=1):
            name = f"slots[{place}].minimumDifferenceBetweenDates"
            told = ["The end date must be at least 1 minute after the start date"]
            raise Refusal(400, {"errors": {name: list(told)}, "message": "Invalid arguments"})
        last = (period.end - timedelta(microseconds=1)).astimezone(zone)
        if last.date() != period.start.astimezone(zone).date():
            words = {"START": self.state.payloads.time(period.start), "END": self.state.payloads.time(period.end)}
            raise refuse("SlotExceedsDay", 400, **words)
        furthest = self.state.in_weeks(MAX_WEEKS_AHEAD)
        if period.end > furthest:
            told = [f"End date should be less than or equal to {furthest.astimezone(zone):%d.%m.%Y, %H:%M}."]
            raise Refusal(400, {"errors": {f"slots[{place}].end": list(told)}, "message": "Invalid arguments"})
        if any(one.address_service_id not in address.services for one in period.services):
            raise refuse("AddressServiceDoesNotExist", 400)
        if any(one.duration < 1 for one in period.services):
            raise invalid(f"slots[{place}].address_services: a duration is a whole number of minutes, 1 at least")

    # -- what is free ---------------------------------------------------------------------------------------------

    def offers(self, address: Address, since: datetime, till: datetime) -> list[Offer]:
        """What a patient can book: slots minus visits minus breaks, on an enabled calendar [doc]."""
        if not address.calendar_enabled:
            return []
        taken = [*self.state.bookings.taken(address.id), *self.state.breaks.taken(address.id)]
        return self.state.calendar(address.id).readable.offers(taken, since, till)

    def free_slots(self, address: Address, since: datetime, till: datetime) -> list[Offer]:
        """What getSlots shows: bookings are taken out, breaks where the setting says so [open]."""
        taken = self.state.bookings.taken(address.id)
        if self.state.behaviour_of(address.id).breaks_hide_slots:
            taken += self.state.breaks.taken(address.id)
        return self.state.calendar(address.id).readable.offers(taken, since, till)

    # -- visits ---------------------------------------------------------------------------------------------------

    def book(self, address: Address, wanted: Wanted, *, by: str, cause: Cause) -> Booking:
        """A visit by user, doctor or integration. All but the doctor need a slot that is free [doc]/[open]."""
        service = self._service(address, wanted.address_service_id)
        minutes = wanted.minutes or service.duration
        booking = self._draft(address, service, wanted, minutes, by)
        needs_slot = by == "user" or (by == INTEGRATION and self.state.behaviour_of(address.id).booking_needs_slot)
        if not address.calendar_enabled and by != "doctor":
            raise refuse("UnableToBookForAddress", 404)
        if needs_slot:
            self._need_slot(address, booking.start, minutes, service.id)
        if not self.state.bookings.is_free(address.id, booking.span):
            raise refuse("SlotNotFound", 404, START=self.state.payloads.time(wanted.start))
        self.state.bookings.add(booking)
        told = self.state.payloads.told_booking(booking, address)
        self.state.announce("slot-booked", address, self.state.payloads.event(address, visit_booking=told), cause)
        return booking

    def move(
        self,
        booking: Booking,
        target: Address,
        start: datetime,
        *,
        minutes: int | None,
        address_service_id: str | None,
        by: str,
        cause: Cause,
    ) -> Booking:
        """Cancel the old visit and make one with a new id. Without a duration the old one stays [doc]."""
        source = self.state.directory.address(booking.address_id)
        if not booking.is_booked:
            raise refuse("VisitAlreadyMovedOrDeleted", 409)
        if source.facility_id != target.facility_id:
            raise refuse("AddressDoesNotBelongToFacility", 403)
        service = target.services.get(address_service_id or booking.address_service_id or "")
        if service is None:
            raise refuse("ServiceDoesNotBelongToAddress", 400)
        length = minutes or booking.minutes
        wanted = Wanted(start, length, service.id, booking.patient, booking.comment)
        new = self._draft(target, service, wanted, length, by)
        if by != "doctor":
            self._need_slot(target, start, length, service.id, but=booking, on_move=True)
        if not self.state.bookings.is_free(target.id, new.span, but=booking.id):
            raise invalid("the target time is not free")
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
            raise refuse("VisitNotBooked", 400)
        address = self.state.directory.address(booking.address_id)
        canceled = self.state.bookings.cancel(booking, by=by, at=self.state.clock.now())
        told = self.state.payloads.told_booking(canceled, address)
        data = self.state.payloads.event(address, visit_booking=told)
        self.state.announce("booking-canceled", address, data, cause)
        return canceled

    def draft(self, address: Address, wanted: Wanted, *, by: str) -> Booking:
        """The visit as it would be; nothing is kept.

        Raises:
            Refusal: 404, the address has no such service.
        """
        service = self._service(address, wanted.address_service_id)
        return self._draft(address, service, wanted, wanted.minutes or service.duration, by)

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
        )

    def _service(self, address: Address, address_service_id: str) -> AddressService:
        found = address.services.get(address_service_id)
        if found is None:
            raise refuse("ServiceDoesNotExist", 404)
        return found

    def _need_slot(
        self,
        address: Address,
        start: datetime,
        minutes: int,
        service_id: str,
        *,
        but: Booking | None = None,
        on_move: bool = False,
    ) -> None:
        """A start is offered for the service, and everything until the visit's end is free working time."""
        end = start + timedelta(minutes=minutes)
        taken: list[Span] = [
            one.span
            for one in self.state.bookings.on(address.id)
            if one.is_booked and (but is None or one.id != but.id)
        ]
        taken += self.state.breaks.taken(address.id)
        timetable = self.state.calendar(address.id).readable
        inside = next((one for one in timetable.periods if one.start <= start and end <= one.end), None)
        free = not any(since < end and till > start for since, till in taken)
        starts = {one.start for one in timetable.offers((), start, end)}
        if inside is None or not free or start not in starts:
            if on_move:
                raise invalid("the target time is not free")
            raise refuse("SlotNotFound", 404, START=self.state.payloads.time(start))
        if not any(one.address_service_id == service_id for one in inside.services):
            raise refuse("SlotWithoutService", 404, START=self.state.payloads.time(start), ID=service_id)

    # -- breaks ---------------------------------------------------------------------------------------------------

    def add_break(self, made: Break, cause: Cause) -> Break:
        """Time is blocked."""
        added = self.state.breaks.add(made)
        self._tell_break("break-created", added, cause)
        return added

    def move_break(self, found: Break, since: datetime, till: datetime, cause: Cause) -> Break:
        """Blocked time moves."""
        moved = self.state.breaks.move(found, since, till)
        self._tell_break("break-moved", moved, cause)
        return moved

    def remove_break(self, found: Break, cause: Cause) -> None:
        """Blocked time is free."""
        self.state.breaks.remove(found)
        self._tell_break("break-removed", found, cause)

    def _tell_break(self, name: str, found: Break, cause: Cause) -> None:
        address = self.state.directory.address(found.address_id)
        data = self.state.payloads.event(address, **{"break": self.state.payloads.told_break(found)})
        self.state.announce(name, address, data, cause)

    # -- services -------------------------------------------------------------------------------------------------

    def add_service(self, address: Address, service_id: str, minutes: int, cause: Cause) -> AddressService:
        """A dictionary service for the address; added again it has a new id [doc]."""
        service = self.state.directory.services.get(service_id)
        if service is None:
            raise refuse("ObjectNotFound", 404)
        if any(one.service_id == service_id for one in address.services.values()):
            raise refuse("AddressServiceAlreadyExists", 409)
        made = AddressService(self.state.ids.new(), service_id, service.name, minutes)
        address.services[made.id] = made
        self._tell_service("address-service-created", address, made, cause)
        return made

    def change_service(
        self, address: Address, service: AddressService, values: dict[str, object], cause: Cause
    ) -> AddressService:
        """The profile's entry changes; its id stays."""
        changed = replace(service, **values)  # type: ignore[arg-type]
        address.services[service.id] = changed
        self._tell_service("address-service-changed", address, changed, cause)
        return changed

    def delete_service(self, address: Address, service: AddressService, cause: Cause) -> None:
        """Gone. Slots that use it stay until the next update, which fails with the old id [doc]."""
        del address.services[service.id]
        self._tell_service("address-service-deleted", address, service, cause)

    def _tell_service(self, name: str, address: Address, service: AddressService, cause: Cause) -> None:
        told = self.state.payloads.service(service)
        self.state.announce(name, address, self.state.payloads.event(address, address_service=told), cause)
