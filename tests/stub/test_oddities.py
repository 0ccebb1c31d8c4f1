"""Whatever comes over the control contract, the stub answers in its words, also while it is switched off."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from stub.clinics import CONNECTION, PIOTR, TOMORROW
from stub.docplanner import Docplanner

from harness.stub.server import serve
from harness.stub.settings import StubSettings

HUGE = 10**30
PERSON = {"name": PIOTR.name, "phone": PIOTR.phone}


@pytest.fixture(scope="module")
def calendar() -> Iterator[httpx.Client]:
    """The first calendar of a stub that has read what is shared."""
    with (
        serve(StubSettings(), httpx.MockTransport(Docplanner())) as stub,
        httpx.Client(base_url=stub.control_url) as http,
    ):
        http.put("/connection", json={**CONNECTION, "marketplace": "znanylekarz.pl"}).raise_for_status()
        http.post("/mapping/import").raise_for_status()
        items = http.get("/mapping").json()["items"]
        http.base_url = (
            f"{stub.control_url}/calendars/{next(one['docplanner_id'] for one in items if one['kind'] == 'address')}"
        )
        yield http


@pytest.mark.parametrize("wrong", [{"duration": HUGE}, {"duration": -1}, {"duration": 30, "price": -1}])
def test_an_offer_that_nobody_could_keep_is_refused(calendar: httpx.Client, wrong: dict[str, int]) -> None:
    """422, and what was offered can still be read."""
    sent = {"services": [{"service_id": "1", **wrong}], "insurance_provider_ids": []}

    assert calendar.put("/offer", json=sent).status_code == 422
    assert calendar.get("/offer").status_code == 200


def test_a_visit_of_no_length_that_a_calendar_has_is_refused(calendar: httpx.Client) -> None:
    """422."""
    sent = {"start": TOMORROW.isoformat(), "duration": HUGE, "address_service_id": "1", "patient": PERSON}

    assert calendar.post("/appointments", json=sent).status_code == 422


def test_an_unknown_service_is_refused_while_the_integration_is_off(calendar: httpx.Client) -> None:
    """422 from what is known; Docplanner is not asked."""
    root = str(calendar.base_url).partition("/calendars")[0]
    calendar.put(f"{root}/integration", json={"active": False}).raise_for_status()
    sent = {"start": TOMORROW.isoformat(), "duration": 30, "address_service_id": "no such", "patient": PERSON}
    answer = calendar.post("/appointments", json=sent)
    calendar.put(f"{root}/integration", json={"active": True}).raise_for_status()

    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")
