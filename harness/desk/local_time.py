"""Times as people write them in forms and read them on pages: local to the marketplace. Pure."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["YEARS", "day_of", "field_value", "instant_of", "midnight", "monday_of"]

YEARS = range(1971, 2200)
"""In which a calendar can be looked at."""


def instant_of(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant that a form's ``2026-11-24T09:00`` means in ``zone``, in UTC; None where it means none.

    An offset that stands there is obeyed. Of a time that comes twice, when clocks go back, it is the first; one that is
    left out, when they go forward, means none.
    """
    with contextlib.suppress(ValueError):
        told = datetime.fromisoformat(text.strip())
        if told.year not in YEARS:
            return None
        if told.tzinfo is not None:
            return told.astimezone(UTC)
        instant = told.replace(tzinfo=zone).astimezone(UTC)
        return instant if instant.astimezone(zone).replace(tzinfo=None) == told else None
    return None


def field_value(instant: datetime, zone: ZoneInfo) -> str:
    """The instant as a form's field shows it; with its offset where the local time alone would mean another."""
    local = instant.astimezone(zone)
    plain = local.replace(tzinfo=None).isoformat(timespec="minutes")
    return plain if instant_of(plain, zone) == instant.replace(second=0, microsecond=0) else local.isoformat()


def day_of(text: str | None, otherwise: date) -> date:
    """The day that a query names, or another where it names none."""
    with contextlib.suppress(ValueError):
        told = date.fromisoformat(text or "")
        return told if told.year in YEARS else otherwise
    return otherwise


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins, in UTC."""
    return datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
