"""Both sides of a clinic, read and nothing else. The transports forbid it, so that no path of the code goes round."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx

from harness.audit.sides import Both, Clinic, DocplannerSide, Mapped, PartnerSide, Unread
from harness.client.api import DocplannerApi
from harness.client.models import Booking, CalendarAt
from harness.client.outcome import Done, Outcome, Refused
from harness.errors import ContractBroken, DocplannerRefused, DocplannerUnreachable, HarnessError, NotAllowed
from harness.partner.http import HttpPartner
from harness.partner.port import Appointment, Health
from harness.recorder.patients import PatientMask
from harness.safety.estate import Place
from harness.verdict.observation import BreakSeen, OfferSeen, PeriodSeen, PersonSeen, VisitSeen
from harness.vocabulary import AddressId, phone_key

__all__ = ["ReadOnly", "Reader", "window_of"]

T = TypeVar("T")

AT_A_TIME = 4
BOOKED, DOCPLANNER = "booked", "docplanner"


class ReadOnly(httpx.BaseTransport):
    """Lets GET through, and nothing else."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it on.

        Raises:
            NotAllowed: it is not a GET, or asks to be read as something else.
        """
        if request.method != "GET" or any("override" in name.lower() for name in request.headers):
            message = f"An audit reads: {request.method} {request.url.path} was not sent."
            raise NotAllowed(message)
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close what is behind it."""
        self._inner.close()


def window_of(now: datetime, time_zone: str, days: int) -> tuple[datetime, datetime]:
    """From the next local midnight over so many days. Source: criteria.md, "Both calendars equal"."""
    zone = ZoneInfo(time_zone)
    first = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(first, time(), zone), datetime.combine(first + timedelta(days=days), time(), zone)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads ``facilities``, or all that are visible where none is named. ``say`` hears how far it is."""

    api: DocplannerApi
    partner: HttpPartner
    mask: PatientMask
    time_zone: str
    since: datetime
    till: datetime
    facilities: Collection[str] = ()
    say: Callable[[str], None] = lambda _: None

    def read(self) -> Clinic:
        """Everything; what could not be read is told as such.

        Raises:
            PartnerError: the partner system does not say who it is, or what it has mapped.
            DocplannerError: what is visible cannot be read.
        """
        health = self.partner.health()
        self.say("reading what Docplanner shares")
        places, visible = self._estate()
        if missing := sorted(set(self.facilities) - {one.facility_id for one in places}):
            message = f"Docplanner does not show facility {', '.join(missing)}."
            raise DocplannerRefused(message, status=404, error="not shared with this API client")
        rows = [one for one in self.partner.mapping() if one.status == "mapped"]
        mapped = [Mapped(one.kind, one.docplanner_id, one.parent_id, one.name) for one in rows]
        calendars: list[Both] = []
        unread: list[Unread] = []
        known = {one.docplanner_id for one in rows if one.kind == "address"}
        with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="audit") as pool:
            for number, read in enumerate(pool.map(lambda one: self._both(one, health, known), places), start=1):
                self.say(f"{number} of {len(places)} calendars")
                both, services, trouble = read
                calendars += [both] if both else []
                visible += services
                unread += trouble
        # of what Docplanner did not tell, nothing can be called too much
        untold = {one.what for one in unread if one.side == DOCPLANNER}
        mapped = [one for one in mapped if one.kind != "service" or one.parent_id not in untold]
        return Clinic(
            self.since,
            self.till,
            self.time_zone,
            tuple(visible),
            tuple(self._of_these(mapped, places)),
            tuple(calendars),
            tuple(unread),
        )

    def _estate(self) -> tuple[list[Place], list[Mapped]]:
        directory = self.api.directory
        places: list[Place] = []
        visible: list[Mapped] = []
        for facility in _value(directory.facilities(), "the facilities"):
            if self.facilities and facility.id not in self.facilities:
                continue
            visible.append(Mapped("facility", facility.id, None, facility.name))
            for doctor in _value(directory.doctors(facility.id), "the doctors"):
                name = f"{doctor.name} {doctor.surname}"
                visible.append(Mapped("doctor", doctor.id, facility.id, name))
                for address in _value(directory.addresses(facility.id, doctor.id), "the addresses"):
                    visible.append(Mapped("address", address.id, doctor.id, address.name))
                    places.append(Place(facility.id, doctor.id, address.id, facility.name, name, address.name or "-"))
        return places, visible

    def _of_these(self, mapped: list[Mapped], places: list[Place]) -> Iterator[Mapped]:
        """What is mapped of the facilities that are audited; of all where none was named."""
        facilities, doctors = {one.facility_id for one in places}, {one.doctor_id for one in places}
        addresses = {one.address_id for one in places}
        for one in mapped:
            within = {
                "facility": one.id in self.facilities,
                "doctor": one.parent_id in facilities,
                "address": one.parent_id in doctors,
                "service": one.parent_id in addresses,
            }
            if not self.facilities or within.get(one.kind, False):
                yield one

    def _both(
        self, place: Place, health: Health, known: Collection[str]
    ) -> tuple[Both | None, list[Mapped], list[Unread]]:
        unread: list[Unread] = []
        try:
            there = self._docplanner(place.calendar)
        except HarnessError as error:
            return None, [], [Unread(place.address_id, DOCPLANNER, str(error))]
        services = [Mapped("service", one, place.address_id, name) for one, _, name in there.services]
        if place.address_id not in known:
            return None, services, unread  # it is told as not mapped
        try:
            here = self._partner(AddressId(place.address_id), health)
        except ContractBroken:
            # what breaks the contract may be a patient's data, and stands in the error
            why = "its answer is not as the control contract wants it; see `acceptance partner check`"
            return None, services, [Unread(place.address_id, "partner", why)]
        except HarnessError as error:
            return None, services, [Unread(place.address_id, "partner", str(error))]
        return Both(place, there, here), services, unread

    def _docplanner(self, at: CalendarAt) -> DocplannerSide:
        calendars, directory = self.api.calendars, self.api.directory
        services = _value(directory.services(at), "the services")
        slots = _value(calendars.free_slots(at, self.since, self.till, with_services=True), "the slots")
        return DocplannerSide(
            enabled=_value(calendars.enabled(at), "whether the calendar is enabled"),
            services=tuple((one.id, one.service_id, one.name) for one in services),
            insurances=frozenset(one.id for one in _value(directory.insurances(at), "the insurances")),
            visits=tuple(
                self._booking(one, at.address_id)
                for one in _value(self.api.bookings.every(at, self.since, self.till), "the bookings")
            ),
            offers=tuple(
                OfferSeen(service, one.start, one.start + timedelta(minutes=minutes))
                for one in slots
                for service, minutes in one.services
            ),
            breaks=tuple(
                BreakSeen(one.id, one.since, one.till)
                for one in _value(calendars.breaks(at, self.since, self.till), "the breaks")
            ),
        )

    def _partner(self, address: AddressId, health: Health) -> PartnerSide:
        breaks = self.partner.breaks(address, self.since, self.till) if health.can("breaks") else None
        offer = self.partner.offer(address) if health.can("services") else None
        return PartnerSide(
            visits=tuple(
                self._appointment(one, address) for one in self.partner.appointments(address, self.since, self.till)
            ),
            periods=tuple(
                PeriodSeen(service.address_service_id, service.duration, one.start, one.end)
                for one in self.partner.schedule(address, self.since, self.till)
                for service in one.services
            ),
            breaks=None if breaks is None else tuple(BreakSeen(one.id, one.since, one.till) for one in breaks),
            services=None if offer is None else frozenset(one.service_id for one in offer.services),
            insurances=frozenset(offer.insurance_provider_ids) if offer and health.can("insurances") else None,
        )

    def _booking(self, one: Booking, address: str) -> VisitSeen:
        return VisitSeen(
            id=one.id,
            address_id=address,
            start=one.start,
            minutes=one.minutes,
            patient=self._person(one.patient),
            booked=not one.canceled,
            booking_id=one.id,
            address_service_id=one.address_service_id,
        )

    def _appointment(self, one: Appointment, address: str) -> VisitSeen:
        return VisitSeen(
            id=one.id,
            address_id=address,
            start=one.start,
            minutes=round((one.end - one.start) / timedelta(minutes=1)),
            patient=self._person(one.patient),
            booked=one.status == BOOKED,
            booking_id=one.docplanner_booking_id,
            address_service_id=one.address_service_id,
            sync_state=one.sync.state,
        )

    def _person(self, person: Any) -> PersonSeen:  # noqa: ANN401 - of either side; the fields have one name on both
        if person is None:
            return PersonSeen("")
        born = person.birth_date.isoformat() if person.birth_date else None
        told: Mapping[str, Any] = self.mask.masked(
            {
                "name": person.name,
                "surname": person.surname,
                "phone": person.phone if phone_key(person.phone) else "",
                "email": person.email,
                "birth_date": born,
                "nin": person.nin,
            }
        )
        name = str(told.get("full_name") or "")
        return PersonSeen(name, "", told["phone"], told["email"], told["birth_date"], told["nin"])


def _value(outcome: Outcome[T], what: str) -> T:
    if isinstance(outcome, Done):
        return outcome.value
    if isinstance(outcome, Refused):
        message = f"Docplanner does not let {what} be read: {outcome.status}."
        raise DocplannerRefused(message, status=outcome.status, error=outcome.message)
    message = f"Docplanner did not answer what {what} are: {outcome.reason}."
    raise DocplannerUnreachable(message)
