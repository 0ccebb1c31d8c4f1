"""What an API client sees: facilities, doctors, addresses; of those that may be written to, each calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from harness.client.api import DocplannerApi
from harness.client.models import Address, CalendarAt, Doctor, Facility
from harness.client.outcome import Done, Outcome, Refused, Unknown
from harness.preflight.line import Line, Status

__all__ = ["visible_lines"]

AT_A_TIME = 8
FORBIDDEN, MISSING = 403, 404
ENABLE = "acceptance call enableCalendar facility_id={} doctor_id={} address_id={} --write --keep --allow-facility {}"


@dataclass(frozen=True, slots=True)
class _Place:
    """An address of a doctor."""

    facility: Facility
    doctor: Doctor
    address: Address

    @property
    def calendar(self) -> CalendarAt:
        return CalendarAt(self.facility.id, self.doctor.id, self.address.id)

    def __str__(self) -> str:
        return f"{self.doctor.name} {self.doctor.surname}, {self.address.name or 'address'} ({self.address.id})"


def visible_lines(
    api: DocplannerApi, facilities: Sequence[Facility], writable: frozenset[str], *, has_nin: bool
) -> Iterable[Line]:
    """A line a facility, a line a calendar that may be written to, and one for the marketplace's own lists.

    ``has_nin``: whether the tester's national number is told, which some addresses demand.
    """
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        lists = pool.submit(_lists, api)
        doctors = list(pool.map(lambda one: api.directory.doctors(one.id), facilities))
        asked = [
            (facility, doctor)
            for facility, told in zip(facilities, doctors, strict=True)
            for doctor in (told.value if isinstance(told, Done) else ())
        ]
        addresses = list(pool.map(lambda one: api.directory.addresses(one[0].id, one[1].id), asked))
        places = [
            _Place(facility, doctor, address)
            for (facility, doctor), told in zip(asked, addresses, strict=True)
            for address in (told.value if isinstance(told, Done) else ())
        ]
        calendars = list(
            pool.map(
                lambda one: _calendar(api, one, has_nin=has_nin),
                [one for one in places if one.facility.id in writable],
            )
        )
        yield from _allowed(facilities, writable)
        for facility, told in zip(facilities, doctors, strict=True):
            there = [answer for (where, _), answer in zip(asked, addresses, strict=True) if where is facility]
            yield _facility(facility, told, there, places, may=facility.id in writable)
        yield from calendars
        yield lists.result()


def _allowed(facilities: Sequence[Facility], writable: frozenset[str]) -> Iterator[Line]:
    if not facilities:
        remedy = "Ask Docplanner to share the facilities made for tests with this API client."
        yield Line("facilities", Status.TROUBLE, "none is visible", remedy)
    if not writable:
        remedy = "Name those that were made for tests: docplanner.facilities, or --allow-facility."
        yield Line("allow-list", Status.TROUBLE, "no facility may be written to", remedy)
    for one in sorted(writable - {facility.id for facility in facilities}):
        remedy = "Is it of this marketplace, typed right, and shared with this API client?"
        yield Line(f"facility {one}", Status.TROUBLE, "may be written to, and cannot be seen", remedy)


def _facility(
    facility: Facility,
    doctors: Outcome[tuple[Doctor, ...]],
    addresses: Sequence[Outcome[tuple[Address, ...]]],
    places: Sequence[_Place],
    *,
    may: bool,
) -> Line:
    what = f"facility {facility.id}"
    for told in (doctors, *addresses):
        if not isinstance(told, Done):
            return _unread(what, f"{facility.name}: its doctors and addresses", told, worth=may)
    mine = [str(one) for one in places if one.facility is facility]
    if not may:
        count = f"{len(doctors.value)} doctors, {len(mine)} addresses" if isinstance(doctors, Done) else ""
        return Line(what, Status.OK, f"{facility.name}: read only; {count}")
    if not mine:
        remedy = "Have Docplanner add a doctor with an address, or allow another facility."
        return Line(what, Status.TROUBLE, f"{facility.name}: may be written to, and has no address", remedy)
    return Line(what, Status.OK, f"{facility.name}: may be WRITTEN to; {'; '.join(mine)}")


def _calendar(api: DocplannerApi, place: _Place, *, has_nin: bool) -> Line:
    at, what = place.calendar, f"calendar {place.address.id}"
    enabled, services = api.calendars.enabled(at), api.directory.services(at)
    insurances, demands = api.directory.insurances(at), api.directory.demands(at.facility_id, at.doctor_id)
    if not isinstance(enabled, Done):
        return _unread(what, "whether it is enabled", enabled, worth=True)
    if not isinstance(services, Done):
        return _unread(what, "its services", services, worth=True)
    if not isinstance(insurances, Done):
        return _unread(what, "its insurances", insurances, worth=False)
    if not isinstance(demands, Done):
        return _unread(what, "what it demands of patients", demands, worth=True)
    demanded = demands.value.get(at.address_id, frozenset())
    if trouble := _trouble(place, demanded, enabled=enabled.value, served=bool(services.value), has_nin=has_nin):
        return Line(what, Status.TROUBLE, *trouble)
    seen = f"{place}: enabled, {len(services.value)} services, {len(insurances.value)} insurance providers"
    return Line(what, Status.OK, seen)


def _trouble(
    place: _Place, demands: frozenset[str], *, enabled: bool, served: bool, has_nin: bool
) -> tuple[str, str] | None:
    """Why nobody could book there, and what to do; None where they can."""
    at = place.calendar
    if not enabled:
        remedy = f"Enable it: {ENABLE.format(at.facility_id, at.doctor_id, at.address_id, at.facility_id)}"
        return f"{place}: disabled, so nobody can book there", remedy
    if not served:
        remedy = "Add a service to the address at Docplanner: slots name services."
        return f"{place}: enabled, and without a service", remedy
    if "nin" in demands and not has_nin:
        remedy = "Set ACCEPTANCE_TESTER_NIN to the tester's own, or have Docplanner demand none there."
        return f"{place}: demands a national number of patients, and none is told", remedy
    return None


def _lists(api: DocplannerApi) -> Line:
    what = "lists of the marketplace"
    services, insurances = api.dictionaries.services(), api.dictionaries.insurances()
    if not isinstance(services, Done):
        return _unread(what, "services", services, worth=False)
    if not isinstance(insurances, Done):
        return _unread(what, "insurance providers", insurances, worth=False)
    return Line(what, Status.OK, f"{len(services.value)} services, {len(insurances.value)} insurance providers")


def _unread(what: str, name: str, told: Refused | Unknown, *, worth: bool) -> Line:
    """Something is not told: in the way where a run is worth nothing without it."""
    if isinstance(told, Refused):
        remedy = {
            FORBIDDEN: "Ask Docplanner to share it with this API client.",
            MISSING: "Has it been removed since? Check again, and ask Docplanner.",
        }.get(told.status, "Check again; if it stays so, ask Docplanner.")
        return Line(what, Status.TROUBLE if worth else Status.WARNING, f"{name}: refused, {told}", remedy)
    status = Status.TROUBLE if worth else Status.UNKNOWN
    return Line(what, status, f"{name}: {told.reason}", "Check again in a minute.")
