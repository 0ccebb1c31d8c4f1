"""What is open about tokens and about the forms of values: each setting changes what it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sandbox.served import ANNA, Place, Served


@pytest.fixture
def whole(docplanner: Served) -> Iterator[Served]:
    """The sandbox, as it began afterwards; tokens are asked for anew."""
    docplanner.ended_at = None
    yield docplanner
    docplanner.done("PUT", "/settings", {"profile": "documented", "slots_delay_s": 0.05})
    docplanner.ended_at = None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("message", {"message": "The access token provided has expired."}),
        ("no_credentials", {"message": "Authentication credentials could not be found."}),
        ("oauth", {"error": "invalid_grant", "error_description": "The access token provided has expired."}),
        ("empty", None),
    ],
)
def test_a_token_that_ended_is_refused_in_the_words_set(whole: Served, body: str, told: dict[str, str] | None) -> None:
    """401, whatever stands in it; nothing of it counts as a breach."""
    whole.done("PUT", "/settings", {"expired_token_body": body})
    answer = whole.api("GET", "/facilities", token="ended")

    assert answer.status_code == 401
    assert (answer.json() if answer.content else None) == told
    assert whole.journal.lines[-1].body["breaches"] == []


@pytest.mark.parametrize(("early", "status"), [(0, 200), (50, 401)])
def test_a_token_ends_when_it_says_or_earlier(whole: Served, early: int, status: int) -> None:
    """``expires_in`` says the lifetime in any case."""
    whole.done("PUT", "/settings", {"token_lifetime_s": 100, "token_early_s": early})
    asked = whole.clock.now()
    token = whole.authorise()
    assert whole.ended_at is not None
    assert 99 < (whole.ended_at - asked).total_seconds() < 101
    whole.advance(seconds=60)

    assert whole.api("GET", "/facilities", token=token).status_code == status


@pytest.mark.parametrize(
    ("setting", "phone", "duration"),
    [
        ({}, "+48500001234", 30),
        ({"numeric_phones": True}, 48500001234, 30),
        ({"text_durations": True}, "+48500001234", "30"),
    ],
)
def test_phones_may_be_numbers_and_durations_texts(
    docplanner: Served, place: Place, setting: dict[str, bool], phone: object, duration: object
) -> None:
    """In answers and in notifications alike."""
    docplanner.settings(place, **setting)
    visit = docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")["booking_id"]

    shown: dict[str, Any] = docplanner.api("GET", f"{place.path}/bookings/{visit}").json()
    assert (shown["patient"]["phone"], shown["duration"]) == (phone, duration)
    body = docplanner.api("GET", "/notifications/multiple?limit=100").json()
    assert body["notifications"] == []
    docplanner.done("PUT", f"/clients/{docplanner.sandbox.client_id}", {"delivery": "pull"})
    docplanner.book(place, docplanner.at(2, "11:00"), by="doctor")
    (told,) = docplanner.api("GET", "/notifications/multiple?limit=100").json()["notifications"]
    assert (told["data"]["visit_booking"]["patient"]["phone"], told["data"]["visit_booking"]["duration"]) == (
        phone,
        duration,
    )
    docplanner.done("PUT", f"/clients/{docplanner.sandbox.client_id}", {"delivery": "push"})
    assert ANNA["phone"] == "+48500001234"
