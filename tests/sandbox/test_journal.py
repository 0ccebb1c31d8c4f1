"""What a sandbox leaves in the journal, and under whose name."""

from __future__ import annotations

from sandbox.served import Place, Served, breaches

from harness.recorder.line import Actor, Channel, Kind

SCENARIO = {"X-Acceptance-Scenario": "a%20scenario", "X-Acceptance-Cause": "17"}


def test_the_partners_traffic_is_journalled_under_its_scenario(docplanner: Served, place: Place) -> None:
    """Scenario and address of each exchange, and nothing of the control API."""
    docplanner.api("GET", f"{place.path}/services")
    docplanner.api("DELETE", f"{place.path}/slots/{docplanner.day(2)}")

    lines = docplanner.lines(Kind.EXCHANGE, place)

    assert [one.body["operation"] for one in lines] == ["getAddressServices", "deleteSlots"]
    assert {(one.scenario, one.actor, one.channel) for one in lines} == {(place.scenario, Actor.PARTNER, Channel.API)}
    assert [breaches(one) for one in lines] == [[], []]
    assert "/control/" not in str([one.body for one in docplanner.journal.lines])


def test_what_follows_from_an_act_names_it_and_goes_on_doing_so(docplanner: Served, place: Place) -> None:
    """Tries, retries and faults carry the scenario and the line of the act; a pull too."""
    client = f"/clients/{docplanner.sandbox.client_id}"
    docplanner.done("PUT", client, {"delivery": "push", "callback_url": "http://127.0.0.1:1/"})
    docplanner.done("PUT", "/settings", {"retry_schedule_s": [60]})
    docplanner.fill(place, 2)
    mark = docplanner.mark()
    docplanner.book(place, docplanner.at(2, "09:00"), **SCENARIO)
    docplanner.wait(mark, "notification", place)
    mark = docplanner.mark()
    docplanner.advance(seconds=61)
    docplanner.wait(mark, "notification", place)
    docplanner.done("PUT", client, {"delivery": "pull"})
    docplanner.done(
        "POST", "/faults", {"address_id": place.address_id, "target": "read", "effect": "fail"}, headers=SCENARIO
    )
    docplanner.api("GET", place.path)
    docplanner.done("POST", f"{place.calendar}/breaks", blocked(docplanner), headers=SCENARIO)
    docplanner.api("GET", "/notifications/multiple?limit=100")

    tries = docplanner.lines(Kind.NOTIFICATION_TRY, place) + docplanner.lines(Kind.FAULT, place)

    assert [one.body.get("event") for one in tries] == ["slot-booked", "slot-booked", "break-created", None]
    assert {(one.scenario, one.cause) for one in tries} == {("a scenario", 17)}
    assert [one.body["try"] for one in tries[:2]] == [1, 2]


def blocked(docplanner: Served) -> dict[str, str]:
    """An hour that the doctor blocks."""
    return {"since": docplanner.at(2, "14:00"), "till": docplanner.at(2, "15:00")}


def test_no_secret_is_journalled(docplanner: Served, place: Place) -> None:
    """Neither the client's secret nor a token, its own or one of a client that was added."""
    added = docplanner.done("POST", "/clients", {"name": "other"})
    form = {"grant_type": "client_credentials", "client_id": added["client_id"], "other": added["client_secret"]}
    docplanner.http.post(docplanner.sandbox.token_url, data={**form, "client_secret": added["client_secret"]})
    token = docplanner.authorise()
    docplanner.api("GET", f"{place.path}?seen={token}")

    written = str([one.body for one in docplanner.journal.lines])

    assert "client_credentials" in written
    for secret in (token, docplanner.sandbox.client_secret, added["client_secret"]):
        assert secret not in written


def test_trouble_with_a_message_is_a_line_too(docplanner: Served, place: Place) -> None:
    """Dropped, and the journal says by which fault."""
    trouble = {"address_id": place.address_id, "target": "message", "effect": "drop"}
    armed = docplanner.done("POST", "/faults", trouble, headers=SCENARIO)
    docplanner.book(place, docplanner.at(2, "09:00"), by="doctor")

    (line,) = docplanner.lines(Kind.FAULT, place)

    assert (line.body["fault_id"], line.body["effect"]) == (armed["fault_id"], "drop")
    assert (line.scenario, line.cause, line.channel) == ("a scenario", 17, Channel.NOTIFICATION)


def test_what_a_request_breaches_is_written_beside_it(docplanner: Served, place: Place) -> None:
    """By the name of the field; where trouble was made on purpose, nobody is blamed."""
    bad = {"since": docplanner.at(2, "09:00"), "till": 7}
    docplanner.api("POST", f"{place.path}/breaks", bad, bad=True)
    docplanner.done("POST", "/faults", {"address_id": place.address_id, "target": "write", "effect": "fail"})
    docplanner.api("POST", f"{place.path}/breaks", bad, bad=True)

    plain, injected = docplanner.lines(Kind.EXCHANGE, place)

    assert len(plain.body["breaches"]) == 1
    assert "till" in plain.body["breaches"][0]
    assert (plain.body["injected"], injected.body["injected"], injected.body["breaches"]) == (False, True, [])
