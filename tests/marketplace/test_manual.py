"""Patients and doctors at Docplanner as people: what they say is done is read there before it is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from hands import CAUSE, Hands
from sandbox.served import Served, served

from harness.clock import SystemClock
from harness.errors import DocplannerRefused, EffectNotShown, NeedsSandbox, PersonSkipped
from harness.marketplace.embedded import EmbeddedMarketplace
from harness.marketplace.manual import ManualMarketplace
from harness.marketplace.news import NewsFeed
from harness.marketplace.nobody import Nobody
from harness.marketplace.port import ApiClients, Marketplace, TimeThere, Trouble
from harness.operator.places import Places
from harness.operator.port import Said, Who
from harness.vocabulary import BookingId, Clinic, Patient, Period, Visit

ZONE = ZoneInfo("Europe/Warsaw")
ANNA = Patient("Anna", "Nowak", "+48500001234", "anna@example.com")


@dataclass
class There:
    """A sandbox with a person at it."""

    docplanner: EmbeddedMarketplace
    news: NewsFeed

    def desk(self, clinic: Clinic, **changed: object) -> tuple[ManualMarketplace, Hands]:
        """A person for that clinic."""
        calendars = {str(one.id): one for doctor in clinic.doctors for one in doctor.calendars}
        hands = Hands(self.docplanner, calendars.__getitem__, **changed)  # type: ignore[arg-type]
        within = timedelta(seconds=0.2 if changed else 10)
        places = Places(lambda: [one for one, _ in self.docplanner.estate()])
        made = ManualMarketplace(hands, self.docplanner, places, ZONE, SystemClock(), self.news, within)
        return made, hands


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Served]:
    """The sandbox of the file's tests."""
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def there(sandbox: Served) -> Iterator[There]:
    """A run's way to it."""
    running = sandbox.sandbox
    docplanner = EmbeddedMarketplace(
        running.control_url,
        token=running.control_token,
        client_id=running.client_id,
        transport=httpx.HTTPTransport(),
    )
    sandbox.done("PUT", f"/clients/{running.client_id}", {"delivery": "pull"})
    with NewsFeed(running.control_url, token=running.control_token) as news:
        yield There(docplanner, news)
    docplanner.close()


@pytest.fixture
def clinic(there: There) -> Clinic:
    """A clinic that no other test has."""
    return there.docplanner.add_clinic("ordinary", [], CAUSE)


def at(hour: int, *, days: int = 1) -> datetime:
    """A local hour, days from now."""
    day = SystemClock().now().astimezone(ZONE).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def visit_in(clinic: Clinic, hour: int = 18) -> Visit:
    """A visit with the first doctor, outside of any working time."""
    calendar = clinic.doctors[0].calendars[0]
    service = calendar.services[0]
    return Visit(calendar, ANNA, at(hour), service.minutes, service)


def test_a_visit_is_booked_moved_confirmed_and_cancelled_by_people(there: There, clinic: Clinic) -> None:
    """Each act gives what Docplanner shows of it."""
    desk, hands = there.desk(clinic)
    visit = visit_in(clinic)

    booked = desk.book(visit, "doctor", CAUSE)
    known = replace(visit, booking_id=BookingId(booked.booking_id))
    assert desk.confirm(known, "patient", CAUSE).confirmed
    moved = desk.move(known, at(19), "doctor", CAUSE)
    gone = desk.cancel(replace(visit, start=at(19), booking_id=BookingId(moved.booking_id)), "patient", CAUSE)

    assert (booked.start, moved.start, moved.moved_from) == (at(18), at(19), booked.booking_id)
    assert gone.status != "booked"
    assert [one.who for one in hands.asked] == [Who.DOCTOR, Who.PATIENT, Who.DOCTOR, Who.PATIENT]


def test_the_task_says_who_when_where_and_whom(there: There, clinic: Clinic) -> None:
    """So that a person who knows no id can do it."""
    desk, hands = there.desk(clinic)
    doctor = clinic.doctors[0]
    desk.book(visit_in(clinic), "doctor", CAUSE)
    words = hands.asked[0].words
    for part in ("as the doctor", "Anna Nowak", f"{at(18):%a %d %b} 18:00", doctor.full_name, clinic.name, ANNA.phone):
        assert part in words


def test_presence_breaks_working_time_and_services_are_done_by_people(there: There, clinic: Clinic) -> None:
    """Every verb of the port that a person can do."""
    desk, _ = there.desk(clinic)
    calendar = clinic.doctors[0].calendars[0]
    begun = replace(visit_in(clinic), start=SystemClock().now().replace(second=0, microsecond=0))
    booked = desk.book(begun, "doctor", CAUSE)
    known = replace(begun, booking_id=BookingId(booked.booking_id))
    assert desk.mark_presence(known, "doctor", "absent", CAUSE).presence == "absent"

    blocked = desk.add_break(calendar.id, at(10), at(11), CAUSE)
    desk.move_break(calendar.id, blocked.break_id, at(12), at(13), CAUSE)
    assert [one.since for one in desk.breaks(calendar.id, at(8), at(20))] == [at(12)]
    desk.remove_break(calendar.id, blocked.break_id, CAUSE)
    assert desk.breaks(calendar.id, at(8), at(20)) == ()

    period = Period(at(9), at(12), calendar.services[:1])
    desk.fill(calendar.id, [at(9).date()], [period], CAUSE)
    assert {one.start for one in desk.offers(calendar.id, at(8), at(20))} >= {at(9)}
    desk.fill(calendar.id, [at(9).date()], [], CAUSE)
    assert desk.working_time(calendar.id, at(8), at(20)) == ()

    service = calendar.services[1]
    desk.delete_service(calendar, service, CAUSE)
    added = desk.add_service(calendar, service.service_id, service.minutes, CAUSE)
    assert added.id != service.id
    assert added in desk.services(calendar.id)


ACTS: dict[str, Callable[[Marketplace, Visit], object]] = {
    "book": lambda desk, visit: desk.book(visit, "patient", CAUSE),
    "move": lambda desk, visit: desk.move(visit, at(20), "patient", CAUSE),
    "add_break": lambda desk, visit: desk.add_break(visit.calendar.id, at(10), at(11), CAUSE),
}


@pytest.mark.parametrize("verb", ACTS)
def test_what_was_said_to_be_done_and_is_not_there_is_not_believed(there: There, clinic: Clinic, verb: str) -> None:
    """The act is to blame, nobody else."""
    desk, _ = there.desk(clinic, idle=True)
    with pytest.raises(EffectNotShown, match="Ola said done; Docplanner shows no"):
        ACTS[verb](desk, visit_in(clinic))


def test_a_cancellation_that_did_not_take_place_is_not_believed(there: There, clinic: Clinic) -> None:
    """The visit is still booked."""
    visit = visit_in(clinic)
    booked = there.docplanner.book(visit, "doctor", CAUSE)
    desk, _ = there.desk(clinic, idle=True)
    with pytest.raises(EffectNotShown, match="no cancellation"):
        desk.cancel(replace(visit, booking_id=BookingId(booked.booking_id)), "patient", CAUSE)


def test_a_refusal_and_a_skip_are_told_apart(there: There, clinic: Clinic) -> None:
    """Docplanner's own refusal is the arrangement's; a skip is the person's."""
    refused, _ = there.desk(clinic, said=Said.REFUSED)
    with pytest.raises(DocplannerRefused):
        refused.book(visit_in(clinic), "patient", CAUSE)
    skipped, _ = there.desk(clinic, said=Said.SKIPPED)
    with pytest.raises(PersonSkipped):
        skipped.book(visit_in(clinic), "patient", CAUSE)


def test_what_nobody_can_do_needs_the_embedded_sandbox(clinic: Clinic) -> None:
    """Trouble, forged messages, tokens, limits, clocks."""
    nobody = Nobody()
    clients: ApiClients = nobody
    time: TimeThere = nobody
    address = clinic.doctors[0].calendars[0].id
    for impossible in (
        lambda: clients.trouble(Trouble(address, "write", "fail"), CAUSE),
        lambda: clients.expire_tokens(CAUSE),
        lambda: clients.send_forged(visit_in(clinic), "wrong", CAUSE),
        lambda: time.pass_by(timedelta(days=1), CAUSE),
        lambda: time.behave(address, {}, CAUSE),
    ):
        with pytest.raises(NeedsSandbox, match="only the embedded sandbox can"):
            impossible()
