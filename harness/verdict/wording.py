"""How times and spans read in findings: local time of the clinic, the same words everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

__all__ = ["amount", "moment", "ranges", "shift", "span", "zone_of"]

SHOWN_RANGES = 3
HOUR, DAY = 60, 24 * 60
"""Minutes."""


def zone_of(name: str, example: datetime) -> tzinfo:
    """The zone of that name; where there is none, the offset of an example instant.

    An offset rather than the example's own zone: from the journal it comes back as an offset, and a finding that is
    written again from there must read the same.
    """
    return ZoneInfo(name) if name else timezone(example.utcoffset() or timedelta(0))


def moment(instant: datetime, zone: tzinfo) -> str:
    """``Tue 24 Nov 09:00``."""
    return f"{instant.astimezone(zone):%a %d %b %H:%M}"


def span(start: datetime, end: datetime, zone: tzinfo) -> str:
    """``Tue 24 Nov 09:00–09:30 Europe/Warsaw``, with the day again where it is another one."""
    return _span(start, end, zone) + _named(zone)


def ranges(minutes: Iterable[datetime], zone: tzinfo) -> str:
    """Minutes as spans, the first three of them, and how many more there are."""
    found: list[tuple[datetime, datetime]] = []
    for minute in sorted(minutes):
        end = minute + timedelta(minutes=1)
        if found and found[-1][1] == minute:
            found[-1] = (found[-1][0], end)
        else:
            found.append((minute, end))
    if not found:
        return "nothing"
    shown = ", ".join(_span(start, end, zone) for start, end in found[:SHOWN_RANGES])
    rest = len(found) - SHOWN_RANGES
    return f"{shown} and {rest} more{_named(zone)}" if rest > 0 else f"{shown}{_named(zone)}"


def shift(difference: timedelta) -> str:
    """``1 h later``, ``1 d 2 h earlier``."""
    return f"{amount(abs(difference))} {'later' if difference > timedelta(0) else 'earlier'}"


def amount(length: timedelta) -> str:
    """``40 min``, ``1 h 30 min``, ``2 d``."""
    minutes = round(length.total_seconds() / 60)
    parts = ((minutes // DAY, "d"), (minutes % DAY // HOUR, "h"), (minutes % HOUR, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or f"{length.total_seconds():.0f} s"


def _span(start: datetime, end: datetime, zone: tzinfo) -> str:
    local = end.astimezone(zone)
    same = local.date() == start.astimezone(zone).date()
    return f"{moment(start, zone)}–{local:%H:%M}" if same else f"{moment(start, zone)}–{moment(end, zone)}"


def _named(zone: tzinfo) -> str:
    return f" {zone.key}" if isinstance(zone, ZoneInfo) else ""
