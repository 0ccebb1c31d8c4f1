"""Working time that Docplanner accepted and that is not what staff entered; days cleared and not sent again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from harness.contract.json_value import array_of, object_of
from harness.recorder.line import Line
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.checks.schedule import WorkingTimeSent
from harness.verdict.evidence import Evidence, cited, instant_of, json_sent, operation_of
from harness.verdict.minutes import by_service
from harness.verdict.observation import WorkingTimeSeen
from harness.verdict.wording import zone_of

__all__ = ["as_sent", "cleared", "of_before"]

PART = "sending of working time"


def as_sent(evidence: Evidence) -> Clue | None:
    """What was accepted differs from what staff entered: in which way tells where to look."""
    check, seen = evidence.as_check(WorkingTimeSent), evidence.as_seen(WorkingTimeSeen)
    sent = [one for one in evidence.accepted if operation_of(one) in {"replaceSlots", "deleteSlots"}]
    if check is None or seen is None or not sent or evidence.writes[-1] is not sent[-1] or of_before(evidence):
        return None
    zone = zone_of(check.time_zone, seen.since)
    due = by_service(check.expected, seen.since, seen.till)
    there = by_service(seen.periods, seen.since, seen.till)
    all_due = {one for minutes in due.values() for one in minutes}
    all_there = {one for minutes in there.values() for one in minutes}
    missing, over = all_due - all_there, all_there - all_due

    def day(instant: datetime) -> date:
        return instant.astimezone(zone).date()

    days_lost = {day(one) for one in missing} - {day(one) for one in all_there}
    if not missing and not over:
        cause, likely = "services-of-periods", "periods are sent under other services or lengths than staff entered"
        look = "look at the services and durations of the periods"
    elif days_lost and not over:
        cause, likely = "days-wiped", "a change of one day clears other days"
        look = f"{min(days_lost):%a %d %b} has nothing left since: look at which days an update deletes or replaces"
    elif missing and not over and _ends_cut(check, missing):
        cause, likely = "periods-cut", "working periods end too early"
        look = "each period lacks its last visit: send the end of the work, not the start of the last visit"
    elif over and not missing:
        cause, likely = "rest-kept", "time that is no longer worked stays offered when a day changes"
        look = (
            f"{_periods(sent[-1])}; look at whether a changed day is sent whole, with the time that is no longer "
            "worked as not offered"
        )
    else:
        cause, likely = "working-time-differs", "working time is sent otherwise than staff entered it"
        look = "look at what was sent there"
    return Clue(
        cause,
        likely,
        Who.VENDOR,
        PART,
        f"{' and '.join(dict.fromkeys(operation_of(one) for one in sent))} had success{cited(sent)}; {look}",
        tuple(one.n for one in sent[-4:]),
    )


def _periods(line: Line) -> str:
    """How many periods an update held, with services and without."""
    slots = [object_of(one) for one in array_of(json_sent(line).get("slots"))]
    offered = sum(bool(one.get("address_services")) for one in slots)
    return f"of the periods sent last {offered} had services and {len(slots) - offered} had none"


def of_before(evidence: Evidence) -> bool:
    """Whether what was sent since is what staff had entered before: the call came while they entered the new."""
    act, writes, seen = evidence.act, evidence.writes, evidence.as_seen(WorkingTimeSeen)
    if act is None or not writes or writes[-1].n > act.n or seen is None:
        return False
    entered = [one for one in (*evidence.before, *evidence.since) if operation_of(one) == "setSchedule"]
    old = {instant for one in entered[:-1] for instant in _starts(one)}
    return bool(seen.periods) and all(one.start in old for one in seen.periods)


def _starts(line: Line) -> set[datetime]:
    told = (instant_of(object_of(one).get("start")) for one in array_of(json_sent(line).get("periods")))
    return {one for one in told if one is not None}


def cleared(evidence: Evidence) -> Clue | None:
    """Days were deleted, and nothing was sent into them again."""
    deleted = [one for one in evidence.accepted if operation_of(one) == "deleteSlots"]
    if evidence.deed != "sync" or not deleted or evidence.check != "CalendarsEqual":
        return None
    if any(operation_of(one) == "replaceSlots" and one.n > deleted[-1].n for one in evidence.accepted):
        return None
    return Clue(
        "cleared",
        "activation clears the calendar at Docplanner and does not fill it again",
        Who.VENDOR,
        "activation",
        f"deleteSlots was accepted{cited(deleted)} and no replaceSlots followed; look at whether what was sent "
        "before counts as sent",
        tuple(one.n for one in deleted[-4:]),
    )


def _ends_cut(check: WorkingTimeSent, missing: set[datetime]) -> bool:
    """Whether what is missing is the last visit of a period each."""
    last = {
        minute
        for one in check.expected
        for minute in (one.end - timedelta(minutes=step) for step in range(1, one.minutes + 1))
    }
    return missing <= last
