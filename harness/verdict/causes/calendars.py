"""Calendars mixed up: visits stored in another calendar, writes sent to another address or under another's service."""

from __future__ import annotations

from harness.contract.json_value import JsonValue, array_of, object_of
from harness.recorder.line import Line
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.checks.schedule import WorkingTimeSent
from harness.verdict.checks.visits import VisitShown
from harness.verdict.evidence import (
    SUCCESS,
    Evidence,
    answer_of,
    cited,
    event_of,
    json_sent,
    operation_of,
    status_of,
    was_taken,
)
from harness.verdict.observation import CalendarSeen
from harness.verdict.people import resembles

__all__ = ["sent_elsewhere", "stored_elsewhere", "strange_service"]

MIXED = "calendars are mixed up: visits or working time land with another doctor or address"
PART = "mapping of addresses"


def stored_elsewhere(evidence: Evidence) -> Clue | None:
    """The visit is there, in the calendar of another address."""
    check, seen = evidence.as_check(VisitShown), evidence.as_seen(CalendarSeen)
    if check is None or seen is None or not evidence.inward:
        return None
    theirs = [one for one in seen.visits if one.booked and resembles(one.patient, check.patient)]
    if len(theirs) != 1 or theirs[0].address_id == check.address_id or theirs[0].start != check.start:
        return None
    told = [one for one in evidence.told if was_taken(one)]
    if told and event_of(told[-1]) == "booking-moved":
        return Clue(
            "move-within-calendar",
            "a move to another calendar is not followed to that calendar",
            Who.VENDOR,
            "inbox",
            f"booking-moved (line {told[-1].n}) named address {check.address_id} and the visit is on address "
            f"{theirs[0].address_id}; look at whether a move takes the address over",
            (told[-1].n,),
        )
    by = f"{event_of(told[-1])} (line {told[-1].n}) named" if told else "Docplanner has it on"
    return Clue(
        "calendars-mixed",
        MIXED,
        Who.VENDOR,
        PART,
        f"{by} address {check.address_id} and the visit is stored on address {theirs[0].address_id}; look at what the "
        "calendar is found by: only the address id tells them apart",
        tuple(one.n for one in told[-1:]),
    )


def sent_elsewhere(evidence: Evidence) -> Clue | None:
    """Everything that was sent since went to another address than the one that staff acted on."""
    address, writes = evidence.wait.address, evidence.writes
    acted_on = evidence.act.address if evidence.act else None
    if not evidence.outward or not writes or address is None or acted_on != address:
        return None
    if any(one.address == address for one in writes) or evidence.deed in {"sync", "importMapping", "moveAppointment"}:
        return None
    last = writes[-1]
    return Clue(
        "calendars-mixed",
        MIXED,
        Who.VENDOR,
        PART,
        f"staff acted on address {address}, and {operation_of(last)} went to address {last.address} and was answered "
        f"{answer_of(last)}{cited(writes)}; look at what the address to send to is found by",
        tuple(one.n for one in writes[-4:]),
    )


def strange_service(evidence: Evidence) -> Clue | None:
    """Working time was refused, sent under a service id that is not the one that staff entered."""
    check, writes = evidence.as_check(WorkingTimeSent), evidence.writes
    if check is None or not writes or status_of(writes[-1]) in {None, *SUCCESS}:
        return None
    last = writes[-1]
    due = {one.address_service_id for one in check.expected}
    strange = sorted(_services_in(last) - due)
    if not strange or not due:
        return None
    return Clue(
        "service-id-kept",
        "a service that was deleted and added again goes on under its old id",
        Who.VENDOR,
        "mapping of services",
        f"{operation_of(last)} was answered {answer_of(last)} (line {last.n}); it named address service {strange[0]} "
        f"where staff entered {min(due)}: look at which id working time is sent under",
        (last.n,),
    )


def _services_in(line: Line) -> set[str]:
    periods: list[JsonValue] = array_of(json_sent(line).get("slots"))
    return {
        str(object_of(service).get("address_service_id"))
        for period in periods
        for service in array_of(object_of(period).get("address_services"))
    }
