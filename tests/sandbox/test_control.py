"""The control API: by its contract in every answer, shut to strangers, plain about mistakes.

Every answer that :meth:`Served.control` gets is compared with the contract.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from sandbox.endpoint import listening
from sandbox.served import ANNA, Place, Served, served

from harness.contract.control import SANDBOX_CONTROL
from harness.recorder.line import Kind


def span(docplanner: Served, since: int = 0, till: int = 9) -> str:
    """A range of days as a query."""
    return f"from={quote(docplanner.at(since, '00:00'))}&to={quote(docplanner.at(till, '00:00'))}"


def test_every_operation_of_the_contract_answers_by_it() -> None:
    """Each one called so that it succeeds: none is left out, none differs from what it promises."""
    with served() as docplanner, listening() as endpoint:
        whole_clinic(docplanner)
        whole_calendar(docplanner)
        whole_visit(docplanner)
        whole_address(docplanner)
        whole_delivery(docplanner, endpoint.url)
        assert docplanner.done("PUT", "/snapshot", docplanner.done("GET", "/snapshot")) == {"new_clients": []}
        docplanner.done("POST", "/reset")
        assert docplanner.controlled == set(SANDBOX_CONTROL.operations)


def whole_clinic(docplanner: Served) -> None:
    """Everything about the sandbox as a whole, clinics and API clients."""
    done = docplanner.done
    assert done("GET", "/health")["marketplace"] == "znanylekarz.pl"
    assert len(done("GET", "/estate")["clinics"]) == 4
    assert done("POST", "/leases", {"scenario": "one"})["number"] == 1
    made = done("POST", "/clients", {"name": "other", "delivery": "pull"})
    assert "client_secret" not in done("GET", "/clients")["items"][1]
    clinic = docplanner.place().facility_id
    for method in ("PUT", "DELETE"):
        done(method, f"/clinics/{clinic}/grants/{made['client_id']}")
    done("PUT", f"/clients/{made['client_id']}", {"limits": {"window_s": 2}})
    done("DELETE", f"/clients/{made['client_id']}/tokens")
    done("PUT", "/settings", done("GET", "/settings"))
    assert done("GET", "/clock")["offset_s"] == 0
    docplanner.advance(seconds=5)
    assert {one["what"] for one in done("GET", "/news")["items"]} == {"clock"}


def whole_calendar(docplanner: Served) -> None:
    """Everything about one calendar."""
    done, place = docplanner.done, docplanner.place()
    done("PUT", f"{place.calendar}/settings", done("GET", f"{place.calendar}/settings"))
    docplanner.fill(place, 2)
    done("DELETE", f"{place.calendar}/settings")
    done("DELETE", f"{place.calendar}/same-payload")
    assert len(done("GET", f"{place.calendar}/working-time?{span(docplanner)}")["items"]) == 1
    assert len(done("GET", f"{place.calendar}/offers?{span(docplanner)}")["items"]) == 4
    first = docplanner.book(place, docplanner.at(2, "09:00"))["booking_id"]
    to = {"by": "patient", "start": docplanner.at(2, "10:00")}
    moved = done("POST", f"{place.calendar}/visits/{first}/move", to)
    assert moved["moved_from"] == first
    done("POST", f"{place.calendar}/visits/{moved['booking_id']}/cancel", {"by": "doctor"})
    assert len(done("GET", f"{place.calendar}/visits?{span(docplanner)}")["items"]) == 2
    blocked = {"since": docplanner.at(2, "09:00"), "till": docplanner.at(2, "10:00")}
    one = f"{place.calendar}/breaks/{done('POST', f'{place.calendar}/breaks', blocked)['break_id']}"
    done("PATCH", one, {**blocked, "till": docplanner.at(2, "11:00")})
    assert len(done("GET", f"{place.calendar}/breaks?{span(docplanner)}")["items"]) == 1
    done("DELETE", one)
    service = f"{place.calendar}/services/{done('POST', f'{place.calendar}/services', {})['id']}"
    assert done("PATCH", service, {"price": 7})["price"] == 7
    assert len(done("GET", f"{place.calendar}/services")["items"]) == 3
    done("DELETE", service)


def whole_visit(docplanner: Served) -> None:
    """Everything that becomes of a visit."""
    done, place = docplanner.done, docplanner.place()
    been, coming = (
        f"{place.calendar}/visits/{docplanner.book(place, docplanner.at(ahead, '09:00'), by='doctor')['booking_id']}"
        for ahead in (-1, 2)
    )
    assert done("POST", f"{coming}/confirm", {"by": "patient"})["confirmed"] is True
    assert done("PUT", f"{coming}/payment", {"status": "paid"})["payment_status"] == "paid"
    assert done("PUT", f"{been}/presence", {"by": "doctor", "presence": "present"})["presence"] == "present"
    done("PUT", f"{been}/opinion")
    done("DELETE", coming)
    assert done("GET", f"{place.calendar}/opinion-requests") == {"items": []}
    assert len(done("GET", f"{place.calendar}/visits?{span(docplanner, -2)}")["items"]) == 1


def whole_address(docplanner: Served) -> None:
    """Everything about an address."""
    done, place = docplanner.done, docplanner.place()
    changed = {"calendar": "disabled", "active": False, "payment_account": "one", "booking_extra_fields": ["nin"]}
    told = done("PATCH", place.calendar, changed)["profile"]
    assert {name: told[name] for name in changed} == changed
    made = done("POST", f"/doctors/{place.doctor_id}/calendars")["address_id"]
    done("DELETE", f"/calendars/{made}")
    known = docplanner.api("GET", "/insurance-providers").json()["_items"]
    provider = known[0]["insurance_provider_id"]
    plan = docplanner.api("GET", f"/insurance-providers/{provider}/plans").json()["_items"][0]["insurance_plan_id"]
    insured = done("PUT", f"{place.calendar}/insurances/{provider}", {"plan_ids": [plan]})["insurances"]
    assert [one["plan_ids"] for one in insured if one["id"] == provider] == [[plan]]
    done("DELETE", f"{place.calendar}/insurances/{provider}")


def whole_delivery(docplanner: Served, url: str) -> None:
    """Everything about messages and trouble."""
    done, place = docplanner.done, docplanner.place()
    done("PUT", f"/clients/{docplanner.sandbox.client_id}", {"callback_url": url})
    docplanner.fill(place, 2)
    docplanner.book(place, docplanner.at(2, "09:00"))
    (told,) = done("GET", f"/notifications?address_id={place.address_id}")["items"]
    done("POST", f"/notifications/{told['notification_id']}/resend", {"channel": "pull"})
    asked = {"start": docplanner.at(2, "10:00"), "address_service_id": place.services[0], "patient": ANNA}
    done("POST", f"{place.calendar}/questions", {**asked, "event": "slot-booking"})
    done("POST", f"{place.calendar}/forged", {**asked, "key": "missing"})
    done("POST", f"{place.calendar}/raw", {"method": "HEAD"})
    trouble = {"address_id": place.address_id, "target": "read", "effect": "fail"}
    armed = done("POST", "/faults", trouble)
    assert done("GET", "/faults") == {"items": [armed]}
    done("DELETE", f"/faults/{armed['fault_id']}")
    assert done("GET", f"/activity?address_id={place.address_id}")["queued"] == 1
    assert done("POST", "/notifications/age", {"address_id": place.address_id, "seconds": 1}) == {"count": 1}
    done("POST", "/notifications/exhaust", {"address_id": place.address_id})


def test_clinics_are_leased_once_each_however_many_ask_at_once(docplanner: Served) -> None:
    """Every lease is of another clinic and has a number of its own; then none is left, which is said."""
    for _ in range(6):
        docplanner.place()

    def lease(number: int) -> tuple[int, Any]:
        answer = docplanner.control("POST", "/leases", {"scenario": f"s{number}"})
        return answer.status_code, answer.json()

    with ThreadPoolExecutor(4) as pool:
        leased = list(pool.map(lease, range(10)))

    given = [told for status, told in leased if status == 201]
    assert len({one["clinic"]["facility_id"] for one in given}) == len(given) >= 8
    assert sorted(one["number"] for one in given) == list(range(1, len(given) + 1))
    assert {(status, told["error"]) for status, told in leased if status != 201} == {(409, "exhausted")}


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer no"}, {"Authorization": "Basic no"}])
def test_strangers_are_turned_away_but_health_is_open(docplanner: Served, header: dict[str, str]) -> None:
    """401 without the control token, whatever is asked."""
    url = docplanner.sandbox.control_url
    answer = docplanner.http.get(f"{url}/estate", headers=header)

    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")
    assert docplanner.http.get(f"{url}/health", headers=header).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "named"),
    [
        ("POST", "/leases", {}, "scenario"),
        ("POST", "/clients", {"callback_api_key": "short"}, "callback_api_key"),
        ("POST", "/clients", {"callback_api_key": "zażółć-gęślą"}, "callback_api_key"),
        ("POST", "/clients", {"callback_api_key": "two\r\nlines"}, "callback_api_key"),
        ("POST", "/clients", {"callback_api_key_header": "X Key"}, "callback_api_key_header"),
        ("PUT", "/settings", {"no_such_setting": 1}, "no_such_setting"),
        ("PUT", "/settings", {"slots_delay_s": "soon"}, "slots_delay_s"),
        ("PUT", "/settings", {"replace_reach": "week"}, "replace_reach"),
        ("PUT", "/clock", {}, "advance_s"),
        ("PUT", "/clock", {"now": "tomorrow"}, "now"),
        ("PUT", "/clock", {"advance_s": 1e18}, "advance_s"),
        ("PUT", "/clock", {"advance_s": -1e11}, "advance_s"),
        ("PUT", "/clock", {"advance_s": -1}, "advance_s"),
        ("PUT", "/clock", {"now": "2020-01-01T00:00:00+00:00"}, "now"),
        ("POST", "/notifications/age", {"seconds": 1}, "address_id or client_id"),
        ("POST", "/notifications/age", {"address_id": "1", "seconds": -1}, "seconds"),
        ("POST", "/notifications/exhaust", {}, "address_id or client_id"),
        ("POST", "/clients", {"limits": {"writes_per_minute": 0, "window_s": 0, "no": 1}}, "writes_per_minute"),
        ("PUT", "/clock", {"now": "9999-12-31T23:59:59+00:00"}, "now"),
        ("POST", "/faults", {"address_id": "1", "target": "write", "effect": "explode"}, "effect"),
        ("POST", "{calendar}/visits", {"by": "cat", "start": "{start}"}, "by"),
        ("POST", "{calendar}/visits", {"by": "doctor", "start": "{start}", "address_service_id": "1"}, "patient"),
        ("POST", "{calendar}/breaks", {"since": "{start}"}, "till"),
        ("PUT", "{calendar}/working-time", {"days": ["someday"], "items": []}, "days"),
        ("GET", "{calendar}/offers?from=today&to=tomorrow", None, "from"),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_by_the_name_of_the_field(
    docplanner: Served, place: Place, method: str, path: str, body: dict[str, Any] | None, named: str
) -> None:
    """422, and the message says which."""
    sent = {name: docplanner.at(2, "09:00") if value == "{start}" else value for name, value in (body or {}).items()}
    answer = docplanner.control(method, path.format(calendar=place.calendar), sent or body)

    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")
    assert named in answer.json()["message"]


def test_what_is_refused_is_told_apart(docplanner: Served, place: Place) -> None:
    """A calendar that is not there 404; a slot that is taken, or a visit cancelled twice, a conflict 409."""
    docplanner.fill(place, 2)
    start = docplanner.at(2, "09:00")
    visit = f"{place.calendar}/visits/{docplanner.book(place, start)['booking_id']}"
    wanted = {"by": "patient", "start": start, "address_service_id": place.services[0], "patient": ANNA}

    assert docplanner.control("GET", "/calendars/1/services").status_code == 404
    assert docplanner.control("POST", f"{place.calendar}/visits", wanted).status_code == 409
    doctor = {**wanted, "by": "doctor"}
    assert docplanner.control("POST", f"{place.calendar}/visits", doctor).status_code == 409
    docplanner.done("POST", f"{visit}/cancel", {"by": "patient"})
    assert docplanner.control("POST", f"{visit}/cancel", {"by": "patient"}).status_code == 409
    assert docplanner.control("POST", f"{visit}/move", {"by": "doctor", "start": start}).status_code == 409


def test_working_time_that_no_calendar_takes_is_invalid(docplanner: Served, place: Place) -> None:
    """422 for a period over midnight, and what was there stays."""
    docplanner.fill(place, 2)
    services = docplanner.period(place, 2)["address_services"]
    item = {"start": docplanner.at(2, "22:00"), "end": docplanner.at(3, "02:00"), "services": services}
    body = {"days": [str(docplanner.day(2))], "items": [item]}

    assert docplanner.control("PUT", f"{place.calendar}/working-time", body).status_code == 422
    assert len(docplanner.done("GET", f"{place.calendar}/offers?{span(docplanner)}")["items"]) == 4


def test_a_patient_who_names_no_length_takes_the_slot_offered(docplanner: Served, place: Place) -> None:
    """The length of the slot, not the one of the doctor's profile."""
    services = [{"address_service_id": place.services[0], "duration": 20}]
    item = {"start": docplanner.at(2, "09:00"), "end": docplanner.at(2, "10:00"), "services": services}
    docplanner.done("PUT", f"{place.calendar}/working-time", {"days": [str(docplanner.day(2))], "items": [item]})

    assert docplanner.book(place, docplanner.at(2, "09:00"))["duration"] == 20


def test_the_clock_goes_where_it_is_put_and_says_so(docplanner: Served) -> None:
    """An instant or a step; each move is a line in the journal."""
    before = len(docplanner.lines(Kind.CLOCK))
    wanted = docplanner.clock.now() + timedelta(days=3)
    docplanner.done("PUT", "/clock", {"now": wanted.isoformat(timespec="seconds")})

    told = docplanner.done("GET", "/clock")
    assert abs(datetime.fromisoformat(told["now"]) - wanted) < timedelta(minutes=1)
    assert len(docplanner.lines(Kind.CLOCK)) == before + 1


def test_a_reset_keeps_the_clients_and_makes_everything_else_anew() -> None:
    """The same kinds of clinics as at the start, with ids that were never there, and the settings of the start."""
    with served() as docplanner:
        before = docplanner.done("GET", "/estate")["clinics"]
        settings = docplanner.done("GET", "/settings")
        docplanner.done("PUT", "/settings", {"replace_reach": "whole_day"})
        docplanner.done("POST", "/reset")
        after = docplanner.done("GET", "/estate")["clinics"]

        def kinds(clinics: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
            return [(one["kind"], one["granted_to"]) for one in clinics]

        assert kinds(after) == kinds(before)
        assert not {one["facility_id"] for one in after} & {one["facility_id"] for one in before}
        assert docplanner.done("GET", "/settings") == settings
        assert docplanner.api("GET", "/facilities").status_code == 200


@pytest.mark.parametrize("number", [2**53, 2**64, 303015062948367394930688])
def test_a_number_that_cannot_be_kept_exactly_is_refused(number: int) -> None:
    """JSON knows whole numbers of any size; what would be told back as another one is not taken."""
    with served() as docplanner:
        answer = docplanner.control("POST", "/clients", {"limits": {"writes_per_hour": number}})

        assert (answer.status_code, answer.json()["error"]) == (422, "invalid")
