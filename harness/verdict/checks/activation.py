"""Checks of both calendars against each other. Source: criteria.md, "Both calendars equal"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from harness.verdict.finding import Problem
from harness.verdict.minutes import by_service, of_breaks, of_visits
from harness.verdict.observation import BreakSeen, CalendarsSeen, VisitSeen, WorkingTimeSeen
from harness.verdict.people import same_person
from harness.verdict.wording import moment, ranges, zone_of

__all__ = ["CalendarsEqual"]


@dataclass(frozen=True, slots=True)
class CalendarsEqual:
    """The same booked visits and the same bookable minutes on both sides."""

    address_id: str
    time_zone: str

    def judge(self, seen: CalendarsSeen) -> Problem | None:
        """None where they agree."""
        zone = zone_of(self.time_zone, seen.partner.since)
        here = [one for one in seen.partner.visits if one.booked]
        there = [one for one in seen.docplanner.visits if one.booked]
        only_here, only_there = _unmatched(here, there), _unmatched(there, here)
        if only_here or only_there:
            told = [f"only in the clinic's calendar: {_told(only_here, zone)}"] if only_here else []
            told += [f"only at Docplanner: {_told(only_there, zone)}"] if only_there else []
            return Problem(
                f"The visits of address {self.address_id} differ",
                f"the same visits on both sides ({len(here)} in the clinic's calendar)",
                "; ".join(told),
            )
        mine = _bookable(seen.partner_working, here, seen.partner_breaks.breaks)
        theirs = _bookable(seen.docplanner_working, there, seen.docplanner_breaks.breaks)
        for key in sorted({*mine, *theirs}):
            left, right = mine.get(key, set()), theirs.get(key, set())
            if left == right:
                continue
            told = [f"only in the clinic's calendar: {ranges(left - right, zone)}"] if left - right else []
            told += [f"only at Docplanner: {ranges(right - left, zone)}"] if right - left else []
            return Problem(
                f"The bookable time of address {self.address_id} differs",
                f"the same bookable time on both sides, for service {key[0]}",
                "; ".join(told),
            )
        return None


def _unmatched(ours: Iterable[VisitSeen], others: Iterable[VisitSeen]) -> list[VisitSeen]:
    """Visits of ``ours`` without a partner in ``others``, each of which serves once."""
    left = list(others)
    alone = []
    for one in ours:
        twin = next(
            (
                each
                for each in left
                if (each.address_id, each.start, each.minutes) == (one.address_id, one.start, one.minutes)
                and same_person(each.patient, one.patient)
            ),
            None,
        )
        if twin is None:
            alone.append(one)
        else:
            left.remove(twin)
    return alone


def _bookable(
    working: WorkingTimeSeen, visits: Iterable[VisitSeen], breaks: Iterable[BreakSeen]
) -> dict[tuple[str, int], set[datetime]]:
    taken = of_visits(visits) | of_breaks(breaks)
    found = by_service(working.periods, working.since, working.till)
    return {key: {one.astimezone(UTC) for one in minutes - taken} for key, minutes in found.items() if minutes - taken}


def _told(visits: list[VisitSeen], zone: tzinfo) -> str:
    return ", ".join(f"{one.patient.name} {moment(one.start, zone)} ({one.minutes} min)" for one in visits[:3])
