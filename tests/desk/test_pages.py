"""The pages about the sandbox: notifications, exchanges, API clients, clock, settings, faults, a calendar's profile."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from desk.desks import Seat
from sandbox.endpoint import listening
from sandbox.served import ANNA, Place

from harness.desk.settings_pages import described
from harness.sandbox.profiles import Behaviour


def services(seat: Seat, place: Place) -> list[dict[str, Any]]:
    """What the profile has."""
    found: list[dict[str, Any]] = seat.docplanner.done("GET", f"{place.calendar}/services")["items"]
    return found


def test_the_first_page_says_what_this_is_and_how_to_point_a_system_at_it(seat: Seat) -> None:
    """With addresses and client id; the secret is not there."""
    page = seat.page("/")

    assert "not Docplanner" in page
    assert seat.docplanner.sandbox.api_base_url in page
    assert seat.docplanner.sandbox.token_url in page
    assert seat.docplanner.sandbox.client_id in page


def test_a_clinic_is_shared_and_no_longer(seat: Seat, place: Place) -> None:
    """The API sees it."""
    client = seat.docplanner.sandbox.client_id
    path = f"/clinics/{place.facility_id}/grants"

    assert "no longer sees" in seat.done(path, client_id=client, act="unshare")
    assert seat.docplanner.api("GET", f"/facilities/{place.facility_id}/doctors").status_code == 403
    assert "sees the clinic" in seat.done(path, client_id=client, act="share")
    assert seat.docplanner.api("GET", f"/facilities/{place.facility_id}/doctors").status_code == 200


def test_a_notification_shows_its_tries_and_can_be_sent_again(seat: Seat, place: Place) -> None:
    """To whom, when, with which answer, and the body; one that failed is released."""
    docplanner = seat.docplanner
    client = docplanner.sandbox.client_id
    with listening() as endpoint:
        seat.done(f"/clients/{client}", delivery="push", callback_url=endpoint.url, realtime="no")
        docplanner.settings(place, retry_schedule_s=[])
        endpoint.statuses = [500]
        mark = docplanner.mark()
        docplanner.book(place, docplanner.at(1, "09:00"))
        docplanner.wait(mark, "notification", place)
        page = seat.page(f"/notifications?calendar={place.address_id}")
        number = next(iter(docplanner.sandbox.state.mailbox.every(address_id=place.address_id))).id
        mark = docplanner.mark()
        seat.done(f"/notifications/{number}/resend")
        docplanner.wait(mark, "notification", place)

        assert "slot-booked" in page
        assert "buried" in page
        assert "push 500" in page
        assert ANNA["phone"] in page
        assert "slot-booked" not in seat.page("/notifications?calendar=1")
        endpoint.statuses = [500]
        mark = docplanner.mark()
        docplanner.book(place, docplanner.at(1, "10:00"))
        docplanner.wait(mark, "notification", place)
        seat.done("/notifications/release", client_id=client)
        assert len(endpoint.wait(4)) == 4
        again = seat.post("/notifications/release", client_id=client)
    seat.done(f"/clients/{client}", delivery="push", callback_url="", realtime="no")

    assert again.status_code == 429
    assert "less than an hour ago" in again.text


def test_an_exchange_shows_both_messages_and_its_curl_without_secrets(seat: Seat, place: Place) -> None:
    """Of the client that called; breaches are told; another's patient is masked."""
    docplanner = seat.docplanner
    stranger = {"name": "Krystyna", "surname": "Obca", "phone": "+48222333444"}
    start = docplanner.at(1, "09:00").replace("+", "%2B")
    body = {"address_service_id": place.services[0], "duration": 30, "patient": stranger, "is_returning": "maybe"}
    booked = docplanner.api("POST", f"{place.path}/slots/{start}/book", body)
    listed = seat.page(f"/exchanges?client={docplanner.sandbox.client_id}")
    number = listed.partition('href="/desk/exchanges/')[2].partition('"')[0]
    page = seat.page(f"/exchanges/{number}")

    assert booked.status_code == 200
    assert "bookSlot" in listed.partition("</tr>")[2].partition("</tr>")[0]
    assert "token" in listed
    assert "curl -X" in page
    assert "masked:" in page
    for secret in (docplanner.token, docplanner.sandbox.client_secret, "Krystyna", "222333444"):
        assert secret not in page
        assert secret not in listed
    assert "bookSlot" not in seat.page("/exchanges?client=nobody")
    assert seat.get("/exchanges/999999999").status_code == 404


def test_an_api_client_s_endpoint_is_set_and_a_wrong_one_told(seat: Seat) -> None:
    """The key is agreed and never shown."""
    client = seat.docplanner.sandbox.client_id
    typed = {"delivery": "pull", "realtime": "yes", "callback_api_key": "canary-of-the-desk"}

    wrong = seat.post(f"/clients/{client}", callback_url="127.0.0.1:80", **typed)
    page = seat.done(f"/clients/{client}", callback_url="http://127.0.0.1:9/x", **typed)
    kept = seat.docplanner.sandbox.state.clients[client]
    seat.done(f"/clients/{client}", delivery="push", callback_url="", realtime="no")

    assert wrong.status_code == 422
    assert 'value="127.0.0.1:80"' in wrong.text
    assert kept.callback_api_key == "canary-of-the-desk"
    assert "canary-of-the-desk" not in page
    assert "One is agreed" in page


def test_every_token_of_a_client_ends(seat: Seat) -> None:
    """The next call needs a new one."""
    token = seat.docplanner.authorise()

    seat.done(f"/clients/{seat.docplanner.sandbox.client_id}/expire")

    assert seat.docplanner.api("GET", "/facilities", token=token).status_code == 401
    seat.docplanner.ended_at = None


def test_the_clock_moves_on_and_back(seat: Seat) -> None:
    """By a step, or to a time; an impossible one is told."""
    before = seat.docplanner.clock.now()

    seat.done("/clock", advance_s="86400")
    assert (seat.docplanner.clock.now() - before).days == 1
    assert "ahead of" in seat.page("/clock")
    seat.done("/clock", now="2027-03-28T12:00")
    assert seat.docplanner.clock.now().isoformat().startswith("2027-03-28T10:0")
    skipped = seat.post("/clock", now="2027-03-28T02:30")
    seat.docplanner.clock.set(before)

    assert skipped.status_code == 422
    assert "clocks leave out" in skipped.text


def test_every_setting_is_on_the_page_with_its_meaning(seat: Seat) -> None:
    """Read off the record, so that a new one is there too."""
    page = seat.page("/settings")
    told = described(Behaviour())

    assert [one.name for one in told] == [one.name for one in fields(Behaviour)]
    for one in told:
        assert one.words
        assert one.name == "profile" or f'name="{one.name}"' in page
        assert one.name == "profile" or one.words in page


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("numeric_ids", "yes", True),
        ("replace_reach", "whole_day", "whole_day"),
        ("taken_move_status", "409", 409),
        ("slots_delay_s", "1.5", 1.5),
        ("retry_schedule_s", "1, 2.5", (1.0, 2.5)),
        ("retry_schedule_s", "", ()),
    ],
)
def test_a_setting_of_each_kind_is_changed(seat: Seat, name: str, typed: str, value: object) -> None:
    """And it alone."""
    state = seat.docplanner.sandbox.state
    before = state.behaviour
    try:
        seat.done("/settings", **{name: typed})

        assert getattr(state.behaviour, name) == value
        assert set(state.behaviour.differs) <= {name, "slots_delay_s"}
    finally:
        state.behaviour = before


def test_a_named_set_is_taken_and_a_wrong_value_told(seat: Seat) -> None:
    """With what was typed."""
    state = seat.docplanner.sandbox.state
    before = state.behaviour
    try:
        wrong = seat.post("/settings", slots_delay_s="soon")
        seat.done("/settings", begin_anew="harsh")

        assert wrong.status_code == 422
        assert 'value="soon"' in wrong.text
        assert state.behaviour.profile == "harsh"
    finally:
        state.behaviour = before


def test_a_fault_is_armed_met_and_ended(seat: Seat, place: Place) -> None:
    """One that makes no sense is told."""
    typed = {"address_id": place.address_id, "target": "read", "operation": "getSlots"}

    wrong = seat.post("/faults", **typed, effect="duplicate")
    page = seat.done("/faults", **typed, effect="fail", status="503", count="2")
    since, till = (seat.docplanner.at(day, "00:00").replace("+", "%2B") for day in (1, 2))
    met = seat.docplanner.api("GET", f"{place.path}/slots?start={since}&end={till}")
    number = page.partition("/desk/faults/")[2].partition("/end")[0]
    ended = seat.done(f"/faults/{number}/end")

    assert wrong.status_code == 422
    assert "is no trouble for a read" in wrong.text
    assert "2 left" in page
    assert met.status_code == 503
    assert "Nothing is armed" in ended


def test_services_are_added_changed_and_deleted(seat: Seat, place: Place) -> None:
    """As the doctor does; added again one has a new id."""
    path = f"{place.calendar}/profile"
    first = services(seat, place)[0]

    seat.done(f"{path}/{first['id']}/change", name="Long talk", duration="45", price="120")
    assert services(seat, place)[0] | {"name": "Long talk", "duration": 45, "price": 120} == services(seat, place)[0]
    seat.done(f"{path}/{first['id']}/delete")
    seat.done(f"{path}/services", service_id=first["service_id"], duration="20")
    again = next(one for one in services(seat, place) if one["service_id"] == first["service_id"])
    taken = seat.post(f"{path}/services", service_id=first["service_id"], duration="20")

    assert again["id"] != first["id"]
    assert taken.status_code == 409
    assert 'role="alert"' in taken.text


def test_working_time_is_entered_by_hand_and_the_calendar_switched(seat: Seat) -> None:
    """Slots are on offer, and none while it is disabled."""
    place = seat.docplanner.place()
    later = str(seat.docplanner.day(7))
    hours = {"morning_from": "09:00", "morning_until": "10:00", "afternoon_from": "", "afternoon_until": ""}
    path = f"{place.calendar}/profile"

    half = seat.post(f"{path}/hours", week=later, days="2", **{**hours, "morning_until": ""})
    none = seat.post(f"{path}/hours", week=later, **hours)
    page = seat.done(f"{path}/hours", week=later, days="2", **hours)
    seat.done(f"{path}/enabled", act="disable")
    disabled = seat.page(f"{place.calendar}?day={later}")
    seat.done(f"{path}/enabled", act="enable")

    assert half.status_code == none.status_code == 422
    assert "one end only" in half.text
    assert "Choose a day" in none.text
    assert "2 on offer" in page
    assert "0 on offer" in disabled
    assert "calendar disabled" in disabled
    assert "2 on offer" in seat.page(f"{place.calendar}?day={later}")


def test_news_tell_a_page_that_something_happened(seat: Seat, place: Place) -> None:
    """Of what it is about, and not of all else."""
    mark = seat.docplanner.mark()
    seat.docplanner.advance(seconds=1)

    about = seat.get(f"/news?after={mark}&about=clock").json()
    other = seat.get(f"/news?after={mark}&about={place.address_id}").json()

    assert about == {"last": mark + 1, "happened": True}
    assert other == {"last": mark + 1, "happened": False}
