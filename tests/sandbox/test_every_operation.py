"""Every operation of the API does what it is for: called rightly, it answers by the contract, and a look shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sandbox.served import ANNA, Place, Served

from harness.contract.exchange_check import check_response
from harness.contract.operations import OPERATIONS
from harness.sandbox.http.api import OPERATIONS as EMULATED


class Partner:
    """Calls the API about one calendar, rightly."""

    def __init__(self, docplanner: Served, place: Place, operation_id: str) -> None:
        self.docplanner = docplanner
        self.place = place
        self.operation_id = operation_id
        docplanner.settings(place, slots_delay_s=0)

    def call(self, query: str = "", body: object = None, **params: str) -> httpx.Response:
        """The operation itself, which must go well and by the contract."""
        operation = OPERATIONS[self.operation_id]
        answer = self.docplanner.api(operation.method, f"{self.path(operation.template, params)}{query}", body)
        kind = answer.headers.get("content-type")
        headers = dict(answer.headers)
        assert answer.is_success, answer.text
        assert check_response(operation.id, answer.status_code, kind, answer.content or None, headers=headers) == ()
        return answer

    def path(self, template: str, params: dict[str, str]) -> str:
        """A path of this calendar."""
        place = self.place
        own = {"facility_id": place.facility_id, "doctor_id": place.doctor_id, "address_id": place.address_id}
        for name, value in {**own, **params}.items():
            template = template.replace(f"{{{name}}}", quote(value))
        return template

    def look(self, path: str) -> Any:  # noqa: ANN401 - JSON as it came
        """What a read below the address tells."""
        answer = self.docplanner.api("GET", f"{self.place.path}{path}")
        assert answer.is_success, answer.text
        return answer.json()

    def act(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - likewise
        """Another call below the address, which must go well."""
        answer = self.docplanner.api(method, f"{self.place.path}{path}", body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}

    def hour(self, hour: str, ahead: int = 2) -> str:
        """An hour of the day after tomorrow."""
        return self.docplanner.at(ahead, hour)

    @property
    def day(self) -> str:
        """The day after tomorrow as a range of the query."""
        return f"?start={quote(self.hour('00:00'))}&end={quote(self.hour('00:00', 3))}"

    def visit(self, hour: str = "09:00", ahead: int = 2) -> str:
        """A visit by the doctor on a calendar with two hours of work."""
        self.docplanner.fill(self.place, 2)
        return str(self.docplanner.book(self.place, self.hour(hour, ahead), by="doctor")["booking_id"])

    def block(self) -> str:
        """A break from nine to ten."""
        return str(self.act("POST", "/breaks", {"since": self.hour("09:00"), "till": self.hour("10:00")})["id"])

    def strange(self, known: str, key: str, had: str) -> str:
        """Something of the dictionary that the address has not."""
        have = {str(one[key]) for one in self.look(had)["_items"]}
        told = self.docplanner.api("GET", known).json()["_items"]
        return next(
            str(one[key if key in one else "id"]) for one in told if str(one.get(key, one.get("id"))) not in have
        )

    def insurance(self) -> str:
        """A provider that the address has not."""
        return self.strange("/insurance-providers", "insurance_provider_id", "/insurance-providers")

    def insured(self) -> set[str]:
        """The providers of the address."""
        return {str(one["insurance_provider_id"]) for one in self.look("/insurance-providers")["_items"]}

    def ids(self, answer: httpx.Response) -> set[str]:
        """The ids of a list."""
        return {str(one["id"]) for one in answer.json()["_items"]}


def lists(wanted: Callable[[Partner], set[str]], query: Callable[[Partner], str] = lambda _: "") -> Callable[..., None]:
    """The list has at least these."""

    def looked(p: Partner) -> None:
        expected = wanted(p)
        assert expected <= p.ids(p.call(query(p)))

    return looked


def updates_address(p: Partner) -> None:
    """The support of insurances, and nothing else."""
    assert p.call(body={"insurance_support": "private"}).json()["insurance_support"] == "private"
    assert p.look("?with=address.insurance_support")["insurance_support"] == "private"


def adds_service(p: Partner) -> None:
    """A service of the dictionary that the address has not."""
    service = p.strange("/services", "service_id", "/services")
    made = p.call(body={"service_id": service, "price": 120})
    assert made.headers["location"].endswith(f"{p.place.path}/services/{made.json()['id']}")
    assert p.look(f"/services/{made.json()['id']}")["price"] == 120


def changes_service(p: Partner) -> None:
    """The price alone."""
    before = p.look(f"/services/{p.place.services[0]}")
    p.call(body={"price": 7}, address_service_id=p.place.services[0])
    assert p.look(f"/services/{p.place.services[0]}") == {**before, "price": 7}


def deletes_service(p: Partner) -> None:
    """One of them."""
    p.call(address_service_id=p.place.services[0])
    assert {str(one["id"]) for one in p.look("/services")["_items"]} == set(p.place.services[1:])


def adds_insurance(p: Partner) -> None:
    """A provider that the address has not."""
    provider = p.insurance()
    p.call(body={"insurance_provider_id": provider})
    assert provider in p.insured()


def deletes_insurance(p: Partner) -> None:
    """A provider that the address has."""
    provider = next(iter(p.insured()))
    p.call(insurance_provider_id=provider)
    assert provider not in p.insured()


def reads_plans(p: Partner) -> None:
    """Of the first provider."""
    p.call(insurance_provider_id=next(iter(p.insured())))


def enables(p: Partner) -> None:
    """A calendar that was disabled."""
    p.act("POST", "/calendar/disable")
    p.call()
    assert p.look("/calendar") == {"status": "enabled"}


def disables(p: Partner) -> None:
    """A calendar that was enabled."""
    p.call()
    assert p.look("/calendar") == {"status": "disabled"}


def lists_breaks(p: Partner) -> None:
    """Those that overlap."""
    made = p.block()
    since, till = quote(p.hour("09:30")), quote(p.hour("09:45"))
    assert p.ids(p.call(f"?since={since}&till={till}")) == {made}


def moves_break(p: Partner) -> None:
    """An hour later."""
    made = p.block()
    p.call(body={"since": p.hour("10:00"), "till": p.hour("11:00")}, break_id=made)
    assert p.look(f"/breaks/{made}")["since"] == p.hour("10:00")


def deletes_break(p: Partner) -> None:
    """Gone."""
    p.call(break_id=p.block())
    assert p.look(f"/breaks?since={quote(p.hour('00:00'))}&till={quote(p.hour('00:00', 3))}")["_items"] == []


def lists_slots(p: Partner) -> None:
    """Four of half an hour."""
    p.docplanner.fill(p.place, 2)
    assert len(p.call(p.day).json()["_items"]) == 4


def replaces_slots(p: Partner) -> None:
    """Two hours of work."""
    p.call(body={"slots": [p.docplanner.period(p.place, 2)]})
    assert len(p.look(f"/slots{p.day}")["_items"]) == 4


def deletes_slots(p: Partner) -> None:
    """A day's."""
    p.docplanner.fill(p.place, 2)
    p.call(date=str(p.docplanner.day(2)))
    assert p.look(f"/slots{p.day}")["_items"] == []


def books(p: Partner) -> None:
    """A free slot."""
    p.docplanner.fill(p.place, 2)
    wanted = {"address_service_id": p.place.services[0], "duration": 30, "patient": ANNA}
    made = p.call(body=wanted, start=p.hour("09:00")).json()
    assert p.look(f"/bookings/{made['id']}")["start_at"] == p.hour("09:00")


def cancels(p: Partner) -> None:
    """A visit, which stays as a cancelled one."""
    made = p.visit()
    p.call(booking_id=made)
    assert p.look(f"/bookings/{made}")["status"] == "canceled"


def moves(p: Partner) -> None:
    """An hour later, under a new id."""
    body = {"start": p.hour("10:00"), "address_service_id": p.place.services[0]}
    made = p.call(body=body, booking_id=p.visit())
    new = made.headers["location"].rpartition("/")[2]
    assert p.look(f"/bookings/{new}")["start_at"] == p.hour("10:00")


def confirms(p: Partner) -> None:
    """Shown by the list alone."""
    p.call(body={"confirmed_by": "user"}, booking_id=p.visit())
    (shown,) = p.look(f"/bookings{p.day}&with=booking.confirmation")["_items"]
    assert shown["confirmed"]


def marks(presence: str) -> Callable[[Partner], None]:
    """A visit that was yesterday."""

    def both(p: Partner) -> None:
        p.call(booking_id=p.visit(ahead=-1))
        range_ = f"?start={quote(p.hour('00:00', -1))}&end={quote(p.hour('00:00', 0))}"
        (shown,) = p.look(f"/bookings{range_}&with=booking.presence")["_items"]
        assert shown["presence"] == presence

    return both


def pulls(p: Partner) -> None:
    """What a doctor did."""
    client = f"/clients/{p.docplanner.sandbox.client_id}"
    p.docplanner.done("PUT", client, {"delivery": "pull"})
    while p.docplanner.api("GET", "/notifications").status_code == 200:
        pass
    made = p.visit()
    told = p.call().json()
    p.docplanner.done("PUT", client, {"delivery": "push"})
    (first,) = told.get("notifications", [told])
    assert first["data"]["visit_booking"]["id"] == made


def asks_for_an_opinion(p: Partner) -> None:
    """The marketplace knows about which visit the patient was asked."""
    been = p.visit("09:00", -1)
    p.call(body={"phone": "500 001 234"})
    (asked,) = p.docplanner.done("GET", f"{p.place.calendar}/opinion-requests")["items"]
    assert (asked["booking_id"], asked["given"]) == (been, False)


def removes_the_integration(p: Partner) -> None:
    """By a client of DocplannerPMS alone; the address is there, and may be changed no longer."""
    client = f"/clients/{p.docplanner.sandbox.client_id}"
    p.docplanner.done("PUT", client, {"docplanner_pms": True})
    assert p.call().content == b""
    p.docplanner.done("PUT", client, {"docplanner_pms": False})
    assert p.look("")["id"] == p.place.address_id
    assert p.docplanner.api("POST", f"{p.place.path}/calendar/disable").status_code == 403


CALLS: dict[str, Callable[[Partner], object]] = {
    "getFacilities": lists(lambda p: {p.place.facility_id}),
    "getFacility": lambda p: p.call("?with=facility.doctors"),
    "getDoctors": lists(lambda p: {p.place.doctor_id}),
    "getDoctor": lambda p: p.call("?with=doctor.profile_url,doctor.addresses"),
    "getAddresses": lists(lambda p: {p.place.address_id}),
    "getAddress": lambda p: p.call(),
    "updateAddress": updates_address,
    "getServices": lambda p: p.call(),
    "getAddressServices": lists(lambda p: set(p.place.services)),
    "addAddressService": adds_service,
    "getAddressService": lambda p: p.call(address_service_id=p.place.services[0]),
    "updateAddressService": changes_service,
    "deleteAddressService": deletes_service,
    "getInsuranceProviders": lambda p: p.call(),
    "getInsurancePlans": reads_plans,
    "getAddressInsuranceProviders": lambda p: p.call(),
    "addAddressInsuranceProvider": adds_insurance,
    "updateOrCreateAddressInsuranceProvider": adds_insurance,
    "deleteAddressInsuranceProvider": deletes_insurance,
    "getCalendar": lambda p: p.call(),
    "enableCalendar": enables,
    "disableCalendar": disables,
    "getCalendarBreaks": lists_breaks,
    "addCalendarBreak": lambda p: p.call(body={"since": p.hour("09:00"), "till": p.hour("10:00")}),
    "getCalendarBreak": lambda p: p.call(break_id=p.block()),
    "moveCalendarBreak": moves_break,
    "deleteCalendarBreak": deletes_break,
    "getSlots": lists_slots,
    "replaceSlots": replaces_slots,
    "deleteSlots": deletes_slots,
    "bookSlot": books,
    "getBookings": lists(lambda p: {p.visit()}, lambda p: p.day),
    "getBooking": lambda p: p.call("?with=booking.moving", booking_id=p.visit()),
    "cancelBooking": cancels,
    "moveBooking": moves,
    "confirmBooking": confirms,
    "requestOpinion": asks_for_an_opinion,
    "removeAddressIntegration": removes_the_integration,
    "markPatientPresence": marks("present"),
    "markPatientAbsence": marks("absent"),
    "pullNotification": pulls,
    "pullMultipleNotification": pulls,
    "releaseNotifications": lambda p: p.call(),
}


def test_no_operation_is_forgotten() -> None:
    """Everything that is emulated is called below."""
    assert set(CALLS) == set(EMULATED)


@pytest.mark.parametrize("operation_id", CALLS)
def test_an_operation_does_what_it_is_for(docplanner: Served, place: Place, operation_id: str) -> None:
    """It succeeds with a documented status, and what it changed can be read."""
    CALLS[operation_id](Partner(docplanner, place, operation_id))
