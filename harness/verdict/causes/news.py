"""News that was accepted and not taken over: dropped, doubled, believed although it was old, never told at all."""

from __future__ import annotations

from collections.abc import Sequence

from harness.contract.json_value import object_of
from harness.recorder.line import Actor, Line
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.checks.visits import VisitGone, VisitShown
from harness.verdict.evidence import Evidence, cited, event_of, json_sent, operation_of, status_of, took_of, was_taken
from harness.verdict.observation import CalendarSeen, VisitSeen
from harness.verdict.people import differences, resembles

__all__ = ["cancelled_wrongly", "changed_on_the_way", "doubled", "dropped", "old_news", "taken_time"]

INBOX = "inbox"
ABOUT = {
    "visit_booking": "booking",
    "new_visit_booking": "booking",
    "visit_booking_request": "booking",
    "break": "break",
    "address_service": "address service",
}
"""What the parts of a notification are called. Source: openapi.yaml, the notifications."""
ECHO = "news of the clinic's own acts is stored as if it were new"
BY = {Actor.DOCTOR: "what the doctor does", Actor.PATIENT: "what patients do"}


def doubled(evidence: Evidence) -> Clue | None:
    """The visit is there more than once: at one time twice, or at its old time and its new one."""
    check, seen = evidence.as_check(VisitShown), evidence.as_seen(CalendarSeen)
    if check is None or seen is None:
        return None
    theirs = _theirs(seen, check)
    if len(theirs) < 2:  # noqa: PLR2004 - once is right
        return None
    told = _taken(evidence)
    lines = tuple(one.n for one in told[-4:])
    where = f"after {event_of(told[-1])}{cited(told)}" if told else f"in line {evidence.wait.body.get('look')}"
    if len({one.start for one in theirs}) > 1:
        return Clue(
            "move-adds",
            "a move makes a second visit and leaves the first one where it was",
            Who.VENDOR,
            INBOX if evidence.inward else "outgoing queue",
            f"{where} the visit is at its old time and at its new one; look at whether a move finds the visit by the "
            "booking that it replaces",
            lines,
        )
    if evidence.act is not None and evidence.act.actor is Actor.STAFF:
        return Clue(
            "echo-stored",
            ECHO,
            Who.VENDOR,
            INBOX,
            f"{where} staff's own visit is there {len(theirs)} times; look at whether the booking id that bookSlot "
            "answered is known when its echo comes",
            lines,
        )
    return Clue(
        "stored-twice",
        "what is told again is stored again",
        Who.VENDOR,
        INBOX,
        f"{where} the visit is there {len(theirs)} times; look at whether a booking is looked up by its id before it "
        "is stored",
        lines,
    )


def old_news(evidence: Evidence) -> Clue | None:
    """News that came late, or again, brought a visit back that is over."""
    if evidence.as_check(VisitGone) is None or not evidence.inward:
        return None
    told = _taken(evidence)
    if not told or event_of(told[-1]) != "slot-booked":
        return None
    return Clue(
        "old-news",
        "news is believed although it is old: it brings back what is over",
        Who.VENDOR,
        INBOX,
        f"slot-booked was taken{_of_what(told[-1])} (line {told[-1].n}) after the visit was cancelled, and the visit "
        "is booked; look at whether the booking is read at Docplanner before news of it is believed",
        (told[-1].n,),
    )


def echo_revives(evidence: Evidence) -> Clue | None:
    """News of staff's own cancellation brought the visit back."""
    told = _taken(evidence)
    if evidence.as_check(VisitGone) is None or not told or evidence.deed != "cancelAppointment":
        return None
    return Clue(
        "echo-stored",
        ECHO,
        Who.VENDOR,
        INBOX,
        f"staff cancelled, {event_of(told[-1])} was taken{_of_what(told[-1])} (line {told[-1].n}), and the visit is "
        "booked; look at whether news of the clinic's own act is known as such",
        (told[-1].n,),
    )


def taken_time(evidence: Evidence) -> Clue | None:
    """The visit is missing, and another one is at its time."""
    check, seen = evidence.as_check(VisitShown), evidence.as_seen(CalendarSeen)
    if check is None or seen is None or not evidence.inward or _theirs(seen, check):
        return None
    there = [one for one in seen.visits if one.booked and one.start == check.start]
    told = _taken(evidence)
    if not there or not told:
        return None
    same = there[0].address_id == check.address_id
    whose = "the same calendar" if same else f"address {there[0].address_id}, another calendar"
    return Clue(
        "taken-time" if same else "times-over-clinic",
        "a marketplace visit is dropped where the clinic has one at that time"
        if same
        else "a visit is dropped where another calendar of the clinic has one at that time",
        Who.VENDOR,
        INBOX,
        f"{event_of(told[-1])} {_how(told[-1])} (line {told[-1].n}) and the visit "
        f"is not there; at that time {whose} has a visit of {there[0].patient.name}: look at whether that keeps it out",
        (told[-1].n,),
        within=f"dropped:{event_of(told[-1])}",
    )


def changed_on_the_way(evidence: Evidence) -> Clue | None:
    """The visit is where it should be, and something of it was not taken over."""
    check, seen = evidence.as_check(VisitShown), evidence.as_seen(CalendarSeen)
    if check is None or seen is None:
        return None
    theirs = _theirs(seen, check)
    if len(theirs) != 1 or (theirs[0].start, theirs[0].address_id) != (check.start, check.address_id):
        return None
    wrong = [
        *(["length"] if theirs[0].minutes != check.minutes else []),
        *(["service"] if _other(check.address_service_id, theirs[0].address_service_id) else []),
        *differences(check.patient, theirs[0].patient),
    ]
    if not wrong:
        return None
    source = _taken(evidence) if evidence.inward else evidence.accepted
    came = f"{cited(source[-1:])}" if source else ""
    who = "taken over" if evidence.inward else "sent"
    return Clue(
        f"data:{wrong[0]}",
        f"a visit's {' and '.join(wrong)} {'is' if len(wrong) == 1 else 'are'} not {who} as told",
        Who.VENDOR,
        INBOX if evidence.inward else "outgoing queue",
        f"the visit is there, with another {' and '.join(wrong)} than was told{came}; look at how that is {who}",
        tuple(one.n for one in source[-1:]),
    )


def cancelled_wrongly(evidence: Evidence) -> Clue | None:
    """The visit is marked as cancelled, and nobody said so."""
    check, seen = evidence.as_check(VisitShown), evidence.as_seen(CalendarSeen)
    if check is None or seen is None or not evidence.inward or _theirs(seen, check):
        return None
    marked = [one for one in seen.visits if not one.booked and resembles(one.patient, check.patient)]
    said = [one for one in evidence.told if event_of(one) == "booking-canceled"]
    lists = [one for one in evidence.calls if one.body.get("operation") == "getBookings"]
    if not any(one.start == check.start for one in marked) or said or not lists:
        return None
    return Clue(
        "absence",
        "a visit that a list lacks is taken for cancelled",
        Who.VENDOR,
        "comparing of bookings",
        f"the visit is marked as cancelled, no booking-canceled came, and getBookings was answered{cited(lists)}; "
        "look at what becomes of a visit that a list does not hold: ask for it by its id",
        tuple(one.n for one in lists[-4:]),
    )


def dropped(evidence: Evidence) -> Clue | None:
    """The last news was accepted, and nothing followed."""
    told = _taken(evidence)
    if not evidence.inward or not told or evidence.wait.body.get("noun") == "mapping":
        return None
    last = told[-1]
    event = event_of(last)
    earlier = [
        one for one in (*evidence.before, *told[:-1]) if one.kind is last.kind and event_of(one) == "booking-moved"
    ]
    chain = event.startswith("booking-") and bool(earlier)
    read = [one for one in evidence.reads if one.n > last.n]
    after = f", the clinic's system called {operation_of(read[-1])} after it{cited(read)}" if read else ""
    return Clue(
        "move-chain" if chain else f"dropped:{event}",
        "a visit that moved before is lost sight of when something else happens to it"
        if chain
        else f"{event} is accepted and nothing comes of it",
        Who.VENDOR,
        INBOX,
        f"{event} {_how(last)} (line {last.n}){after} and the clinic's calendar did not change; look at what the inbox "
        f"does with it{_of_what(last)}"
        + (f", and by which id it finds a visit that was moved before{cited(earlier)}" if chain else ""),
        (*(one.n for one in earlier[-4:] if chain), last.n, *(one.n for one in read[-4:])),
        "" if chain or not evidence.act else BY.get(evidence.act.actor, ""),
        within=f"dropped:{event}" if chain else "",
    )


def _theirs(seen: CalendarSeen, check: VisitShown) -> list[VisitSeen]:
    return [one for one in seen.visits if one.booked and resembles(one.patient, check.patient)]


def _taken(evidence: Evidence) -> Sequence[Line]:
    """The news since the act that was accepted; nothing where the last of it was not."""
    told = evidence.told
    return [one for one in told if was_taken(one)] if told and was_taken(told[-1]) else ()


def _how(line: Line) -> str:
    """How a notification was taken."""
    pulled = line.body.get("channel") == "pull"
    return "was pulled" if pulled else f"was answered {status_of(line)}{took_of(line)}"


def _other(due: str | None, shown: str | None) -> bool:
    return bool(due and shown and due != shown)


def _of_what(line: Line) -> str:
    """What a notification is about, as a reader would search for it."""
    data = object_of(json_sent(line).get("data"))
    about = ((word, object_of(data.get(part)).get("id")) for part, word in ABOUT.items())
    return next((f" for {word} {id_}" for word, id_ in about if id_ is not None), "")
