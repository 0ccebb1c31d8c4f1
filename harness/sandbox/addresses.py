"""What the doctor, or Docplanner, changes about an address: its calendar, its commercial type, its insurances."""

from __future__ import annotations

from harness.sandbox.directory import Address, Doctor
from harness.sandbox.refusals import refuse
from harness.sandbox.state import Cause, State

__all__ = ["Addresses"]


class Addresses:
    """The rules of one sandbox."""

    def __init__(self, state: State) -> None:
        self.state = state

    def open(self, doctor: Doctor, cause: Cause, *, online_only: bool) -> Address:
        """The doctor works at one place more, with a calendar of its own."""
        address = self.state.estate.open_address(doctor, online_only=online_only)
        self.state.announce("address-assigned", address, self.state.payloads.event(address), cause)
        return address

    def close(self, address: Address, cause: Cause) -> None:
        """The doctor works there no longer: the address is gone, and with it its calendar."""
        data = self.state.payloads.event(address)
        self.state.announce("address-unassigned", address, data, cause)
        self.state.directory.remove_address(address)

    def sell(self, address: Address, commercial_type: str, cause: Cause) -> None:
        """Another commercial type; the same one again is no news."""
        if address.commercial_type == commercial_type:
            return
        address.commercial_type = commercial_type
        data = self.state.payloads.event(address)
        told = self.state.payloads.address(address, frozenset({"address.commercial_type"}))
        self.state.announce("address-commercial-type-changed", address, {**data, "address": told}, cause)

    def enable(self, address: Address) -> None:
        """Patients can book, where there is anything; the calendar is made where it is missing [assumed].

        Raises:
            Refusal: 409, they can already; 400, the address is disabled; 422, it is not commercial.
        """
        if address.calendar_enabled:
            raise refuse("CalendarAlreadyEnabled", 409)
        if not address.active:
            raise refuse("AddressDisabled", 400)
        if not address.is_commercial:
            raise refuse("NotCommercial", 422, ID=address.id)
        address.has_calendar = address.calendar_enabled = True

    def disable(self, address: Address) -> None:
        """Patients cannot book.

        Raises:
            Refusal: 409, they could not before.
        """
        if not address.calendar_enabled:
            raise refuse("CalendarAlreadyDisabled", 409)
        address.calendar_enabled = False

    def holds_anything(self, address: Address) -> bool:
        """Whether there are work periods or breaks in its calendar."""
        return bool(self.state.calendar(address.id).accepted.periods or self.state.breaks.on(address.id))

    def forget_calendar(self, address: Address) -> None:
        """There is no calendar, as for a profile that never had one; callers ask first whether it holds anything."""
        address.has_calendar = address.calendar_enabled = False

    def assign(self, address: Address, provider_id: str, plans: tuple[str, ...]) -> None:
        """An insurance provider is accepted, with these plans of it.

        Raises:
            Refusal: 404, there is no such provider, or it has no such plan [assumed].
        """
        provider = self.state.directory.insurances.get(provider_id)
        if provider is None or set(plans) - {one for one, _ in provider.plans}:
            raise refuse("InsuranceProviderNotFromDictionary", 404)
        address.insurances[provider_id] = plans

    def unassign(self, address: Address, provider_id: str) -> None:
        """An insurance provider is no longer accepted.

        Raises:
            Refusal: 404, there is no such provider; 400, it was not accepted.
        """
        if provider_id not in self.state.directory.insurances:
            raise refuse("InsuranceProviderNotFromDictionary", 404)
        if address.insurances.pop(provider_id, None) is None:
            raise refuse("InsuranceNotAssigned", 400)
