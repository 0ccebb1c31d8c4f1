"""What was written is undone, what was not ours stays, and what cannot be undone is told."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest import mock

import httpx
import pytest
from safety.places import ANNA, PHONE, Far, far
from sandbox.served import Served, served

from harness.client.api import DocplannerApi
from harness.client.models import NewBooking, Person, WorkPeriod
from harness.client.outcome import Done
from harness.clock import SystemClock
from harness.errors import ConfigurationError, NotAllowed, OutputUnusable
from harness.safety.picture import Picture, Window, differences, take
from harness.safety.session import reading, undoing
from harness.safety.undo import Report
from harness.safety.writes import read_writes, unfinished
from harness.sandbox.settings import SandboxSettings


@pytest.fixture(scope="module")
def docplanner() -> Iterator[Served]:
    """One sandbox for the file."""
    with served() as running:
        yield running


@pytest.fixture
def there(docplanner: Served, tmp_path: Path) -> Iterator[Far]:
    """A calendar with offered time, a visit and a break of others on day 3."""
    with far(tmp_path, docplanner) as made:
        docplanner.fill(made.place, 3)
        docplanner.fill(made.place, 4)
        docplanner.book(made.place, docplanner.at(3, "10:00"))
        span = {"since": docplanner.at(3, "15:00"), "till": docplanner.at(3, "16:00"), "description": "lunch"}
        docplanner.done("POST", f"{made.place.calendar}/breaks", span)
        yield made


def picture(there: Far) -> Picture:
    """What the calendar shows now."""
    now = SystemClock().now()
    window = Window(now - timedelta(days=1), now + timedelta(weeks=12))
    with reading(there.endpoint, httpx.HTTPTransport, SystemClock()) as api:
        return take(api, there.at, window, now)


def done(outcome: object) -> str:
    """The id in the answer of a write that must go well."""
    assert isinstance(outcome, Done), outcome
    return str(outcome.value)


Act = Callable[[Far, DocplannerApi], None]


def books(there: Far, api: DocplannerApi) -> None:
    """Take a slot."""
    done(api.bookings.book(there.at, there.moment(3, "09:00"), there.visit()))


def books_and_moves(there: Far, api: DocplannerApi) -> None:
    """Take a slot, and then another one."""
    made = done(api.bookings.book(there.at, there.moment(3, "09:00"), there.visit()))
    to = there.moment(4, "09:30")
    done(api.bookings.move(there.at, made, to, address_service_id=there.place.services[0], minutes=30))


def books_and_cancels(there: Far, api: DocplannerApi) -> None:
    """Take a slot and give it back."""
    made = done(api.bookings.book(there.at, there.moment(3, "09:00"), there.visit()))
    done(api.bookings.cancel(there.at, made))


def blocks(there: Far, api: DocplannerApi) -> None:
    """Add two breaks and move one."""
    made = done(api.calendars.add_break(there.at, there.moment(3, "09:00"), there.moment(3, "10:00"), "Ms Nowak"))
    done(api.calendars.add_break(there.at, there.moment(5, "09:00"), there.moment(5, "10:00")))
    done(api.calendars.move_break(there.at, made, there.moment(4, "09:00"), there.moment(4, "10:00")))


def overwrites(there: Far, api: DocplannerApi) -> None:
    """Offer other time on a day with offered time, and on one without."""
    periods = [there.period(3, "12:00", "14:00"), there.period(4, "09:30", "10:00"), there.period(6, "09:00", "11:00")]
    mark = there.docplanner.mark()
    done(api.calendars.replace_slots(there.at, periods))
    there.docplanner.wait(mark, "slots-readable", there.place)


def empties(there: Far, api: DocplannerApi) -> None:
    """Offer nothing on a day with offered time."""
    mark = there.docplanner.mark()
    done(api.calendars.delete_slots(there.at, there.day(4)))
    there.docplanner.wait(mark, "slots-readable", there.place)


def changes_services(there: Far, api: DocplannerApi) -> None:
    """Offer another service of the dictionary."""
    known = {one.service_id for one in picture(there).services}
    dictionary = api.dictionaries.services()
    assert isinstance(dictionary, Done)
    new = next(one.id for one in dictionary.value if one.id not in known)
    assert isinstance(api.directory.add_service(there.at, new, minutes=20), Done)


def changes_insurances(there: Far, api: DocplannerApi) -> None:
    """Take one out that was accepted, and accept another one."""
    accepted = {one.id for one in picture(there).insurances}
    dictionary = api.dictionaries.insurances()
    assert isinstance(dictionary, Done)
    done(api.directory.add_insurance(there.at, next(one.id for one in dictionary.value if one.id not in accepted)))
    for one in accepted:
        done(api.directory.delete_insurance(there.at, one))


def closes(there: Far, api: DocplannerApi) -> None:
    """Take no more bookings."""
    done(api.calendars.disable(there.at))


def everything(there: Far, api: DocplannerApi) -> None:
    """One after the other."""
    for act in (books_and_moves, blocks, changes_services, overwrites, empties):
        act(there, api)


ACTS = (books, books_and_moves, books_and_cancels, blocks, overwrites, empties, changes_services, changes_insurances)


@pytest.mark.parametrize("act", [*ACTS, closes, everything], ids=lambda act: act.__name__)
def test_what_was_written_is_undone_and_verified(there: Far, act: Act) -> None:
    """The same offered slots, booked visits, breaks, services and insurances. Doing it again changes nothing."""
    before = picture(there)
    with there.writing() as api:
        act(there, api)
    assert act is books_and_cancels or differences(before, picture(there))

    report = there.undo()

    assert report.left == []
    assert differences(before, picture(there)) == []
    again = there.undo()
    assert (again.undone, again.left) == ([], [])


@pytest.fixture(scope="module")
def at_its_worst() -> Iterator[Served]:
    """A sandbox that does everything open at its worst."""
    settings = SandboxSettings(profile="harsh", changed={"slots_delay_s": 0.1}, own_phone_block="500")
    with served(settings) as running:
        yield running


@pytest.mark.parametrize("act", [books_and_moves, blocks, overwrites, empties], ids=lambda act: act.__name__)
def test_what_was_written_is_undone_however_docplanner_does_what_is_open(
    at_its_worst: Served, tmp_path: Path, act: Act
) -> None:
    """Ids that are numbers, lists that are not found, whole days replaced, updates that count as the same."""
    with far(tmp_path, at_its_worst) as made:
        at_its_worst.fill(made.place, 3)
        at_its_worst.fill(made.place, 4)
        before = picture(made)
        with made.writing() as api:
            act(made, api)
        report = made.undo()

        assert report.left == []
        assert differences(before, picture(made)) == []


@pytest.mark.parametrize("end", [None, RuntimeError("trouble"), KeyboardInterrupt()], ids=["end", "trouble", "Ctrl-C"])
def test_a_run_tidies_up_however_it_ends(there: Far, end: BaseException | None) -> None:
    """At its end, after trouble, and after Ctrl-C; then another one may begin."""
    before = picture(there)
    told: list[Report] = []
    with suppress(RuntimeError, KeyboardInterrupt), there.tidied(told.append) as api:
        books(there, api)
        if end is not None:
            raise end

    assert [one.clean for one in told] == [True]
    assert differences(before, picture(there)) == []
    with there.writing():
        pass


def test_no_run_begins_before_an_earlier_one_is_undone(there: Far) -> None:
    """It would take what was left for what was there before."""
    with there.writing() as api:
        books(there, api)
    with pytest.raises(NotAllowed, match="acceptance cleanup"), there.writing():
        pass
    there.finish()

    with there.writing():
        pass


def test_cancelled_visits_of_the_run_remain_and_are_listed(there: Far) -> None:
    """Docplanner has no way to make them never have been."""
    with there.writing() as api:
        made = done(api.bookings.book(there.at, there.moment(3, "09:00"), there.visit()))
    report = there.undo()

    assert [one.partition(" ")[0] for one in report.cancelled] == [made]


def test_a_visit_of_the_tester_is_undone_and_one_of_a_stranger_is_left_and_told(there: Far) -> None:
    """Whoever booked them; a stranger's visit is nobody's to cancel."""
    with there.writing() as api:
        done(api.calendars.delete_slots(there.at, there.day(4)))
    own = {"name": ANNA.name, "surname": ANNA.surname, "phone": ANNA.phone}
    booked = {"by": "doctor", "start": there.docplanner.at(3, "18:00"), "address_service_id": there.place.services[0]}
    there.docplanner.done("POST", f"{there.place.calendar}/visits", {**booked, "patient": own})
    stranger = there.docplanner.book(there.place, there.docplanner.at(3, "09:00"))["booking_id"]

    report = there.undo()

    assert any(f"visit {stranger}" in one and "this run did not book it" in one for one in report.left), report.left
    standing = [one.id for one in picture(there).visits if not one.cancelled]
    assert stranger in standing
    assert len(standing) == 2


def test_a_stranger_without_a_phone_is_not_taken_for_the_tester(there: Far) -> None:
    """Not even where the tester's phone was told in words, and has as few digits as the stranger's."""
    with there.writing() as api:
        done(api.calendars.delete_slots(there.at, there.day(4)))
    unknown = {"name": "Jan", "surname": "Obcy", "phone": "none"}
    booked = {"by": "doctor", "start": there.docplanner.at(3, "18:00"), "address_service_id": there.place.services[0]}
    there.docplanner.done("POST", f"{there.place.calendar}/visits", {**booked, "patient": unknown})
    before = [one.id for one in picture(there).visits if not one.cancelled]
    worded = replace(there, rules=replace(there.rules, phones=frozenset({PHONE, "my own"})))

    report = worded.undo()

    assert [one.id for one in picture(there).visits if not one.cancelled] == before
    assert any("this run did not book it" in one for one in report.left), report.left


def test_what_was_there_before_is_nobodys_to_change(there: Far) -> None:
    """Visits, breaks and services: they could not be put back as they were."""
    was = picture(there)
    with there.writing() as api:
        for forbidden in (
            lambda: api.bookings.cancel(there.at, was.visits[0].id),
            lambda: api.bookings.move(
                there.at, was.visits[0].id, there.moment(4, "09:00"), address_service_id="1", minutes=30
            ),
            lambda: api.calendars.delete_break(there.at, was.breaks[0].id),
            lambda: api.directory.delete_service(there.at, was.services[0].id),
            lambda: api.directory.update_service(there.at, was.services[0].id, minutes=20),
        ):
            with pytest.raises(NotAllowed, match="was there before"):
                forbidden()

    assert differences(was, picture(there)) == []


def test_a_write_stands_on_the_disk_before_it_is_made_and_names_nobody(there: Far) -> None:
    """Whatever its answer; what it holds of the patient stands nowhere."""
    seen: list[int] = []

    class Dying(httpx.HTTPTransport):
        """A connection that breaks as soon as a visit is to be booked."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            """Look at the journal, and break."""
            if request.url.path.endswith("/book"):
                seen.append(len(read_writes(there.journal).intended))
                message = "broken"
                raise httpx.ReadError(message)
            return super().handle_request(request)

    person = Person("Secretname", ANNA.phone, "Secretsurname", "secret@example.com")
    visit = NewBooking(there.place.services[0], person, 30, comment="Secretcomment")
    with there.writing(Dying) as api:
        assert not isinstance(api.bookings.book(there.at, there.moment(3, "09:00"), visit), Done)

    assert seen == [1]
    told = there.journal.read_text()
    assert "bookSlot" in told
    assert not any(one in told.lower() for one in ("secret", ANNA.phone[-9:]))
    assert there.journal.stat().st_mode & 0o077 == 0


def test_a_write_whose_answer_was_lost_is_found_and_undone(there: Far) -> None:
    """It took place, and nobody was told so."""

    class Deaf(httpx.HTTPTransport):
        """A connection that loses the answer to a booking."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            """Send it all the same."""
            answer = super().handle_request(request)
            if request.url.path.endswith("/book"):
                message = "broken"
                raise httpx.ReadError(message)
            return answer

    before = picture(there)
    with there.writing(Deaf) as api:
        api.bookings.book(there.at, there.moment(3, "09:00"), there.visit())
    assert differences(before, picture(there))

    assert there.undo().clean
    assert differences(before, picture(there)) == []


def test_nothing_is_written_that_cannot_be_noted(there: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    """No note, no write."""
    before = picture(there)
    with there.writing() as api, monkeypatch.context() as broken:
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        broken.setattr(os, "fsync", mock.Mock(side_effect=full))
        with pytest.raises(OutputUnusable, match="nothing is written"):
            api.calendars.delete_slots(there.at, there.day(4))

    assert differences(before, picture(there)) == []


def test_a_journal_of_another_client_is_not_undone_here(there: Far) -> None:
    """Its calendars may be somebody else's."""
    with there.writing():
        pass
    text = there.journal.read_text().replace(there.docplanner.sandbox.client_id, "somebody-else")
    there.journal.write_text(text)

    with (
        pytest.raises(ConfigurationError, match="another API client"),
        undoing(there.endpoint, httpx.HTTPTransport, read_writes(there.journal), SystemClock()),
    ):
        pass


def test_a_torn_line_is_left_out_and_written_past(there: Far) -> None:
    """The process died within it: its write was never sent."""
    with there.writing() as api:
        done(api.calendars.delete_slots(there.at, there.day(4)))
    with there.journal.open("ab") as file:
        file.write(b'{"type":"intended","id":"9-9","at":"2026')

    report = there.undo()

    assert report.clean
    assert len(read_writes(there.journal).intended) >= 2
    assert unfinished(there.journal.parent) == [there.journal]


def test_working_time_of_several_services_is_put_back_as_it_was_cut(there: Far) -> None:
    """A long service is offered only where it fits."""
    services = tuple((one, minutes) for one, minutes in zip(there.place.services, (20, 60), strict=False))
    assert len(services) == 2
    item = {
        "start": there.docplanner.at(7, "09:00"),
        "end": there.docplanner.at(7, "11:00"),
        "services": [{"address_service_id": one, "duration": minutes} for one, minutes in services],
    }
    days = {"days": [str(there.day(7))], "items": [item]}
    there.docplanner.done("PUT", f"{there.place.calendar}/working-time", days)
    before = picture(there)
    with there.writing() as api:
        done(api.calendars.replace_slots(there.at, [WorkPeriod(there.moment(7, "08:00"), there.moment(7, "20:00"))]))
        done(api.calendars.delete_slots(there.at, there.day(7)))

    assert there.undo().clean
    assert differences(before, picture(there)) == []
