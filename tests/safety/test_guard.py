"""Nothing but what is allowed is ever sent, by whichever client and however it is spelled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.client.api import DocplannerApi
from harness.client.auth import Credentials
from harness.client.calls import Calls, Endpoint
from harness.client.models import CalendarAt, NewBooking, Person, WorkPeriod
from harness.clock import SystemClock
from harness.contract.operations import OPERATIONS
from harness.errors import NotAllowed
from harness.safety.guard import API_PATH, Guard, Scope

ORIGIN = "https://www.znanylekarz.pl"
API = f"{ORIGIN}{API_PATH}"
MINE, DOCTOR, ADDRESS = "101", "202", "303"
AT = CalendarAt(MINE, DOCTOR, ADDRESS)
OWN_PHONE = "+48500700700"
SCOPE = Scope(ORIGIN, frozenset({MINE}), frozenset({AT}), frozenset({OWN_PHONE}), frozenset({"me@clinic.pl"}))
PLACE = f"/facilities/{MINE}/doctors/{DOCTOR}/addresses/{ADDRESS}"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Wire:
    """What was sent; the token service gives a token, everything else is done."""

    def __init__(self) -> None:
        self.sent: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer, and remember."""
        self.sent.append(request)
        if request.url.path == "/oauth/v2/token":
            return httpx.Response(200, json={"access_token": "token-1234", "expires_in": 3600})
        return httpx.Response(200, json={"_items": []})

    @property
    def writes(self) -> list[httpx.Request]:
        """What was sent beside tokens and reads."""
        return [one for one in self.sent if one.method != "GET" and one.url.path != "/oauth/v2/token"]


@pytest.fixture
def wire() -> Wire:
    """A wire for one test."""
    return Wire()


@pytest.fixture
def http(wire: Wire) -> Iterator[httpx.Client]:
    """A bare client behind the guard."""
    with httpx.Client(transport=Guard(httpx.MockTransport(wire), SCOPE)) as client:
        yield client


def api(wire: Wire, scope: Scope = SCOPE) -> DocplannerApi:
    """The typed client behind the guard."""
    endpoint = Endpoint(API, Credentials(f"{ORIGIN}/oauth/v2/token", "client", "secret-1234"), "tests")
    return DocplannerApi(Calls(endpoint, clock=SystemClock(), transport=Guard(httpx.MockTransport(wire), scope)))


def test_what_is_allowed_goes_through(wire: Wire) -> None:
    """The token, reads of whatever facility, writes to the calendar that was confirmed."""
    client = api(wire)
    client.directory.doctors("999")
    client.calendars.replace_slots(AT, [WorkPeriod(NOON, NOON + timedelta(hours=1), (("1", 30),))])
    client.bookings.book(AT, NOON, NewBooking("1", Person("Anna", OWN_PHONE, "Nowak", "anna@example.com"), 30))

    assert [one.method for one in wire.sent] == ["POST", "GET", "PUT", "POST"]


WRITES: dict[str, Callable[[DocplannerApi, CalendarAt], object]] = {
    "replaceSlots": lambda client, at: client.calendars.replace_slots(at, []),
    "deleteSlots": lambda client, at: client.calendars.delete_slots(at, NOON.date()),
    "enableCalendar": lambda client, at: client.calendars.enable(at),
    "disableCalendar": lambda client, at: client.calendars.disable(at),
    "addCalendarBreak": lambda client, at: client.calendars.add_break(at, NOON, NOON + timedelta(hours=1)),
    "moveCalendarBreak": lambda client, at: client.calendars.move_break(at, "1", NOON, NOON),
    "deleteCalendarBreak": lambda client, at: client.calendars.delete_break(at, "1"),
    "bookSlot": lambda client, at: client.bookings.book(at, NOON, NewBooking("1", Person("Anna", OWN_PHONE), 30)),
    "cancelBooking": lambda client, at: client.bookings.cancel(at, "1"),
    "moveBooking": lambda client, at: client.bookings.move(at, "1", NOON, address_service_id="1", minutes=30),
    "confirmBooking": lambda client, at: client.bookings.confirm(at, "1"),
    "markPatientPresence": lambda client, at: client.bookings.mark_present(at, "1"),
    "markPatientAbsence": lambda client, at: client.bookings.mark_absent(at, "1"),
    "addAddressService": lambda client, at: client.directory.add_service(at, "1", minutes=30),
    "updateAddressService": lambda client, at: client.directory.update_service(at, "1", minutes=30),
    "deleteAddressService": lambda client, at: client.directory.delete_service(at, "1"),
    "addAddressInsuranceProvider": lambda client, at: client.directory.add_insurance(at, "1"),
    "updateOrCreateAddressInsuranceProvider": lambda client, at: client.directory.put_insurance(at, "1"),
    "deleteAddressInsuranceProvider": lambda client, at: client.directory.delete_insurance(at, "1"),
    "updateAddress": lambda client, at: client.directory.set_insurance_support(at, "private"),
}
NEVER: dict[str, Callable[[DocplannerApi, CalendarAt], object]] = {
    "removeAddressIntegration": lambda client, at: client.directory.remove_integration(at),
    "requestOpinion": lambda client, at: client.bookings.request_opinion(at.facility_id, at.doctor_id, OWN_PHONE),
    "releaseNotifications": lambda client, at: client.notifications.release(),
    "pullNotification": lambda client, at: client.notifications.pull(),
}


def test_every_operation_that_changes_something_is_tried_here() -> None:
    """A new one cannot be forgotten."""
    writing = {one.id for one in OPERATIONS.values() if one.writes}

    assert writing == set(WRITES) | set(NEVER) - {"pullNotification"}


ELSEWHERE = [
    CalendarAt("999", DOCTOR, ADDRESS),
    CalendarAt(MINE, "999", ADDRESS),
    CalendarAt(MINE, DOCTOR, "999"),
    CalendarAt(f"{MINE}/../999", DOCTOR, ADDRESS),
    CalendarAt(f"{MINE}%2F..%2F999", DOCTOR, ADDRESS),
    CalendarAt("..", DOCTOR, ADDRESS),
    CalendarAt("%2e%2e", DOCTOR, ADDRESS),
    CalendarAt(MINE, DOCTOR, f"../../../../999/doctors/9/addresses/{ADDRESS}"),
    CalendarAt(f"{MINE}?x=", DOCTOR, ADDRESS),
    CalendarAt(f"{MINE}#", DOCTOR, ADDRESS),
    CalendarAt(f"{MINE};x", DOCTOR, ADDRESS),
    CalendarAt(f"{MINE}\\999", DOCTOR, ADDRESS),
    CalendarAt(f" {MINE}", DOCTOR, ADDRESS),
    CalendarAt(f"{MINE}\n", DOCTOR, ADDRESS),
    CalendarAt(f"{MINE}\0", DOCTOR, ADDRESS),
    CalendarAt("１０１", DOCTOR, ADDRESS),
    CalendarAt(f"0{MINE}", DOCTOR, ADDRESS),
    CalendarAt("", DOCTOR, ADDRESS),
]


@pytest.mark.parametrize("operation", WRITES)
def test_no_write_of_the_typed_client_reaches_another_calendar(wire: Wire, operation: str) -> None:
    """However an id is spelled. The same write to the confirmed calendar goes through."""
    client = api(wire)
    for at in ELSEWHERE:
        with pytest.raises(NotAllowed):
            WRITES[operation](client, at)
    assert wire.writes == []

    WRITES[operation](client, AT)
    assert len(wire.writes) == 1


@pytest.mark.parametrize("operation", [*WRITES, *NEVER])
def test_who_may_only_read_writes_nothing(wire: Wire, operation: str) -> None:
    """Without a facility on the list there is nothing to write to."""
    with pytest.raises(NotAllowed):
        {**WRITES, **NEVER}[operation](api(wire, Scope(ORIGIN)), AT)

    assert [one.url.path for one in wire.sent] in ([], ["/oauth/v2/token"])


@pytest.mark.parametrize("operation", NEVER)
def test_what_cannot_be_taken_back_is_for_an_embedded_sandbox_alone(wire: Wire, operation: str) -> None:
    """Even at a facility that may be written to."""
    with pytest.raises(NotAllowed, match="embedded sandbox"):
        NEVER[operation](api(wire), AT)
    NEVER[operation](api(wire, Scope(ORIGIN, embedded=True)), AT)


BODY = orjson.dumps({"slots": []})
JSON = {"Content-Type": "application/json"}
TRICKS: dict[str, dict[str, Any]] = {
    "dot segments": {"url": f"{API}{PLACE}/../../../../../999/slots"},
    "encoded dots": {"url": f"{API}{PLACE}/%2e%2e/x/slots"},
    "an encoded slash": {"url": f"{API}/facilities/{MINE}%2F..%2F999/doctors/{DOCTOR}/addresses/{ADDRESS}/slots"},
    "a slash encoded twice": {"url": f"{API}/facilities/{MINE}%252F999/doctors/{DOCTOR}/addresses/{ADDRESS}/slots"},
    "two slashes": {"url": f"{API}/{PLACE}/slots"},
    "a slash at the end": {"url": f"{API}{PLACE}/slots/"},
    "another case": {"url": f"{API}{PLACE}/SLOTS"},
    "another case of the path": {"url": f"{ORIGIN}/API/v3/integration{PLACE}/slots"},
    "another version": {"url": f"{ORIGIN}/api/v2/integration{PLACE}/slots"},
    "a suffix": {"url": f"{API}{PLACE}/slots.json"},
    "a matrix parameter": {"url": f"{API}{PLACE};id=999/slots"},
    "an operation nobody knows": {"url": f"{API}{PLACE}/everything"},
    "a method nobody knows": {"method": "PURGE"},
    "a method of another operation": {"method": "PATCH", "url": f"{API}{PLACE}/slots"},
    "another host": {"url": f"https://example.com{API_PATH}{PLACE}/slots"},
    "another marketplace": {"url": f"https://www.jameda.de{API_PATH}{PLACE}/slots"},
    "the bare domain": {"url": f"https://znanylekarz.pl{API_PATH}{PLACE}/slots"},
    "another port": {"url": f"{ORIGIN}:8443{API_PATH}{PLACE}/slots"},
    "no TLS": {"url": f"http://www.znanylekarz.pl{API_PATH}{PLACE}/slots"},
    "another Host": {"headers": {**JSON, "Host": "www.jameda.de"}},
    "two Hosts": {"headers": [*JSON.items(), ("Host", "www.znanylekarz.pl"), ("Host", "www.jameda.de")]},
    "a method override": {"headers": {**JSON, "X-HTTP-Method-Override": "DELETE"}},
    "another method override": {"headers": {**JSON, "x-method-override": "DELETE"}},
    "a third one": {"headers": {**JSON, "X-HTTP-Method": "DELETE"}},
    "a method in the query": {"url": f"{API}{PLACE}/slots?_method=DELETE"},
    "a rewritten path": {"headers": {**JSON, "X-Original-URL": "/api/v3/integration/facilities/999"}},
    "another rewritten path": {"headers": {**JSON, "X-Rewrite-URL": "/x"}},
    "a forwarded host": {"headers": {**JSON, "X-Forwarded-Host": "www.jameda.de"}},
    "a target of its own": {"extensions": {"target": f"{API_PATH}/facilities/999".encode()}},
    "another certificate's name": {"extensions": {"sni_hostname": "www.jameda.de"}},
    "a form": {"headers": {"Content-Type": "application/x-www-form-urlencoded"}, "content": b"_method=DELETE"},
    "no kind of body": {"headers": {}},
    "a packed body": {"headers": {**JSON, "Content-Encoding": "gzip"}},
    "no JSON": {"content": b"slots"},
    "a list": {"content": b"[]"},
}


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_makes_another_request_of_an_allowed_one(wire: Wire, http: httpx.Client, trick: str) -> None:
    """Nothing at all is sent; without the trick the request goes through."""
    plain: dict[str, Any] = {"method": "PUT", "url": f"{API}{PLACE}/slots", "headers": JSON, "content": BODY}
    with pytest.raises(NotAllowed):
        http.request(**{**plain, **TRICKS[trick]})
    assert wire.sent == []

    http.request(**plain)
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    "trick", ["dot segments", "an encoded slash", "another host", "another Host", "a target of its own"]
)
def test_reads_go_nowhere_else_either(wire: Wire, http: httpx.Client, trick: str) -> None:
    """What is read carries the token."""
    told = {**TRICKS[trick], "method": "GET"}
    with pytest.raises(NotAllowed):
        http.request(**{"url": f"{API}{PLACE}/slots", **told})

    assert wire.sent == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_does_not_lead_out(status: int) -> None:
    """Each hop is a request of its own, and judged as one."""
    elsewhere = f"{API}/facilities/999/doctors/{DOCTOR}/addresses/{ADDRESS}/slots"
    for location in (elsewhere, f"https://example.com{API_PATH}{PLACE}/slots"):
        sent: list[httpx.Request] = []

        def redirect(
            request: httpx.Request, location: str = location, sent: list[httpx.Request] = sent
        ) -> httpx.Response:
            sent.append(request)
            return httpx.Response(status, headers={"Location": location})

        guard = Guard(httpx.MockTransport(redirect), SCOPE)
        with httpx.Client(transport=guard, follow_redirects=True) as client, suppress(NotAllowed, httpx.HTTPError):
            client.put(f"{API}{PLACE}/slots", content=BODY, headers=JSON)

        assert [one.url.path for one in sent if one.method != "GET"] == [f"{API_PATH}{PLACE}/slots"]
        assert {one.url.host for one in sent} == {"www.znanylekarz.pl"}


@pytest.mark.parametrize(
    "person",
    [
        Person("Anna", "+48600600600"),
        Person("Anna", ""),
        Person("Anna", OWN_PHONE, email="somebody@gmail.com"),
        Person("Anna", OWN_PHONE, email="me@clinic.pl.evil.com"),
        Person("Anna", OWN_PHONE, email="example.com@evil.com"),
        Person("Anna", OWN_PHONE, email="somebody@gmail.com,me@clinic.example"),
        Person("Anna", f"+34{OWN_PHONE[-9:]}"),
        Person("Anna", OWN_PHONE, nin="80022912345"),
    ],
)
def test_no_stranger_is_named_as_a_patient(wire: Wire, person: Person) -> None:
    """Docplanner would tell them about the visit."""
    with pytest.raises(NotAllowed, match="tester's"):
        api(wire).bookings.book(AT, NOON, NewBooking("1", person, 30))

    assert wire.writes == []


NIN = "80022912345"


@pytest.mark.parametrize("nin", ['"80022912346"', f'" {NIN}"', f'"{NIN[:-1]}"', NIN, f'["{NIN}"]', "true"])
def test_no_national_number_but_the_testers_is_given(wire: Wire, nin: str) -> None:
    """Any other is somebody's."""
    body = f'{{"address_service_id": "1", "duration": 30, "patient": {{"phone": "{OWN_PHONE}", "nin": {nin}}}}}'
    guard = Guard(httpx.MockTransport(wire), replace(SCOPE, nin=NIN, nin_at=frozenset({AT})))
    with httpx.Client(transport=guard) as http, pytest.raises(NotAllowed, match="national number"):
        http.post(f"{API}{PLACE}/slots/2026-11-25T09:00:00+01:00/book", content=body.encode(), headers=JSON)

    assert wire.writes == []


@pytest.mark.parametrize(("demanded", "sent"), [(frozenset({AT}), 1), (frozenset(), 0)])
def test_the_testers_national_number_is_given_only_where_one_is_demanded(
    wire: Wire, demanded: frozenset[CalendarAt], sent: int
) -> None:
    """It is a real one."""
    client = api(wire, replace(SCOPE, nin=NIN, nin_at=demanded))
    with suppress(NotAllowed):
        client.bookings.book(AT, NOON, NewBooking("1", Person("Anna", OWN_PHONE, nin=NIN), 30))

    assert len(wire.writes) == sent


@pytest.mark.parametrize("person", ["", ', "patient": null', ', "patient": "Anna"', ', "patient": []'])
def test_no_visit_is_booked_for_nobody(wire: Wire, http: httpx.Client, person: str) -> None:
    """Who is named in a way that is not understood may be a stranger."""
    body = f'{{"address_service_id": "1", "duration": 30{person}}}'
    with pytest.raises(NotAllowed):
        http.post(f"{API}{PLACE}/slots/2026-11-25T09:00:00+01:00/book", content=body.encode(), headers=JSON)

    assert wire.writes == []


@pytest.mark.parametrize("phone", [OWN_PHONE, OWN_PHONE[-9:], f"00{OWN_PHONE[1:]}", f"0{OWN_PHONE[-9:]}"])
def test_the_testers_phone_is_known_however_it_is_dialled(wire: Wire, phone: str) -> None:
    """A clinic's system may keep it without its country's code."""
    api(wire).bookings.book(AT, NOON, NewBooking("1", Person("Anna", phone), 30))

    assert len(wire.writes) == 1


@pytest.mark.parametrize("address", ["999", f"{ADDRESS} "])
def test_no_visit_is_moved_to_an_address_that_was_not_confirmed(wire: Wire, address: str) -> None:
    """The body of a request can lead elsewhere too."""
    with pytest.raises(NotAllowed):
        api(wire).bookings.move(AT, "1", NOON, address_service_id="1", minutes=30, address_id=address)

    assert wire.writes == []


odd = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(["..", "%2f", "101", "//", ";"])


@given(st.lists(odd, max_size=9), st.sampled_from(["GET", "PUT", "POST", "DELETE", "PATCH", "get", "X"]), st.booleans())
def test_whatever_is_asked_a_write_goes_to_the_confirmed_calendar_alone(
    parts: list[str], method: str, tail: bool
) -> None:
    """Any path at all, raw, with and without the right end."""
    wire = Wire()
    with (
        httpx.Client(transport=Guard(httpx.MockTransport(wire), SCOPE)) as client,
        suppress(NotAllowed, httpx.InvalidURL),
    ):
        url = f"{API}/facilities/{'/'.join(parts)}" + (f"/doctors/{DOCTOR}/addresses/{ADDRESS}/slots" if tail else "")
        client.request(method, url, content=BODY, headers=JSON)

    assert all(one.url.raw_path.decode().startswith(f"{API_PATH}{PLACE}/") for one in wire.writes)
