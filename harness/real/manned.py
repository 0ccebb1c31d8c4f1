"""Docplanner's side where it can be read and people act on it: patients, and doctors in its calendar.

What they are asked for stands in the journal of writes before they are asked, as what the API has for it: undoing finds
it there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from harness.clock import Clock
from harness.errors import NeedsSandbox
from harness.marketplace.manual import ManualMarketplace
from harness.marketplace.port import BreakSeenThere, By, Cause, Lease, VisitThere
from harness.real.reading import DocplannerReading
from harness.real.unmanned import Unmanned
from harness.safety.writes import WriteJournal
from harness.vocabulary import AddressId, AddressServiceId, Calendar, Period, Service, Visit

__all__ = ["Manned"]


class Manned(Unmanned):
    """As :class:`~harness.real.unmanned.Unmanned`; what a person can do is asked of ``people``, once it is noted."""

    def __init__(
        self,
        reading: DocplannerReading,
        client_id: str,
        leased: Callable[[str], Lease],
        people: ManualMarketplace,
        journal: WriteJournal,
        clock: Clock,
    ) -> None:
        super().__init__(reading, client_id, leased)
        self._people = people
        self._journal = journal
        self._clock = clock
        self._places = reading.place
        self._added: set[AddressServiceId] = set()

    def add_service(self, calendar: Calendar, service_id: str, minutes: int, cause: Cause) -> Service:
        """The doctor adds a service to the profile."""
        self._note("addAddressService", calendar.id, service_id=service_id)
        made = self._people.add_service(calendar, service_id, minutes, cause)
        self._added.add(made.id)
        return made

    def delete_service(self, calendar: Calendar, service: Service, cause: Cause) -> None:
        """The doctor deletes a service that was added in this run.

        Raises:
            NeedsSandbox: it was there before: added again it would be another one, and what was offered for it is gone.
        """
        if service.id not in self._added:
            message = f"The service {service.name} was there before the run, and could not be put back."
            raise NeedsSandbox(message)
        self._people.delete_service(calendar, service, cause)

    def fill(self, address: AddressId, days: Sequence[date], periods: Sequence[Period], cause: Cause) -> None:
        """The doctor enters working time by hand."""
        for day in days:
            self._note("deleteSlots", address, date=day.isoformat())
        self._people.fill(address, days, periods, cause)

    def book(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """A patient takes an offered slot, or the doctor books in the Docplanner calendar."""
        self._note("bookSlot", visit.calendar.id, start=visit.start.isoformat())
        return self._people.book(visit, by, cause)

    def move(self, visit: Visit, start: datetime, by: By, cause: Cause, to: Visit | None = None) -> VisitThere:
        """The visit moves."""
        target = to.calendar.id if to else visit.calendar.id
        self._note("moveBooking", visit.calendar.id, start=start.isoformat(), address_id=str(target))
        return self._people.move(visit, start, by, cause, to)

    def confirm(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """The visit is confirmed."""
        return self._people.confirm(visit, by, cause)

    def mark_presence(self, visit: Visit, by: By, presence: str, cause: Cause) -> VisitThere:
        """The patient was ``present`` or ``absent``."""
        return self._people.mark_presence(visit, by, presence, cause)

    def cancel(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """The visit is cancelled."""
        self._note("cancelBooking", visit.calendar.id, booking_id=str(visit.booking_id))
        return self._people.cancel(visit, by, cause)

    def add_break(self, address: AddressId, since: datetime, till: datetime, cause: Cause) -> BreakSeenThere:
        """The doctor blocks time."""
        self._note("addCalendarBreak", address, since=since.isoformat(), till=till.isoformat())
        return self._people.add_break(address, since, till, cause)

    def move_break(self, address: AddressId, break_id: str, since: datetime, till: datetime, cause: Cause) -> None:
        """The doctor moves blocked time."""
        self._note("moveCalendarBreak", address, break_id=break_id, since=since.isoformat(), till=till.isoformat())
        self._people.move_break(address, break_id, since, till, cause)

    def remove_break(self, address: AddressId, break_id: str, cause: Cause) -> None:
        """The doctor frees blocked time."""
        self._note("deleteCalendarBreak", address, break_id=break_id)
        self._people.remove_break(address, break_id, cause)

    def _note(self, operation: str, address: AddressId, **values: str) -> None:
        self._journal.asked(operation, self._places(address), values, self._clock.now())
