"""The events of which Docplanner notifies a partner system."""

from __future__ import annotations

from dataclasses import dataclass

from harness.contract.documents import API, LazyMapping, document
from harness.contract.json_value import object_of, text_of

__all__ = ["EVENTS", "Event"]


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of notification."""

    name: str
    blocking: bool
    """Whether Docplanner waits for the answer and goes by it: a real-time check."""
    when: str
    """What makes it, in a sentence."""
    schema: str
    """Name of the schema of the whole notification."""


def _events() -> dict[str, Event]:
    return {
        name: Event(
            name=name,
            blocking=object_of(entry)["blocking"] is True,
            when=text_of(object_of(entry)["when"]),
            schema=text_of(object_of(entry)["schema"]).rpartition("/")[2],
        )
        for name, entry in object_of(document(API)["x-callbacks"]).items()
    }


EVENTS: LazyMapping[str, Event] = LazyMapping(_events)
"""Every event by its name, such as ``slot-booked``."""
