"""Docplanner's side played by the embedded sandbox, through its control API.

A refused arrangement is :class:`~harness.errors.DocplannerRefused`; calls that change something carry the scenario and
the journal line that caused them, so that everything which follows names its cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar
from urllib.parse import quote

import httpx
import msgspec

from harness.marketplace.control import SandboxControl
from harness.marketplace.embedded_time import EmbeddedTime
from harness.marketplace.port import (
    AnswerThere,
    BreakSeenThere,
    By,
    Cause,
    ForgedAnswer,
    Lease,
    NotificationThere,
    OfferThere,
    SandboxActivity,
    Trouble,
    VisitThere,
    WorkPeriodThere,
)
from harness.vocabulary import (
    AddressId,
    AddressServiceId,
    Calendar,
    Clinic,
    Doctor,
    DoctorId,
    FacilityId,
    Insurance,
    Patient,
    Period,
    Service,
    Visit,
)

__all__ = ["EmbeddedMarketplace"]

T = TypeVar("T")


class _Service(msgspec.Struct, frozen=True):
    id: str
    service_id: str
    name: str
    duration: int

    def value(self) -> Service:
        return Service(AddressServiceId(self.id), self.service_id, self.name, self.duration)


class _Insurance(msgspec.Struct, frozen=True):
    id: str
    name: str
    plan_ids: tuple[str, ...]


class _Calendar(msgspec.Struct, frozen=True):
    address_id: str
    name: str
    online_only: bool
    services: tuple[_Service, ...]
    insurances: tuple[_Insurance, ...]


class _Doctor(msgspec.Struct, frozen=True):
    doctor_id: str
    name: str
    surname: str
    calendars: tuple[_Calendar, ...]


class _Clinic(msgspec.Struct, frozen=True):
    facility_id: str
    name: str
    granted_to: tuple[str, ...]
    doctors: tuple[_Doctor, ...]

    def value(self) -> Clinic:
        facility = FacilityId(self.facility_id)
        return Clinic(facility, self.name, tuple(_doctor(one, facility) for one in self.doctors))


class _Estate(msgspec.Struct, frozen=True):
    clinics: tuple[_Clinic, ...]


class _Lease(msgspec.Struct, frozen=True):
    number: int
    clinic: _Clinic


class _FaultMade(msgspec.Struct, frozen=True):
    fault_id: str


class _Items(msgspec.Struct, frozen=True):
    items: msgspec.Raw


class EmbeddedMarketplace:
    """Patients, doctors, messages and troubles of the embedded sandbox; ``client_id`` is the partner's API client."""

    def __init__(self, control_url: str, *, token: str, client_id: str, transport: httpx.BaseTransport) -> None:
        self._control = SandboxControl(control_url, token=token, transport=transport)
        self._call = self._control.call
        self._client_id = client_id
        self.time = EmbeddedTime(self._control, client_id)
        """How time passes there."""

    def close(self) -> None:
        """Close the connections."""
        self._control.close()

    # -- the estate -----------------------------------------------------------------------------------------------

    def estate(self) -> tuple[tuple[Clinic, tuple[str, ...]], ...]:
        """Every clinic with the API clients that may see it."""
        clinics = _read(self._call("GET", "/estate"), _Estate).clinics
        return tuple((one.value(), one.granted_to) for one in clinics)

    def lease(self, scenario: str, kind: str) -> Lease:
        """A clinic that no scenario has had yet."""
        made = _read(self._call("POST", "/leases", {"scenario": scenario, "kind": kind}), _Lease)
        return Lease(made.number, made.clinic.value())

    def add_clinic(self, kind: str, granted_to: Sequence[str], cause: Cause) -> Clinic:
        """A new clinic joins."""
        body = {"kind": kind, "granted_to": list(granted_to)}
        return _read(self._call("POST", "/clinics", body, cause=cause), _Clinic).value()

    def grant(self, clinic: Clinic, client_id: str, cause: Cause) -> None:
        """The API client may see the clinic from now on."""
        path = f"/clinics/{quote(clinic.id, safe='')}/grants/{quote(client_id, safe='')}"
        self._call("PUT", path, cause=cause)

    def services(self, address: AddressId) -> tuple[Service, ...]:
        """What the calendar's profile offers now."""
        answer = self._call("GET", f"{_calendar(address)}/services")
        return tuple(one.value() for one in _items(answer, _Service))

    def add_service(self, calendar: Calendar, service_id: str, minutes: int, cause: Cause) -> Service:
        """The doctor adds a service to the profile."""
        body = {"service_id": service_id, "duration": minutes}
        return _read(self._call("POST", f"{_calendar(calendar.id)}/services", body, cause=cause), _Service).value()

    def delete_service(self, calendar: Calendar, service: Service, cause: Cause) -> None:
        """The doctor deletes a service from the profile."""
        self._call("DELETE", f"{_calendar(calendar.id)}/services/{quote(service.id, safe='')}", cause=cause)

    # -- calendars ------------------------------------------------------------------------------------------------

    def offers(self, address: AddressId, since: datetime, till: datetime) -> tuple[OfferThere, ...]:
        """What patients can book."""
        return _items(self._call("GET", f"{_calendar(address)}/offers", params=_range(since, till)), OfferThere)

    def working_time(self, address: AddressId, since: datetime, till: datetime) -> tuple[WorkPeriodThere, ...]:
        """The work periods that were accepted."""
        answer = self._call("GET", f"{_calendar(address)}/working-time", params=_range(since, till))
        return _items(answer, WorkPeriodThere)

    def fill(self, address: AddressId, days: Sequence[date], periods: Sequence[Period], cause: Cause) -> None:
        """The doctor enters working time by hand."""
        items = [
            {
                "start": period.start.isoformat(),
                "end": period.end.isoformat(),
                "services": [{"address_service_id": one.id, "duration": one.minutes} for one in period.services],
            }
            for period in periods
        ]
        body = {"days": [day.isoformat() for day in days], "items": items}
        self._call("PUT", f"{_calendar(address)}/working-time", body, cause=cause)

    def visits(self, address: AddressId, since: datetime, till: datetime) -> tuple[VisitThere, ...]:
        """Every visit that starts in the range, cancelled ones included."""
        return _items(self._call("GET", f"{_calendar(address)}/visits", params=_range(since, till)), VisitThere)

    def book(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """A patient takes an offered slot, or the doctor books in the Docplanner calendar."""
        body = {"by": by, **_visit(visit)}
        return _read(self._call("POST", f"{_calendar(visit.calendar.id)}/visits", body, cause=cause), VisitThere)

    def move(self, visit: Visit, start: datetime, by: By, cause: Cause, to: Visit | None = None) -> VisitThere:
        """The visit moves and gets a new id; ``to`` names the calendar, service and length where they change."""
        path = f"{_calendar(visit.calendar.id)}/visits/{visit.booking_id}/move"
        body: dict[str, object] = {"by": by, "start": start.isoformat()}
        if to is not None:
            body |= {"address_id": to.calendar.id, "address_service_id": to.service.id, "duration": to.minutes}
        return _read(self._call("POST", path, body, cause=cause), VisitThere)

    def confirm(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """The visit is confirmed."""
        path = f"{_calendar(visit.calendar.id)}/visits/{visit.booking_id}/confirm"
        return _read(self._call("POST", path, {"by": by}, cause=cause), VisitThere)

    def mark_presence(self, visit: Visit, by: By, presence: str, cause: Cause) -> VisitThere:
        """The patient was ``present`` or ``absent``: once the visit has begun."""
        path = f"{_calendar(visit.calendar.id)}/visits/{visit.booking_id}/presence"
        return _read(self._call("PUT", path, {"by": by, "presence": presence}, cause=cause), VisitThere)

    def cancel(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """The visit is cancelled."""
        path = f"{_calendar(visit.calendar.id)}/visits/{visit.booking_id}/cancel"
        return _read(self._call("POST", path, {"by": by}, cause=cause), VisitThere)

    def breaks(self, address: AddressId, since: datetime, till: datetime) -> tuple[BreakSeenThere, ...]:
        """Breaks that overlap the range."""
        return _items(self._call("GET", f"{_calendar(address)}/breaks", params=_range(since, till)), BreakSeenThere)

    def add_break(self, address: AddressId, since: datetime, till: datetime, cause: Cause) -> BreakSeenThere:
        """The doctor blocks time."""
        body = {"since": since.isoformat(), "till": till.isoformat()}
        return _read(self._call("POST", f"{_calendar(address)}/breaks", body, cause=cause), BreakSeenThere)

    def move_break(self, address: AddressId, break_id: str, since: datetime, till: datetime, cause: Cause) -> None:
        """The doctor moves blocked time."""
        body = {"since": since.isoformat(), "till": till.isoformat()}
        self._call("PATCH", f"{_calendar(address)}/breaks/{break_id}", body, cause=cause)

    def remove_break(self, address: AddressId, break_id: str, cause: Cause) -> None:
        """The doctor frees blocked time."""
        self._call("DELETE", f"{_calendar(address)}/breaks/{break_id}", cause=cause)

    # -- messages, troubles, access -------------------------------------------------------------------------------

    def notifications(self, address: AddressId) -> tuple[NotificationThere, ...]:
        """Notifications about the calendar, oldest first."""
        params = {"address_id": str(address), "client_id": self._client_id}
        return _items(self._call("GET", "/notifications", params=params), NotificationThere)

    def resend(self, notification_id: str, channel: str | None, cause: Cause) -> None:
        """The same message once more."""
        body = {"channel": channel} if channel else {}
        self._call("POST", f"/notifications/{notification_id}/resend", body, cause=cause)

    def send_forged(self, visit: Visit, key: str, cause: Cause) -> ForgedAnswer:
        """A message about a visit that does not exist, with a wrong or missing key."""
        body = {"key": key, **_visit(visit)}
        return _read(self._call("POST", f"{_calendar(visit.calendar.id)}/forged", body, cause=cause), ForgedAnswer)

    def send_raw(self, address: AddressId, method: str, body: str, cause: Cause) -> ForgedAnswer:
        """Whatever body, by whatever method, to the partner's endpoint."""
        told = {"method": method, "body": body}
        return _read(self._call("POST", f"{_calendar(address)}/raw", told, cause=cause), ForgedAnswer)

    def ask(self, visit: Visit, cause: Cause, *, moving: str | None = None) -> AnswerThere:
        """Ask the partner whether the visit may be booked, or whether the booking ``moving`` may become it."""
        body = {"event": "booking-moving", "booking_id": moving} if moving else {"event": "slot-booking"}
        path = f"{_calendar(visit.calendar.id)}/questions"
        return _read(self._call("POST", path, {**body, **_visit(visit)}, cause=cause), AnswerThere)

    def trouble(self, trouble: Trouble, cause: Cause) -> str:
        """Arm trouble; the id by which it is ended."""
        body = {
            "address_id": trouble.address,
            "client_id": None if trouble.address else self._client_id,
            "booking_id": trouble.booking_id,
            "delay_s": trouble.delay_s,
            "target": trouble.target,
            "operation": trouble.operation,
            "effect": trouble.effect,
            "when": trouble.when,
            "status": trouble.status,
            "count": trouble.count,
        }
        return _read(self._call("POST", "/faults", body, cause=cause), _FaultMade).fault_id

    def end_trouble(self, trouble_id: str, cause: Cause) -> None:
        """End trouble; what it held is sent now."""
        self._call("DELETE", f"/faults/{trouble_id}", cause=cause)

    def activity(self, address: AddressId | None = None) -> SandboxActivity:
        """What is still under way."""
        params = {"client_id": self._client_id, **({"address_id": str(address)} if address else {})}
        return _read(self._call("GET", "/activity", params=params), SandboxActivity)

    def expire_tokens(self, cause: Cause) -> None:
        """Every access token of the partner ends now."""
        self._call("DELETE", f"/clients/{quote(self._client_id, safe='')}/tokens", cause=cause)

    def set_client(self, settings: Mapping[str, object]) -> None:
        """Change how the partner's API client is served: delivery, endpoint, key."""
        self._call("PUT", f"/clients/{quote(self._client_id, safe='')}", settings)


def _doctor(doctor: _Doctor, facility: FacilityId) -> Doctor:
    owner = DoctorId(doctor.doctor_id)
    calendars = tuple(
        Calendar(
            AddressId(one.address_id),
            facility,
            owner,
            one.name,
            one.online_only,
            tuple(service.value() for service in one.services),
            tuple(Insurance(each.id, each.name, each.plan_ids) for each in one.insurances),
        )
        for one in doctor.calendars
    )
    return Doctor(owner, doctor.name, doctor.surname, calendars)


def _person(patient: Patient) -> dict[str, object]:
    values: dict[str, object] = {"name": patient.name, "surname": patient.surname, "phone": patient.phone}
    if patient.email:
        values["email"] = patient.email
    if patient.birth_date:
        values["birth_date"] = patient.birth_date.isoformat()
    if patient.nin:
        values["nin"] = patient.nin
    if patient.gender:
        values["gender"] = patient.gender
    return values


def _visit(visit: Visit) -> dict[str, object]:
    return {
        "start": visit.start.isoformat(),
        "duration": visit.minutes,
        "address_service_id": visit.service.id,
        "patient": _person(visit.patient),
    }


def _calendar(address: str) -> str:
    return f"/calendars/{quote(address, safe='')}"


def _range(since: datetime, till: datetime) -> dict[str, str]:
    return {"from": since.isoformat(), "to": till.isoformat()}


def _read(content: bytes, kind: type[T]) -> T:
    return msgspec.json.decode(content, type=kind)


def _items(content: bytes, kind: type[T]) -> tuple[T, ...]:
    return _read(bytes(_read(content, _Items).items), tuple[kind, ...])  # type: ignore[valid-type]
