"""Troubles and time at the embedded sandbox as a run makes them: what is asked for is what happens there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sandbox.served import Place, Served, served

from harness.errors import DocplannerRefused
from harness.marketplace.embedded import EmbeddedMarketplace
from harness.marketplace.port import Cause, LimitsThere, TimeThere, Trouble
from harness.recorder.line import Kind
from harness.vocabulary import AddressId

CAUSE = Cause("tests: zażółć", 17)


@pytest.fixture(scope="module")
def docplanner() -> Iterator[Served]:
    """The sandbox of the file's tests."""
    with served() as running:
        yield running


@pytest.fixture
def marketplace(docplanner: Served) -> Iterator[EmbeddedMarketplace]:
    """A run's way to it."""
    sandbox = docplanner.sandbox
    made = EmbeddedMarketplace(
        sandbox.control_url,
        token=sandbox.control_token,
        client_id=sandbox.client_id,
        transport=httpx.HTTPTransport(),
    )
    docplanner.done("PUT", f"/clients/{sandbox.client_id}", {"delivery": "pull"})
    yield made
    made.close()


@pytest.fixture
def place(docplanner: Served) -> Place:
    """A calendar that no other test has."""
    return docplanner.place()


def address(place: Place) -> AddressId:
    """The calendar as a run names it."""
    return AddressId(place.address_id)


def states(docplanner: Served, place: Place) -> list[str]:
    """What became of the notifications about the calendar."""
    return [one["state"] for one in docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]]


def test_trouble_for_the_whole_api_client_meets_calls_about_no_calendar(
    docplanner: Served, marketplace: EmbeddedMarketplace
) -> None:
    """And names its cause in the journal."""
    marketplace.trouble(Trouble(None, "read", "limit", operation="getFacilities", delay_s=5), CAUSE)

    assert docplanner.api("GET", "/facilities").status_code == 429
    assert docplanner.api("GET", "/facilities").status_code == 200
    line = docplanner.lines(Kind.FAULT)[-1]
    assert (line.scenario, line.cause, line.address) == (CAUSE.scenario, CAUSE.line, None)


def test_a_booking_is_left_out_and_a_message_delayed(
    docplanner: Served, marketplace: EmbeddedMarketplace, place: Place
) -> None:
    """Everything that trouble can carry reaches the sandbox."""
    marketplace.trouble(Trouble(address(place), "message", "delay", delay_s=600), CAUSE)
    visit = docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")["booking_id"]
    marketplace.trouble(Trouble(address(place), "read", "omit", booking_id=visit, count=3), CAUSE)

    armed = docplanner.done("GET", "/faults")["items"]
    assert [one["left"] for one in armed if one["address_id"] == place.address_id] == [0, 3]
    assert states(docplanner, place) == ["held"]
    marketplace.time.age(address(place), timedelta(minutes=10), CAUSE)
    assert states(docplanner, place) == ["queued"]


def test_time_passes_with_and_without_the_clock(
    docplanner: Served, marketplace: EmbeddedMarketplace, place: Place
) -> None:
    """By the clock, by age, by retries spent; each is what the port promises."""
    there: TimeThere = marketplace.time
    docplanner.book(place, docplanner.at(30, "09:00"), by="doctor")
    assert there.exhaust_retries(address(place), CAUSE) == 0
    assert there.age(None, timedelta(hours=71), CAUSE) >= 1
    assert states(docplanner, place) == ["queued"]
    before = docplanner.clock.now()
    there.pass_by(timedelta(hours=1), CAUSE)

    assert docplanner.clock.now() - before >= timedelta(hours=1)
    docplanner.api("GET", "/notifications")
    assert states(docplanner, place) == ["expired"]
    there.end_same_payload(address(place), CAUSE)


def test_limits_and_settings_are_changed_by_name(
    docplanner: Served, marketplace: EmbeddedMarketplace, place: Place
) -> None:
    """What is not named stays; what cannot be is refused in the sandbox's words."""
    marketplace.time.behave(address(place), {"profile": "harsh"}, CAUSE)
    assert docplanner.done("GET", f"{place.calendar}/settings")["profile"] == "harsh"
    with pytest.raises(DocplannerRefused, match="replace_reach"):
        marketplace.time.behave(None, {"replace_reach": "week"}, CAUSE)
    marketplace.time.limit(LimitsThere(reads_per_hour=2, window_s=2), CAUSE)

    told = [docplanner.api("GET", "/facilities") for _ in range(3)]
    assert [one.status_code for one in told] == [200, 200, 429]
    marketplace.time.limit(LimitsThere(reads_per_hour=1_000_000), CAUSE)
    assert docplanner.api("GET", "/facilities").headers["x-ratelimit-limit"] == "1000000"
