"""Checks of visits: shown once and right, gone, not booked twice, yielding to the marketplace's, known by their id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from harness.verdict.finding import Problem
from harness.verdict.instants import Instants
from harness.verdict.minutes import later
from harness.verdict.observation import CalendarSeen, PersonSeen, VisitSeen
from harness.verdict.people import contrast, resembles
from harness.verdict.wording import moment, shift, span, zone_of

__all__ = ["OneVisitAt", "StaffVisitYielded", "VisitGone", "VisitIdKnown", "VisitShown"]

SIDES = {"partner": "The clinic's calendar", "docplanner": "Docplanner"}
WITHIN = {"partner": "the clinic's calendar", "docplanner": "Docplanner"}
MARKED = frozenset({"conflict", "failed"})
"""Sync states that warn staff. Source: partner-control.yaml, Appointment."""


@dataclass(frozen=True, slots=True)
class VisitShown(Instants):
    """One booked visit of the patient is shown: on this address, at this time, this long, for this service.

    The observation may hold visits of several calendars: one on another address is told as such. ``time_zone`` is
    that of messages; left out, they are in the offset of ``start``.
    """

    patient: PersonSeen
    address_id: str
    start: datetime
    minutes: int
    address_service_id: str | None = None
    time_zone: str = ""

    def judge(self, seen: CalendarSeen) -> Problem | None:
        """None where exactly that is shown."""
        zone = zone_of(self.time_zone, self.start)
        theirs = _booked(seen, self.patient)
        if len(theirs) == 1:
            return self._compare(theirs[0], seen, zone)
        if not theirs:
            return self._missing(seen, zone)
        return Problem(
            f"{SIDES[seen.side]} shows {self.patient.name}'s visit {len(theirs)} times",
            self._expected(zone),
            f"{len(theirs)} booked visits: {_listed(theirs, zone)}",
            "the same visit was stored more than once, or the old one of a move was kept",
        )

    def _missing(self, seen: CalendarSeen, zone: tzinfo) -> Problem:
        name = self.patient.name
        cancelled = [one for one in seen.visits if not one.booked and resembles(one.patient, self.patient)]
        there = [one for one in seen.visits if one.booked and one.start == self.start]
        others = f"{len(seen.visits)} in the next days" if seen.visits else "none at all in the next days"
        observed, hint = f"no visit of {name}, {others}", ""
        if any(one.start == self.start for one in cancelled):
            observed, hint = "the visit, cancelled", "the visit is there, but it is marked as cancelled"
        elif any(one.address_id == self.address_id for one in there):
            observed = "a visit at that time, of another person"
            hint = "the time is right and the patient is not: look at how the patient's data are taken over"
        return Problem(f"{SIDES[seen.side]} does not show {name}'s visit", self._expected(zone), observed, hint)

    def _compare(self, visit: VisitSeen, seen: CalendarSeen, zone: tzinfo) -> Problem | None:
        headline = f"{SIDES[seen.side]} shows {self.patient.name}'s visit"
        expected = self._expected(zone)
        where = f"one visit, {_span(visit, zone)}"
        if visit.address_id != self.address_id:
            hint = "the calendars of two addresses or doctors are mixed up: look at the mapping of addresses"
            return Problem(
                f"{headline} in the wrong calendar", expected, f"{where}, on address {visit.address_id}", hint
            )
        if visit.start != self.start:
            late = shift(visit.start - self.start)
            return Problem(f"{headline} at another time", expected, f"{where}, {late}", self._why(visit.start))
        if visit.minutes != self.minutes:
            return Problem(f"{headline} with another length", expected, where)
        service = visit.address_service_id
        if self.address_service_id and service and service != self.address_service_id:
            expected += f", address service {self.address_service_id}"
            hint = "services are mixed up between addresses: map them by address service id"
            return Problem(f"{headline} for another service", expected, f"{where}, address service {service}", hint)
        if wrong := contrast(self.patient, visit.patient):
            told = " and ".join(label for label, _, _ in wrong)
            due = ", ".join(f"{label} {value}" for label, value, _ in wrong)
            found = ", ".join(f"{label} {value}" for label, _, value in wrong)
            hint = "the patient's data are not taken over as they are"
            return Problem(f"{headline} with another {told}", f"{expected}, {due}", f"{where}, {found}", hint)
        return None

    def _expected(self, zone: tzinfo) -> str:
        end = later(self.start, self.minutes)
        return f"one visit of {self.patient.name}, {span(self.start, end, zone)}, on address {self.address_id}"

    def _why(self, start: datetime) -> str:
        offset = abs(self.start.utcoffset() or timedelta(0))
        if abs(start - self.start) == offset:
            return (
                "the time is off by exactly the zone's offset: it was dropped, or the time was read as UTC "
                "(unless this is the old time of a move)"
            )
        return "the old time of a move may have been kept"


@dataclass(frozen=True, slots=True)
class VisitGone(Instants):
    """No booked visit of the patient is shown, on any of the calendars seen; with ``start``, none at that time.

    With ``start`` only the time on ``address_id`` counts: what a move leaves behind.
    """

    patient: PersonSeen
    address_id: str
    start: datetime | None = None
    time_zone: str = ""

    def judge(self, seen: CalendarSeen) -> Problem | None:
        """None where it is absent, or shown as cancelled."""
        left = _booked(seen, self.patient)
        if self.start is not None:
            left = [one for one in left if one.start == self.start and one.address_id == self.address_id]
        if not left:
            return None
        zone = zone_of(self.time_zone, self.start or seen.since)
        at = f" at {moment(self.start, zone)}" if self.start else ""
        return Problem(
            f"{SIDES[seen.side]} still shows a visit of {self.patient.name}",
            f"no booked visit of {self.patient.name}{at}",
            f"{len(left)} booked: {_listed(left, zone)}",
        )


@dataclass(frozen=True, slots=True)
class StaffVisitYielded(Instants):
    """Staff's visit over a time that a patient took is withdrawn, or kept and marked: never shown as synchronised.

    A visit of the same patient at another time is none of its affair.
    """

    patient: PersonSeen
    address_id: str
    start: datetime
    time_zone: str = ""

    def judge(self, seen: CalendarSeen) -> Problem | None:
        """None where it was refused, cancelled, or is marked as a conflict."""
        zone = zone_of(self.time_zone, self.start)
        for one in _booked(seen, self.patient):
            takes = one.start <= self.start < later(one.start, one.minutes)
            if not takes or (one.sync_state in MARKED and not one.booking_id):
                continue
            known = f", with booking {one.booking_id}" if one.booking_id else ""
            return Problem(
                f"{SIDES[seen.side]} shows {self.patient.name}'s visit as if Docplanner had it",
                f"the visit of {moment(self.start, zone)} withdrawn, or marked as a conflict",
                f"booked, {one.sync_state or 'no sync state'}{known}",
                "Docplanner refused the booking, so staff must be warned: set the visit to conflict or withdraw it",
            )
        return None


@dataclass(frozen=True, slots=True)
class OneVisitAt(Instants):
    """Exactly one booked visit takes the time on the address."""

    address_id: str
    start: datetime
    minutes: int
    time_zone: str = ""

    def judge(self, seen: CalendarSeen) -> Problem | None:
        """None where one does."""
        end = later(self.start, self.minutes)
        taking = [
            one
            for one in seen.visits
            if one.booked
            and one.address_id == self.address_id
            and one.start < end
            and later(one.start, one.minutes) > self.start
        ]
        if len(taking) == 1:
            return None
        zone = zone_of(self.time_zone, self.start)
        told = ", ".join(f"{moment(one.start, zone)} {one.patient.name}" for one in taking) or "none"
        headline = "booked twice" if taking else "not booked at all"
        return Problem(
            f"The time is {headline} in {WITHIN[seen.side]}",
            f"one visit that takes {span(self.start, end, zone)}",
            f"{len(taking)}: {told}",
        )


@dataclass(frozen=True, slots=True)
class VisitIdKnown:
    """The partner knows the visit by Docplanner's id that is valid now; a move makes a new one."""

    patient: PersonSeen
    booking_id: str

    def judge(self, seen: CalendarSeen) -> Problem | None:
        """None where each booked visit of the patient carries that id, and there is one."""
        theirs = _booked(seen, self.patient)
        known = sorted({one.booking_id or "no booking" for one in theirs})
        if known == [self.booking_id]:
            return None
        return Problem(
            f"{SIDES[seen.side]} does not know {self.patient.name}'s visit by its booking",
            f"booking {self.booking_id}",
            ", ".join(known) or f"no visit of {self.patient.name}",
            "a move ends a booking and makes a new one: keep the id that the answer or the notification names"
            if theirs
            else "",
        )


def _booked(seen: CalendarSeen, patient: PersonSeen) -> list[VisitSeen]:
    return [one for one in seen.visits if one.booked and resembles(one.patient, patient)]


def _listed(visits: Iterable[VisitSeen], zone: tzinfo) -> str:
    return ", ".join(f"{moment(one.start, zone)} on address {one.address_id}" for one in visits)


def _span(visit: VisitSeen, zone: tzinfo) -> str:
    return span(visit.start, later(visit.start, visit.minutes), zone)
