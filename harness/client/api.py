"""The Docplanner Integrations API, by nouns."""

from __future__ import annotations

from harness.client.bookings import Bookings
from harness.client.calendars import Calendars
from harness.client.calls import Calls
from harness.client.dictionaries import Dictionaries
from harness.client.directory import Directory
from harness.client.notifications import Notifications

__all__ = ["DocplannerApi"]


class DocplannerApi:
    """What a partner system asks of Docplanner. Every method answers an :data:`~harness.client.outcome.Outcome`."""

    def __init__(self, calls: Calls) -> None:
        self.gate = calls.gate
        self.directory = Directory(calls)
        self.calendars = Calendars(calls)
        self.bookings = Bookings(calls)
        self.notifications = Notifications(calls)
        self.dictionaries = Dictionaries(calls)
        self._calls = calls

    @property
    def closed(self) -> bool:
        """Whether nothing can be asked any more."""
        return self._calls.closed

    def close(self) -> None:
        """Close the connections; whoever waits stops waiting."""
        self._calls.close()
