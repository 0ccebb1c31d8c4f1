"""What staff did and nobody knows the end of, and what is done with it before the clinic has looked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import httpx
import pytest
from stub.clinics import TOMORROW, at, clinic
from stub.docplanner import Docplanner

from harness.stub.comparing import compare
from harness.stub.staff import breaks, visits

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


class Lost:
    """The booking takes place, its answer is lost, and lists fail until told."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self.lost, self.lists = Event(), Event()

    def __call__(self, method: str, path: str, do: Callable[[], httpx.Response]) -> httpx.Response | None:
        """What happens instead of the call."""
        if method == "GET" and path.endswith("/bookings") and self.lost.is_set() and not self.lists.is_set():
            return httpx.Response(503)
        if not path.endswith("/book") or self.lost.is_set():
            return None
        do()
        self.lost.set()
        message = "cut"
        raise httpx.ReadError(message)


@pytest.mark.parametrize("staff", ["wait", "move", "cancel"])
@pytest.mark.parametrize("stopped", [True, False], ids=["stopped", "running"])
def test_what_staff_did_with_it_counts_when_both_calendars_are_compared(*, stopped: bool, staff: str) -> None:
    """The comparison finds the booking before the clinic has looked what became of its try."""
    with clinic() as here:
        far = here.docplanner.trouble = Lost()
        mine = here.book()
        assert far.lost.wait(5)
        link = here.link
        if stopped:
            here.system.set_active(active=False)
        if staff == "move":
            visits.move(link, "31", mine.id, start=TOMORROW + 3 * HOUR, **STAY)
        elif staff == "cancel":
            visits.cancel(link, "31", mine.id)
        far.lists.set()
        if stopped:
            here.system.set_active(active=True)
        else:
            compare(link, "31")
        here.settle()

        assert here.booked() == here.docplanner.booked()
        assert [one[1] for one in here.booked()] == {
            "wait": [at(TOMORROW)],
            "move": [at(TOMORROW + 3 * HOUR)],
            "cancel": [],
        }[staff]
        assert [one.sync_state for one in here.visits()] == ["synced"]


class Cut:
    """The line breaks after a break was made; breaks cannot be listed until told."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self.made, self.lists = Event(), Event()

    def __call__(self, method: str, path: str, do: Callable[[], httpx.Response]) -> httpx.Response | None:
        """What happens instead of the call."""
        if not path.endswith("/breaks"):
            return None
        if method == "GET" and self.made.is_set() and not self.lists.is_set():
            return httpx.Response(503)
        if method == "POST" and not self.made.is_set():
            do()
            self.made.set()
            message = "cut"
            raise httpx.ReadError(message)
        return None


@pytest.mark.parametrize("staff", ["wait", "move", "free"])
def test_a_break_that_staff_changed_while_the_system_stood_still_is_not_taken_for_the_doctors(staff: str) -> None:
    """Catching up meets it at Docplanner before the clinic has looked what became of its own try."""
    with clinic() as here:
        line = here.docplanner.trouble = Cut()
        day = TOMORROW - HOUR, TOMORROW + 9 * HOUR
        mine = breaks.add(here.link, "31", TOMORROW, TOMORROW + HOUR, None)
        assert line.made.wait(5)
        here.system.set_active(False)
        if staff == "move":
            breaks.move(here.link, "31", mine.id, TOMORROW + 3 * HOUR, TOMORROW + 4 * HOUR)
        elif staff == "free":
            breaks.remove(here.link, "31", mine.id)
        line.lists.set()
        here.system.set_active(True)
        here.settle()

        held = [(at(one.since), one.break_id) for one in breaks.listed(here.link, "31", *day)]
        there = [(str(one["since"]), str(key)) for key, one in here.docplanner.breaks.items()]
        assert held == there
        due = {"wait": [at(TOMORROW)], "move": [at(TOMORROW + 3 * HOUR)], "free": []}
        assert [since for since, _ in held] == due[staff]
