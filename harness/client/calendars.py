"""Whether a calendar is open, its slots and its breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from harness.client.calls import Answer, Calls, nothing
from harness.client.models import CalendarAt, CalendarBreak, FreeSlot, WorkPeriod
from harness.client.outcome import Done, Outcome, Refused
from harness.client.reading import (
    Unreadable,
    items_of,
    read_break,
    read_slot,
    read_status,
    write_instant,
    write_work_period,
)
from harness.contract.json_value import JsonObject, object_of

__all__ = ["Calendars"]

NO_SLOTS = "no slots found"
"""How a 404 says that a list of slots is empty. Source: behaviour.md, "Calendars": read both as empty."""


@dataclass(frozen=True, slots=True)
class Calendars:
    """Calendars as a partner system fills them."""

    calls: Calls

    def enabled(self, at: CalendarAt) -> Outcome[bool]:
        """Whether the calendar takes bookings (getCalendar)."""
        return self.calls.send("GET", (*at.path, "calendar"), lambda answer: read_status(answer.json))

    def enable(self, at: CalendarAt) -> Outcome[None]:
        """Open the calendar; one that is open is refused with 409 (enableCalendar)."""
        return self.calls.send("POST", (*at.path, "calendar", "enable"), nothing)

    def disable(self, at: CalendarAt) -> Outcome[None]:
        """Close the calendar; one that is closed is refused (disableCalendar)."""
        return self.calls.send("POST", (*at.path, "calendar", "disable"), nothing)

    def free_slots(
        self, at: CalendarAt, start: datetime, end: datetime, *, with_services: bool = False
    ) -> Outcome[tuple[FreeSlot, ...]]:
        """What can be booked in the range, at most 180 days of it (getSlots); its services where they are asked for."""
        query = {"start": write_instant(start), "end": write_instant(end)}
        query |= {"with": "slot.services"} if with_services else {}
        path = (*at.path, "slots")
        outcome = self.calls.send("GET", path, lambda answer: items_of(answer.json, read_slot), query=query)
        if isinstance(outcome, Refused) and NO_SLOTS in outcome.message.casefold():
            return Done(())
        return outcome

    def replace_slots(self, at: CalendarAt, periods: Sequence[WorkPeriod]) -> Outcome[None]:
        """Override what is offered in the ranges of ``periods`` (replaceSlots).

        Done means accepted: it shows seconds later. 429 without a reset means that the same is still in work.
        """
        body: JsonObject = {"slots": [write_work_period(period) for period in periods]}
        return self.calls.send("PUT", (*at.path, "slots"), nothing, body=body)

    def delete_slots(self, at: CalendarAt, day: date) -> Outcome[None]:
        """Offer nothing on ``day``, a day of the marketplace's zone (deleteSlots)."""
        return self.calls.send("DELETE", (*at.path, "slots", day.isoformat()), nothing)

    def breaks(self, at: CalendarAt, since: datetime, till: datetime) -> Outcome[tuple[CalendarBreak, ...]]:
        """Breaks that overlap the range (getCalendarBreaks)."""
        query = {"since": write_instant(since), "till": write_instant(till)}
        path = (*at.path, "breaks")
        return self.calls.send("GET", path, lambda answer: items_of(answer.json, read_break), query=query)

    def break_by_id(self, at: CalendarAt, break_id: str) -> Outcome[CalendarBreak]:
        """One break (getCalendarBreak)."""
        return self.calls.send("GET", (*at.path, "breaks", break_id), lambda answer: read_break(answer.json))

    def add_break(
        self, at: CalendarAt, since: datetime, till: datetime, description: str | None = None
    ) -> Outcome[str]:
        """Block time; the id of the break (addCalendarBreak)."""
        body: JsonObject = {"since": write_instant(since), "till": write_instant(till)}
        if description:
            body["description"] = description
        return self.calls.send("POST", (*at.path, "breaks"), _id_of_break, body=body)

    def move_break(self, at: CalendarAt, break_id: str, since: datetime, till: datetime) -> Outcome[None]:
        """Move blocked time; to the same range is refused with 422 (moveCalendarBreak)."""
        body: JsonObject = {"since": write_instant(since), "till": write_instant(till)}
        return self.calls.send("PATCH", (*at.path, "breaks", break_id), nothing, body=body)

    def delete_break(self, at: CalendarAt, break_id: str) -> Outcome[None]:
        """Free blocked time (deleteCalendarBreak)."""
        return self.calls.send("DELETE", (*at.path, "breaks", break_id), nothing)


def _id_of_break(answer: Answer) -> str:
    if object_of(answer.json):
        return read_break(answer.json).id
    if answer.location:
        return answer.location.rstrip("/").rsplit("/", 1)[-1]
    message = "neither a body nor a Location names the break"
    raise Unreadable(message)
