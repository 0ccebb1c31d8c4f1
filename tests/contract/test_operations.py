"""The operations of the API as data, and the search for the one that a request means."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.contract.documents import API, document
from harness.contract.operations import OPERATIONS, match

CALENDAR = "/facilities/1/doctors/2/addresses/3"


def test_every_operation_of_the_file_is_there() -> None:
    """The operations are those of openapi.yaml, one for each id."""
    ids = [
        one["operationId"] for item in document(API)["paths"].values() for name, one in item.items() if name in METHODS
    ]
    assert sorted(OPERATIONS) == sorted(ids)
    assert len(OPERATIONS) == 43


METHODS = {"get", "put", "post", "delete", "patch"}


def test_an_operation_knows_what_it_answers() -> None:
    """A booking succeeds with 200, writes, and names the errors of its 404."""
    book = OPERATIONS["bookSlot"]
    assert (book.method, book.success, book.writes, book.tag) == ("POST", (200,), True, "Slots")
    assert book.template == "/facilities/{facility_id}/doctors/{doctor_id}/addresses/{address_id}/slots/{start}/book"
    assert "SlotNotFound" in book.errors[404]
    assert {200, 401, 404, 422, 429, 405, 503} <= book.documented
    assert not book.documented & {201, 204, 301, 409, 418}


def test_only_get_does_not_write() -> None:
    """Every method but GET counts as a write, as the limits of the API do."""
    assert {one.method for one in OPERATIONS.values() if not one.writes} == {"GET"}
    assert {one.method for one in OPERATIONS.values() if one.writes} == {"PUT", "POST", "PATCH", "DELETE"}


def test_every_operation_is_found_by_its_own_path() -> None:
    """A path made from a template means that operation and no other, with every parameter given back."""
    for operation in OPERATIONS.values():
        path = operation.template.replace("{", "v-").replace("}", "")
        found = match(operation.method.lower(), path)
        assert found is not None
        assert found.operation is operation
        assert all(value == f"v-{name}" for name, value in found.params.items())
        assert len(found.params) == operation.template.count("{")


def test_a_fixed_word_goes_before_a_parameter() -> None:
    """/notifications/multiple is the operation of that name."""
    found = match("GET", "/notifications/multiple")
    assert found is not None
    assert found.operation.id == "pullMultipleNotification"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("PUT", "/facilities"),
        ("GET", "/facilities/"),
        ("GET", "/facilities/1/"),
        ("GET", "/facilities//doctors"),
        ("GET", "facilities"),
        ("GET", ""),
        ("POST", f"{CALENDAR}/slots/2026-11-24T09:00:00+01:00/book/more"),
    ],
)
def test_what_the_api_lacks_means_nothing(method: str, path: str) -> None:
    """Unknown paths, wrong methods, empty parameters and stray slashes find no operation."""
    assert match(method, path) is None


OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
MOMENTS = st.datetimes(timezones=OFFSETS).map(lambda moment: moment.replace(microsecond=0))


@given(MOMENTS, st.booleans())
def test_a_moment_survives_the_path(moment: datetime, encode_all: bool) -> None:
    """A date-time in a path is given back as it was meant, percent-encoded as far as need be or wholly."""
    text = moment.isoformat()
    found = match("POST", f"{CALENDAR}/slots/{quote(text, safe='' if encode_all else ':+')}/book")
    assert found is not None
    assert found.params["start"] == text


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20))
def test_an_id_survives_the_path(given_id: str) -> None:
    """Whatever stands in an id, slashes and all, comes back out of the encoded path."""
    found = match("GET", f"/facilities/{quote(given_id, safe='')}")
    assert found is not None
    assert found.params == {"facility_id": given_id}
