"""How times and spans read in findings: local time of the clinic, the same words everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

__all__ = ["moment", "ranges", "span", "zone_of"]

SHOWN_RANGES = 3


def zone_of(name: str | None, example: datetime | None = None) -> tzinfo:
    """The zone of that name, else that of an example instant, else UTC."""
    if name:
        return ZoneInfo(name)
    return (example.tzinfo if example else None) or UTC


def moment(instant: datetime, zone: tzinfo) -> str:
    """``Tue 24 Nov 09:00``."""
    return f"{instant.astimezone(zone):%a %d %b %H:%M}"


def span(start: datetime, end: datetime, zone: tzinfo) -> str:
    """``Tue 24 Nov 09:00–09:30``, with the day again where it is another one."""
    local = end.astimezone(zone)
    same = local.date() == start.astimezone(zone).date()
    return f"{moment(start, zone)}–{local:%H:%M}" if same else f"{moment(start, zone)}–{moment(end, zone)}"


def ranges(minutes: Iterable[datetime], zone: tzinfo) -> str:
    """Minutes as spans, the first three of them, and how many more there are."""
    found: list[tuple[datetime, datetime]] = []
    for minute in sorted(minutes):
        end = minute + timedelta(minutes=1)
        if found and found[-1][1] == minute:
            found[-1] = (found[-1][0], end)
        else:
            found.append((minute, end))
    shown = ", ".join(span(start, end, zone) for start, end in found[:SHOWN_RANGES])
    rest = len(found) - SHOWN_RANGES
    return f"{shown} and {rest} more" if rest > 0 else shown or "nothing"
