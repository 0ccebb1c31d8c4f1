"""What can be done in a calendar: working time, breaks, services. Raises refusals in the API's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise

from harness.contract.limits import MAX_WEEKS_AHEAD, SAME_PAYLOAD_WINDOW_S
from harness.sandbox.addresses import Addresses
from harness.sandbox.breaks import Break
from harness.sandbox.directory import Address, AddressService
from harness.sandbox.refusals import Refusal, invalid, refuse
from harness.sandbox.slots import Offer, Span, Timetable, WorkPeriod, widened
from harness.sandbox.state import Cause, Pending, SlotsWrite, State
from harness.sandbox.visit_marks import VisitMarks
from harness.sandbox.visits import Visits

__all__ = ["Calendars"]


class Calendars:
    """The rules of one sandbox."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.visits = Visits(state)
        self.marks = VisitMarks(state)
        self.addresses = Addresses(state)

    # -- working time ---------------------------------------------------------------------------------------------

    def replace(self, address: Address, periods: Sequence[WorkPeriod], payload: bytes) -> float | None:
        """Override the ranges, as one change. Seconds until it can be read; None where it was ignored as a duplicate.

        Which writes the payload is compared with is the setting ``same_payload`` [open]; three minutes are [doc].

        Raises:
            Refusal: 429, the same payload is in work [doc].
        """
        state, now = self.state, self.state.clock.now()
        calendar, behaviour = state.calendar(address.id), state.behaviour_of(address.id)
        oldest = now - timedelta(seconds=SAME_PAYLOAD_WINDOW_S)
        recent = [one for one in calendar.recent_writes if one.accepted_at > oldest]
        digest = sha256(payload).digest()
        compared = recent if behaviour.same_payload == "any_within_window" else recent[-1:]
        for same in (one for one in compared if one.digest == digest):
            if now < same.readable_at:
                # The provider's text for this is not known.
                raise Refusal(429, {"errors": [], "message": "The same request is being processed"})
            return None
        ordered = periods[::-1] if behaviour.overlapping_ranges == "earlier_wins" else periods
        replaced = calendar.accepted.replaced(ordered, reach=behaviour.replace_reach, zone=state.zone)
        address.has_calendar = True
        if behaviour.calendar_update_enables:
            address.calendar_enabled = True
        readable_at = now + timedelta(seconds=behaviour.slots_delay_s)
        calendar.recent_writes = [*recent, SlotsWrite(digest, now, readable_at)]
        before = calendar.accepted
        delay_s = self._accept(address, replaced, behaviour.slots_delay_s)
        if behaviour.update_cancels_bookings and periods:
            self._cancel_uncovered(address, before, periods)
        return delay_s

    def _cancel_uncovered(self, address: Address, before: Timetable, sent: Sequence[WorkPeriod]) -> None:
        """Visits that lay in working time and do no longer are cancelled, as a doctor would: everybody is told."""
        first, last = min(one.start for one in sent), max(one.end for one in sent)
        after, day = self.state.calendar(address.id).accepted, timedelta(days=1)  # a reach of whole days is wider
        for visit in self.state.bookings.overlapping(address.id, first - day, last + day):
            if visit.is_booked and before.covers(visit.span) and not after.covers(visit.span):
                self.visits.cancel(visit, by="doctor", cause=Cause(self.state.scenario_of(address.id)))

    def clear(self, address: Address, day: date) -> float:
        """Remove every slot of a day; of an empty one by the setting ``empty_day_deletion`` [assumed].

        Raises:
            Refusal: 404, the day has none.
        """
        calendar = self.state.calendar(address.id)
        cleared = calendar.accepted.cleared(day, self.state.zone)
        behaviour = self.state.behaviour_of(address.id)
        if behaviour.empty_day_deletion == "not_found" and cleared == calendar.accepted:
            raise refuse("NoSlotsOnAddress", 404)
        if behaviour.same_payload == "identical_to_last":
            calendar.recent_writes.clear()  # another slots write, so that the last one is no longer the last [open]
        return self._accept(address, cleared, behaviour.slots_delay_s)

    def fill(self, address: Address, days: Sequence[date], periods: Sequence[WorkPeriod]) -> None:
        """The doctor enters working time by hand: readable at once."""
        calendar = self.state.calendar(address.id)
        address.has_calendar = True
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

    def check_ranges(self, address: Address, periods: Sequence[WorkPeriod]) -> None:
        """Refuse ranges of one request that overlap, where the setting says so [open]."""
        if self.state.behaviour_of(address.id).overlapping_ranges != "refused":
            return
        ordered = sorted(periods, key=lambda one: one.start)
        if any(after.start < before.end for before, after in pairwise(ordered)):
            raise invalid("slots: ranges of one request must not overlap")

    def check_period(self, address: Address, place: int, period: WorkPeriod) -> None:
        """Refuse a period that the API would: crossing midnight, too short, too far, of a strange service [doc]."""
        zone, behaviour = self.state.zone, self.state.behaviour_of(address.id)
        if period.end - period.start < timedelta(minutes=1):
            name = f"slots[{place}].minimumDifferenceBetweenDates"
            told = ["The end date must be at least 1 minute after the start date"]
            raise Refusal(400, {"errors": {name: list(told)}, "message": "Invalid arguments"})
        kept_in = period.start.tzinfo if behaviour.period_day == "as_sent" else zone
        first = period.start.astimezone(kept_in).date()
        last = (period.end - timedelta(microseconds=1)).astimezone(kept_in).date()
        at_midnight = period.end.astimezone(kept_in).date() > first and not behaviour.period_may_end_at_midnight
        if last != first or at_midnight:
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
        """What a patient can book: slots to come minus visits minus breaks, on an enabled calendar [doc]."""
        if not (address.is_bookable and address.is_commercial):
            return []
        since = max(since, self.state.clock.now())
        around = widened(since, till)
        taken = self.state.bookings.taken(address.id, *around) + self.state.breaks.taken(address.id, *around)
        return self._offered(address, taken, since, till)

    def free_slots(self, address: Address, since: datetime, till: datetime) -> list[Offer]:
        """What getSlots shows: bookings are taken out, breaks where the setting says so [open]."""
        begun = self.state.behaviour_of(address.id).list_range == "overlaps"
        return self._offered(address, self.taken(address, since, till), since, till, begun=begun)

    def taken(self, address: Address, since: datetime, till: datetime) -> list[Span]:
        """What getSlots takes out around a range."""
        around = widened(since, till)
        taken = self.state.bookings.taken(address.id, *around)
        if self.state.behaviour_of(address.id).breaks_hide_slots:
            taken += self.state.breaks.taken(address.id, *around)
        return taken

    def _offered(
        self, address: Address, taken: Sequence[Span], since: datetime, till: datetime, *, begun: bool = False
    ) -> list[Offer]:
        """A service that was deleted is offered no longer [assumed]; the work periods keep it until the next update."""
        spanning = self.state.behaviour_of(address.id).service_spans_periods
        offers = self.state.calendar(address.id).readable.offers(taken, since, till, spanning=spanning, begun=begun)
        return [one for one in offers if one.address_service_id in address.services]

    # -- breaks ---------------------------------------------------------------------------------------------------

    def add_break(self, made: Break, cause: Cause, *, coupled: bool = False) -> Break:
        """Time is blocked, on the doctor's coupled addresses too where asked: they go with this break [doc]."""
        address = self.state.directory.address(made.address_id)
        made = replace(made, coupling=made.id if coupled else None)
        added = self.state.breaks.add(made)
        address.has_calendar = True  # it is made where it is missing [doc]
        self._tell_break("break-created", added, cause)
        for other in self.coupled(address) if coupled else ():
            twin = replace(made, id=self.state.ids.new(), address_id=other.id)
            if not self.state.breaks.has(twin):
                other.has_calendar = True
                self._tell_break("break-created", self.state.breaks.add(twin), cause)
        return added

    def coupled(self, address: Address) -> list[Address]:
        """The doctor's online-only addresses for one that is not, and the other way round [doc]."""
        others = self.state.directory.doctor_of(address).addresses.values()
        return [one for one in others if one.online_only != address.online_only]

    def move_break(self, found: Break, since: datetime, till: datetime, cause: Cause) -> Break:
        """Blocked time moves, and what is coupled with it [doc]."""
        moved = self.state.breaks.move(found, since, till)
        self._tell_break("break-moved", moved, cause)
        for twin in self.state.breaks.coupled_with(moved):
            if (twin.since, twin.till) != (since, till):
                self._tell_break("break-moved", self.state.breaks.move(twin, since, till), cause)
        return moved

    def remove_break(self, found: Break, cause: Cause) -> None:
        """Blocked time is free, and what is coupled with it [doc]."""
        for one in (found, *self.state.breaks.coupled_with(found)):
            self.state.breaks.remove(one)
            self._tell_break("break-removed", one, cause)

    def _tell_break(self, name: str, found: Break, cause: Cause) -> None:
        address = self.state.directory.address(found.address_id)
        data = self.state.payloads.event(address, **{"break": self.state.payloads.told_break(found)})
        self.state.announce(name, address, data, cause)

    # -- services -------------------------------------------------------------------------------------------------

    def add_service(
        self, address: Address, service_id: str, minutes: int, cause: Cause, **values: object
    ) -> AddressService:
        """A dictionary service for the address, with further ``values``; added again it has a new id [doc]."""
        service = self.state.directory.services.get(service_id)
        if service is None:
            raise refuse("ObjectNotFound", 404)
        if any(one.service_id == service_id for one in address.services.values()):
            raise refuse("AddressServiceAlreadyExists", 409)
        made = AddressService(self.state.ids.new(), service_id, service.name, minutes)
        made = replace(made, **values)  # type: ignore[arg-type]
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
