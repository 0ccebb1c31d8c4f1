"""What the clinic's software refuses, in the words of the partner control contract."""

from __future__ import annotations

from harness.client.models import CalendarAt
from harness.stub import mapping
from harness.stub.link import Link

__all__ = ["Refusal", "calendar", "conflict", "invalid", "not_found", "unmapped", "upstream"]


class Refusal(Exception):
    """``status`` and ``error`` are those of the control contract."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error


def unmapped(address_id: str) -> Refusal:
    """No calendar is mapped under that address id."""
    return Refusal(404, "unmapped", f"No calendar is mapped to Docplanner address {address_id}.")


def not_found(what: str) -> Refusal:
    """There is no such thing."""
    return Refusal(404, "not_found", f"There is no {what}.")


def conflict(message: str) -> Refusal:
    """The time is taken, or the state forbids it."""
    return Refusal(409, "conflict", message)


def invalid(message: str) -> Refusal:
    """The request makes no sense."""
    return Refusal(422, "invalid", message)


def upstream(message: str) -> Refusal:
    """Docplanner refused or did not answer."""
    return Refusal(502, "upstream", message)


def calendar(link: Link, address_id: str) -> CalendarAt:
    """Where the calendar is at Docplanner.

    Raises:
        Refusal: it is not mapped.
    """
    with link.database.reading() as connection:
        at = mapping.calendar_at(connection, link.tenant.id, address_id)
    if at is None:
        raise unmapped(address_id)
    return at
