"""Time passes by the sandbox's clock: weeks in milliseconds, also for a partner that does not share the clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from sandbox.endpoint import Endpoint, listening
from sandbox.served import Place, Served, served

QUICK_S = 8.0
"""Real seconds, on a busy machine."""


@pytest.fixture(scope="module")
def running() -> Iterator[Endpoint]:
    """An endpoint for the tests of this file."""
    with listening() as endpoint:
        yield endpoint


@pytest.fixture
def endpoint(docplanner: Served, running: Endpoint) -> Endpoint:
    """The endpoint, fresh, and notifications pushed there."""
    running.forget()
    deliver(docplanner, "push", callback_url=running.url)
    return running


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """However much time passes in it, a test takes next to none."""
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < QUICK_S


def deliver(docplanner: Served, how: str, **values: object) -> None:
    """How the API client gets its notifications."""
    docplanner.done("PUT", f"/clients/{docplanner.sandbox.client_id}", {"delivery": how, **values})


def state(docplanner: Served, place: Place) -> list[str]:
    """What became of the notifications about the calendar."""
    return [one["state"] for one in docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]]


def pending(docplanner: Served, place: Place, endpoint: Endpoint, *, fails: int = 1) -> None:
    """A notification whose first try has failed, and would go on failing."""
    endpoint.statuses = [503] * fails
    mark = docplanner.mark()
    docplanner.book(place, docplanner.at(30, "09:00"), by="doctor")
    docplanner.wait(mark, "notification", place)


def test_a_change_can_be_read_at_once_when_the_clock_moves_past_its_delay(docplanner: Served, place: Place) -> None:
    """And whoever waits for it is woken."""
    docplanner.settings(place, slots_delay_s=3600)
    docplanner.api("PUT", f"{place.path}/slots", {"slots": [docplanner.period(place, 2)]})
    assert docplanner.done("GET", f"/activity?address_id={place.address_id}")["slots_pending"] == 1
    mark = docplanner.mark()
    docplanner.advance(seconds=3601)

    docplanner.wait(mark, "slots-readable", place)
    assert docplanner.done("GET", f"/activity?address_id={place.address_id}")["slots_pending"] == 0


def test_all_retries_take_place_when_the_clock_moves(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """Each when it is due: after a minute, five and fifteen."""
    pending(docplanner, place, endpoint, fails=4)
    for minutes in (1, 5, 15):
        mark = docplanner.mark()
        docplanner.advance(minutes=minutes, seconds=1)
        docplanner.wait(mark, "notification", place)

    assert len(endpoint.received) == 4
    assert state(docplanner, place) == ["buried"]


def test_a_limit_ends_with_its_hour_and_a_short_window_without_the_clock(docplanner: Served, place: Place) -> None:
    """An hour of reads by the clock; a window of a tenth of a second by waiting for it."""
    limited = docplanner.done("POST", "/clients", {"name": "limited", "limits": {"reads_per_hour": 1}})
    client = f"/clients/{limited['client_id']}"
    docplanner.done("PUT", f"/clinics/{place.facility_id}/grants/{limited['client_id']}")

    def status() -> int:
        form = {"grant_type": "client_credentials", "scope": "integration"}
        basic = (limited["client_id"], limited["client_secret"])
        token = docplanner.http.post(docplanner.sandbox.token_url, data=form, auth=basic).json()["access_token"]
        return docplanner.api("GET", "/facilities", token=token).status_code

    assert [status(), status()] == [200, 429]
    docplanner.advance(hours=1, seconds=1)
    assert [status(), status()] == [200, 429]

    docplanner.done("PUT", client, {"limits": {"reads_per_hour": 1, "window_s": 0.3}})
    shown = next(one for one in docplanner.done("GET", "/clients")["items"] if one["client_id"] == limited["client_id"])
    assert (shown["limits"]["reads_per_hour"], shown["limits"]["window_s"]) == (1, 0.3)
    assert [status(), status()] == [200, 429]
    docplanner.done("GET", f"/news?after={docplanner.mark()}&timeout_s=0.35")
    docplanner.done("GET", f"/news?after={docplanner.mark()}&timeout_s=0.35")
    assert status() == 200


def test_twelve_weeks_pass_and_a_period_that_was_too_far_is_near(docplanner: Served, place: Place) -> None:
    """It is refused today and accepted a day later."""
    sent = {"slots": [docplanner.period(place, 12 * 7 + 1, "00:00", "00:30")]}

    assert docplanner.api("PUT", f"{place.path}/slots", sent).status_code == 400
    docplanner.advance(weeks=12)
    assert docplanner.api("PUT", f"{place.path}/slots", sent).status_code == 201


@pytest.mark.parametrize(("night", "hours"), [("2027-03-28", 23), ("2027-10-31", 25)])
def test_the_days_on_which_clocks_change_are_as_long_as_they_are(night: str, hours: int) -> None:
    """One hour is missing or comes twice: slots are cut from one midnight to the next, each with its own offset."""
    with served() as docplanner:
        zone = ZoneInfo("Europe/Warsaw")
        midnight = datetime.fromisoformat(night).replace(tzinfo=zone)
        docplanner.done("PUT", "/clock", {"now": (midnight - timedelta(hours=12)).isoformat()})
        place = docplanner.place()
        docplanner.settings(place, slots_delay_s=0)
        morrow = datetime.fromisoformat(night).replace(tzinfo=zone) + timedelta(days=1)
        services = [{"address_service_id": place.services[0], "duration": 60}]
        body = {"start": midnight.isoformat(), "end": morrow.isoformat(), "address_services": services}
        assert docplanner.api("PUT", f"{place.path}/slots", {"slots": [body]}).status_code == 201
        query = f"start={quote(midnight.isoformat())}&end={quote(morrow.isoformat())}"
        told = docplanner.api("GET", f"{place.path}/slots?{query}").json()["_items"]

        starts = [datetime.fromisoformat(one["start"]) for one in told]
        assert len(starts) == hours
        assert {after - before for before, after in pairwise(starts)} == {timedelta(hours=1)}
        assert len({one["start"] for one in told}) == hours
        docplanner.done("PUT", "/clock", {"now": morrow.isoformat()})
        visit = docplanner.book(place, (morrow + timedelta(hours=9)).isoformat(), by="doctor")
        assert visit["start"].endswith("+02:00" if hours == 23 else "+01:00")


def test_the_clock_never_goes_back(docplanner: Served) -> None:
    """Tokens, retries and windows count on it; a time in whole seconds that has just passed is no move."""
    before = docplanner.clock.now()
    assert docplanner.control("PUT", "/clock", {"advance_s": -60}).status_code == 422
    past = (before - timedelta(minutes=1)).isoformat()
    refused = docplanner.control("PUT", "/clock", {"now": past})
    assert refused.status_code == 422
    assert "forwards alone" in refused.json()["message"]
    docplanner.done("PUT", "/clock", {"now": (docplanner.clock.now() - timedelta(seconds=0.5)).isoformat()})

    assert docplanner.clock.now() >= before


# -- without the clock ------------------------------------------------------------------------------------------------


def test_what_waits_to_be_pulled_expires_by_its_age(docplanner: Served, place: Place) -> None:
    """That of one calendar, though older messages of another wait before it; the clock stays where it is."""
    other = docplanner.place()
    deliver(docplanner, "pull")
    docplanner.api("GET", "/notifications/multiple?limit=100")
    docplanner.book(other, docplanner.at(2, "09:00"), by="doctor")
    docplanner.book(place, docplanner.at(2, "10:00"), by="doctor")
    before = docplanner.done("GET", "/clock")["offset_s"]

    def age(hours: int) -> None:
        body = {"address_id": place.address_id, "seconds": hours * 3600}
        assert docplanner.done("POST", "/notifications/age", body) == {"count": 1}

    age(71)
    assert state(docplanner, place) == ["queued"]
    age(1)
    assert (state(docplanner, place), state(docplanner, other)) == (["expired"], ["queued"])
    (left,) = docplanner.api("GET", "/notifications/multiple?limit=100").json()["notifications"]
    assert left["data"]["address"]["id"] == other.address_id
    assert docplanner.done("GET", "/clock")["offset_s"] == before


def test_retries_are_spent_at_once_and_what_is_buried_is_deleted_by_its_age(
    docplanner: Served, place: Place, endpoint: Endpoint
) -> None:
    """Buried without another try; released it comes; once it is 14 days old nothing brings it back."""
    pending(docplanner, place, endpoint)
    chosen = {"address_id": place.address_id}
    assert docplanner.done("POST", "/notifications/exhaust", chosen) == {"count": 1}
    assert state(docplanner, place) == ["buried"]
    assert docplanner.done("GET", f"/activity?address_id={place.address_id}")["pushing"] == 0
    assert len(endpoint.received) == 1

    docplanner.done("POST", "/notifications/age", {**chosen, "seconds": 14 * 86_400 - 60})
    assert state(docplanner, place) == ["buried"]
    docplanner.done("POST", "/notifications/age", {**chosen, "seconds": 61})
    assert state(docplanner, place) == ["expired"]
    docplanner.done("POST", "/notifications/age", {"client_id": docplanner.sandbox.client_id, "seconds": 3600})
    assert docplanner.api("POST", "/notifications/release").status_code == 204
    assert len(endpoint.received) == 1


def test_a_first_try_under_way_is_the_last_one_when_retries_are_spent(
    docplanner: Served, place: Place, endpoint: Endpoint
) -> None:
    """It may still arrive; failed, it is buried without a second one."""
    endpoint.statuses = [503]
    with endpoint.news:  # the answer waits for the lock
        docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")
        docplanner.done("POST", "/notifications/exhaust", {"address_id": place.address_id})
        mark = docplanner.mark()
    docplanner.wait(mark, "notification", place)
    assert len(endpoint.received) == 1

    assert state(docplanner, place) == ["buried"]


def test_an_hour_since_the_release_passes_by_age(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """For the API client as a whole; a retry that was due comes too."""
    pending(docplanner, place, endpoint)
    client = {"client_id": docplanner.sandbox.client_id}
    docplanner.done("POST", "/notifications/age", {**client, "seconds": 3600})
    endpoint.wait(2)
    assert docplanner.api("POST", "/notifications/release").status_code == 204
    assert docplanner.api("POST", "/notifications/release").status_code == 429
    docplanner.done("POST", "/notifications/age", {**client, "seconds": 3601})

    assert docplanner.api("POST", "/notifications/release").status_code == 204


def test_the_window_of_the_same_payload_can_be_ended(docplanner: Served, place: Place) -> None:
    """Ignored with 201 before; afterwards the same update counts again, as a doctor's change in between shows."""
    docplanner.settings(place, slots_delay_s=0)
    sent = {"slots": [docplanner.period(place, 2)]}

    def seen() -> list[str]:
        day = f"from={quote(docplanner.at(2, '00:00'))}&to={quote(docplanner.at(3, '00:00'))}"
        return [one["start"][11:16] for one in docplanner.done("GET", f"{place.calendar}/offers?{day}")["items"]]

    docplanner.api("PUT", f"{place.path}/slots", sent)
    docplanner.fill(place, 2, "15:00", "15:30")
    assert docplanner.api("PUT", f"{place.path}/slots", sent).status_code == 201
    assert seen() == ["15:00"]
    docplanner.done("DELETE", f"{place.calendar}/same-payload")
    assert docplanner.api("PUT", f"{place.path}/slots", sent).status_code == 201

    assert seen() == ["09:00", "09:30", "10:00", "10:30", "15:00"]
