"""The control API's handlers on addresses: which there are, and what holds for their calendars and insurances."""

from __future__ import annotations

from harness.contract.json_value import JsonObject, array_of, text_of
from harness.sandbox.directory import Address
from harness.sandbox.http.control_desk import Asked, Denied, Desk, Reply
from harness.sandbox.http.control_views import calendar_json

__all__ = ["AddressDesk"]


class AddressDesk(Desk):
    """The addresses of doctors, as they or Docplanner change them."""

    async def on_change_calendar(self, asked: Asked) -> Reply:
        """What is named changes."""
        address, body = self._address(asked), asked.body
        if body.get("calendar") == "missing" and self._rules.addresses.holds_anything(address):
            told = "The calendar holds work periods or breaks: remove them first, or take an address of a new clinic."
            raise Denied(409, "conflict", told)
        self._check_enabling(address, body)
        for name in ("active", "integrated", "payment_account", "insurance_support"):
            if name in body:
                setattr(address, name, body[name])
        if "booking_extra_fields" in body:
            address.extra_fields = frozenset(text_of(one) for one in array_of(body["booking_extra_fields"]))
        if "commercial_type" in body:
            self._rules.addresses.sell(address, text_of(body["commercial_type"]), asked.cause)
        self._set_calendar(address, text_of(body.get("calendar")))
        return 200, calendar_json(address, self._state.directory)

    @staticmethod
    def _check_enabling(address: Address, body: JsonObject) -> None:
        """Nothing changes where the calendar could not be enabled in the end."""
        active, kind = body.get("active", address.active), body.get("commercial_type", address.commercial_type)
        if body.get("calendar") == "enabled" and (not active or kind == "basic"):
            told = "calendar: expected an active, commercial address: set active to true, commercial_type to premium."
            raise Denied(422, "invalid", told)

    def _set_calendar(self, address: Address, wanted: str) -> None:
        if wanted == "missing":
            self._rules.addresses.forget_calendar(address)
        elif wanted == "disabled":
            address.has_calendar, address.calendar_enabled = True, False
        elif wanted == "enabled" and not address.calendar_enabled:
            self._rules.addresses.enable(address)

    async def on_add_calendar(self, asked: Asked) -> Reply:
        """The doctor works at one place more."""
        doctor = self._state.directory.doctor(asked.params["doctor_id"])
        address = self._rules.addresses.open(doctor, asked.cause, online_only=asked.body.get("online_only") is True)
        if asked.cause.scenario:
            self._state.calendar(address.id).scenario = asked.cause.scenario
        return 201, calendar_json(address, self._state.directory)

    async def on_remove_calendar(self, asked: Asked) -> Reply:
        """The doctor works there no longer."""
        self._rules.addresses.close(self._address(asked), asked.cause)
        return 204, None

    async def on_accept_insurance(self, asked: Asked) -> Reply:
        """A provider is accepted."""
        address = self._address(asked)
        plans = tuple(text_of(one) for one in array_of(asked.body.get("plan_ids")))
        self._rules.addresses.assign(address, asked.params["insurance_provider_id"], plans)
        return 200, calendar_json(address, self._state.directory)

    async def on_refuse_insurance(self, asked: Asked) -> Reply:
        """A provider is accepted no longer."""
        self._rules.addresses.unassign(self._address(asked), asked.params["insurance_provider_id"])
        return 204, None
