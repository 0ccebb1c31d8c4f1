"""Docplanner's side where it can be read and nobody acts on it: no patient, no doctor, no embedded sandbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NoReturn

from harness.errors import NeedsSandbox, PersonSkipped
from harness.marketplace.nobody import Nobody
from harness.marketplace.port import (
    BreakSeenThere,
    By,
    Cause,
    Lease,
    OfferThere,
    VisitThere,
    WorkPeriodThere,
)
from harness.real.reading import DocplannerReading
from harness.vocabulary import AddressId, Calendar, Clinic, Period, Service, Visit

__all__ = ["Unmanned"]

ORDINARY = "ordinary"


class Unmanned(Nobody):
    """The port :class:`~harness.marketplace.port.Docplanner`; ``client_id`` is the API client that reads and is tested.

    ``leased`` gives the clinic of a scenario. What a person would have to do raises
    :class:`~harness.errors.PersonSkipped`, what only the embedded sandbox can do :class:`~harness.errors.NeedsSandbox`.
    """

    def __init__(self, reading: DocplannerReading, client_id: str, leased: Callable[[str], Lease]) -> None:
        self._reading = reading
        self._client_id = client_id
        self._leased = leased
        self.time = Nobody()
        """Time passes as it does."""

    # -- read -----------------------------------------------------------------------------------------------------

    def estate(self) -> tuple[tuple[Clinic, tuple[str, ...]], ...]:
        """Every clinic that the API client may see; who else may is not told."""
        return tuple((one, (self._client_id,)) for one in self._reading.clinics())

    def lease(self, scenario: str, kind: str) -> Lease:
        """The clinic that was kept for the scenario.

        Raises:
            NeedsSandbox: the scenario plays at a clinic of a kind that a real estate need not have.
        """
        if kind != ORDINARY:
            message = f"A real Docplanner need not have a clinic of the kind {kind}: the embedded sandbox has."
            raise NeedsSandbox(message)
        return self._leased(scenario)

    def services(self, address: AddressId) -> tuple[Service, ...]:
        """What the calendar's profile offers now."""
        return self._reading.services(address)

    def offers(self, address: AddressId, since: datetime, till: datetime) -> tuple[OfferThere, ...]:
        """What patients can book."""
        return self._reading.offers(address, since, till)

    def working_time(self, address: AddressId, since: datetime, till: datetime) -> tuple[WorkPeriodThere, ...]:
        """What is offered, with what visits take of it."""
        return self._reading.working_time(address, since, till)

    def visits(self, address: AddressId, since: datetime, till: datetime) -> tuple[VisitThere, ...]:
        """Every visit that starts in the range, cancelled ones included."""
        return self._reading.visits(address, since, till)

    def breaks(self, address: AddressId, since: datetime, till: datetime) -> tuple[BreakSeenThere, ...]:
        """Breaks that overlap the range."""
        return self._reading.breaks(address, since, till)

    # -- what nobody does -----------------------------------------------------------------------------------------

    def add_clinic(self, kind: str, granted_to: Sequence[str], cause: Cause) -> Clinic:
        """A new clinic joins."""
        del kind, granted_to, cause
        raise NeedsSandbox("No clinic can be made to join a real Docplanner: only the embedded sandbox can do that.")

    def grant(self, clinic: Clinic, client_id: str, cause: Cause) -> None:
        """The API client may see the clinic from now on."""
        del clinic, client_id, cause
        raise NeedsSandbox("Access to a clinic is not the run's to give: only the embedded sandbox lets it.")

    def add_service(self, calendar: Calendar, service_id: str, minutes: int, cause: Cause) -> Service:
        """The doctor adds a service to the profile."""
        _nobody("doctor", "adds a service", calendar, service_id, minutes, cause)

    def delete_service(self, calendar: Calendar, service: Service, cause: Cause) -> None:
        """The doctor deletes a service from the profile."""
        _nobody("doctor", "deletes a service", calendar, service, cause)

    def fill(self, address: AddressId, days: Sequence[date], periods: Sequence[Period], cause: Cause) -> None:
        """The doctor enters working time by hand."""
        _nobody("doctor", "enters working time", address, days, periods, cause)

    def book(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """A patient takes an offered slot, or the doctor books in the Docplanner calendar."""
        _nobody(by, "books", visit, cause)

    def move(self, visit: Visit, start: datetime, by: By, cause: Cause, to: Visit | None = None) -> VisitThere:
        """The visit moves."""
        _nobody(by, "moves a visit", visit, start, cause, to)

    def confirm(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """The visit is confirmed."""
        _nobody(by, "confirms a visit", visit, cause)

    def mark_presence(self, visit: Visit, by: By, presence: str, cause: Cause) -> VisitThere:
        """The patient was ``present`` or ``absent``."""
        _nobody(by, "notes who came", visit, presence, cause)

    def cancel(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """The visit is cancelled."""
        _nobody(by, "cancels a visit", visit, cause)

    def add_break(self, address: AddressId, since: datetime, till: datetime, cause: Cause) -> BreakSeenThere:
        """The doctor blocks time."""
        _nobody("doctor", "blocks time", address, since, till, cause)

    def move_break(self, address: AddressId, break_id: str, since: datetime, till: datetime, cause: Cause) -> None:
        """The doctor moves blocked time."""
        _nobody("doctor", "moves blocked time", address, break_id, since, till, cause)

    def remove_break(self, address: AddressId, break_id: str, cause: Cause) -> None:
        """The doctor frees blocked time."""
        _nobody("doctor", "frees blocked time", address, break_id, cause)


def _nobody(who: str, does: str, *_: object) -> NoReturn:
    raise PersonSkipped(f"Nobody acts as {who} at Docplanner in this run, so nobody {does}.")
