"""What every group of pages stands on: the sandbox, the paper, and acts that are the control API's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, TypedDict
from zoneinfo import ZoneInfo

import orjson

from harness.contract.json_value import JsonObject, text_of
from harness.desk.asking import Asking, Problem
from harness.desk.paper import Paper
from harness.desk.words import refusal_words
from harness.sandbox.bookings import Booking
from harness.sandbox.directory import Address, Doctor, Facility
from harness.sandbox.http.control_desk import Denied, as_denied
from harness.sandbox.http.server import Inside
from harness.sandbox.refusals import Refusal

__all__ = ["CALENDAR", "Owner", "Room"]

CALENDAR = "/calendars/{address_id}"


class Owner(TypedDict):
    """A calendar with those to whom it belongs, and the path of its week."""

    address: Address
    doctor: Doctor
    clinic: Facility
    here: str


class Room:
    """A group of pages. ``PATHS`` names the method that answers, by HTTP method and path below ``/desk``."""

    PATHS: ClassVar[Mapping[tuple[str, str], str]] = {}

    def __init__(self, inside: Inside, paper: Paper) -> None:
        self._inside = inside
        self._state = inside.state
        self._paper = paper

    @property
    def _zone(self) -> ZoneInfo:
        return self._state.zone

    @property
    def _now(self) -> datetime:
        return self._state.clock.now()

    async def _do(self, asking: Asking, operation: str, params: Mapping[str, str], body: JsonObject) -> JsonObject:
        """An operation of the control API, and what it answers; empty where that is nothing.

        Raises:
            Problem: it is refused; in the words of who refuses it.
        """
        raw = orjson.dumps(body) if body else b""
        try:
            _, told = await self._inside.control.perform(operation, asking.request, params, raw)
        except Refusal as refusal:
            raise Problem(refusal_words(refusal), status=as_denied(refusal).status) from refusal
        except Denied as denied:
            raise Problem(denied.message, status=denied.status) from denied
        return told or {}

    def _address(self, asking: Asking) -> Address:
        """The calendar of the path.

        Raises:
            Problem: 404, there is none.
        """
        try:
            return self._state.directory.address(asking.params["address_id"])
        except Refusal as refusal:
            raise Problem("There is no such calendar.", status=404) from refusal

    def _booking(self, asking: Asking) -> Booking:
        """The visit of the path.

        Raises:
            Problem: 404, the calendar has no such visit.
        """
        found = self._state.bookings.get(asking.params["booking_id"])
        if found is None or found.address_id != asking.params["address_id"]:
            raise Problem("There is no such visit on that calendar.", status=404)
        return found

    def _owner(self, address: Address) -> Owner:
        """What stands at the head of every page about a calendar."""
        directory = self._state.directory
        return Owner(
            address=address,
            doctor=directory.doctor_of(address),
            clinic=directory.facility_of(address),
            here=f"/desk{CALENDAR.format(address_id=address.id)}",
        )

    def _calendars(self) -> dict[str, str]:
        """Every calendar by its address id, in the words of a choice."""
        return {
            address.id: f"{doctor.name} {doctor.surname}, {address.name} ({clinic.name})"
            for clinic in self._state.directory.facilities.values()
            for doctor in clinic.doctors.values()
            for address in doctor.addresses.values()
        }

    @staticmethod
    def _name(booking: Booking) -> str:
        told = " ".join(text_of(booking.patient.get(part)) for part in ("name", "surname"))
        return told.strip() or "somebody"
