"""Each refusal that the contract documents for an operation is answered by that operation, with that status.

The table has a way to every pair of operation and error; what several operations share is called forth alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sandbox.refusals import NOWHERE, REFUSALS, Caller, canceled
from sandbox.served import Place, Served
from sandbox.words import says

from harness.contract.operations import OPERATIONS, match

PAIRS = [
    (one.id, status, name) for one in OPERATIONS.values() for status, names in one.errors.items() for name in names
]
BODIES: Mapping[str, Callable[[Caller], object]] = {
    "updateAddress": lambda c: {"insurance_support": "private"},
    "addAddressService": lambda c: {"service_id": NOWHERE},
    "updateAddressService": lambda c: {"price": 7},
    "updateOrCreateAddressInsuranceProvider": lambda c: {"insurance_provider_id": c.provider(assigned=True)},
    "addAddressInsuranceProvider": lambda c: {"insurance_provider_id": c.provider(assigned=False)},
    "addCalendarBreak": lambda c: {"since": c.hour("09:00"), "till": c.hour("10:00")},
    "moveCalendarBreak": lambda c: {"since": c.hour("11:00"), "till": c.hour("12:00")},
    "replaceSlots": lambda c: {"slots": [c.docplanner.period(c.place, 2)]},
    "bookSlot": lambda c: c.booking(),
    "moveBooking": lambda c: {"start": c.hour("10:00"), "address_service_id": c.place.services[0]},
    "confirmBooking": lambda c: {"confirmed_by": "user"},
    "requestOpinion": lambda c: {"phone": "+48500001234"},
}
RANGES = {"getCalendarBreaks": ("since", "till"), "getSlots": ("start", "end"), "getBookings": ("start", "end")}


def ask(c: Caller, operation_id: str, body: object = None, **params: str) -> httpx.Response:
    """The operation as it should be asked, but for what is named."""
    operation = OPERATIONS[operation_id]
    known = {
        "facility_id": c.place.facility_id,
        "doctor_id": c.place.doctor_id,
        "address_id": c.place.address_id,
        "address_service_id": c.place.services[0],
        "insurance_provider_id": c.provider(assigned=True),
        "break_id": NOWHERE,
        "booking_id": NOWHERE,
        "start": c.hour("09:00"),
        "date": str(c.docplanner.day(2)),
    }
    path = operation.template.format(**{name: quote(one, safe="") for name, one in {**known, **params}.items()})
    if names := RANGES.get(operation_id):
        path += f"?{names[0]}={quote(c.hour('00:00'))}&{names[1]}={quote(c.hour('23:00'))}"
    sent = BODIES[operation_id](c) if body is None and operation_id in BODIES else body
    return c.bare(operation.method, path, sent)


def without(c: Caller, operation_id: str, field: str) -> httpx.Response:
    """Without a field of the body."""
    body = dict[str, Any](BODIES[operation_id](c))  # type: ignore[call-overload]
    del body[field]
    break_id = c.block().json()["id"] if operation_id == "moveCalendarBreak" else NOWHERE
    return ask(c, operation_id, body, break_id=break_id)


def of_a_stranger(c: Caller, operation_id: str) -> httpx.Response:
    """Everything of a clinic that is not shared."""
    strange = c.foreign()
    ids = {"facility_id": strange.facility_id, "doctor_id": strange.doctor_id, "address_id": strange.address_id}
    return ask(c, operation_id, **ids)


def of_another_address(c: Caller, operation_id: str) -> httpx.Response:
    """The visit of this calendar, under the facility's other doctor."""
    ids = {"doctor_id": c.doctors[1], "address_id": c.second["address_id"]}
    return ask(c, operation_id, booking_id=c.visit(), **ids)


def seen_alone(c: Caller, operation_id: str) -> httpx.Response:
    """By an API client that may not change the calendar."""
    grant = f"/clinics/{c.place.facility_id}/grants/{c.docplanner.sandbox.client_id}"
    c.docplanner.done("PUT", grant, {"calendars": "read"})
    return ask(c, operation_id)


def of_no_calendar(c: Caller, operation_id: str) -> httpx.Response:
    """Of an address without a calendar."""
    c.profile(calendar="missing")
    return ask(c, operation_id)


def unpaid_for(c: Caller, operation_id: str) -> httpx.Response:
    """Of an address that pays for no calendar."""
    c.profile(commercial_type="basic", **({"calendar": "disabled"} if operation_id == "enableCalendar" else {}))
    return ask(c, operation_id)


def of_no_provider(c: Caller, operation_id: str) -> httpx.Response:
    """Of an insurance provider that the dictionary lacks."""
    if operation_id == "deleteAddressInsuranceProvider":
        return ask(c, operation_id, insurance_provider_id=NOWHERE)
    return ask(c, operation_id, {"insurance_provider_id": NOWHERE})


def of_nothing_waiting(c: Caller, operation_id: str) -> httpx.Response:
    """Pulled from an empty queue, where that is not found."""
    c.docplanner.done("PUT", "/settings", {"empty_list": "not_found"})
    while (answer := ask(c, operation_id)).status_code == 200:
        pass
    c.docplanner.done("PUT", "/settings", {"empty_list": "ok"})
    return answer


def senseless(c: Caller, operation_id: str) -> httpx.Response:
    """A body of the wrong kind."""
    bodies = {"updateAddress": {"insurance_support": "both"}, "bookSlot": {"patient": None}, "moveBooking": {}}
    booking_id = c.visit() if operation_id == "moveBooking" else NOWHERE
    return ask(c, operation_id, bodies[operation_id], booking_id=booking_id)


SHARED: Mapping[str, Callable[[Caller, str], httpx.Response]] = {
    "FacilityNotAuthorized": of_a_stranger,
    "DoctorNotAuthorized": lambda c, one: ask(c, one, doctor_id=c.docplanner.place().doctor_id),
    "AddressNotAuthorized": lambda c, one: ask(c, one, address_id=c.foreign().address_id),
    "AddressDoesNotBelongToFacility": lambda c, one: ask(c, one, address_id=c.docplanner.place().address_id),
    "AddressDoesNotBelongToDoctor": lambda c, one: ask(c, one, address_id=c.second["address_id"]),
    "ObjectNotFound": lambda c, one: ask(c, one, facility_id=NOWHERE),
    "CalendarEditionNotAuthorized": seen_alone,
    "CalendarNotFoundForAddress": of_no_calendar,
    "BreakNotFound": ask,
    "NotCommercial": unpaid_for,
    "AddressServiceMismatch": lambda c, one: ask(c, one, address_service_id=c.second["services"][0]["id"]),
    "InvalidPrice": lambda c, one: ask(c, one, {"service_id": NOWHERE, "price": -1}),
    "InvalidArguments": senseless,
    "InsuranceProviderNotFromDictionary": of_no_provider,
    "SinceRequired": lambda c, one: without(c, one, "since"),
    "TillRequired": lambda c, one: without(c, one, "till"),
    "BookingDoesNotBelongToAddress": of_another_address,
    "VisitDoesNotBelongToDoctor": of_another_address,
    "VisitInFuture": lambda c, one: ask(c, one, booking_id=c.visit()),
    "VisitMarkedAsCanceled": lambda c, one: ask(c, one, booking_id=canceled(c)),
    "NotificationNotFound": of_nothing_waiting,
}
"""What more than one operation documents."""


def alone(refused: Callable[[Caller], httpx.Response]) -> Callable[[Caller, str], httpx.Response]:
    """What one operation alone documents; the test sees that it is that operation."""
    return lambda c, _: refused(c)


def table() -> Iterator[tuple[tuple[str, str], Callable[[Caller, str], httpx.Response]]]:
    """A way to each pair."""
    documented = Counter(name for _, _, name in PAIRS)
    for operation_id, _, name in PAIRS:
        if name in SHARED:
            yield (operation_id, name), SHARED[name]
        elif documented[name] == 1 and name in REFUSALS:
            yield (operation_id, name), alone(REFUSALS[name])


TABLE = dict(table())


def test_no_pair_of_operation_and_refusal_is_missing() -> None:
    """Each that the contract documents has a way in the table, and the table has no other."""
    assert set(TABLE) == {(operation_id, name) for operation_id, _, name in PAIRS}
    assert len(TABLE) == len(PAIRS) == 232


@pytest.mark.parametrize(("operation_id", "status", "name"), PAIRS)
def test_an_operation_refuses_as_documented(
    docplanner: Served, place: Place, operation_id: str, status: int, name: str
) -> None:
    """By itself, with the status that it documents, in the words of the catalogue, in the media type of errors."""
    answer = TABLE[operation_id, name](Caller(docplanner, place), operation_id)

    below = answer.request.url.raw_path.decode().partition("/integration")[2].partition("?")[0]
    found = match(answer.request.method, below)
    assert found is not None
    assert found.operation.id == operation_id
    assert answer.status_code == status, answer.text
    assert says(answer.json(), name), answer.text
    assert answer.headers["content-type"] == "application/vnd.error+docplanner+json"


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_operation_needs_a_token(docplanner: Served, operation_id: str) -> None:
    """401 without one, whatever is asked."""
    operation = OPERATIONS[operation_id]
    path = operation.template.replace("{", "").replace("}", "")
    answer = docplanner.http.request(operation.method, f"{docplanner.sandbox.api_base_url}{path}")

    assert (answer.status_code, answer.json()) == (401, {"message": "Authentication credentials could not be found."})
