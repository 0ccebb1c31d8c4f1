"""Checks of working time: Docplanner was sent exactly what staff entered, however divided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from harness.verdict.finding import Problem
from harness.verdict.minutes import by_service
from harness.verdict.observation import PeriodSeen, WorkingTimeSeen
from harness.verdict.wording import ranges, zone_of

__all__ = ["SHIFTS", "WorkingTimeSent", "hours_off"]

SHIFTS = (*range(-14, 0), *range(1, 15))
"""Hours by which time may be off where zones are mixed up."""


@dataclass(frozen=True, slots=True)
class WorkingTimeSent:
    """The working time that Docplanner accepted is exactly ``expected``, per service and duration."""

    address_id: str
    expected: tuple[PeriodSeen, ...]
    time_zone: str

    def judge(self, seen: WorkingTimeSeen) -> Problem | None:
        """None where every minute agrees, on every day of the range."""
        zone = zone_of(self.time_zone, seen.since)
        due = by_service(self.expected, seen.since, seen.till)
        there = by_service(seen.periods, seen.since, seen.till)
        missing = {key: minutes - there.get(key, set()) for key, minutes in due.items()}
        over = {key: minutes - due.get(key, set()) for key, minutes in there.items()}
        if not any(missing.values()) and not any(over.values()):
            return None
        told = [f"missing {_told(missing, zone)}"] if any(missing.values()) else []
        told += [f"too much {_told(over, zone)}"] if any(over.values()) else []
        return Problem(
            "Docplanner does not have the working time that staff entered",
            _told(due, zone),
            "; ".join(told),
            _hint(due, there, zone),
        )


def _told(minutes: dict[tuple[str, int], set[datetime]], zone: tzinfo) -> str:
    return (
        "; ".join(
            f"{ranges(found, zone)} (service {service}, {length} min)"
            for (service, length), found in sorted(minutes.items())
            if found
        )
        or "no working time"
    )


def _hint(due: dict[tuple[str, int], set[datetime]], there: dict[tuple[str, int], set[datetime]], zone: tzinfo) -> str:
    all_due = set().union(*due.values()) if due else set()
    all_there = set().union(*there.values()) if there else set()
    if all_due == all_there:
        return "the time is right and its services are not: look at the services and durations of the periods"
    if off := _shifted(all_due, all_there, zone):
        return off
    days_due = {one.astimezone(zone).date() for one in all_due}
    days_there = {one.astimezone(zone).date() for one in all_there}
    if left := sorted(days_there - days_due):
        return f"{left[0]:%a %d %b} is still there: a day without working time must be cleared explicitly"
    if lost := sorted(days_due - days_there):
        return f"nothing is left of {lost[0]:%a %d %b}: a change of one day must not touch another"
    if all_there < all_due:
        return "part of the day was lost: send whole days, since the reach of an update is not documented"
    return ""


def _shifted(due: set[datetime], there: set[datetime], zone: tzinfo) -> str:
    """What to say where the days that differ are the right ones but for so many hours."""
    hours = hours_off(due, there, zone)
    if hours is None:
        return ""
    offset = min(due ^ there).astimezone(zone).utcoffset()
    if offset is not None and abs(offset) == timedelta(hours=abs(hours)):
        return f"the time is off by {hours:+} h: the offset was dropped, or the time was read as UTC"
    return f"the time is off by {hours:+} h: look at how time zones are handled"


def hours_off(due: set[datetime], there: set[datetime], zone: tzinfo) -> int | None:
    """By how many hours the days that differ are off, where that is all that is wrong with them; else None."""
    wrong = {one.astimezone(zone).date() for one in due ^ there}
    mine = {one for one in due if one.astimezone(zone).date() in wrong}
    theirs = {one for one in there if one.astimezone(zone).date() in wrong}
    fits = (hours for hours in SHIFTS if mine and {one + timedelta(hours=hours) for one in mine} == theirs)
    return next(fits, None)
