"""What a notification must have to be taken: read once, at the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from harness.client.reading import Unreadable, identifier, instant
from harness.contract.json_value import JsonObject, JsonValue, object_of, text_of

__all__ = ["BLOCKING", "HANDLED", "SERVICES", "Envelope", "Nonsense", "open_envelope"]

BLOCKING = frozenset({"slot-booking", "booking-moving"})
"""Events on whose answer Docplanner waits. Source: openapi.yaml, x-callbacks."""
SERVICES = frozenset({"address-service-created", "address-service-changed", "address-service-deleted"})
WITH_BOOKING = frozenset({"slot-booked", "booking-canceled", "booking-confirmed", "presence-marked"})
WITH_BREAK = frozenset({"break-created", "break-moved", "break-removed"})
HANDLED = frozenset({"booking-moved"}) | SERVICES | WITH_BOOKING | WITH_BREAK
"""Events that have an effect here."""


class Nonsense(ValueError):
    """It is no notification; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A notification that can be taken. ``address_id`` is empty where it names none."""

    name: str
    created_at: datetime
    address_id: str
    data: JsonObject


def open_envelope(body: JsonValue) -> Envelope:
    """The notification in ``body``. An event that is not known is fine: it is taken and has no effect.

    Raises:
        Nonsense: something is missing without which it cannot be handled.
    """
    told = object_of(body)
    name, data = text_of(told.get("name")), told.get("data")
    if not name or not isinstance(data, dict):
        message = "a notification has a name and data"
        raise Nonsense(message)
    try:
        created_at = instant(told.get("created_at"))
        address = object_of(data.get("address")).get("id")
        for noun in _nouns(name):
            identifier(object_of(data.get(noun)).get("id"))
        address_id = identifier(address) if name in HANDLED or name in BLOCKING else _optional(address)
    except Unreadable as error:
        message = f"{name}: {error}"
        raise Nonsense(message) from error
    return Envelope(name, created_at, address_id, data)


def _nouns(name: str) -> tuple[str, ...]:
    if name in WITH_BOOKING:
        return ("visit_booking",)
    if name in WITH_BREAK:
        return ("break",)
    return ("old_visit_booking", "new_visit_booking") if name == "booking-moved" else ()


def _optional(value: JsonValue) -> str:
    return "" if value is None else identifier(value)
