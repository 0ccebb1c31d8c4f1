"""How each refusal of the error catalogue is called forth, over the API and the control API alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
from sandbox.served import ANNA, Place, Served

NOWHERE = "999999999"


class Caller:
    """Calls the API about one calendar, mostly wrongly."""

    def __init__(self, docplanner: Served, place: Place) -> None:
        self.docplanner = docplanner
        self.place = place
        self.doctors = [one["doctor_id"] for one in place.clinic["doctors"]]
        self.second = place.clinic["doctors"][1]["calendars"][0]
        self.address = docplanner.sandbox.state.directory.address(place.address_id)

    def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Below the address."""
        return self.docplanner.api(method, f"{self.place.path}{path}", body, bad=True)

    def bare(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Anywhere."""
        return self.docplanner.api(method, path, body, bad=True)

    def elsewhere(self, place: Place | None = None) -> str:
        """The doctor of this calendar, with an address that is not his."""
        strange = place.address_id if place else self.second["address_id"]
        return f"/facilities/{self.place.facility_id}/doctors/{self.place.doctor_id}/addresses/{strange}"

    def hour(self, hour: str, ahead: int = 2) -> str:
        """An hour of the day after tomorrow."""
        return self.docplanner.at(ahead, hour)

    def foreign(self) -> Place:
        """A clinic that is not shared."""
        made = self.docplanner.place()
        client = self.docplanner.sandbox.client_id
        self.docplanner.done("DELETE", f"/clinics/{made.facility_id}/grants/{client}")
        return made

    def visit(self) -> str:
        """Id of a visit at nine."""
        self.docplanner.fill(self.place, 2)
        return str(self.docplanner.book(self.place, self.hour("09:00"))["booking_id"])

    def booking(self, **changed: object) -> dict[str, Any]:
        """A body of bookSlot."""
        return {"address_service_id": self.place.services[0], "duration": 30, "patient": ANNA, **changed}

    def book(self, hour: str = "09:00", **changed: object) -> httpx.Response:
        """BookSlot."""
        return self.call("POST", f"/slots/{quote(self.hour(hour))}/book", self.booking(**changed))

    def move(self, booking_id: str, **changed: object) -> httpx.Response:
        """MoveBooking, to ten."""
        body = {"start": self.hour("10:00"), "address_service_id": self.place.services[0], **changed}
        return self.call("POST", f"/bookings/{booking_id}/move", body)

    def send(self, **changed: object) -> httpx.Response:
        """ReplaceSlots with one period."""
        return self.call("PUT", "/slots", {"slots": [{**self.docplanner.period(self.place, 2), **changed}]})

    def block(self, since: str = "09:00", till: str = "10:00") -> httpx.Response:
        """AddCalendarBreak."""
        return self.call("POST", "/breaks", {"since": self.hour(since), "till": self.hour(till)})

    def profile(self, **changed: object) -> None:
        """What holds for the address."""
        self.docplanner.done("PATCH", self.place.calendar, changed)

    def confirm(self, booking_id: str) -> httpx.Response:
        """ConfirmBooking."""
        return self.call("PUT", f"/bookings/{booking_id}/confirm", {"confirmed_by": "user"})

    def been(self) -> str:
        """Id of a visit that is over: the doctor had noted it afterwards."""
        return str(self.docplanner.book(self.place, self.hour("09:00", -1), by="doctor")["booking_id"])

    def opinion(self, phone: str = ANNA["phone"], doctor_id: str | None = None) -> httpx.Response:
        """RequestOpinion."""
        doctor = f"/facilities/{self.place.facility_id}/doctors/{doctor_id or self.place.doctor_id}"
        return self.bare("PUT", f"{doctor}/opinion-request", {"phone": phone})

    def poor(self) -> None:
        """The address pays for nothing."""
        self.profile(commercial_type="basic")

    def provider(self, *, assigned: bool) -> str:
        """An insurance provider that the address has, or lacks."""
        known = self.docplanner.sandbox.state.directory.insurances
        return next(one for one in known if (one in self.address.insurances) is assigned)


def canceled(c: Caller) -> str:
    """Id of a visit that stands no longer."""
    booking_id = c.visit()
    c.docplanner.done("POST", f"{c.place.calendar}/visits/{booking_id}/cancel", {"by": "patient"})
    return booking_id


def confirmed(c: Caller) -> httpx.Response:
    """A visit confirmed twice."""
    path = f"/bookings/{c.visit()}/confirm"
    c.call("PUT", path, {"confirmed_by": "user"})
    return c.call("PUT", path, {"confirmed_by": "user"})


def past(c: Caller) -> httpx.Response:
    """A visit confirmed when it is over: the doctor had noted it afterwards."""
    booked = c.docplanner.book(c.place, c.hour("09:00", -1), by="doctor")
    return c.call("PUT", f"/bookings/{booked['booking_id']}/confirm", {"confirmed_by": "user"})


def pulled(c: Caller) -> httpx.Response:
    """An API client with an empty queue."""
    while (answer := c.bare("GET", "/notifications")).status_code == 200:
        pass
    return answer


def released(c: Caller) -> httpx.Response:
    """Of a client that only pulls."""
    path = f"/clients/{c.docplanner.sandbox.client_id}"
    c.docplanner.done("PUT", path, {"delivery": "pull"})
    answer = c.bare("POST", "/notifications/release")
    c.docplanner.done("PUT", path, {"delivery": "push"})
    return answer


def disabled(c: Caller) -> httpx.Response:
    """Booked while the calendar is disabled."""
    c.call("POST", "/calendar/disable")
    return c.book()


def empty(c: Caller) -> httpx.Response:
    """Slots of an empty day, where that is not found."""
    c.docplanner.settings(c.place, empty_list="not_found")
    return c.call("GET", f"/slots?start={quote(c.hour('00:00'))}&end={quote(c.hour('23:00'))}")


def same_break(c: Caller) -> httpx.Response:
    """A break moved to where it is."""
    made = c.block().json()
    return c.call("PATCH", f"/breaks/{made['id']}", {"since": c.hour("09:00"), "till": c.hour("10:00")})


def backward_break(c: Caller) -> httpx.Response:
    """A break moved to end before it begins."""
    made = c.block().json()
    return c.call("PATCH", f"/breaks/{made['id']}", {"since": c.hour("11:00"), "till": c.hour("10:00")})


def twice(first: Callable[[Caller], httpx.Response]) -> Callable[[Caller], httpx.Response]:
    """The same again."""

    def both(c: Caller) -> httpx.Response:
        first(c)
        return first(c)

    return both


def after(prepare: Callable[[Caller], object], act: Callable[[Caller], httpx.Response]) -> Callable[..., Any]:
    """One after the other."""

    def both(c: Caller) -> httpx.Response:
        prepare(c)
        return act(c)

    return both


def enabled(c: Caller) -> httpx.Response:
    """EnableCalendar."""
    return c.call("POST", "/calendar/enable")


def moved_out(c: Caller) -> httpx.Response:
    """A visit moved to another facility."""
    return c.move(c.visit(), address_id=c.docplanner.place().address_id)


def of_the_second_doctor(c: Caller, method: str, path: str, body: object = None) -> httpx.Response:
    """The visit of this calendar, asked for under the facility's other doctor."""
    booking_id = c.visit()
    base = f"/facilities/{c.place.facility_id}/doctors/{c.doctors[1]}/addresses/{c.second['address_id']}"
    return c.bare(method, f"{base}/bookings/{booking_id}{path}", body)


def unpaid(c: Caller) -> httpx.Response:
    """A visit with money on it, moved to an address of another payment account."""
    c.profile(payment_account="one")
    booking_id = c.visit()
    c.docplanner.done("PUT", f"{c.place.calendar}/visits/{booking_id}/payment", {"status": "paid"})
    other = {"address_id": c.second["address_id"], "address_service_id": c.second["services"][0]["id"]}
    return c.move(booking_id, **other)


def deleted(c: Caller) -> httpx.Response:
    """A visit confirmed that the doctor took out of the calendar."""
    booking_id = c.visit()
    c.docplanner.done("DELETE", f"{c.place.calendar}/visits/{booking_id}")
    return c.confirm(booking_id)


def not_integrated(c: Caller, act: Callable[[Caller, str], httpx.Response]) -> httpx.Response:
    """A visit of an address that is no longer integrated."""
    booking_id = c.visit()
    c.profile(integrated=False)
    return act(c, booking_id)


def read_only(c: Caller) -> httpx.Response:
    """A calendar that the API client may see alone."""
    grant = f"/clinics/{c.place.facility_id}/grants/{c.docplanner.sandbox.client_id}"
    c.docplanner.done("PUT", grant, {"calendars": "read"})
    return c.send()


def spoken_of(c: Caller) -> httpx.Response:
    """A visit of which the patient spoke, asked about."""
    booking_id = c.been()
    c.docplanner.done("PUT", f"{c.place.calendar}/visits/{booking_id}/opinion")
    return c.opinion()


REFUSALS: dict[str, Callable[[Caller], httpx.Response]] = {
    "FacilityNotAuthorized": lambda c: c.bare("GET", f"/facilities/{c.foreign().facility_id}"),
    "DoctorNotAuthorized": lambda c: c.bare(
        "GET", f"/facilities/{c.place.facility_id}/doctors/{c.docplanner.place().doctor_id}"
    ),
    "AddressNotAuthorized": lambda c: c.bare("GET", c.elsewhere(c.foreign())),
    "AddressDoesNotBelongToFacility": moved_out,
    "AddressDoesNotBelongToDoctor": lambda c: c.bare("GET", f"{c.elsewhere()}/calendar"),
    "BookingDoesNotBelongToAddress": lambda c: of_the_second_doctor(c, "PUT", "/confirm", {"confirmed_by": "user"}),
    "VisitDoesNotBelongToDoctor": lambda c: of_the_second_doctor(c, "POST", "/presence/patient"),
    "FeatureNotAuthorized": lambda c: c.call("DELETE", "/integration"),
    "AddressServiceMismatch": lambda c: c.call("GET", f"/services/{c.second['services'][0]['id']}"),
    "NotificationsReleaseForbidden": released,
    "ObjectNotFound": lambda c: c.bare("GET", f"/facilities/{NOWHERE}"),
    "InsuranceProviderNotFromDictionary": lambda c: c.call(
        "POST", "/insurance-providers", {"insurance_provider_id": NOWHERE}
    ),
    "NoSlotsOnAddress": empty,
    "InvalidDate": lambda c: c.call("GET", "/breaks?since=now&till=later"),
    "BreakNotFound": lambda c: c.call("GET", f"/breaks/{NOWHERE}"),
    "UnableToBookForAddress": disabled,
    "ServiceDoesNotExist": lambda c: c.book(address_service_id=NOWHERE),
    "SlotNotFound": lambda c: c.book(),
    "SlotWithoutService": after(
        lambda c: c.docplanner.fill(c.place, 2), lambda c: c.book(address_service_id=c.place.services[1])
    ),
    "NotificationNotFound": pulled,
    "InvalidArguments": lambda c: c.book(patient=None),
    "InvalidPrice": lambda c: c.call("PATCH", f"/services/{c.place.services[0]}", {"price": -1}),
    "InsuranceAlreadyAssigned": lambda c: c.call(
        "POST", "/insurance-providers", {"insurance_provider_id": c.provider(assigned=True)}
    ),
    "InsuranceNotAssigned": lambda c: c.call("DELETE", f"/insurance-providers/{c.provider(assigned=False)}"),
    "SinceRequired": lambda c: c.call("POST", "/breaks", {"till": c.hour("10:00")}),
    "TillRequired": lambda c: c.call("POST", "/breaks", {"since": c.hour("10:00")}),
    "DateRangeExceedsMaximum": lambda c: c.call(
        "GET", f"/slots?start={quote(c.hour('00:00'))}&end={quote(c.hour('00:00', 200))}"
    ),
    "AddressServiceDoesNotExist": lambda c: c.send(address_services=[{"address_service_id": NOWHERE, "duration": 30}]),
    "SlotsTooFar": lambda c: c.send(start=c.hour("09:00", 100), end=c.hour("10:00", 100)),
    "InsuranceProviderDoesNotExist": lambda c: c.send(insurance_providers=[int(c.provider(assigned=False))]),
    "InsuranceProvidersMissing": lambda c: c.send(insurance_accepted="with-insurance-only"),
    "InsuranceProvidersNotSupported": lambda c: c.send(
        insurance_accepted="without-insurance-only", insurance_providers=[int(c.provider(assigned=True))]
    ),
    "SlotExceedsDay": lambda c: c.send(end=c.hour("09:00", 3)),
    "SlotUnderOneMinute": lambda c: c.send(end=c.hour("09:00")),
    "ServiceDoesNotBelongToAddress": lambda c: c.move(c.visit(), address_service_id=c.second["services"][0]["id"]),
    "ServiceDoesNotExistOnMove": lambda c: c.move(c.visit(), address_service_id=NOWHERE),
    "AddressDoesNotExist": lambda c: c.move(c.visit(), address_id=NOWHERE),
    "VisitNotBooked": lambda c: c.call("DELETE", f"/bookings/{canceled(c)}"),
    "ConfirmedByInvalid": lambda c: c.call("PUT", f"/bookings/{c.visit()}/confirm", {"confirmed_by": "nobody"}),
    "VisitInFuture": lambda c: c.call("POST", f"/bookings/{c.visit()}/presence/patient"),
    "AddressServiceAlreadyExists": lambda c: c.call(
        "POST", "/services", {"service_id": c.address.services[c.place.services[0]].service_id}
    ),
    "CalendarAlreadyEnabled": enabled,
    "CalendarAlreadyDisabled": twice(lambda c: c.call("POST", "/calendar/disable")),
    "BreakAlreadyExists": twice(Caller.block),
    "VisitAlreadyMovedOrDeleted": lambda c: c.move(canceled(c)),
    "AlreadyConfirmed": confirmed,
    "VisitCanceled": lambda c: c.call("PUT", f"/bookings/{canceled(c)}/confirm", {"confirmed_by": "user"}),
    "PastVisit": past,
    "VisitMarkedAsCanceled": lambda c: c.call("POST", f"/bookings/{canceled(c)}/presence/patient"),
    "NotCommercial": after(Caller.poor, Caller.send),
    "InvalidDateRange": lambda c: c.block("10:00", "09:00"),
    "SameDateRange": same_break,
    "TillEarlierThanSince": backward_break,
    "AddressDisabled": after(lambda c: c.profile(calendar="disabled", active=False), enabled),
    "CalendarEditionNotAuthorized": read_only,
    "CalendarNotFound": after(lambda c: c.profile(calendar="missing"), lambda c: c.call("GET", "/calendar")),
    "CalendarNotFoundForAddress": after(
        lambda c: c.profile(calendar="missing"), lambda c: c.call("GET", f"/breaks/{NOWHERE}")
    ),
    "CannotCrossPaymentAccounts": unpaid,
    "IntegrationNotAuthorized": lambda c: not_integrated(c, Caller.confirm),
    "UnableToCancelForAddress": lambda c: not_integrated(c, lambda c, one: c.call("DELETE", f"/bookings/{one}")),
    "VisitDeleted": deleted,
    "DoctorDoesNotBelongToFacility": lambda c: c.opinion(doctor_id=c.docplanner.place().doctor_id),
    "VisitNotFound": Caller.opinion,
    "PhoneInvalid": lambda c: c.opinion("no phone"),
    "OpinionAlreadyExists": spoken_of,
    "CannotRequestOpinion": after(Caller.visit, Caller.opinion),
}
