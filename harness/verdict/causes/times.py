"""Times that are off by whole hours: an offset dropped, or a time zone mixed up."""

from __future__ import annotations

from datetime import datetime, timedelta

from harness.contract.json_value import JsonValue, array_of, object_of, text_of
from harness.recorder.line import Kind, Line
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.causes.working_time import of_before
from harness.verdict.checks.histories import HistoryEndsEqual
from harness.verdict.checks.schedule import SHIFTS, WorkingTimeSent, hours_off
from harness.verdict.checks.visits import VisitShown
from harness.verdict.evidence import Evidence, event_of, instant_of, json_sent, operation_of, path_of
from harness.verdict.minutes import by_service
from harness.verdict.observation import CalendarSeen, CalendarsSeen, WorkingTimeSeen
from harness.verdict.people import resembles
from harness.verdict.wording import shift, zone_of

__all__ = ["both_off", "visit_off", "working_time_off"]

HOUR = timedelta(hours=1)
MOST = timedelta(hours=14)
"""The largest offset that any zone has."""


def visit_off(evidence: Evidence) -> Clue | None:
    """The visit is shown whole hours away from its time, and not at the time that a move left."""
    check, seen = evidence.as_check(VisitShown), evidence.as_seen(CalendarSeen)
    if check is None or seen is None:
        return None
    theirs = [one for one in seen.visits if one.booked and resembles(one.patient, check.patient)]
    if len(theirs) != 1:
        return None
    off = theirs[0].start - check.start
    if not _whole(off) or theirs[0].start in _earlier_times(evidence):
        return None
    source = evidence.told if evidence.inward else evidence.accepted
    due, shown = check.start.isoformat(), theirs[0].start.isoformat()
    said = f"the visit is at {due}, and"
    if source and instant_of(_time_in(source[-1])) == check.start:
        said = f"{_said(source[-1])} (line {source[-1].n}) and the visit"
    elif source:
        said = f"the visit is at {due}, {_said(source[-1])} (line {source[-1].n}) and it"
    return _clue(off, check.start, f"{said} is shown at {shown}", source[-1:])


def working_time_off(evidence: Evidence) -> Clue | None:
    """The working time that was just accepted is the right one but for so many hours."""
    check, seen = evidence.as_check(WorkingTimeSent), evidence.as_seen(WorkingTimeSeen)
    sent = [one for one in evidence.accepted if operation_of(one) == "replaceSlots"]
    if check is None or seen is None or not sent or of_before(evidence):
        return None
    due = by_service(check.expected, seen.since, seen.till)
    there = by_service(seen.periods, seen.since, seen.till)
    hours = hours_off(set().union(*due.values()), set().union(*there.values()), zone_of(check.time_zone, seen.since))
    if hours is None:
        return None
    first = min((one.start for one in check.expected), default=seen.since)
    return _clue(HOUR * hours, first, f"{_said(sent[-1])} (line {sent[-1].n})", sent[-1:])


def both_off(evidence: Evidence) -> Clue | None:
    """Of both calendars, the same visits stand apart by the zone's offset, by no act of anybody."""
    seen = evidence.as_seen(CalendarsSeen)
    if seen is None:
        return None
    history = evidence.as_check(HistoryEndsEqual)
    acted = {one.start for one in history.deeds} if history else set()
    every = {(one.patient.phone, one.start) for one in seen.docplanner.visits if one.booked}
    shown = {(one.patient.phone, one.start) for one in seen.partner.visits if one.booked}
    there, here = every - shown, shown - every
    for hours in SHIFTS:
        off = HOUR * hours
        moved = {(who, start + off) for who, start in there}
        if not there or not moved <= here or {start for _, start in moved} & acted:
            continue
        first = min(start for _, start in there)
        if len(there) == 1 and abs(off) != abs(first.utcoffset() or timedelta(0)):
            continue
        told = f"Docplanner has {first.isoformat()} and the clinic {(first + off).isoformat()}"
        more = f", and so {len(there)} visits" if len(there) > 1 else ""
        return _clue(off, first, f"{told}{more} (line {evidence.wait.body.get('look')})", ())
    return None


def _clue(off: timedelta, instant: datetime, said: str, lines: tuple[Line, ...] | list[Line]) -> Clue:
    by_offset = abs(off) == abs(instant.utcoffset() or timedelta(0))
    why = ", exactly the zone's offset" if by_offset else ""
    return Clue(
        "times",
        "times are off by whole hours: an offset is dropped, or time zones are mixed up",
        Who.VENDOR,
        "times and offsets",
        f"{said}, {shift(off)}{why}; look at how the offset of a time is read, stored and written",
        tuple(one.n for one in lines),
    )


def _whole(off: timedelta) -> bool:
    return bool(off) and abs(off) <= MOST and off % HOUR == timedelta(0)


def _earlier_times(evidence: Evidence) -> set[datetime]:
    """Where the scenario has had the visit before: what was looked for in it, and what was told and sent."""
    found = set()
    for one in evidence.before:
        if one.kind is Kind.WAIT:
            found.add(instant_of(object_of(one.body.get("args")).get("start")))
    return {one for one in found if one is not None}


def _said(line: Line) -> str:
    """What the line says of a time, as it stands there."""
    told = _time_in(line) or "no time"
    if line.kind is Kind.NOTIFICATION_TRY:
        return f"{event_of(line)} said {told}"
    return f"{operation_of(line)} was sent with {told}"


def _time_in(line: Line) -> str:
    sent = json_sent(line)
    if line.kind is Kind.NOTIFICATION_TRY:
        data = object_of(sent.get("data"))
        return next((text_of(object_of(part).get("start_at")) for part in data.values() if _starts(part)), "")
    slots = [object_of(one) for one in array_of(sent.get("slots"))]
    offered = next((one for one in slots if one.get("address_services")), {})
    return text_of(sent.get("start")) or text_of(offered.get("start")) or _start_in(path_of(line))


def _starts(part: JsonValue) -> bool:
    return bool(text_of(object_of(part).get("start_at")))


def _start_in(path: str) -> str:
    """The time that a path such as ``/slots/2026-11-24T10:00:00+01:00/book`` names."""
    return next((part for part in path.split("/") if instant_of(part) is not None), "")
