"""A booking of staff whose end nobody knows, and what patients do with it before the clinic has looked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import httpx
import pytest
from stub.clinics import TOMORROW, clinic
from stub.docplanner import Docplanner

from harness.stub.staff import visits

HOUR = timedelta(hours=1)
STAY = {"minutes": None, "address_service_id": None, "to_address_id": None}


class Patient:
    """Acts on the booking that took place, in the moment in which the clinic's line breaks; lists fail until told."""

    def __init__(self, docplanner: Docplanner, *, cancels: bool) -> None:
        """Nothing has happened yet."""
        self.docplanner, self.cancels = docplanner, cancels
        self.acted, self.lists = Event(), Event()

    def __call__(self, method: str, path: str, do: Callable[[], httpx.Response]) -> httpx.Response | None:
        """What happens instead of the call."""
        if method == "GET" and path.endswith("/bookings") and self.acted.is_set() and not self.lists.is_set():
            return httpx.Response(503)
        if not path.endswith("/book") or self.acted.is_set():
            return None
        booking = do().json()["id"]
        if self.cancels:
            self.docplanner.cancel(booking)
        else:
            self.docplanner.move(booking, TOMORROW + HOUR)
        self.acted.set()
        message = "cut"
        raise httpx.ReadError(message)


@pytest.mark.parametrize("cancels", [True, False])
@pytest.mark.parametrize("told", [True, False], ids=["told", "not-told"])
@pytest.mark.parametrize("staff", ["wait", "move", "cancel"])
def test_what_a_patient_did_with_it_is_found_and_nothing_is_there_twice(
    *, cancels: bool, told: bool, staff: str
) -> None:
    """Whether news of it come before the clinic looks or not at all, and whatever staff do with it meanwhile."""
    with clinic() as here:
        patient = here.docplanner.trouble = Patient(here.docplanner, cancels=cancels)
        mine = here.book()
        assert patient.acted.wait(5)
        if staff == "move":
            visits.move(here.link, "31", mine.id, start=TOMORROW + 3 * HOUR, **STAY)
        elif staff == "cancel":
            visits.cancel(here.link, "31", mine.id)
        if told:
            news = here.docplanner.news[-1]
            here.system.engine.take(news)
            here.until(lambda: here.system.engine.activity().incoming == 0)
        patient.lists.set()
        here.settle()

        assert here.booked() == here.docplanner.booked()
        assert len(here.booked()) == (0 if cancels or staff == "cancel" else 1)
        shown = [one.sync_state for one in here.visits()]
        assert shown == ["synced"]
