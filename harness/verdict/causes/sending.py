"""What staff did and Docplanner did not hear of: not sent, refused, repeated, or told by half."""

from __future__ import annotations

from harness.recorder.line import Kind
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.causes.working_time import of_before
from harness.verdict.checks.presence import PresenceShown
from harness.verdict.checks.visits import StaffVisitYielded
from harness.verdict.evidence import SUCCESS, Evidence, answer_of, cited, event_of, operation_of, path_of, status_of

__all__ = [
    "half_told",
    "lost_answer",
    "not_sent",
    "old_id",
    "refused",
    "repeated_blindly",
    "told_otherwise",
    "warning_missing",
]

QUEUE = "outgoing queue"
DUE = {
    "addAppointment": ("visits that staff book are", "bookSlot"),
    "moveAppointment": ("visits that staff move are", "moveBooking"),
    "cancelAppointment": ("visits that staff cancel are", "cancelBooking"),
    "confirmAppointment": ("visits that staff confirm are", "confirmBooking"),
    "markPresence": ("who came, as staff note it, is", "markPatientPresence or markPatientAbsence"),
    "setSchedule": ("changes of working time are", "replaceSlots"),
    "addBreak": ("time that staff block is", "addCalendarBreak"),
    "moveBreak": ("blocked time that staff move is", "moveCalendarBreak"),
    "removeBreak": ("blocked time that staff free is", "deleteCalendarBreak"),
    "setOffer": ("services that staff decide to offer are", "addAddressService"),
}
"""What staff did, by the control operation, and the API operation that usually tells it."""
MARKS = frozenset({"markPatientPresence", "markPatientAbsence"})
REPEATED = 3
SERVER_ERROR = 500
CONFLICT = 409


def not_sent(evidence: Evidence) -> Clue | None:
    """Nothing that changes anything was called after the act."""
    if not evidence.outward or evidence.deed not in DUE or evidence.act is None:
        return None
    if evidence.writes and not of_before(evidence):
        return None
    what, operation = DUE[evidence.deed]
    reads = evidence.reads
    did = f"only read{cited(reads)}" if reads else "made no call about this calendar"
    settled = ", though it says that nothing is under way" if evidence.wait.body.get("settled") else ""
    gone = operation == "deleteCalendarBreak" or evidence.deed in {"moveBreak", "addBreak"}
    or_else = " (or replaceSlots)" if gone else ""
    return Clue(
        f"not-sent:{evidence.deed}",
        f"{what} not sent to Docplanner" + ("" if settled else " while the run waits"),
        Who.VENDOR,
        QUEUE,
        f"after the act in line {evidence.act.n} the clinic's system {did} up to line {evidence.wait.n}{settled}; "
        f"{operation}{or_else} was due: look at whether the change is in the outgoing queue",
        (evidence.act.n, *(one.n for one in reads[-4:])),
        lacks=tuple(operation.split(" or ")),
    )


def half_told(evidence: Evidence) -> Clue | None:
    """A move was told as half of it: only the old one ended, or only the new one made."""
    accepted = {operation_of(one) for one in evidence.accepted}
    last = evidence.accepted[-1] if evidence.accepted else None
    if not evidence.outward or last is None or evidence.writes[-1] is not last:
        return None
    if evidence.deed == "moveAppointment" and accepted == {"cancelBooking"}:
        missing, told, noun = "bookSlot", "cancelled at Docplanner and not booked again", "visit"
    elif evidence.deed == "moveAppointment" and accepted == {"bookSlot"}:
        missing, told, noun = "cancelBooking", "booked at Docplanner again and not cancelled", "visit"
    elif evidence.deed == "moveBreak" and accepted == {"addCalendarBreak"}:
        missing, told, noun = "deleteCalendarBreak", "added at Docplanner and the old one left standing", "break"
    elif evidence.deed == "moveBreak" and accepted == {"deleteCalendarBreak"}:
        missing, told, noun = "addCalendarBreak", "removed at Docplanner and not added again", "break"
    else:
        return None
    return Clue(
        f"half-a-move:{noun}",
        f"a {noun} that staff move is only {told}",
        Who.VENDOR,
        QUEUE,
        f"{operation_of(last)} was accepted (line {last.n}) and no {missing} followed; look at how a move is told: by "
        "one call for moves, or by both of these",
        (last.n,),
        lacks=(missing,),
    )


def old_id(evidence: Evidence) -> Clue | None:
    """A write named a booking that a move had ended."""
    writes = [one for one in evidence.writes if status_of(one) in {404, CONFLICT, 410} and "/bookings/" in path_of(one)]
    if not evidence.outward or not writes or writes[-1] is not evidence.writes[-1]:
        return None
    last = writes[-1]
    moved = [
        one
        for one in evidence.before
        if one.kind is Kind.NOTIFICATION_TRY and event_of(one) == "booking-moved" and status_of(one) in SUCCESS
    ]
    if not moved and not any(operation_of(one) == "moveBooking" for one in evidence.before):
        return None
    booking = path_of(last).split("/bookings/")[-1].split("/")[0].split("?")[0]
    named_in = f"; booking-moved (line {moved[-1].n}) named the new one" if moved else ""
    return Clue(
        "old-booking-id",
        "a visit that was moved is still called by the booking id that it had before",
        Who.VENDOR,
        "ids of visits",
        f"{operation_of(last)} of booking {booking} was answered {answer_of(last)} (line {last.n}){named_in}; look at "
        "whether a move puts the new id in the place of the old one",
        (*(one.n for one in moved[-1:]), last.n),
    )


def repeated_blindly(evidence: Evidence) -> Clue | None:
    """A write whose answer was lost, or said nothing, was sent again and met the first one."""
    writes = evidence.writes
    unclear = [one for one in writes if status_of(one) is None or (status_of(one) or 0) >= SERVER_ERROR]
    again = [one for one in writes if unclear and one.n > unclear[0].n and status_of(one) == CONFLICT]
    if not again or evidence.inward:
        return None
    first, second = unclear[0], again[0]
    looked = any(first.n < one.n < second.n and one.body.get("method") == "GET" for one in evidence.calls)
    if looked or operation_of(first) != operation_of(second):
        return None
    return Clue(
        "repeated-blindly",
        "a write whose answer was lost is sent again without a look at whether it took place",
        Who.VENDOR,
        QUEUE,
        f"{operation_of(first)} got {answer_of(first)} (line {first.n}) and was sent again (line {second.n}) "
        f"without any read in between, and answered {answer_of(second)}; look with getBookings before sending again",
        (first.n, second.n),
    )


def told_otherwise(evidence: Evidence) -> Clue | None:
    """Who came was told by the call for the contrary."""
    check = evidence.as_check(PresenceShown)
    last = evidence.accepted[-1] if evidence.accepted else None
    if check is None or not evidence.outward or last is None:
        return None
    due = {"present": "markPatientPresence", "absent": "markPatientAbsence"}.get(check.presence, "")
    if not due or operation_of(last) == due or operation_of(last) not in MARKS:
        return None
    return Clue(
        "told-otherwise",
        "who came and who did not is told by the wrong call",
        Who.VENDOR,
        QUEUE,
        f"staff noted that the patient was {check.presence}, and {operation_of(last)} was accepted (line {last.n}) "
        f"where {due} was due; look at which call each mark makes",
        (last.n,),
        lacks=(due,),
    )


def lost_answer(evidence: Evidence) -> Clue | None:
    """The last write had no answer, or a server error, and nothing came after it."""
    writes = evidence.writes
    status = status_of(writes[-1]) if writes else 0
    if not (evidence.outward or evidence.by_staff) or not writes or (status is not None and status < SERVER_ERROR):
        return None
    last = writes[-1]
    return Clue(
        "lost-answer",
        "a write that had no answer, or a server error, is given up",
        Who.VENDOR,
        QUEUE,
        f"{operation_of(last)} got {answer_of(last)} (line {last.n}) and was not sent again up to line "
        f"{evidence.wait.n}; nobody knows whether it took place: look at Docplanner, then send it again if it did not",
        (last.n,),
    )


def warning_missing(evidence: Evidence) -> Clue | None:
    """Docplanner refused what staff booked, and the clinic's calendar shows it as if it had not."""
    if evidence.as_check(StaffVisitYielded) is None:
        return None
    refused_ = [
        one
        for one in evidence.partner_lines
        if one.scenario == evidence.wait.scenario
        and one.body.get("method") != "GET"
        and status_of(one) not in {None, *SUCCESS}
    ]
    was = (
        f"{operation_of(refused_[-1])} was answered {answer_of(refused_[-1])}{cited(refused_)}"
        if refused_
        else ("no booking of it was accepted")
    )
    return Clue(
        "refusal-not-shown",
        "staff are not warned when Docplanner refuses their visit",
        Who.VENDOR,
        "sync state of visits",
        f"{was} and the visit is shown as {evidence.problem.observed}; set it to conflict, or withdraw it",
        tuple(one.n for one in refused_[-4:]),
    )


def refused(evidence: Evidence) -> Clue | None:
    """Docplanner refused the last write; perhaps the same one many times."""
    writes = evidence.writes
    if not evidence.outward or not writes or status_of(writes[-1]) in {None, *SUCCESS}:
        return None
    last = writes[-1]
    alike = [one for one in writes if operation_of(one) == operation_of(last) and answer_of(one) == answer_of(last)]
    often = len(alike) >= REPEATED
    again = f", {len(alike)} times{cited(alike)}" if often else f" (line {last.n})"
    return Clue(
        f"refused:{operation_of(last)}:{answer_of(last)}",
        f"Docplanner refuses {operation_of(last)} with {answer_of(last)}"
        + (", and it is sent again as it is" if often else ""),
        Who.VENDOR,
        QUEUE,
        f"{operation_of(last)} was answered {answer_of(last)}{again}; look at what was sent there, and at what becomes "
        "of a change that is refused",
        tuple(one.n for one in alike[-4:]),
    )
