"""Several API clients beside each other: each has what is its own, and nothing of another's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sandbox.endpoint import Endpoint, listening
from sandbox.served import ANNA, Place, Served


@dataclass(frozen=True)
class Client:
    """A second API client, with an access token."""

    docplanner: Served
    id: str
    token: str

    def api(self, method: str, path: str, body: object = None) -> httpx.Response:
        """A call of its own."""
        return self.docplanner.api(method, path, body, token=self.token, bad=True)

    def see(self, place: Place, calendars: str = "edit") -> None:
        """The clinic is shared with it too."""
        grant = f"/clinics/{place.facility_id}/grants/{self.id}"
        self.docplanner.done("PUT", grant, {"calendars": calendars})

    def told(self, place: Place) -> list[str]:
        """The notifications that were made for it."""
        query = f"address_id={place.address_id}&client_id={self.id}"
        return [one["name"] for one in self.docplanner.done("GET", f"/notifications?{query}")["items"]]


def another(docplanner: Served, **settings: object) -> Client:
    """A new API client."""
    made: dict[str, Any] = docplanner.done("POST", "/clients", {"name": "other", **settings})
    form = {"grant_type": "client_credentials", "scope": "integration"}
    basic = (made["client_id"], made["client_secret"])
    answer = docplanner.http.post(docplanner.sandbox.token_url, data=form, auth=basic)
    return Client(docplanner, made["client_id"], answer.json()["access_token"])


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """An endpoint of the second API client."""
    with listening() as running:
        yield running


def test_each_client_sees_its_own_clinics_alone(docplanner: Served, place: Place) -> None:
    """A grant of one is none of the other, and can be taken away again."""
    other = another(docplanner)
    facility = f"/facilities/{place.facility_id}"
    assert other.api("GET", "/facilities").json()["_items"] == []
    assert other.api("GET", facility).status_code == 403

    other.see(place)
    assert [one["id"] for one in other.api("GET", "/facilities").json()["_items"]] == [place.facility_id]
    docplanner.done("DELETE", f"/clinics/{place.facility_id}/grants/{other.id}")
    assert other.api("GET", facility).status_code == 403
    assert docplanner.api("GET", facility).status_code == 200


def test_a_client_that_may_only_look_changes_no_calendar(docplanner: Served, place: Place) -> None:
    """It reads and books; the calendar is the other client's."""
    other = another(docplanner)
    other.see(place, "read")
    sent = {"slots": [docplanner.period(place, 2)]}

    assert other.api("GET", f"{place.path}/calendar").status_code == 200
    assert other.api("PUT", f"{place.path}/slots", sent).status_code == 403
    assert docplanner.api("PUT", f"{place.path}/slots", sent).status_code == 201
    other.see(place)
    assert other.api("POST", f"{place.path}/calendar/disable").status_code == 200


def test_tokens_of_one_client_end_without_those_of_another(docplanner: Served) -> None:
    """401 for the one alone."""
    one, other = another(docplanner), another(docplanner)
    docplanner.done("DELETE", f"/clients/{one.id}/tokens")

    assert [one.api("GET", "/services").status_code, other.api("GET", "/services").status_code] == [401, 200]


def test_limits_of_one_client_are_not_used_up_by_another(docplanner: Served) -> None:
    """429 for the one alone, with its own headers."""
    one = another(docplanner, limits={"reads_per_hour": 2})
    other = another(docplanner, limits={"reads_per_hour": 3})
    answers = [client.api("GET", "/services") for client in (one, one, one, other)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0", "2"]


def test_each_client_is_told_by_its_own_channel_and_key(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """One pulls, the other is pushed to with the key and in the header agreed with it."""
    agreed = {"callback_url": endpoint.url, "callback_api_key_header": "X-Other", "callback_api_key": "key-of-other"}
    pushed = another(docplanner, delivery="push", **agreed)
    pulling = another(docplanner, delivery="pull")
    for client in (pushed, pulling):
        client.see(place)
    docplanner.fill(place, 2)
    booked = docplanner.book(place, docplanner.at(2, "09:00"))["booking_id"]

    (came,) = endpoint.wait(1)
    assert endpoint.received[0].headers["x-other"] == "key-of-other"
    pulled = pulling.api("GET", "/notifications").json()
    assert came["data"]["visit_booking"]["id"] == pulled["data"]["visit_booking"]["id"] == booked
    assert pulling.api("GET", "/notifications").status_code == 404
    assert pushed.api("GET", "/notifications").status_code == 404
    assert pulling.api("POST", "/notifications/release").status_code == 403
    assert pushed.api("POST", "/notifications/release").status_code == 204


def test_what_one_client_does_is_told_to_the_other(docplanner: Served, place: Place) -> None:
    """It is no echo for the other, whose echoes are off too."""
    one, other = another(docplanner, delivery="pull"), another(docplanner, delivery="pull")
    for client in (one, other):
        client.see(place)
    body = {"since": docplanner.at(2, "09:00"), "till": docplanner.at(2, "10:00")}
    assert one.api("POST", f"{place.path}/breaks", body).status_code == 201

    assert (one.told(place), other.told(place)) == ([], ["break-created"])


def test_one_client_that_denies_is_enough(docplanner: Served, place: Place, endpoint: Endpoint) -> None:
    """Real-time checks are each client's own; the patient's message is picked by the code of the one who denied."""
    denying = another(docplanner, callback_url=endpoint.url, realtime=True)
    asked_not = another(docplanner, callback_url=endpoint.url, realtime=False)
    for client in (denying, asked_not):
        client.see(place)
    docplanner.fill(place, 2)
    endpoint.statuses, endpoint.body = [409], b'{"error_code": 12}'
    wanted = {"start": docplanner.at(2, "09:00"), "address_service_id": place.services[0], "patient": ANNA}
    answer = docplanner.control("POST", f"{place.calendar}/visits", {**wanted, "by": "patient"})

    assert (answer.status_code, answer.json()["error"], answer.json()["error_code"]) == (409, "denied", 12)
    assert [one["name"] for one in endpoint.wait(1)] == ["slot-booking"]
    endpoint.forget()
    docplanner.done("DELETE", f"/clinics/{place.facility_id}/grants/{denying.id}")
    docplanner.book(place, docplanner.at(2, "09:00"))
    assert [one["name"] for one in endpoint.wait(1)] == ["slot-booked"]


@pytest.mark.parametrize(("status", "code"), [(409, 12), (500, None)])
def test_an_error_code_counts_with_a_denial_alone(
    docplanner: Served, place: Place, endpoint: Endpoint, status: int, code: int | None
) -> None:
    """A 4xx with JSON; a server that is broken says nothing to a patient."""
    denying = another(docplanner, callback_url=endpoint.url, realtime=True)
    denying.see(place)
    docplanner.fill(place, 2)
    endpoint.statuses, endpoint.body = [status], b'{"error_code": 12}'
    wanted = {"start": docplanner.at(2, "09:00"), "address_service_id": place.services[0], "patient": ANNA}
    answer = docplanner.control("POST", f"{place.calendar}/visits", {**wanted, "by": "patient"})

    assert (answer.status_code, answer.json().get("error_code")) == (409, code)
