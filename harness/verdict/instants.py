"""Instants with a fixed offset, as they come back from the journal.

Two times of one zone are compared and subtracted by the clock on the wall, and a time in the hour that comes twice
equals none of another zone (PEP 495). A check would then judge otherwise from the journal than it did in the run.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timezone
from typing import Any

__all__ = ["Instants"]


class Instants:
    """For frozen dataclasses: every datetime field keeps its offset and lets go of its zone.

    Raises:
        ValueError: a datetime has no offset, so that nobody knows which instant it is.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        itself: Any = self
        for field in fields(itself):
            value = getattr(self, field.name)
            if isinstance(value, datetime):
                object.__setattr__(self, field.name, _fixed(value, field.name))


def _fixed(instant: datetime, name: str) -> datetime:
    offset = instant.utcoffset()
    if offset is None:
        message = f"{name} {instant.isoformat()} has no offset: give an aware datetime"
        raise ValueError(message)
    return instant.astimezone(timezone(offset))
