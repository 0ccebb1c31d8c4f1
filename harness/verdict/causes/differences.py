"""Where both calendars are compared: what differs, and whether the journal says that it was told, or sent."""

from __future__ import annotations

from collections import Counter

from harness.contract.json_value import object_of
from harness.recorder.line import Kind, Line
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.evidence import (
    SUCCESS,
    Evidence,
    event_of,
    json_answer,
    json_sent,
    operation_of,
    path_of,
    status_of,
    was_taken,
)
from harness.verdict.minutes import of_breaks
from harness.verdict.observation import CalendarsSeen, VisitSeen
from harness.verdict.people import resembles

__all__ = ["bookings_in", "breaks_unsent", "differing", "doubled", "told_and_dropped", "unsent"]


def told_and_dropped(evidence: Evidence) -> Clue | None:
    """The last news of the booking that differs was accepted, and the clinic's calendar has it otherwise."""
    seen = evidence.as_seen(CalendarsSeen)
    if seen is None:
        return None
    others = differing(seen.docplanner.visits, seen.partner.visits)
    if batch := _cut(evidence, {one.id for one in others}):
        return batch
    for one in others:
        told = [line for line in (*evidence.before, *evidence.since) if one.id in bookings_in(line)]
        if not told or not was_taken(told[-1]):
            continue
        last, event = told[-1], event_of(told[-1])
        how = "was pulled" if last.body.get("channel") == "pull" else f"was answered {status_of(last)}"
        if event == "slot-booked" and _own(evidence, one.id):
            continue
        earlier = [line for line in told[:-1] if event_of(line) == "booking-moved"]
        return Clue(
            "move-chain" if earlier else f"dropped:{event}",
            "a visit that moved before is lost sight of when something else happens to it"
            if earlier
            else f"{event} is accepted and nothing comes of it",
            Who.VENDOR,
            "inbox",
            f"{event} for booking {one.id} {how} (line {last.n}) and the clinic's calendar "
            "has it otherwise; look at what the inbox does with it",
            (last.n,),
            within=f"dropped:{event}" if earlier else "",
        )
    return None


def _cut(evidence: Evidence, lost: set[str]) -> Clue | None:
    """Of the news of one pull the first was taken over, and nothing that came after it."""
    pulled = [one for one in (*evidence.before, *evidence.since) if one.body.get("channel") == "pull"]
    first = next((one for one in pulled if bookings_in(one) & lost), None)
    batch = [one for one in pulled if first is not None and one.body.get("at") == first.body.get("at")]
    missing = [one for one in batch if bookings_in(one) & lost]
    taken = [one for one in batch if bookings_in(one) and not bookings_in(one) & lost]
    if not missing or not taken or taken[-1].n > missing[0].n:
        return None
    return Clue(
        "pulled-batch",
        "of what one call pulls only the first part is taken over",
        Who.VENDOR,
        "pulling of notifications",
        f"one call pulled {len(batch)} notifications, and nothing of it is taken over from line {missing[0].n} on; "
        "what is pulled is gone at Docplanner: look at how many of a batch are kept",
        (taken[-1].n, missing[0].n),
    )


def doubled(evidence: Evidence) -> Clue | None:
    """The clinic's calendar has one visit twice."""
    seen = evidence.as_seen(CalendarsSeen)
    if seen is None:
        return None
    mine, theirs = (
        Counter((one.start, one.minutes, one.patient.phone, one.address_id) for one in side.visits if one.booked)
        for side in (seen.partner, seen.docplanner)
    )
    if not any(count > max(1, theirs[one]) for one, count in mine.items()):
        return None
    activated = evidence.deed == "sync"
    return Clue(
        "stored-again" if activated else "stored-twice",
        "activation stores visits again that are there already" if activated else "what is told again is stored again",
        Who.VENDOR,
        "activation" if activated else "inbox",
        f"the clinic's calendar has one visit twice (line {evidence.wait.body.get('look')}); look at whether a booking "
        "is looked up by its id before it is stored",
    )


def unsent(evidence: Evidence) -> Clue | None:
    """Staff's visits that Docplanner does not have so, and no call that would have told of it."""
    seen = evidence.as_seen(CalendarsSeen)
    if seen is None:
        return None
    called = _called(evidence)
    look = evidence.wait.body.get("look")
    for one in differing(seen.partner.visits, seen.docplanner.visits):
        theirs = [each for each in seen.docplanner.visits if each.booked and resembles(each.patient, one.patient)]
        if one.booked and not one.booking_id and not theirs and "bookSlot" not in called:
            return _unsent("addAppointment", "visits that staff book are", "bookSlot", look)
        if one.booked and one.booking_id and theirs and not {"moveBooking", "bookSlot"} & called:
            return _unsent("moveAppointment", "visits that staff move are", "moveBooking", look)
        if not one.booked and one.booking_id and theirs and "cancelBooking" not in called:
            return _unsent("cancelAppointment", "visits that staff cancel are", "cancelBooking", look)
    return None


def breaks_unsent(evidence: Evidence) -> Clue | None:
    """Time that staff block, or free, at Docplanner otherwise, and no call that would have told of it."""
    seen, called, look = evidence.as_seen(CalendarsSeen), _called(evidence), evidence.wait.body.get("look")
    if seen is None:
        return None
    ours, others = of_breaks(seen.partner_breaks.breaks), of_breaks(seen.docplanner_breaks.breaks)
    if ours - others and "addCalendarBreak" not in called:
        return _unsent("addBreak", "time that staff block is", "addCalendarBreak", look)
    told = [one for one in (*evidence.before, *evidence.since) if event_of(one) == "break-created"]
    if others - ours and not told and "deleteCalendarBreak" not in called:
        return _unsent("removeBreak", "blocked time that staff free is", "deleteCalendarBreak", look)
    return None


def _called(evidence: Evidence) -> set[str]:
    """What the partner called in the scenario for the calendar that is compared."""
    address, scenario = evidence.wait.address, evidence.wait.scenario
    return {operation_of(one) for one in evidence.partner_lines if one.address == address and one.scenario == scenario}


def _unsent(deed: str, what: str, operation: str, look: object) -> Clue:
    return Clue(
        f"not-sent:{deed}",
        f"{what} not sent to Docplanner",
        Who.VENDOR,
        "outgoing queue",
        f"the clinic's calendar has it otherwise than Docplanner (line {look}) and no {operation} was called for this "
        "calendar in the whole scenario; look at whether the change is in the outgoing queue",
        lacks=(operation,),
    )


def differing(ones: tuple[VisitSeen, ...], others: tuple[VisitSeen, ...]) -> list[VisitSeen]:
    """Visits that the other side does not show so."""
    booked = {(each.start, each.minutes, each.patient.phone) for each in others if each.booked}
    return [one for one in ones if ((one.start, one.minutes, one.patient.phone) in booked) is not one.booked]


def bookings_in(line: Line) -> set[str]:
    """The bookings that a notification names as they are now."""
    if line.kind is not Kind.NOTIFICATION_TRY:
        return set()
    data = object_of(json_sent(line).get("data"))
    parts = ("new_visit_booking",) if "new_visit_booking" in data else ("visit_booking",)
    return {str(object_of(data.get(part)).get("id")) for part in parts}


def _own(evidence: Evidence, booking: str) -> bool:
    """Whether the partner booked it itself, so that its news is but an echo."""
    return any(
        json_answer(one).get("id") == booking or booking in path_of(one).split("/")
        for one in evidence.partner_lines
        if operation_of(one) in {"bookSlot", "moveBooking"} and status_of(one) in SUCCESS
    )
