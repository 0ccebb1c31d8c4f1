"""Checks of visits: shown once and right, gone, not booked twice, yielding to the marketplace's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from harness.verdict.finding import Problem
from harness.verdict.observation import CalendarSeen, PersonSeen, VisitSeen
from harness.verdict.people import differences, resembles
from harness.verdict.wording import moment, span, zone_of

__all__ = ["OneVisitAt", "StaffVisitYielded", "VisitGone", "VisitShown"]

SIDES = {"partner": "The clinic's calendar", "docplanner": "Docplanner"}
WITHIN = {"partner": "the clinic's calendar", "docplanner": "Docplanner"}
SYNCED = "synced"


@dataclass(frozen=True, slots=True)
class VisitShown:
    """One booked visit of the patient is shown: on this address, at this time, this long, for this service."""

    patient: PersonSeen
    address_id: str
    start: datetime
    minutes: int
    address_service_id: str | None = None

    def judge(self, seen: CalendarSeen) -> Problem | None:
        """None where exactly that is shown."""
        zone = zone_of(None, self.start)
        theirs = [one for one in seen.visits if one.booked and resembles(one.patient, self.patient)]
        if len(theirs) == 1:
            return self._compare(theirs[0], seen, zone)
        if not theirs:
            return self._missing(seen, zone)
        told = ", ".join(f"{moment(one.start, zone)} on address {one.address_id}" for one in theirs)
        return Problem(
            f"{SIDES[seen.side]} shows {self.patient.name}'s visit {len(theirs)} times",
            self._expected(zone),
            f"{len(theirs)} booked visits: {told}",
            "the same visit was stored more than once, or the old one of a move was kept",
        )

    def _missing(self, seen: CalendarSeen, zone: tzinfo) -> Problem:
        cancelled = [one for one in seen.visits if not one.booked and resembles(one.patient, self.patient)]
        there = [one for one in seen.visits if one.booked and one.start == self.start]
        observed = f"none of {len(seen.visits)} visits in the next days is {self.patient.name}'s"
        hint = ""
        if any(one.start == self.start for one in cancelled):
            observed, hint = "the visit, cancelled", "the visit is there, but it is marked as cancelled"
        elif any(one.address_id == self.address_id for one in there):
            observed = "a visit at that time, of another person"
            hint = "the time is right and the patient is not: look at how the patient's data are taken over"
        return Problem(
            f"{SIDES[seen.side]} does not show {self.patient.name}'s visit", self._expected(zone), observed, hint
        )

    def _compare(self, visit: VisitSeen, seen: CalendarSeen, zone: tzinfo) -> Problem | None:
        side, name = SIDES[seen.side], self.patient.name
        where = f"one visit, {span(visit.start, visit.start + timedelta(minutes=visit.minutes), zone)}"
        if visit.address_id != self.address_id:
            observed = f"{where}, on address {visit.address_id}"
            hint = "the calendars of two addresses or doctors are mixed up: look at the mapping of addresses"
            return Problem(f"{side} shows {name}'s visit in the wrong calendar", self._expected(zone), observed, hint)
        if visit.start != self.start:
            return Problem(
                f"{side} shows {name}'s visit at another time", self._expected(zone), where, self._shift(visit.start)
            )
        if visit.minutes != self.minutes:
            return Problem(f"{side} shows {name}'s visit with another length", self._expected(zone), where)
        service = visit.address_service_id
        if self.address_service_id and service and service != self.address_service_id:
            expected = f"{self._expected(zone)}, address service {self.address_service_id}"
            hint = "services are mixed up between addresses: map them by address service id"
            observed = f"{where}, address service {service}"
            return Problem(f"{side} shows {name}'s visit for another service", expected, observed, hint)
        if wrong := differences(visit.patient, self.patient):
            told = " and ".join(wrong)
            hint = "the patient's data are not taken over as they are"
            return Problem(
                f"{side} shows {name}'s visit with another {told}", self._expected(zone), f"another {told}", hint
            )
        return None

    def _expected(self, zone: tzinfo) -> str:
        end = self.start + timedelta(minutes=self.minutes)
        return f"one visit of {self.patient.name}, {span(self.start, end, zone)}, on address {self.address_id}"

    def _shift(self, start: datetime) -> str:
        offset = self.start.utcoffset() or timedelta(0)
        shift = start - self.start
        if shift and abs(shift) == abs(offset):
            return "the time is off by exactly the zone's offset: it was dropped, or the time was read as UTC"
        if shift and abs(shift) % timedelta(hours=1) == timedelta(0):
            return f"the time is off by {shift / timedelta(hours=1):+.0f} h"
        return "the old time of a move may have been kept"


@dataclass(frozen=True, slots=True)
class VisitGone:
    """No booked visit of the patient is shown on the address."""

    patient: PersonSeen
    address_id: str

    def judge(self, seen: CalendarSeen) -> Problem | None:
        """None where it is absent, or shown as cancelled."""
        left = [one for one in seen.visits if one.booked and resembles(one.patient, self.patient)]
        if not left:
            return None
        zone = zone_of(None, seen.since)
        told = ", ".join(f"{moment(one.start, zone)} on address {one.address_id}" for one in left)
        return Problem(
            f"{SIDES[seen.side]} still shows a visit of {self.patient.name}",
            f"no booked visit of {self.patient.name}",
            f"{len(left)} booked: {told}",
        )


@dataclass(frozen=True, slots=True)
class StaffVisitYielded:
    """Staff's visit over a time that a patient took is withdrawn, or kept and marked: never shown as synchronised."""

    patient: PersonSeen
    address_id: str
    start: datetime

    def judge(self, seen: CalendarSeen) -> Problem | None:
        """None where it was refused, cancelled, or is marked as a conflict."""
        zone = zone_of(None, self.start)
        for one in seen.visits:
            if not one.booked or not resembles(one.patient, self.patient):
                continue
            if one.booking_id or one.sync_state in {SYNCED, "pending", None}:
                state = one.sync_state or "no sync state"
                known = f", with booking {one.booking_id}" if one.booking_id else ""
                return Problem(
                    f"The clinic's calendar shows {self.patient.name}'s visit as if Docplanner had it",
                    f"the visit of {moment(self.start, zone)} withdrawn, or marked as a conflict",
                    f"booked, {state}{known}",
                    "Docplanner refused the booking, so staff must be warned: set the visit to conflict or withdraw it",
                )
        return None


@dataclass(frozen=True, slots=True)
class OneVisitAt:
    """Exactly one booked visit takes the time on the address."""

    address_id: str
    start: datetime
    minutes: int

    def judge(self, seen: CalendarSeen) -> Problem | None:
        """None where one does."""
        end = self.start + timedelta(minutes=self.minutes)
        taking = [
            one
            for one in seen.visits
            if one.booked
            and one.address_id == self.address_id
            and one.start < end
            and one.start + timedelta(minutes=one.minutes) > self.start
        ]
        if len(taking) == 1:
            return None
        zone = zone_of(None, self.start)
        told = ", ".join(f"{moment(one.start, zone)} {one.patient.name}" for one in taking) or "none"
        headline = "booked twice" if taking else "not booked at all"
        return Problem(
            f"The time is {headline} in {WITHIN[seen.side]}",
            f"one visit that takes {span(self.start, end, zone)}",
            f"{len(taking)}: {told}",
        )
