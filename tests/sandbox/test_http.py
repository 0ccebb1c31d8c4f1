"""The Docplanner API and its token service, as a partner meets them over real sockets."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from sandbox.served import Place, Served

GOOD = {"grant_type": "client_credentials", "scope": "integration"}
SUCCESS, ERROR = "application/vnd.docplanner+json; charset=UTF-8", "application/vnd.error+docplanner+json"


@pytest.mark.parametrize("way", ["basic", "body", "multipart"])
def test_a_token_is_had_by_any_of_the_ways_in_the_field(docplanner: Served, way: str) -> None:
    """Basic, a form and multipart all give a bearer token that the API takes."""
    sandbox = docplanner.sandbox
    named = {**GOOD, "client_id": sandbox.client_id, "client_secret": sandbox.client_secret}
    sent = {
        "basic": {"data": GOOD, "auth": (sandbox.client_id, sandbox.client_secret)},
        "body": {"data": named},
        "multipart": {"files": {name: (None, value) for name, value in named.items()}},
    }[way]

    told = docplanner.http.post(sandbox.token_url, **sent).json()

    assert (told["token_type"], told["expires_in"], told["scope"]) == ("bearer", 3600, None)
    assert docplanner.api("GET", "/facilities", token=told["access_token"]).status_code == 200


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"client_secret": "not it"}, "invalid_client"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"scope": "everything"}, "invalid_scope"),
    ],
)
def test_wrong_credentials_or_grants_give_no_token(docplanner: Served, changed: dict[str, str], error: str) -> None:
    """Refused with OAuth's own word for it; whether a wrong client is 400 or 401, OAuth leaves open."""
    sandbox = docplanner.sandbox
    named = {**GOOD, "client_id": sandbox.client_id, "client_secret": sandbox.client_secret, **changed}

    answer = docplanner.http.post(sandbox.token_url, data=named)

    assert answer.status_code in {400, 401 if error == "invalid_client" else 400}
    assert answer.json()["error"] == error


def test_without_a_token_the_api_says_that_it_saw_no_credentials(docplanner: Served) -> None:
    """401 in the documented words."""
    answer = docplanner.http.get(f"{docplanner.sandbox.api_base_url}/facilities")

    assert answer.status_code == 401
    assert answer.json()["message"] == "Authentication credentials could not be found."


@pytest.mark.parametrize("how", ["time", "told"])
def test_a_token_ends(docplanner: Served, how: str) -> None:
    """After its lifetime, or early where somebody ends it; a new one works."""
    old = docplanner.authorise()
    if how == "time":
        docplanner.advance(seconds=3601)
    else:
        docplanner.done("DELETE", f"/clients/{docplanner.sandbox.client_id}/tokens")
        docplanner.ended_at = None

    assert docplanner.api("GET", "/facilities", token=old).status_code == 401
    assert docplanner.api("GET", "/facilities").status_code == 200


def test_answers_have_the_media_types_of_the_guide(docplanner: Served, place: Place) -> None:
    """Success and errors differ, and a narrow Accept is not refused."""
    narrow = {"Accept": "application/vnd.error+docplanner+json"}

    assert docplanner.api("GET", place.path, headers=narrow).headers["content-type"] == SUCCESS
    assert docplanner.api("GET", f"{place.path}7").headers["content-type"] == ERROR


def test_what_is_not_granted_is_forbidden_and_what_is_missing_is_not_found(docplanner: Served, place: Place) -> None:
    """A facility, doctor or address of others answers 403, none at all 404."""
    other = docplanner.place()
    docplanner.done("DELETE", f"/clinics/{other.facility_id}/grants/{docplanner.sandbox.client_id}")
    here = f"/facilities/{place.facility_id}"

    def status(path: str) -> int:
        return docplanner.api("GET", path).status_code

    assert status(f"/facilities/{other.facility_id}") == 403
    assert status(f"{here}/doctors/{other.doctor_id}") == 403
    assert status(f"{here}/doctors/{place.doctor_id}/addresses/{other.address_id}") == 403
    assert [status("/facilities/1"), status(f"{here}/doctors/1"), status(f"{here}/doctors/1/addresses/1")] == [404] * 3
    assert status(place.path) == 200


def test_an_unknown_route_is_not_found_and_a_wrong_method_not_allowed(docplanner: Served, place: Place) -> None:
    """404 and 405, in the API's media type."""
    assert docplanner.api("GET", "/nowhere").status_code == 404
    assert docplanner.api("DELETE", place.path).status_code == 405


@pytest.mark.parametrize("written", ["Z", ".000Z", ".000+01:00", "", " 01:00"])
def test_dates_without_a_plain_offset_are_refused(docplanner: Served, place: Place, written: str) -> None:
    """Z, milliseconds, no offset, and a plus sign that was not encoded and so became a blank."""
    day = docplanner.day(3)
    query = f"start={quote(f'{day}T09:00:00')}{written.replace(' ', '+')}&end={quote(f'{day}T12:00:00+01:00')}"
    if written == ".000+01:00":
        query = query.replace("+01", "%2B01", 1)

    refused = docplanner.api("GET", f"{place.path}/slots?{query}", bad=True)

    assert refused.status_code == 400
    assert refused.json()["errors"][0].startswith("start: expected a date and time with an offset")
    assert docplanner.api("GET", slots(docplanner, place, 3)).status_code == 200


def slots(docplanner: Served, place: Place, ahead: int) -> str:
    """The path of a day's free slots, with its dates encoded."""
    since, till = quote(docplanner.at(ahead, "00:00")), quote(docplanner.at(ahead + 1, "00:00"))
    return f"{place.path}/slots?start={since}&end={till}"


def starts(docplanner: Served, place: Place, ahead: int) -> list[str]:
    """When a slot is free on that day."""
    items = docplanner.api("GET", slots(docplanner, place, ahead)).json()["_items"]
    return [str(datetime.fromisoformat(one["start"]))[11:16] for one in items]


def test_an_update_is_accepted_before_it_can_be_read(docplanner: Served, place: Place) -> None:
    """201 first; the slots are there when the news says so, and no sooner."""
    docplanner.settings(place, slots_delay_s=0.3)
    mark = docplanner.mark()

    assert docplanner.api("PUT", f"{place.path}/slots", {"slots": [docplanner.period(place, 2)]}).status_code == 201
    assert starts(docplanner, place, 2) == []
    docplanner.wait(mark, "slots-readable", place)
    assert starts(docplanner, place, 2) == ["09:00", "09:30", "10:00", "10:30"]


def test_the_same_update_again_is_too_many_while_in_work_and_ignored_afterwards(
    docplanner: Served, place: Place
) -> None:
    """429, then 201 without effect for three minutes, then it counts again; a doctor's change shows which."""
    sent = {"slots": [docplanner.period(place, 2)]}
    docplanner.settings(place, slots_delay_s=30)

    def put() -> int:
        return docplanner.api("PUT", f"{place.path}/slots", sent).status_code

    assert [put(), put()] == [201, 429]
    docplanner.advance(seconds=31)
    docplanner.fill(place, 2, "15:00", "16:00")
    assert put() == 201
    docplanner.advance(seconds=31)
    assert starts(docplanner, place, 2) == ["15:00", "15:30"]
    docplanner.advance(seconds=180)
    assert put() == 201
    docplanner.advance(seconds=31)
    assert "09:00" in starts(docplanner, place, 2)


def test_deleting_a_day_removes_its_slots_and_an_empty_day_is_fine(docplanner: Served, place: Place) -> None:
    """204 both times, and the other day stays."""
    docplanner.settings(place, slots_delay_s=0)
    docplanner.fill(place, 2)
    docplanner.fill(place, 3)
    for _ in range(2):
        assert docplanner.api("DELETE", f"{place.path}/slots/{docplanner.day(2)}").status_code == 204

    assert (starts(docplanner, place, 2), len(starts(docplanner, place, 3))) == ([], 4)


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ((2, "22:00"), (3, "01:00"), []),
        ((85, "09:00"), (85, "11:00"), ["slots[0].end"]),
        ((2, "09:00"), (2, "09:00"), ["slots[0].minimumDifferenceBetweenDates"]),
    ],
)
def test_periods_that_no_calendar_takes_are_refused(
    docplanner: Served, place: Place, start: tuple[int, str], end: tuple[int, str], told: list[str]
) -> None:
    """Beyond one day, further than 12 weeks, shorter than a minute: 400 that names the field, and nothing changes."""
    period = docplanner.period(place, 2) | {"start": docplanner.at(*start), "end": docplanner.at(*end)}

    answer = docplanner.api("PUT", f"{place.path}/slots", {"slots": [period]}, bad=True)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == told
    everything = f"from={quote(docplanner.at(0, '00:00'))}&to={quote(docplanner.at(90, '00:00'))}"
    assert docplanner.done("GET", f"{place.calendar}/working-time?{everything}") == {"items": []}


def test_a_period_may_last_one_minute_and_end_twelve_weeks_ahead(docplanner: Served, place: Place) -> None:
    """The borders themselves are allowed."""
    services = docplanner.period(place, 2)["address_services"]
    ends = (docplanner.clock.now() + timedelta(weeks=12)).replace(microsecond=0)
    period = {"start": (ends - timedelta(minutes=1)).isoformat(), "end": ends.isoformat()}

    answer = docplanner.api("PUT", f"{place.path}/slots", {"slots": [{**period, "address_services": services}]})

    assert answer.status_code == 201


def test_a_limit_is_told_in_headers_and_ends_with_its_window(docplanner: Served, place: Place) -> None:
    """429 once the writes of a minute are used up, reads not counted; the next minute is free again."""
    client = f"/clients/{docplanner.sandbox.client_id}"
    docplanner.done("PUT", client, {"limits": {"writes_per_minute": 2}})
    day = f"{place.path}/slots/{docplanner.day(2)}"

    answers = [docplanner.api("DELETE", day) for _ in range(3)]

    assert [one.status_code for one in answers] == [204, 204, 429]
    assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["1", "0", "0"]
    assert answers[2].headers["x-ratelimit-limit"] == answers[2].headers["x-ratelimit-used"] == "2"
    assert "retry-after" not in answers[2].headers
    left = datetime.fromisoformat(answers[2].headers["x-ratelimit-reset"]) - docplanner.clock.now()
    assert timedelta(0) < left <= timedelta(minutes=1)
    assert docplanner.api("GET", place.path).status_code == 200
    docplanner.advance(seconds=61)
    assert docplanner.api("DELETE", day).status_code == 204
    docplanner.done("PUT", client, {"limits": {"writes_per_minute": 1_000_000}})


def test_ids_can_be_numbers(docplanner: Served, place: Place) -> None:
    """Where the calendar is set so, every id is a JSON number; it means the same."""
    docplanner.settings(place, numeric_ids=True)

    told = docplanner.api("GET", f"{place.path}/services").json()["_items"]

    assert [one["id"] for one in told] == [int(one) for one in place.services]
    assert all(isinstance(one["service_id"], int) for one in told)
