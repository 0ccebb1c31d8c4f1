"""Checks of what patients can book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from harness.verdict.finding import Problem
from harness.verdict.instants import Instants
from harness.verdict.minutes import between, later, minutes_of
from harness.verdict.observation import OffersSeen, PeriodSeen
from harness.verdict.wording import ranges, span, zone_of

__all__ = ["BookableTime", "TimeNotOffered", "TimeOffered"]


@dataclass(frozen=True, slots=True)
class TimeOffered(Instants):
    """Patients can book the service at that time."""

    address_id: str
    address_service_id: str
    start: datetime
    minutes: int
    time_zone: str = ""

    def judge(self, seen: OffersSeen) -> Problem | None:
        """None where they can."""
        zone = zone_of(self.time_zone, self.start)
        for one in seen.offers:
            if one.start == self.start and one.address_service_id == self.address_service_id:
                return None
        end = later(self.start, self.minutes)
        day = [one for one in seen.offers if one.start.astimezone(zone).date() == self.start.astimezone(zone).date()]
        return Problem(
            "Patients cannot book the time",
            f"{span(self.start, end, zone)} offered for service {self.address_service_id}",
            f"{len(day)} offers on that day, none of them this one",
        )


@dataclass(frozen=True, slots=True)
class TimeNotOffered(Instants):
    """Patients can book nothing that touches the span."""

    address_id: str
    since: datetime
    till: datetime
    time_zone: str = ""

    def judge(self, seen: OffersSeen) -> Problem | None:
        """None where no offer overlaps it."""
        zone = zone_of(self.time_zone, self.since)
        touching = [one for one in seen.offers if one.start < self.till and one.end > self.since]
        if not touching:
            return None
        told = ", ".join(sorted({span(one.start, one.end, zone) for one in touching})[:3])
        return Problem(
            "Patients can still book time that is taken",
            f"nothing offered in {span(self.since, self.till, zone)}",
            f"offered: {told}",
        )


@dataclass(frozen=True, slots=True)
class BookableTime:
    """What patients can book covers exactly ``expected``, per service."""

    address_id: str
    expected: tuple[PeriodSeen, ...]
    time_zone: str = ""

    def judge(self, seen: OffersSeen) -> Problem | None:
        """None where every minute agrees."""
        zone = zone_of(self.time_zone, seen.since)
        due: dict[str, set[datetime]] = {}
        for period in self.expected:
            minutes = between(minutes_of(period.start, period.end), seen.since, seen.till)
            due.setdefault(period.address_service_id, set()).update(minutes)
        there: dict[str, set[datetime]] = {}
        for offer in seen.offers:
            minutes = between(minutes_of(offer.start, offer.end), seen.since, seen.till)
            there.setdefault(offer.address_service_id, set()).update(minutes)
        for service in sorted({*due, *there}):
            wanted, found = due.get(service, set()), there.get(service, set())
            if wanted == found:
                continue
            told = [f"missing {ranges(wanted - found, zone)}"] if wanted - found else []
            told += [f"too much {ranges(found - wanted, zone)}"] if found - wanted else []
            return Problem(
                "Patients can book other times than the clinic offers",
                f"{ranges(wanted, zone)} bookable for service {service}",
                "; ".join(told),
                "blocked time is offered" if found - wanted else "time that is free is not offered",
            )
        return None
