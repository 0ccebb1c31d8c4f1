"""What is open about notifications and questions: each setting changes what it names."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from sandbox.endpoint import Endpoint, listening
from sandbox.served import ANNA, Place, Served


@pytest.fixture(scope="module")
def running() -> Iterator[Endpoint]:
    """An endpoint for the tests of this file."""
    with listening() as endpoint:
        yield endpoint


@pytest.fixture
def endpoint(docplanner: Served, running: Endpoint) -> Iterator[Endpoint]:
    """The endpoint, fresh, and notifications pushed there; the sandbox is as it began afterwards."""
    running.forget()
    wanted = {"delivery": "push", "callback_url": running.url}
    docplanner.done("PUT", f"/clients/{docplanner.sandbox.client_id}", wanted)
    yield running
    docplanner.done("PUT", "/settings", {"profile": "documented", "slots_delay_s": 0.05})


@pytest.mark.parametrize(("created", "repeated"), [("same", True), ("renewed", False)])
def test_a_redelivery_repeats_the_time_or_has_a_new_one(
    docplanner: Served, place: Place, endpoint: Endpoint, created: str, *, repeated: bool
) -> None:
    """By a retry of PUSH, and sent again by PULL; everything else is as it was."""
    docplanner.settings(place, redelivery_created_at=created)
    endpoint.statuses = [503]
    mark = docplanner.mark()
    docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")
    docplanner.wait(mark, "notification", place)
    docplanner.advance(seconds=61)
    first, second = endpoint.wait(2)
    (told,) = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
    docplanner.advance(seconds=61)
    docplanner.done("POST", f"/notifications/{told['notification_id']}/resend", {"channel": "pull"})
    third = docplanner.api("GET", "/notifications").json()

    assert first["data"] == second["data"] == third["data"]
    assert (first["created_at"] == second["created_at"] == third["created_at"]) is repeated
    assert len({one["created_at"] for one in (first, second, third)}) == (1 if repeated else 3)


@pytest.mark.parametrize(("reach", "sent"), [("buried", 1), ("undelivered", 2)])
def test_a_release_sends_what_was_given_up_or_also_what_is_still_tried(
    docplanner: Served, place: Place, endpoint: Endpoint, reach: str, sent: int
) -> None:
    """The first try failed and the next one is due in a minute; a marker sent last shows what came before it."""
    docplanner.done("PUT", "/settings", {"release_reach": reach})
    docplanner.advance(hours=1, seconds=1)
    endpoint.statuses = [503]
    mark = docplanner.mark()
    docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")
    docplanner.wait(mark, "notification", place)

    mark = docplanner.mark()
    assert docplanner.api("POST", "/notifications/release").status_code == 204
    docplanner.book(place, docplanner.at(2, "12:00"), by="doctor")
    docplanner.wait(mark, "notification", place, times=sent)
    mine = [one.body["data"] for one in endpoint.received if one.body["data"]["address"]["id"] == place.address_id]
    assert [str(one["visit_booking"]["start_at"])[11:16] for one in mine] == ["09:00"] * sent + ["12:00"]
    mark = docplanner.mark()
    docplanner.advance(seconds=61)  # the try that was due takes place, so that it meets no other test
    docplanner.wait(mark, "notification", place)


@pytest.mark.parametrize(("longest", "allowed"), [(5, True), (0.1, False)])
def test_how_long_the_partner_has_to_answer_a_question(
    docplanner: Served, place: Place, endpoint: Endpoint, longest: float, *, allowed: bool
) -> None:
    """An answer that takes a third of a second comes in time, or too late."""
    docplanner.settings(place, realtime_answer_s=longest)
    endpoint.pause_s = 0.3
    asked = {"event": "slot-booking", "start": docplanner.at(2, "09:00"), "address_service_id": place.services[0]}
    began = time.perf_counter()
    answer = docplanner.done("POST", f"{place.calendar}/questions", {**asked, "patient": ANNA})

    assert answer["allowed"] is allowed
    assert (answer["error"] is None) is allowed
    assert time.perf_counter() - began < 2
