"""Checks of the API methods that were used. Source: criteria.md, "API methods" (DP-API-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.verdict.finding import Problem
from harness.verdict.observation import MethodsSeen

__all__ = ["REQUIRED_FOR", "MethodsUsed"]

REQUIRED_FOR: Mapping[str, str] = {
    "getFacilities": "mapping",
    "getDoctors": "mapping (or getFacility with facility.doctors)",
    "getFacility": "mapping (or getDoctors)",
    "getAddresses": "mapping (or getDoctor with doctor.addresses)",
    "getDoctor": "mapping (or getAddresses)",
    "getAddressServices": "mapping",
    "getAddressInsuranceProviders": "mapping, with insurances",
    "bookSlot": "bookings",
    "cancelBooking": "bookings",
    "moveBooking": "bookings (or cancelBooking and bookSlot)",
    "getBookings": "bookings",
    "pullNotification": "bookings (or a notification taken by push)",
    "pullMultipleNotification": "bookings (or a notification taken by push)",
    "replaceSlots": "schedule",
    "deleteSlots": "schedule (or replaceSlots with nothing offered)",
    "addCalendarBreak": "schedule, with breaks",
    "moveCalendarBreak": "schedule, with breaks (or delete and add)",
    "deleteCalendarBreak": "schedule, with breaks",
    "confirmBooking": "bookings, with confirm",
    "markPatientPresence": "bookings, with presence",
    "markPatientAbsence": "bookings, with presence",
}
"""What each operation is needed for, as the table of methods tells it."""

ALWAYS: tuple[tuple[str, ...], ...] = (
    ("getFacilities",),
    ("getDoctors", "getFacility?facility.doctors"),
    ("getAddresses", "getDoctor?doctor.addresses"),
    ("getAddressServices",),
    ("bookSlot",),
    ("cancelBooking",),
    ("getBookings",),
    ("replaceSlots",),
    ("deleteSlots", "replaceSlots?nothing"),
)
"""Each row: one of these. ``operation?extension`` stands for the operation asked with
that extension, ``replaceSlots?nothing`` for a period in which nothing is offered."""

BY_CAPABILITY: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "insurances": (("getAddressInsuranceProviders",),),
    "breaks": (("addCalendarBreak",), ("deleteCalendarBreak",)),
    "confirm": (("confirmBooking",),),
    "presence": (("markPatientPresence",), ("markPatientAbsence",)),
}

NEWS = ("a notification taken by push", "pullNotification", "pullMultipleNotification")


@dataclass(frozen=True, slots=True)
class MethodsUsed:
    """Every method that the required flows need was used by the partner, and each has succeeded.

    moveBooking is none of them: cancelBooking and bookSlot tell a move too, and are needed anyway.
    """

    def judge(self, seen: MethodsSeen) -> Problem | None:
        """None where nothing is missing."""
        missing = [" or ".join(row) for row in self.missing(seen)]
        if not missing:
            return None
        tried = {one.operation_id: one for one in seen.uses if not one.succeeded}
        refused = [f"{name} only refused ({one.last_status})" for name, one in tried.items()]
        return Problem(
            "Not every required method was used with success",
            "every method that mapping, bookings and schedule need, each with success",
            f"never with success: {'; '.join(missing)}" + (f" ({', '.join(refused[:3])})" if refused else ""),
        )

    def missing(self, seen: MethodsSeen) -> list[tuple[str, ...]]:
        """The methods without success; of each row one would do."""
        succeeded = {one.operation_id for one in seen.uses if one.succeeded}
        rows = [*ALWAYS, *(row for name in seen.capabilities for row in BY_CAPABILITY.get(name, ()))]
        lacking = [row for row in rows if not set(row) & succeeded]
        return lacking if seen.pushed_taken or set(NEWS) & succeeded else [*lacking, NEWS]
