"""Opinions: asked for by SMS after a visit, and given by patients. Pure.

What leads to which refusal is not documented: all of it is [assumed] but the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from harness.sandbox.bookings import Booking
from harness.sandbox.kept import Kept
from harness.sandbox.refusals import refuse

__all__ = ["OpinionRequest", "Opinions"]

PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{5,24}")
NATIONAL_DIGITS = 9
"""With or without a country's prefix, so many digits at the end tell one phone from another."""


@dataclass(frozen=True, slots=True)
class OpinionRequest:
    """A patient was asked for an opinion on one visit."""

    booking_id: str
    phone: str
    asked_at: datetime


class Opinions:
    """Which visits patients were asked about, and on which they said something."""

    def __init__(self) -> None:
        self.requests: Kept[OpinionRequest] = Kept()
        """By visit."""
        self.given: set[str] = set()
        """Ids of the visits on which patients said something."""

    def ask(self, phone: str, visits: Iterable[Booking], now: datetime) -> OpinionRequest:
        """Ask about the latest of the doctor's ``visits`` that the patient with that phone came to.

        Raises:
            Refusal: 400, the phone is none; 403, the patient has no visit; 409, there is an opinion on one already;
                422, no visit has ended with the patient there, or the patient was asked about the latest.
        """
        if not PHONE.fullmatch(phone):
            raise refuse("PhoneInvalid", 400)
        found = [one for one in visits if _digits(one.patient.get("phone")) == _digits(phone)]
        if not found:
            raise refuse("VisitNotFound", 403)
        if any(one.id in self.given for one in found):
            raise refuse("OpinionAlreadyExists", 409)
        over = [one for one in found if one.is_booked and one.end <= now and one.presence != "absent"]
        latest = max(over, key=lambda one: one.end, default=None)
        if latest is None or latest.id in self.requests:
            raise refuse("CannotRequestOpinion", 422)
        asked = OpinionRequest(latest.id, phone, now)
        self.requests[latest.id] = asked
        return asked

    def give(self, booking: Booking, now: datetime) -> None:
        """The patient says something about the visit, asked or not.

        Raises:
            Refusal: 409, the patient did so before; 422, the visit has not been.
        """
        if booking.id in self.given:
            raise refuse("OpinionAlreadyExists", 409)
        if not booking.is_booked or booking.end > now:
            raise refuse("CannotRequestOpinion", 422)
        self.given.add(booking.id)

    def asked(self) -> list[OpinionRequest]:
        """Every request, the oldest first."""
        return list(self.requests.values())

    def is_given(self, booking_id: str) -> bool:
        """Whether there is an opinion on the visit."""
        return booking_id in self.given


def _digits(phone: object) -> str:
    return re.sub(r"[^0-9]", "", str(phone))[-NATIONAL_DIGITS:]
