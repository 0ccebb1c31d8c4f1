"""What staff do reaches Docplanner: once, in order, and whatever happens on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from stub.clinics import PIOTR, TOMORROW, clinic
from stub.docplanner import ANNA, Docplanner, failing

from harness.client.models import Person
from harness.stub.staff import breaks, visits

HOUR = timedelta(hours=1)


def test_a_visit_of_staff_is_booked_at_docplanner() -> None:
    """With the real patient, and known by the id that Docplanner gave."""
    with clinic() as here:
        visit = here.book()
        here.settle()

        assert here.booked() == here.docplanner.booked() != []
        patient = here.docplanner.made("POST", "/book")[0]["patient"]
        assert patient == {"name": "Piotr", "surname": "Wójcik", "phone": "+48500009999"}
        assert visits.one(here.link, "31", visit.id).sync_state == "synced"


def test_a_visit_of_staff_is_cancelled_at_docplanner() -> None:
    """And the time is free for another one."""
    with clinic() as here:
        visit = here.book()
        here.settle()
        visits.cancel(here.link, "31", visit.id)
        here.settle()

        assert here.booked() == here.docplanner.booked() == []


@pytest.mark.parametrize("address", ["31", "32"])
def test_a_visit_that_staff_move_is_moved_at_docplanner(address: str) -> None:
    """To another time, or to another address with the service of the same dictionary entry; its id follows."""
    with clinic() as here:
        visit = here.book()
        here.settle()
        visits.move(
            here.link,
            "31",
            visit.id,
            start=TOMORROW + HOUR,
            minutes=None,
            address_service_id=None,
            to_address_id=address,
        )
        here.settle()

        assert here.booked() == here.docplanner.booked()
        assert [one[:2] for one in here.booked()] == [(address, (TOMORROW + HOUR).isoformat(timespec="seconds"))]


def test_a_visit_moved_and_cancelled_before_it_was_sent_is_not_sent() -> None:
    """Nothing is owed for what is over."""
    with clinic() as here:
        here.docplanner.trouble = failing(r"GET .*bookings$", times=4, happens=False)
        visit = here.book()
        move = {"minutes": None, "address_service_id": None, "to_address_id": "32"}
        visits.move(here.link, "31", visit.id, start=TOMORROW + HOUR, **move)
        visits.cancel(here.link, "32", visit.id)
        here.settle()

        assert here.docplanner.bookings == {}


@pytest.mark.parametrize("happens", [True, False])
@pytest.mark.parametrize("status", [503, None])
def test_a_booking_whose_end_is_not_known_is_made_once(*, happens: bool, status: int | None) -> None:
    """Docplanner is read before anything is repeated."""
    docplanner = Docplanner(trouble=failing("POST .*book", happens=happens, status=status))
    with clinic(docplanner=docplanner) as here:
        here.book()
        here.settle()

        assert len(here.docplanner.bookings) == 1
        assert here.booked() == here.docplanner.booked()


@pytest.mark.parametrize("happens", [True, False])
def test_a_move_whose_end_is_not_known_is_made_once(*, happens: bool) -> None:
    """The chain of moves tells what became of the booking."""
    with clinic() as here:
        visit = here.book()
        here.settle()
        here.docplanner.trouble = failing("POST .*move", happens=happens)
        move = {"minutes": None, "address_service_id": None, "to_address_id": None}
        visits.move(here.link, "31", visit.id, start=TOMORROW + HOUR, **move)
        here.settle()

        assert here.booked() == here.docplanner.booked()
        assert len(here.docplanner.bookings) == 2


@pytest.mark.parametrize("happens", [True, False])
def test_a_cancellation_whose_end_is_not_known_is_made(*, happens: bool) -> None:
    """A booking that is cancelled already is what was wanted."""
    with clinic() as here:
        visit = here.book()
        here.settle()
        here.docplanner.trouble = failing("DELETE .*bookings", happens=happens)
        visits.cancel(here.link, "31", visit.id)
        here.settle()

        assert here.booked() == here.docplanner.booked() == []


@pytest.mark.parametrize("happens", [True, False])
def test_a_break_whose_end_is_not_known_is_made_once(*, happens: bool) -> None:
    """Docplanner's breaks are read before it is added again."""
    with clinic() as here:
        here.docplanner.trouble = failing("POST .*breaks", happens=happens)
        breaks.add(here.link, "31", TOMORROW, TOMORROW + HOUR, "lunch")
        here.settle()

        assert len(here.docplanner.breaks) == 1


def test_a_break_is_moved_and_removed_at_docplanner() -> None:
    """It keeps its id there."""
    with clinic() as here:
        block = breaks.add(here.link, "31", TOMORROW, TOMORROW + HOUR, "lunch")
        here.settle()
        breaks.move(here.link, "31", block.id, TOMORROW + HOUR, TOMORROW + 2 * HOUR)
        here.settle()
        since = [one["since"] for one in here.docplanner.breaks.values()]
        breaks.remove(here.link, "31", block.id)
        here.settle()

        assert since == [(TOMORROW + HOUR).isoformat(timespec="seconds")]
        assert here.docplanner.breaks == {}


def test_a_time_that_was_taken_meanwhile_is_a_conflict() -> None:
    """The marketplace's visit is in both calendars, the staff's is kept and marked, and nothing is booked twice."""
    with clinic() as here:
        here.docplanner.book(TOMORROW)
        mine = here.book()
        here.settle()

        kept = visits.one(here.link, "31", mine.id)
        assert (kept.sync_state, kept.booking_id) == ("conflict", None)
        assert sorted(one.patient.name for one in here.visits() if one.booked) == ["Anna", "Piotr"]
        assert len(here.docplanner.booked()) == 1
        assert here.docplanner.made("POST", "/book") == []


def test_news_of_a_visit_over_one_that_staff_are_booking_is_a_conflict() -> None:
    """Also where the booking of staff has not been sent yet."""
    with clinic() as here:
        here.docplanner.trouble = failing("GET .*bookings$", times=4, happens=False)
        mine = here.book()
        here.docplanner.book(TOMORROW)
        here.tell()

        assert visits.one(here.link, "31", mine.id).sync_state == "conflict"
        assert len(here.docplanner.booked()) == 1


@pytest.mark.parametrize("sent", [True, False])
def test_staff_who_move_a_visit_on_while_its_time_is_found_taken_are_heard(*, sent: bool) -> None:
    """What was found about the time that it left says nothing about the time that it has now."""
    move = {"minutes": None, "address_service_id": None, "to_address_id": None}
    with clinic() as here:
        moved_on: list[str] = []

        def meanwhile(method: str, path: str, do: Callable[[], httpx.Response]) -> httpx.Response | None:
            if method != "GET" or not path.endswith("/bookings") or moved_on:
                return None
            answer = do()
            moved_on.append(here.visits()[0].id)
            visits.move(here.link, "31", moved_on[0], start=TOMORROW + 3 * HOUR, **move)
            return answer

        if sent:
            mine = here.book()
            here.settle()
        here.docplanner.book(TOMORROW + HOUR)
        here.docplanner.trouble = meanwhile
        if sent:
            visits.move(here.link, "31", mine.id, start=TOMORROW + HOUR, **move)
        else:
            here.book(TOMORROW + HOUR)
        here.settle()

        kept = visits.one(here.link, "31", moved_on[0])
        assert (kept.start, kept.sync_state) == (TOMORROW + 3 * HOUR, "synced")
        assert (TOMORROW + 3 * HOUR).isoformat(timespec="seconds") in {one[1] for one in here.docplanner.booked()}


def test_a_move_to_a_time_that_is_taken_goes_back() -> None:
    """The visit stays where Docplanner has it, and staff are warned."""
    with clinic() as here:
        mine = here.book()
        here.settle()
        here.docplanner.book(TOMORROW + HOUR)
        move = {"minutes": None, "address_service_id": None, "to_address_id": None}
        visits.move(here.link, "31", mine.id, start=TOMORROW + HOUR, **move)
        here.settle()

        kept = visits.one(here.link, "31", mine.id)
        assert (kept.start, kept.sync_state) == (TOMORROW, "conflict")
        assert kept.live


def test_a_time_that_docplanner_does_not_offer_is_told_to_staff() -> None:
    """The visit is kept, failed, with Docplanner's words."""
    with clinic(docplanner=Docplanner(offers_everything=False)) as here:
        visit = here.book()
        here.settle()

        kept = visits.one(here.link, "31", visit.id)
        assert (kept.status, kept.sync_state) == ("booked", "failed")
        assert "target slot" in str(kept.sync_message)


def test_a_visit_that_the_patient_moved_is_cancelled_where_it_went() -> None:
    """Staff cancel what they see; Docplanner knows it under a newer id."""
    with clinic() as here:
        here.docplanner.book(TOMORROW)
        here.tell()
        old = here.visits()[0]
        here.docplanner.move(str(old.booking_id), TOMORROW + HOUR)  # the news of it is on its way
        visits.cancel(here.link, "31", old.id)
        here.settle()

        assert here.docplanner.booked() == []


def test_confirmation_and_presence_are_passed_on() -> None:
    """Presence once the visit has begun."""
    with clinic() as here:
        visit = here.book(TOMORROW - timedelta(days=2), Person("Ewa", "500111222"))
        here.settle()
        visits.confirm(here.link, "31", visit.id)
        visits.mark(here.link, "31", visit.id, "absent")
        here.settle()

        assert here.docplanner.made("PUT", "/confirm") == [{"confirmed_by": "admin"}]
        assert [path[-8:] for method, path, _ in here.docplanner.calls if method == "DELETE"] == ["/patient"]


def test_calendars_do_not_wait_for_each_other() -> None:
    """A calendar whose calls fail keeps no other from being sent."""
    with clinic() as here:
        here.docplanner.trouble = failing("addresses/31/bookings", times=10**6, happens=False)
        here.book()
        here.book(address="32")
        here.until(lambda: here.system.engine.activity().outgoing == 1)

        assert [one[0] for one in here.docplanner.booked()] == ["32"]
        here.docplanner.trouble = lambda *_: None


def test_what_was_owed_is_sent_after_a_restart(tmp_path: Path) -> None:
    """The queue is in the database, the connection too."""
    database = tmp_path / "clinic.sqlite"
    docplanner = Docplanner(trouble=failing("GET .*bookings$", times=10**6, happens=False))
    with clinic(docplanner=docplanner, database=database) as here:
        here.book(patient=PIOTR)
    docplanner.trouble = lambda *_: None
    with clinic(docplanner=docplanner, database=database) as here:
        here.settle()

        assert here.booked() == docplanner.booked() != []


def test_the_echo_of_an_own_booking_changes_nothing() -> None:
    """Whether Docplanner echoes is not documented."""
    with clinic() as here:
        here.book()
        here.settle()
        booking = next(iter(here.docplanner.bookings.values()))
        here.docplanner._tell("slot-booked", "31", visit_booking=booking)
        here.tell()

        assert len(here.visits()) == 1
        assert here.booked() == here.docplanner.booked()


def test_patients_are_compared_as_the_contract_compares() -> None:
    """A try that took place is found though Docplanner writes the patient in another way."""
    docplanner = Docplanner(trouble=failing("POST .*book", happens=True))
    with clinic(docplanner=docplanner) as here:
        here.book(patient=Person("ANNA ", "500001234", "nowak"))
        here.settle()

        assert len(docplanner.bookings) == 1
        assert ANNA["phone"].endswith("500001234")
