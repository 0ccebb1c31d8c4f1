"""Our own two control contracts: found by method and path, and compared with both sides."""

from __future__ import annotations

import json

import pytest

from harness.contract.control import PARTNER_CONTROL, SANDBOX_CONTROL, ControlContract
from harness.contract.documents import document
from harness.contract.schemas import CONTROL_DIALECT, validator

JSON = "application/json"
APPOINTMENT = {
    "id": "a1",
    "docplanner_booking_id": None,
    "start": "2026-11-24T09:00:00+01:00",
    "end": "2026-11-24T08:30:00.000Z",
    "address_service_id": None,
    "patient": {"name": "Anna", "phone": "555222333", "email": None},
    "status": "booked",
    "origin": "partner",
    "sync": {"state": "synced", "message": None},
}


def appointments(**changed: object) -> bytes:
    """An answer with one appointment, with fields changed."""
    return json.dumps({"items": [{**APPOINTMENT, **changed}]}).encode()


@pytest.mark.parametrize("contract", [PARTNER_CONTROL, SANDBOX_CONTROL])
def test_every_operation_is_found_by_its_own_path(contract: ControlContract) -> None:
    """A path made from a template means that operation, with its parameters decoded."""
    assert len(contract.operations) >= 25
    for operation in contract.operations.values():
        found = contract.match(operation.method, operation.template.replace("{", "a%20").replace("}", ""))
        assert found is not None
        assert found.operation is operation
        assert all(value == f"a {name}" for name, value in found.params.items())
    assert contract.match("GET", "/nowhere") is None


@pytest.mark.parametrize("contract", [PARTNER_CONTROL, SANDBOX_CONTROL])
def test_every_schema_can_be_used(contract: ControlContract) -> None:
    """Each schema of the file compiles."""
    whole = document(contract.file)
    for name in whole["components"]["schemas"]:
        assert not validator(whole, {"$ref": f"#/components/schemas/{name}"}, CONTROL_DIALECT).is_valid(7), name


def test_an_answer_by_the_book_is_fine() -> None:
    """Nulls where allowed, Z and fractions of a second, and unknown fields are no breach."""
    assert PARTNER_CONTROL.check_response("getAppointments", 200, JSON, appointments(more=1)) == ()
    assert PARTNER_CONTROL.check_response("cancelAppointment", 204, None, b"") == ()
    assert PARTNER_CONTROL.check_response("sync", 202, "text/plain", b"started") == ()


@pytest.mark.parametrize(
    ("changed", "breach"),
    [
        ({"id": 1}, "response body, items[0].id: expected a string, saw 1"),
        ({"start": "2026-11-24T09:00:00"}, 'saw "2026-11-24T09:00:00"'),
        ({"status": "moved"}, 'response body, items[0].status: expected one of "booked", "canceled", saw "moved"'),
        (
            {"patient": {"name": "Anna", "phone": 555}},
            "response body, items[0].patient.phone: expected a string, saw a number",
        ),
    ],
)
def test_a_breach_is_named(changed: dict[str, object], breach: str) -> None:
    """Ids are strings, date-times have an offset, enums are what they list, patients are not quoted."""
    (found,) = PARTNER_CONTROL.check_response("getAppointments", 200, JSON, appointments(**changed))
    assert found.endswith(breach)


def test_any_refusal_may_be_answered_in_the_words_of_the_contract() -> None:
    """A status that an operation does not list is fine with an error body, and a breach without."""
    refusal = b'{"error": "conflict", "message": "taken"}'
    for status in (400, 401, 405, 409, 422, 502):
        assert PARTNER_CONTROL.check_response("health", status, JSON, refusal) == ()
        assert PARTNER_CONTROL.check_response("health", status, "text/html", b"<html>") != ()
    assert PARTNER_CONTROL.check_response("health", 302, None, None) != ()
    assert PARTNER_CONTROL.check_response("health", 400, JSON, b'{"error": "oops", "message": ""}') != ()


def test_the_sandbox_may_refuse_what_needs_no_listing() -> None:
    """No token, no such thing and no sense are answered by any operation, in the words of the contract."""
    assert SANDBOX_CONTROL.check_response("getEstate", 401, JSON, b'{"error": "unauthorized", "message": "no"}') == ()
    assert SANDBOX_CONTROL.check_response("getEstate", 401, JSON, b"{}") != ()
    assert SANDBOX_CONTROL.check_response("getEstate", 409, JSON, b'{"error": "conflict", "message": "no"}') != ()


def test_requests_are_checked() -> None:
    """A lease needs its scenario, settings allow known names alone, a fault is made of both its parts."""
    assert SANDBOX_CONTROL.check_request("lease", b'{"scenario": "s"}') == ()
    assert SANDBOX_CONTROL.check_request("lease", b"{}") == ("request body: scenario is missing",)
    assert SANDBOX_CONTROL.check_request("setSettings", b'{"colour": 1}') == ("request body: unknown fields colour",)
    fault = {"fault_id": "1", "left": 1, "address_id": "3", "target": "message", "effect": "hold", "operation": None}
    assert SANDBOX_CONTROL.check_response("addFault", 201, JSON, json.dumps(fault).encode()) == ()
    del fault["effect"]
    assert SANDBOX_CONTROL.check_response("addFault", 201, JSON, json.dumps(fault).encode()) == (
        "response body: effect is missing",
    )


def test_a_query_is_checked_where_it_is_given() -> None:
    """A range needs both its ends, with offsets."""
    assert SANDBOX_CONTROL.check_request("getVisits", None) == ()
    assert SANDBOX_CONTROL.check_request("getVisits", None, query={"from": "2026-11-24T09:00:00Z"}) == (
        "query parameter to: is missing",
    )


def test_a_credential_is_never_quoted() -> None:
    """A connection with a secret of the wrong kind does not tell it."""
    body = b'{"api_base_url": "u", "token_url": "t", "client_id": "c", "client_secret": 1234567, "delivery": "push"}'
    assert PARTNER_CONTROL.check_request("connect", body) == (
        "request body, client_secret: expected a string, saw a number",
    )
