"""How sure each behaviour of the sandbox is, and where that is from: the source of the table in the documentation."""

from __future__ import annotations

import enum
from dataclasses import dataclass

__all__ = ["FIDELITY", "Fidelity", "Standing"]


class Standing(enum.StrEnum):
    """How sure a behaviour is. The words are those of harness/contract/behaviour.md."""

    DOCUMENTED = "doc"
    OLD = "old"
    """Stated in an older version of the guide."""
    SEEN = "seen"
    """Observed by integrators on the sandbox."""
    ASSUMED = "assumed"
    """Ours, where the source says nothing."""
    OPEN = "open"
    """Not documented, or the texts disagree: a setting, and nothing that a scenario asserts."""


@dataclass(frozen=True, slots=True)
class Fidelity:
    """One behaviour; ``section`` of behaviour.md; ``setting`` by which it is changed, where it is open."""

    behaviour: str
    standing: Standing
    section: str
    setting: str | None = None


DOC, OLD, SEEN, ASSUMED, OPEN = Standing

FIDELITY = (
    Fidelity("Credentials as Basic or in the body, urlencoded or multipart", DOC, "Access"),
    Fidelity("Lifetime of an access token", DOC, "Access", "token_lifetime_s"),
    Fidelity("The texts for an expired token and for wrong client credentials", OPEN, "Access"),
    Fidelity("Not granted is 403, missing is 404; unknown route 404, wrong method 405", DOC, "Access"),
    Fidelity("Date-times without an offset, with Z or fractions are refused", SEEN, "Access"),
    Fidelity("getBookings pages only where a page is asked for, and lists cancelled bookings", SEEN, "Access"),
    Fidelity("Limits with headers, 429 until the reset; wide unless set for an API client", DOC, "Access"),
    Fidelity("Ids as numbers", DOC, "Access", "numeric_ids"),
    Fidelity("A service deleted and added again has a new id; updates with the old one fail", DOC, "Mapping"),
    Fidelity("A deleted service is no longer offered to patients", ASSUMED, "Mapping"),
    Fidelity("Work periods are cut by the greatest common divisor of their durations", OLD, "Calendars"),
    Fidelity("What is left of a period that was overridden in part keeps its grid", ASSUMED, "Calendars"),
    Fidelity("Of overlapping ranges of one request the later one wins", ASSUMED, "Calendars"),
    Fidelity("A period stays within a day, lasts a minute, ends within 12 weeks", DOC, "Calendars"),
    Fidelity("A period may end at 24:00", OPEN, "Calendars"),
    Fidelity("Reach of replaceSlots", OPEN, "Calendars", "replace_reach"),
    Fidelity("201 comes before slots can be read", SEEN, "Calendars", "slots_delay_s"),
    Fidelity("The same payload: 429 in work, then ignored with 201 for 3 minutes", DOC, "Calendars"),
    Fidelity("What counts as the same payload", OPEN, "Calendars", "same_payload"),
    Fidelity("An empty list of slots", OPEN, "Calendars", "empty_list"),
    Fidelity("getSlots takes breaks out", OPEN, "Calendars", "breaks_hide_slots"),
    Fidelity("An update enables a disabled calendar", OPEN, "Calendars", "calendar_update_enables"),
    Fidelity("deleteSlots on an empty day is 204", ASSUMED, "Calendars"),
    Fidelity("replaceSlots never cancels bookings", OPEN, "Calendars"),
    Fidelity("A break hides what it covers; the same one again is 409, the same range on a move 422", DOC, "Calendars"),
    Fidelity("bookSlot needs a slot that is free", OPEN, "Bookings", "booking_needs_slot"),
    Fidelity("A visit lasts any multiple of the grid that is free", OPEN, "Bookings"),
    Fidelity("A move cancels the old booking and makes one with a new id", DOC, "Bookings"),
    Fidelity("A move to a time that is not free is 400", OPEN, "Bookings"),
    Fidelity("The address that booking-moved names", OPEN, "Bookings", "moved_names_address"),
    Fidelity("The partner's own acts are told to it", OPEN, "Bookings", "echo_own_actions"),
    Fidelity("Any 2xx accepts; a redirect is not followed", DOC, "Notifications"),
    Fidelity("Retries of PUSH", OPEN, "Notifications", "retry_schedule_s"),
    Fidelity("A redelivery repeats the body, created_at included", ASSUMED, "Notifications"),
    Fidelity("PULL: oldest first, gone once pulled, deleted after 72 hours", DOC, "Notifications"),
    Fidelity("Release: once an hour, PUSH clients only; buried is deleted after 14 days", DOC, "Notifications"),
    Fidelity("Real-time checks: any 2xx approves, within 5 seconds", OLD, "Notifications"),
)
"""Every behaviour that is not a matter of course."""
