"""Exchanges with the API compared with its contract: what is a breach, what is free, and what is never quoted."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.contract.documents import API, document
from harness.contract.events import EVENTS
from harness.contract.exchange_check import check_notification, check_request, check_response
from harness.contract.operations import OPERATIONS
from harness.contract.schemas import API_DIALECT, is_api_date_time, validator
from harness.errors import BrokenHarness

START, END = "2026-11-24T09:00:00+01:00", "2026-11-24T09:30:00+01:00"
JSON = "application/vnd.docplanner+json; charset=UTF-8"
PROBLEM = "application/vnd.error+docplanner+json"
PATIENT = {"name": "Anna", "surname": "Nowak", "phone": "+48555222333"}
PLACE = {
    "facility": {"id": "1", "name": "Clinic"},
    "doctor": {"id": "2", "name": "Jan", "surname": "Kowalski"},
    "address": {"id": "3"},
}
BOOKING = {
    "id": "7",
    "status": "booked",
    "start_at": START,
    "end_at": END,
    "duration": 30,
    "booked_by": "user",
    "canceled_by": "",
    "booked_at": START,
}


def encoded(value: object) -> bytes:
    """``value`` as a body."""
    return json.dumps(value).encode()


def booking_request(**changed: object) -> bytes:
    """A bookSlot request, with fields changed."""
    return encoded({"address_service_id": "9", "duration": 30, "patient": PATIENT, **changed})


def slots_request(**changed: object) -> bytes:
    """A replaceSlots request of one period, with fields changed."""
    services = [{"address_service_id": "9", "duration": 30}]
    return encoded({"slots": [{"start": START, "end": END, "address_services": services, **changed}]})


def notification(**changed: object) -> dict[str, Any]:
    """A slot-booked notification, with fields of its data changed."""
    data = {**PLACE, "visit_booking": {"start_at": START, "end_at": END, "duration": 30}, **changed}
    return {"name": "slot-booked", "created_at": START, "data": data}


# -- requests ---------------------------------------------------------------------------------------------------------


def test_a_request_by_the_book_is_fine() -> None:
    """A booking and a calendar as the contract has them have no breach."""
    assert check_request("bookSlot", {}, booking_request(), params={"start": START}) == ()
    assert check_request("replaceSlots", {}, slots_request()) == ()


@pytest.mark.parametrize(
    "body",
    [
        booking_request(address_service_id=9),
        booking_request(duration="30"),
        booking_request(patient={**PATIENT, "phone": 555222333, "nin": 90010112345, "email": None}),
        booking_request(comment=None, label=None, something_else={"free": True}),
        booking_request(patient={**PATIENT, "gender": None, "marketing_consent": None}),
    ],
)
def test_ids_phones_and_numbers_may_be_spelled_either_way(body: bytes) -> None:
    """Numbers for strings of digits, strings for numbers, nulls where allowed and unknown fields are no breach."""
    assert check_request("bookSlot", {}, body) == ()


@pytest.mark.parametrize(
    "period",
    [
        {"address_services": None},
        {"address_services": []},
        {"insurance_providers": ["12", 13]},
        {"insurance_providers": None, "insurance_accepted": None},
        {"address_services": [{"address_service_id": 9, "duration": "30"}]},
    ],
)
def test_periods_may_be_emptied_and_insurances_named_either_way(period: dict[str, Any]) -> None:
    """Null or no services clear a period; insurance ids are integers or strings."""
    assert check_request("replaceSlots", {}, slots_request(**period)) == ()


@pytest.mark.parametrize(
    "moment",
    ["2026-11-24T09:00:00Z", "2026-11-24T09:00:00", "2026-11-24 09:00:00+01:00", "2026-02-30T09:00:00+01:00", ""],
)
def test_a_date_time_without_a_proper_offset_is_a_breach_in_body_query_and_path(moment: str) -> None:
    """What the API refuses is named with its place, what was wanted and what was seen."""
    seen = f'"{moment}"' if moment else "an empty string"
    wanted = f"expected an ISO 8601 date-time with an offset, saw {seen}"
    assert check_request("replaceSlots", {}, slots_request(start=moment)) == (
        f"request body, slots[0].start: {wanted}",
    )
    if moment:
        query = {"start": moment, "end": END}
        assert check_request("getSlots", query, None) == (f"query parameter start: {wanted}",)
        assert check_request("bookSlot", {}, booking_request(), params={"start": moment}) == (
            f"path parameter start: {wanted}",
        )


def test_fractions_of_a_second_are_a_breach() -> None:
    """Milliseconds are refused by the API, and the sentence says so."""
    (breach,) = check_request("replaceSlots", {}, slots_request(end="2026-11-24T09:30:00.000+01:00"))
    assert breach == (
        "request body, slots[0].end: expected an ISO 8601 date-time with an offset and without fractions of a second, "
        'saw "2026-11-24T09:30:00.000+01:00"'
    )


def test_a_plus_that_became_a_space_is_explained() -> None:
    """A query whose + was not percent-encoded says how to write it."""
    (breach,) = check_request("getSlots", {"start": START.replace("+", " "), "end": END}, None)
    assert "%2B" in breach


@given(st.datetimes(timezones=st.timezones()))
def test_every_moment_with_whole_minutes_of_offset_is_one(moment: datetime) -> None:
    """Whatever Python writes for whole seconds and minutes of offset is taken, and with Z never."""
    text = moment.replace(microsecond=0).isoformat()
    offset_in_seconds = len(text) > len(START)
    assert is_api_date_time(text) is not offset_in_seconds
    assert not is_api_date_time(text[:19] + "Z")


@pytest.mark.parametrize("body", [None, b""])
def test_a_missing_body_is_a_breach_where_one_is_required(body: bytes | None) -> None:
    """A booking needs one; a cancellation does not."""
    assert check_request("bookSlot", {}, body) == ("request body: expected JSON, saw nothing",)
    assert OPERATIONS["cancelBooking"].definition["requestBody"].get("required") is not True
    assert check_request("cancelBooking", {}, body) == ()


@pytest.mark.parametrize("body", [b"{", b"name=Anna", b"\xff\xfe", b"<xml/>"])
def test_a_body_that_is_not_json_is_a_breach(body: bytes) -> None:
    """What cannot be read is named without being quoted."""
    assert check_request("bookSlot", {}, body) == ("request body: expected JSON, saw something else",)


def test_what_is_missing_and_what_is_of_another_kind_is_named_with_its_path() -> None:
    """Required fields and wrong types are told one by one."""
    breaches = check_request("bookSlot", {}, encoded({"address_service_id": ["9"], "patient": [], "duration": "long"}))
    assert set(breaches) == {
        "request body, address_service_id: expected a string or an integer, saw a list",
        "request body, patient: expected an object, saw a list",
        'request body, duration: expected an integer, saw "long"',
    }
    assert check_request("bookSlot", {}, b"{}") == (
        "request body: address_service_id is missing",
        "request body: patient is missing",
        "request body: duration is missing",
    )


@pytest.mark.parametrize(
    ("query", "breach"),
    [
        ({"start": START}, "query parameter end: is missing"),
        (
            {"start": START, "end": END, "with": "slot.services,slots"},
            'query parameter with: expected a comma-separated list of slot.services, saw "slot.services,slots"',
        ),
    ],
)
def test_query_parameters_are_checked(query: dict[str, str], breach: str) -> None:
    """Required ones must be there, and ``with`` names extensions of the operation."""
    assert check_request("getSlots", query, None) == (breach,)


@pytest.mark.parametrize(
    ("limit", "wanted"), [("many", "an integer"), ("0", "1 or more"), ("101", "100 or less"), ("1.5", "an integer")]
)
def test_numbers_in_a_query_are_checked(limit: str, wanted: str) -> None:
    """A limit is an integer within its bounds."""
    assert check_request("pullMultipleNotification", {"limit": limit}, None) == (
        f'query parameter limit: expected {wanted}, saw "{limit}"',
    )


def test_a_query_by_the_book_is_fine() -> None:
    """Extensions in any number, pages and unknown parameters are no breach."""
    query = {"start": START, "end": END, "with": "booking.patient, booking.presence", "page": "2", "mine": "x"}
    assert check_request("getBookings", query, None) == ()


def test_a_mistake_made_a_thousand_times_is_told_shortly() -> None:
    """Ten sentences and a number, not a thousand sentences."""
    slots = [{"start": "2026-11-24T09:00:00Z", "end": END}] * 1000
    breaches = check_request("replaceSlots", {}, encoded({"slots": slots}))
    assert len(breaches) == 11
    assert breaches[-1] == "and 990 more breaches"


def test_an_operation_that_does_not_exist_is_our_own_mistake() -> None:
    """Asking about an unknown operation is a defect of the harness, not a breach."""
    with pytest.raises(BrokenHarness, match="noSuchThing"):
        check_request("noSuchThing", {}, None)


# -- privacy ----------------------------------------------------------------------------------------------------------

PRIVATE = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=8, max_size=40)


@given(
    PRIVATE,
    st.sampled_from(["name", "surname", "email", "birth_date", "phone", "nin", "gender", "data_privacy_consent"]),
)
def test_no_breach_quotes_a_patient(value: str, field: str) -> None:
    """Whatever is wrong with a patient's data, the sentence names the kind of value alone."""
    wrong: Any = [value] if field in {"name", "surname", "email", "phone", "nin"} else value
    breaches = check_request("bookSlot", {}, booking_request(patient={**PATIENT, field: wrong}))
    assert len(breaches) == 1
    assert f"patient.{field}: expected" in breaches[0]
    assert value not in breaches[0]
    swapped = check_request("bookSlot", {}, booking_request(patient=value))
    assert swapped == ("request body, patient: expected an object, saw a string",)
    assert check_request("requestOpinion", {}, encoded({"phone": True})) == (
        "request body, phone: expected a string or an integer, saw true",
    )


@given(st.text('ab "\\\u0142', min_size=61, max_size=200))
def test_long_values_are_not_quoted(value: str) -> None:
    """A value of more than 60 characters is named by its kind."""
    breaches = check_request("replaceSlots", {}, slots_request(start=value))
    assert breaches == ("request body, slots[0].start: expected an ISO 8601 date-time with an offset, saw a string",)


# -- responses --------------------------------------------------------------------------------------------------------


def test_a_response_by_the_book_is_fine() -> None:
    """Success, catalogue errors and answers without a body are no breach."""
    full = {
        **BOOKING,
        "patient": PATIENT,
        "moving": None,
        "address_service": None,
        "canceled_at": None,
        "presence": None,
    }
    assert check_response("bookSlot", 200, JSON, encoded(full)) == ()
    assert check_response("getBooking", 200, JSON, encoded({**BOOKING, "id": 7, "duration": "30"})) == ()
    assert check_response("bookSlot", 404, PROBLEM, b'{"errors": [], "message": "Object not found"}') == ()
    assert check_response("bookSlot", 400, PROBLEM, b'{"errors": {"start": ["no"]}, "message": "Invalid"}') == ()
    assert check_response("getFacilities", 401, PROBLEM, b'{"message": "credentials could not be found."}') == ()
    assert check_response("replaceSlots", 201, None, None) == ()
    assert check_response("cancelBooking", 204, None, b"") == ()
    assert check_response("replaceSlots", 429, None, None) == ()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 429, 500, 502, 503, 599])
def test_what_any_operation_may_answer_is_documented(status: int) -> None:
    """The statuses of the default answer are allowed where an operation does not list them."""
    assert check_response("getInsuranceProviders", status, PROBLEM, b'{"message": "no"}') == ()


@pytest.mark.parametrize("status", [100, 201, 204, 301, 302, 304, 402, 409, 410, 415, 422])
def test_an_undocumented_status_is_a_breach(status: int) -> None:
    """A status that the operation does not list is told beside those that it does."""
    (breach,) = check_response("getFacilities", status, JSON, b"{}")
    assert breach.startswith(f"status {status}: not documented for getFacilities, which answers 200, 400, 401,")


@pytest.mark.parametrize(
    ("content_type", "seen"),
    [
        ("application/json", '"application/json"'),
        ("", "none or another"),
        (None, "none or another"),
        (PROBLEM, f'"{PROBLEM}"'),
    ],
)
def test_a_wrong_media_type_is_a_breach(content_type: str | None, seen: str) -> None:
    """Success has the media type of the API, whatever the character set."""
    body = b'{"_items": []}'
    assert check_response("getFacilities", 200, content_type, body) == (
        f"response content type: expected application/vnd.docplanner+json, saw {seen}",
    )
    assert check_response("getFacilities", 200, "APPLICATION/VND.docplanner+json;charset=utf-8", body) == ()


def test_a_page_of_html_is_a_breach() -> None:
    """A proxy's error page is neither of the right type nor JSON."""
    assert check_response("getFacilities", 502, "text/html", b"<html>") == (
        f'response content type: expected {PROBLEM}, saw "text/html"',
        "response body: expected JSON, saw something else",
    )


def test_a_missing_body_of_a_response_is_a_breach() -> None:
    """A success that promises a body must have one."""
    assert check_response("getFacilities", 200, JSON, None) == ("response body: expected JSON, saw nothing",)


def test_a_response_is_checked_deeply() -> None:
    """A wrong enum far down in a list is told with its path."""
    bad = {**BOOKING, "booked_by": "robot", "patient": {"name": "Anna"}}
    assert set(check_response("getBookings", 200, JSON, encoded({"_items": [BOOKING, bad]}))) == {
        'response body, _items[1].booked_by: expected one of "user", "doctor", "integration", saw "robot"',
        "response body, _items[1].patient: phone is missing",
    }
    assert check_response("bookSlot", 400, PROBLEM, b'{"errors": "no", "message": "no"}') == (
        'response body, errors: expected one of the forms that the contract allows, saw "no"',
    )


def test_a_promised_location_must_be_there() -> None:
    """A move is answered by 201 with a Location; it is looked for only where headers are given."""
    body = encoded(BOOKING)
    assert check_response("moveBooking", 201, JSON, body) == ()
    assert check_response("moveBooking", 201, JSON, body, headers={"location": "/x"}) == ()
    assert check_response("moveBooking", 201, JSON, body, headers={"X-Other": "1"}) == (
        "response headers: Location is missing from 201 of moveBooking",
    )


# -- notifications ----------------------------------------------------------------------------------------------------


def test_a_notification_by_the_book_is_fine() -> None:
    """A slot-booked notification as the contract has it has no breach."""
    assert check_notification(encoded(notification())) == ()


def test_a_notification_is_checked_by_its_own_event() -> None:
    """What the event needs must be there, in the right form."""
    assert check_notification(encoded(notification(visit_booking={"start_at": START, "duration": 30}))) == (
        "notification body, data.visit_booking: end_at is missing",
    )
    assert check_notification(encoded({**notification(), "name": "break-created"})) == (
        "notification body, data: break is missing",
    )


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"name": []}', b'{"name": "unheard-of", "data": {}}'])
def test_nonsense_is_no_notification(body: bytes) -> None:
    """Unreadable, empty and unknown notifications are breaches, not errors."""
    assert check_notification(body)


def test_every_event_has_a_schema_that_bites() -> None:
    """A notification with empty data is a breach for each event."""
    for name in EVENTS:
        assert check_notification(encoded({"name": name, "created_at": START, "data": {}}))


def test_pulled_notifications_are_checked_like_pushed_ones() -> None:
    """A breach inside a pulled notification is told with its place in the answer."""
    broken = notification()
    del broken["data"]["doctor"]
    several = {"notifications": [notification(), broken], "remaining": 0}
    assert check_response("pullMultipleNotification", 200, JSON, encoded(several)) == (
        "response body, notifications[1].data: doctor is missing",
    )
    assert check_response("pullNotification", 200, JSON, encoded(broken)) == ("response body, data: doctor is missing",)


# -- schemas ----------------------------------------------------------------------------------------------------------


def test_every_schema_of_the_contract_can_be_used() -> None:
    """Each one compiles, and those that need fields refuse an empty object."""
    schemas = document(API)["components"]["schemas"]
    for name, schema in schemas.items():
        check = validator(document(API), {"$ref": f"#/components/schemas/{name}"}, API_DIALECT)
        assert check.is_valid({}) is not bool(schema.get("required")), name
        assert not check.is_valid(None), name
