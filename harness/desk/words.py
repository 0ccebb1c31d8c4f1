"""How the desk says things: times, lengths, prices, and what was done. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from harness.contract.json_value import JsonValue
from harness.sandbox.refusals import Refusal

__all__ = [
    "DONE",
    "apart",
    "clock_time",
    "day_and_time",
    "day_name",
    "duration",
    "path_only",
    "refusal_words",
    "span_words",
    "time_of_day",
]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Here rather than from the machine's locale: the desk speaks English everywhere."""

DONE = {
    "booked": "The visit is booked.",
    "moved": "The visit has moved; this is the new one.",
    "cancelled": "The visit is cancelled.",
    "break-added": "The break is in the calendar.",
    "break-moved": "The break has moved.",
    "break-removed": "The break is removed.",
    "service-added": "The service is added.",
    "service-changed": "The service is changed.",
    "service-deleted": "The service is deleted.",
    "hours-set": "The working time is entered.",
    "enabled": "The calendar is enabled.",
    "disabled": "The calendar is disabled.",
    "confirmed": "The visit is confirmed.",
    "present": "The patient is marked as present.",
    "absent": "The patient is marked as absent.",
    "shared": "The API client sees the clinic from now on.",
    "unshared": "The API client no longer sees the clinic.",
    "released": "What all tries had failed for is sent again.",
    "resent": "The notification is sent again.",
    "client-changed": "The API client's settings are kept.",
    "tokens-expired": "Every access token of the API client has ended.",
    "clock-moved": "The clock has moved.",
    "settings-changed": "The settings hold from now on.",
    "fault-armed": "The fault is armed.",
    "fault-ended": "The fault has ended; what it held is sent.",
}
"""By the word that stands in the address of the page that follows; any other word says nothing."""


def day_name(day: date) -> str:
    """``Tuesday 24 November``."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def time_of_day(local: datetime) -> str:
    """``09:00``."""
    return f"{local:%H:%M}"


def clock_time(local: datetime) -> str:
    """``09:00:07``."""
    return f"{local:%H:%M:%S}"


def day_and_time(local: datetime) -> str:
    """``Tuesday 24 November 2026, 09:00``."""
    return f"{day_name(local)} {local.year}, {local:%H:%M}"


def apart(offset: timedelta) -> str:
    """``1 day, 2:00:00 ahead of``, or ``behind``."""
    return f"{abs(offset)} {'ahead of' if offset > timedelta(0) else 'behind'}"


def path_only(url: str) -> str:
    """Path and query of an address."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def span_words(since: datetime, till: datetime) -> str:
    """``Tuesday 24 November, 09:00–09:30``, with both days where there are two."""
    if since.date() == till.date():
        return f"{day_name(since)}, {since:%H:%M}–{till:%H:%M}"
    return f"{day_name(since)}, {since:%H:%M} – {day_name(till)}, {till:%H:%M}"


def duration(took_ms: float | None) -> str:
    """``81 ms``, ``2.5 s``; a dash for none."""
    if took_ms is None:
        return "–"
    return f"{took_ms:.0f} ms" if took_ms < 1000 else f"{took_ms / 1000:.1f} s"  # noqa: PLR2004 - a second


def refusal_words(refusal: Refusal) -> str:
    """What Docplanner says, with every mistake named."""
    message = str(refusal.body.get("message") or f"Refused with {refusal.status}").rstrip(".")
    errors = _listed(refusal.body.get("errors"))
    return f"{message}: {'; '.join(errors)}." if errors else f"{message}."


def _listed(value: JsonValue) -> list[str]:
    match value:
        case dict():
            return [f"{name}: {told}" for name, item in value.items() for told in _listed(item)]
        case list():
            return [told for item in value for told in _listed(item)]
        case None:
            return []
        case _:
            return [str(value)]
