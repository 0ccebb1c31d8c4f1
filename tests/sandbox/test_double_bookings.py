"""Two API clients book the same slot at the same moment: one wins, and all that can be seen agrees with it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from urllib.parse import quote

import httpx
from runs import LONG
from sandbox.served import ANNA, Place, Served

TIMES = 1000 if LONG else 60
DAYS = range(2, 2 + -(-TIMES // 47))


def token_of(docplanner: Served, client_id: str, secret: str) -> str:
    """An access token of an API client."""
    form = {"grant_type": "client_credentials", "scope": "integration"}
    answer = docplanner.http.post(docplanner.sandbox.token_url, data=form, auth=(client_id, secret))
    token: str = answer.raise_for_status().json()["access_token"]
    return token


def work_around_the_clock(docplanner: Served, place: Place) -> list[str]:
    """Half-hour slots around the clock; the starts of so many as are fought for."""
    starts = []
    for day in DAYS:
        docplanner.fill(place, day, "00:00", "23:59")
        first = datetime.fromisoformat(docplanner.at(day, "00:00"))
        starts += [(first + timedelta(minutes=30 * one)).isoformat() for one in range(47)]
    assert len(starts) >= TIMES
    return starts[:TIMES]


def test_of_two_who_book_the_same_slot_at_once_exactly_one_wins(docplanner: Served, place: Place) -> None:
    """Every time; the other is refused, and is told who was first only by the news of the visit."""
    docplanner.done("PUT", f"/clients/{docplanner.sandbox.client_id}", {"delivery": "pull"})
    other = docplanner.done("POST", "/clients", {"name": "other", "delivery": "pull"})
    docplanner.done("PUT", f"/clinics/{place.facility_id}/grants/{other['client_id']}")
    tokens = [docplanner.authorise(), token_of(docplanner, other["client_id"], other["client_secret"])]
    starts = work_around_the_clock(docplanner, place)
    moment = threading.Barrier(2)
    answers: list[list[httpx.Response]] = [[], []]

    def book(which: int) -> None:
        headers = {"Authorization": f"Bearer {tokens[which]}"}
        wanted = {"address_service_id": place.services[0], "duration": 30, "patient": ANNA}
        with httpx.Client(base_url=docplanner.sandbox.api_base_url, headers=headers, trust_env=False) as http:
            for start in starts:
                moment.wait(20)
                answers[which].append(http.post(f"{place.path}/slots/{quote(start)}/book", json=wanted))

    threads = [threading.Thread(target=book, args=[which]) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [sorted([one.status_code, two.status_code]) for one, two in zip(*answers, strict=True)] == [
        [200, 404] for _ in starts
    ]
    won = [{one.json()["id"] for one in mine if one.status_code == 200} for mine in answers]
    for which in (0, 1):
        # an API client is told what the other one did
        assert sorted(pulled(docplanner, tokens[which])) == sorted(won[1 - which])
        assert listed(docplanner, place, tokens[which]) == dict.fromkeys(won[0] | won[1], "booked")
        assert not free(docplanner, place, tokens[which]) & {datetime.fromisoformat(one) for one in starts}


def span(docplanner: Served) -> str:
    """All days on which anything was fought for."""
    return f"start={quote(docplanner.at(0, '00:00'))}&end={quote(docplanner.at(DAYS[-1] + 2, '00:00'))}"


def pulled(docplanner: Served, token: str) -> list[str]:
    """Ids of the visits that all notifications which wait are about."""
    found: list[str] = []
    while True:
        told = docplanner.api("GET", "/notifications/multiple?limit=100", token=token).json()
        if not told["notifications"]:
            return found
        assert {one["name"] for one in told["notifications"]} == {"slot-booked"}
        found += [one["data"]["visit_booking"]["id"] for one in told["notifications"]]


def listed(docplanner: Served, place: Place, token: str) -> dict[str, str]:
    """Every visit that getBookings tells, with its status."""
    told = docplanner.api("GET", f"{place.path}/bookings?{span(docplanner)}", token=token).json()
    return {one["id"]: one["status"] for one in told["_items"]}


def free(docplanner: Served, place: Place, token: str) -> set[datetime]:
    """When getSlots still offers something."""
    told = docplanner.api("GET", f"{place.path}/slots?{span(docplanner)}", token=token).json()
    return {datetime.fromisoformat(one["start"]) for one in told["_items"]}
