"""The numbers of the contract, each at its border."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from sandbox.endpoint import listening
from sandbox.served import ANNA, Place, Served

from harness.contract.limits import DEFAULT_PAGE_SIZE, DEFAULT_PULL, MAX_PULL, MAX_SLOTS_RANGE_DAYS, REALTIME_ANSWER_S
from harness.sandbox.profiles import Behaviour

SHORT_S = 0.2


@pytest.mark.parametrize("kind", ["reads", "writes"])
def test_calls_are_counted_by_the_hour_too(docplanner: Served, place: Place, kind: str) -> None:
    """Used up after two, and free again an hour later; the other kind of call goes on."""
    client, limit = f"/clients/{docplanner.sandbox.client_id}", f"{kind}_per_hour"
    docplanner.done("PUT", client, {"limits": {limit: 2}})
    calls = {"reads": ("GET", ""), "writes": ("DELETE", f"/slots/{docplanner.day(2)}")}
    method, path = calls[kind]
    other, elsewhere = calls["writes" if kind == "reads" else "reads"]

    answers = [docplanner.api(method, f"{place.path}{path}") for _ in range(3)]
    assert [one.is_success for one in answers] == [True, True, False]
    assert answers[2].status_code == 429
    assert (answers[2].headers["X-RateLimit-Limit"], answers[2].headers["X-RateLimit-Remaining"]) == ("2", "0")
    assert docplanner.api(other, f"{place.path}{elsewhere}").is_success
    docplanner.advance(minutes=59)
    assert docplanner.api(method, f"{place.path}{path}").status_code == 429
    docplanner.advance(minutes=1)
    assert docplanner.api(method, f"{place.path}{path}").is_success
    docplanner.done("PUT", client, {"limits": {limit: 1_000_000}})


def test_a_page_has_a_hundred_bookings_where_none_says_otherwise(docplanner: Served, place: Place) -> None:
    """A hundred and one are two pages."""
    for minute in range(DEFAULT_PAGE_SIZE + 1):
        start = f"{minute // 12:02}:{minute % 12 * 5:02}"
        wanted = {"by": "doctor", "start": docplanner.at(2, start), "duration": 5, "patient": ANNA}
        docplanner.done("POST", f"{place.calendar}/visits", {**wanted, "address_service_id": place.services[0]})
    day = f"start={quote(docplanner.at(2, '00:00'))}&end={quote(docplanner.at(3, '00:00'))}"

    pages = [docplanner.api("GET", f"{place.path}/bookings?{day}&page={page}").json() for page in (1, 2)]

    assert [len(one["_items"]) for one in pages] == [DEFAULT_PAGE_SIZE, 1]
    assert {(one["limit"], one["pages"], one["total"]) for one in pages} == {(DEFAULT_PAGE_SIZE, 2, 101)}


@pytest.mark.parametrize(("longer", "status"), [(timedelta(), 200), (timedelta(seconds=1), 400)])
def test_slots_are_read_for_180_days_at_most(docplanner: Served, place: Place, longer: timedelta, status: int) -> None:
    """To the second."""
    since = docplanner.clock.now().replace(microsecond=0)
    till = since + timedelta(days=MAX_SLOTS_RANGE_DAYS) + longer
    query = f"start={quote(since.isoformat())}&end={quote(till.isoformat())}"

    assert docplanner.api("GET", f"{place.path}/slots?{query}").status_code == status


def test_one_notification_is_pulled_by_default_and_a_hundred_at_most(docplanner: Served, place: Place) -> None:
    """A hundred and two breaks make as many notifications."""
    client = f"/clients/{docplanner.sandbox.client_id}"
    docplanner.done("PUT", client, {"delivery": "pull"})
    for minute in range(MAX_PULL + DEFAULT_PULL + 1):
        since, till = f"{minute // 60:02}:{minute % 60:02}", "23:00"
        docplanner.done(
            "POST", f"{place.calendar}/breaks", {"since": docplanner.at(2, since), "till": docplanner.at(2, till)}
        )

    one = docplanner.api("GET", "/notifications/multiple")
    many = docplanner.api("GET", f"/notifications/multiple?limit={MAX_PULL}")
    too_many = docplanner.api("GET", f"/notifications/multiple?limit={MAX_PULL + 1}", bad=True)
    docplanner.done("PUT", client, {"delivery": "push"})

    assert (len(one.json()["notifications"]), one.json()["remaining"]) == (DEFAULT_PULL, MAX_PULL + 1)
    assert (len(many.json()["notifications"]), many.json()["remaining"]) == (MAX_PULL, 1)
    assert too_many.status_code == 400


def test_a_real_time_check_waits_five_seconds(docplanner: Served, place: Place) -> None:
    """Who has not answered by then has denied; the wait is shortened here, and is the contract's elsewhere."""
    assert Behaviour().realtime_answer_s == REALTIME_ANSWER_S
    docplanner.settings(place, realtime_answer_s=SHORT_S)
    client = f"/clients/{docplanner.sandbox.client_id}"
    docplanner.fill(place, 2)
    with listening() as endpoint, endpoint.news:  # who asks waits for the lock
        docplanner.done("PUT", client, {"callback_url": endpoint.url, "realtime": True})
        wanted = {"by": "patient", "start": docplanner.at(2, "09:00"), "address_service_id": place.services[0]}
        answer = docplanner.control("POST", f"{place.calendar}/visits", {**wanted, "patient": ANNA})
        docplanner.done("PUT", client, {"callback_url": None, "realtime": False})

    assert (answer.status_code, answer.json()["error"]) == (409, "denied")
    day = f"start={quote(docplanner.at(2, '00:00'))}&end={quote(docplanner.at(3, '00:00'))}"
    assert docplanner.api("GET", f"{place.path}/bookings?{day}").json()["_items"] == []
