"""Calls: what is sent, how answers are read, and what is known after trouble."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import httpx
import orjson
import pytest
import stamina
from client.docplanner import ADDRESS, AT, NOW, FarSide, api

from harness.client.models import AddressService, Moving, NewBooking, Person, WorkPeriod
from harness.client.outcome import Done, Refused, Unknown
from harness.contract.exchange_check import check_request

WARSAW = timezone(timedelta(hours=1))
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
ANNA = Person("Anna", "+48500001234", "Nowak", "anna@example.com", date(1980, 2, 1), "80020112345", "f")
BOOKING = {
    "id": 77,
    "status": "booked",
    "start_at": "2026-11-24T09:00:00+01:00",
    "end_at": "2026-11-24T09:30:00+01:00",
    "duration": "30",
    "booked_by": "user",
    "canceled_by": "",
    "booked_at": "2026-11-23T10:00:00+01:00",
}


def answering(status: int, json: object = None, **headers: str) -> FarSide:
    """A far side that always answers the same."""
    content = b"" if json is None else orjson.dumps(json)
    return FarSide(lambda _: httpx.Response(status, content=content, headers=headers))


def test_a_time_in_a_path_keeps_its_offset() -> None:
    """The plus sign is percent-encoded, as the API wants it."""
    far_side = answering(200, BOOKING)

    api(far_side).bookings.book(AT, NINE, NewBooking("9", ANNA, 30))

    assert far_side.asked[0].url.raw_path.decode() == f"{ADDRESS}/slots/2026-11-24T09%3A00%3A00%2B01%3A00/book"


def test_a_time_in_a_query_keeps_its_offset() -> None:
    """So that it is not read as a space."""
    far_side = answering(200, {"_items": []})

    api(far_side).calendars.free_slots(AT, NINE, NINE + timedelta(days=1))

    assert b"start=2026-11-24T09%3A00%3A00%2B01%3A00&end=" in far_side.asked[0].url.query


def test_every_call_says_who_calls() -> None:
    """Requests without a User-Agent are turned away in the field."""
    far_side = answering(200, {"_items": []})

    api(far_side).directory.facilities()

    assert far_side.asked[0].headers["User-Agent"] == "Reference clinic/1.0"


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("bookSlot", lambda one: one.bookings.book(AT, NINE, NewBooking("9", ANNA, 30, "by phone"))),
        (
            "moveBooking",
            lambda one: one.bookings.move(AT, "7", NINE, address_service_id="9", minutes=30, address_id="4"),
        ),
        ("cancelBooking", lambda one: one.bookings.cancel(AT, "7", reason="ill")),
        ("confirmBooking", lambda one: one.bookings.confirm(AT, "7")),
        ("addCalendarBreak", lambda one: one.calendars.add_break(AT, NINE, NINE + timedelta(hours=1), "lunch")),
        ("moveCalendarBreak", lambda one: one.calendars.move_break(AT, "7", NINE, NINE + timedelta(hours=1))),
        ("addAddressService", lambda one: one.directory.add_service(AT, "5", minutes=30, price=12.5)),
        ("updateAddressService", lambda one: one.directory.update_service(AT, "5", minutes=30)),
        (
            "replaceSlots",
            lambda one: one.calendars.replace_slots(
                AT,
                [
                    WorkPeriod(NINE, NINE + timedelta(hours=3), (("9", 30),), "with-insurance-only", ("12",)),
                    WorkPeriod(NINE + timedelta(hours=3), NINE + timedelta(hours=4)),
                ],
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bodies_are_as_the_contract_wants_them(operation: str, call) -> None:  # noqa: ANN001 - a call of any method
    """Every body that the client sends is checked against openapi.yaml."""
    far_side = answering(204)

    call(api(far_side))

    assert check_request(operation, {}, far_side.asked[0].content) == ()


def test_ids_and_durations_may_be_numbers() -> None:
    """Samples of the documentation show both."""
    outcome = api(
        answering(200, BOOKING | {"moving": {"origin_booking_id": 5, "newest_booking_id": "77"}})
    ).bookings.one(AT, "77")

    assert isinstance(outcome, Done)
    assert (outcome.value.id, outcome.value.minutes) == ("77", 30)
    assert outcome.value.moving == Moving("5", "77")
    assert outcome.value.start == NINE


def test_fields_that_are_not_known_are_ignored() -> None:
    """An API grows; a null is the same as nothing."""
    item = {"id": "1", "name": "Consultation", "service_id": None, "duration": None, "price": None, "new": {"a": 1}}
    outcome = api(answering(200, {"_items": [item], "_links": {}})).directory.services(AT)

    assert outcome == Done((AddressService("1", "Consultation"),))


def test_a_move_is_known_by_the_location_of_the_new_booking() -> None:
    """The body may show the old one."""
    far_side = answering(201, BOOKING, Location=f"https://docplanner.test{ADDRESS}/bookings/78")

    assert api(far_side).bookings.move(AT, "77", NINE, address_service_id="9", minutes=30) == Done("78")


def test_a_refusal_says_what_was_refused() -> None:
    """Message and errors by field are kept, the status too."""
    body = {"message": "Invalid arguments", "errors": {"slots[1].end": ["End date should be less."]}}

    outcome = api(answering(400, body)).calendars.replace_slots(AT, [])

    assert outcome == Refused(400, "Invalid arguments", ("slots[1].end: End date should be less.",))
    assert str(outcome) == "400 Invalid arguments (slots[1].end: End date should be less.)"


@pytest.mark.parametrize("answer", [{"_items": [{"name": "no id"}]}, {"items": []}, None])
def test_an_answer_that_cannot_be_read_leaves_open_what_happened(answer: object) -> None:
    """It is neither done nor refused."""
    assert isinstance(api(answering(200, answer)).directory.facilities(), Unknown)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_write_that_ends_in_trouble_is_never_sent_again(status: int) -> None:
    """Whether it took place is not known."""
    far_side = answering(status)

    outcome = api(far_side).bookings.book(AT, NINE, NewBooking("9", ANNA, 30))

    assert isinstance(outcome, Unknown)
    assert len(far_side.asked) == 1
    assert "Nowak" not in outcome.reason


def test_a_write_whose_connection_is_cut_is_never_sent_again() -> None:
    """The same as with a 5xx."""
    tries = []

    def cut(request: httpx.Request) -> httpx.Response:
        tries.append(request)
        raise httpx.ReadError("cut", request=request)

    outcome = api(FarSide(cut)).bookings.cancel(AT, "7")

    assert isinstance(outcome, Unknown)
    assert "ReadError" in outcome.reason
    assert len(tries) == 1


@pytest.mark.parametrize("trouble", ["503", "cut"])
def test_a_read_that_meets_trouble_is_sent_again(trouble: str) -> None:
    """Reading twice does no harm."""
    tries = []

    def far_side(request: httpx.Request) -> httpx.Response:
        tries.append(request)
        if len(tries) < 3:
            if trouble == "cut":
                raise httpx.ConnectError("cut", request=request)
            return httpx.Response(503)
        return httpx.Response(200, json={"_items": [{"id": "1", "name": "Clinic"}]})

    with stamina.set_testing(True, attempts=4):
        outcome = api(FarSide(far_side)).directory.facilities()

    assert isinstance(outcome, Done)
    assert len(tries) == 3


def test_a_read_that_meets_nothing_but_trouble_is_given_up() -> None:
    """How the last try ended is told."""
    far_side = answering(503)

    with stamina.set_testing(True, attempts=4):
        outcome = api(far_side).directory.facilities()

    assert outcome == Unknown("GET /facilities: answered 503")
    assert len(far_side.asked) == 4


@pytest.mark.parametrize(("status", "message"), [(200, None), (404, "No slots found on given address")])
def test_no_slots_are_read_as_none_in_both_ways(status: int, message: str | None) -> None:
    """Which of the two Docplanner answers is not documented."""
    body = {"_items": []} if message is None else {"errors": [], "message": message}

    assert api(answering(status, body)).calendars.free_slots(AT, NOW, NOW + timedelta(days=1)) == Done(())


def test_bookings_are_read_to_the_last_page() -> None:
    """And each once, though pages shift while they are read."""

    def far_side(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        items = [BOOKING | {"id": str(number)} for number in range(page * 2 - 2, page * 2 + 1)]
        return httpx.Response(200, json={"_items": items, "page": page, "pages": 3, "limit": 100, "total": 7})

    outcome = api(FarSide(far_side)).bookings.every(AT, NOW, NOW + timedelta(days=1))

    assert isinstance(outcome, Done)
    assert [one.id for one in outcome.value] == ["0", "1", "2", "3", "4", "5", "6"]


def test_an_empty_queue_is_nothing_to_pull() -> None:
    """Docplanner says so with a 404."""
    outcome = api(answering(404, {"errors": [], "message": "No notifications found"})).notifications.pull_many()

    assert isinstance(outcome, Done)
    assert outcome.value.notifications == ()


def test_a_redirect_is_not_followed() -> None:
    """It would turn a POST into a GET."""
    outcome = api(answering(301, None, Location="https://www.docplanner.test/")).directory.facilities()

    assert isinstance(outcome, Refused)
    assert "is the address right?" in outcome.message
