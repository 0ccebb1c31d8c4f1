"""A clinic with the reference stub, connected to the small Docplanner of these tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from stub.docplanner import Docplanner

from harness.client.models import Person
from harness.clock import SystemClock
from harness.stub.link import Link
from harness.stub.settings import StubSettings
from harness.stub.staff import visits
from harness.stub.system import ClinicSystem
from harness.stub.visits import Visit

ZONE = ZoneInfo("Europe/Warsaw")
TOMORROW = (SystemClock().now().astimezone(ZONE) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
PIOTR = Person("Piotr", "+48500009999", "Wójcik")
CONNECTION = {
    "api_base_url": "http://docplanner.test/api/v3/integration",
    "token_url": "http://docplanner.test/oauth/v2/token",
    "client_id": "client",
    "client_secret": "canary-secret",
    "delivery": "push",
    "time_zone": "Europe/Warsaw",
    "callback_api_key": "canary-key",
    "callback_api_key_header": "X-Agreed",
}
LONGEST_WAIT_S = 20.0
LOOK_S = 0.01


@dataclass
class Clinic:
    """The stub's system, and Docplanner as it sees it."""

    system: ClinicSystem
    docplanner: Docplanner

    @property
    def link(self) -> Link:
        """The connection in force."""
        return self.system.engine.link

    def settle(self) -> None:
        """Wait until the clinic says that nothing is under way."""
        self.until(self._idle)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so."""
        look = Event()
        for _ in range(int(LONGEST_WAIT_S / LOOK_S)):
            if condition():
                return
            look.wait(LOOK_S)
        message = f"still not so: {self.system.engine.activity()}"
        raise AssertionError(message)

    def _idle(self) -> bool:
        activity = self.system.engine.activity()
        return (activity.outgoing, activity.incoming, activity.syncing) == (0, 0, False)

    def tell(self, *news: dict[str, object]) -> None:
        """Docplanner's news reaches the clinic and is handled; without any, all that was made so far."""
        for one in news or tuple(self.docplanner.news):
            self.system.engine.take(one)  # type: ignore[arg-type]
        self.settle()

    def book(self, start: datetime = TOMORROW, patient: Person = PIOTR, *, address: str = "31") -> Visit:
        """Staff book."""
        service = "9" if address == "31" else "19"
        return visits.book(
            self.link, address, start=start, minutes=30, address_service_id=service, patient=patient, comment=None
        )

    def visits(self, address: str = "31") -> list[Visit]:
        """Every visit that the clinic holds there around these days."""
        return visits.listed(self.link, address, TOMORROW - timedelta(days=30), TOMORROW + timedelta(days=30))

    def booked(self) -> list[tuple[str, str, str]]:
        """Every visit that takes place: address, start, booking id; as :meth:`Docplanner.booked` tells them."""
        found = [one for address in self.docplanner.services for one in self.visits(address) if one.booked]
        return sorted((one.address_id, at(one.start), str(one.booking_id)) for one in found)


@contextmanager
def clinic(
    *defects: str,
    docplanner: Docplanner | None = None,
    delivery: str = "push",
    **more: Any,  # noqa: ANN401 - settings
) -> Iterator[Clinic]:
    """A clinic that is connected and has read what Docplanner shares."""
    far_side = docplanner or Docplanner()
    settings = StubSettings(defects=defects, pull_interval_s=0.02, **more)
    system = ClinicSystem(settings, httpx.MockTransport(far_side))
    try:
        system.connect(CONNECTION | {"delivery": delivery})
        system.engine.import_mapping()
        yield Clinic(system, far_side)
    finally:
        system.stop()


def at(instant: datetime) -> str:
    """The instant as calendars are compared by."""
    return instant.astimezone(ZONE).isoformat(timespec="seconds")
