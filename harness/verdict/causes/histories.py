"""Histories: what the journal shows of the visit with which both calendars end differently."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from harness.recorder.line import Actor, Channel, Line
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.causes.differences import bookings_in, differing
from harness.verdict.checks.histories import HistoryEndsEqual
from harness.verdict.evidence import (
    SUCCESS,
    Evidence,
    answer_of,
    event_of,
    instant_of,
    json_sent,
    operation_of,
    path_of,
    status_of,
    took_of,
    was_taken,
    writes_in,
)
from harness.verdict.observation import CalendarsSeen, VisitSeen

__all__ = ["given_up_for_haste", "late_news_dropped", "lost_at_stop", "slow_given_up"]

TOO_MANY = 429
LATE = timedelta(hours=1)
QUEUE = "outgoing queue"


def given_up_for_haste(evidence: Evidence) -> Clue | None:
    """A change met the limit and never came again."""
    writes = writes_in(_mine(evidence))
    for place, one in enumerate(writes):
        again = any(
            (operation_of(each), path_of(each)) == (operation_of(one), path_of(one)) for each in writes[place + 1 :]
        )
        if status_of(one) == TOO_MANY and not again:
            return Clue(
                "limit-given-up",
                "a write that met the limit is given up",
                Who.VENDOR,
                "sending",
                f"{operation_of(one)} was answered {answer_of(one)} (line {one.n}) and not sent again; look at whether "
                "a 429 keeps the change in the outgoing queue until the reset",
                (one.n,),
            )
    return None


def slow_given_up(evidence: Evidence) -> Clue | None:
    """A change was answered, and the clinic's system went on before the answer came."""
    seen = _seen(evidence)
    unknown = {one.patient.phone for one in seen.partner.visits if one.booked and not one.booking_id} if seen else set()
    calls = [one for one in _mine(evidence) if one.actor is Actor.PARTNER and one.channel is Channel.API]
    for one in calls:
        within = [each for each in calls if each.n < one.n and _began(each) > _began(one)]
        patient = json_sent(one).get("patient")
        phone = patient.get("phone") if isinstance(patient, dict) else None
        if operation_of(one) == "bookSlot" and status_of(one) in SUCCESS and within and phone in unknown:
            return Clue(
                "slow-answer",
                "a change that Docplanner answers slowly is given up and taken for refused",
                Who.VENDOR,
                QUEUE,
                f"{operation_of(one)} was answered {answer_of(one)}{took_of(one)} (line {one.n}), and "
                f"{operation_of(within[-1])} (line {within[-1].n}) was called before that; look at what becomes of a "
                "call whose answer does not come in time: nobody knows whether it took place",
                (within[-1].n, one.n),
            )
    return None


def late_news_dropped(evidence: Evidence) -> Clue | None:
    """News of a booking that differs was taken hours after it was made, and the clinic has it otherwise."""
    for booking in _differing_bookings(evidence):
        told = [one for one in _mine(evidence) if booking in bookings_in(one)]
        made = instant_of(json_sent(told[-1]).get("created_at")) if told else None
        came = told[-1].sandbox_at if told else None
        if made and came and was_taken(told[-1]) and came - made > LATE:
            last, hours = told[-1], (came - made).total_seconds() / 3600
            return Clue(
                "late-news-dropped",
                "news that comes hours after it was made is not taken over",
                Who.VENDOR,
                "inbox",
                f"{event_of(last)} for booking {booking} was taken {hours:.0f} hours after it "
                f"was made (line {last.n}), and the clinic's calendar has it otherwise; look at what the inbox does "
                "with news that is old",
                (last.n,),
            )
    return None


def lost_at_stop(evidence: Evidence) -> Clue | None:
    """Staff's change of a visit was not sent after the clinic's system had started again."""
    every = (*evidence.before, *evidence.since)
    starts = [one for one in every if operation_of(one) == "setIntegration" and json_sent(one).get("active") is True]
    seen = _seen(evidence)
    if not starts or seen is None:
        return None
    there = {one.id for one in seen.docplanner.visits if one.booked}
    for one in differing(seen.partner.visits, seen.docplanner.visits):
        if one.booking_id in there and not any(one.booking_id in path_of(each) for each in writes_in(_mine(evidence))):
            return Clue(
                "lost-at-stop",
                "what staff change while the clinic's system stands still is not sent once it has started",
                Who.VENDOR,
                QUEUE,
                f"the clinic's calendar has booking {one.booking_id} otherwise than Docplanner, its system was started "
                f"(line {starts[-1].n}), and no call ever named the booking; look at whether the outgoing queue "
                "outlives a stop",
                (starts[-1].n,),
            )
    return None


def _seen(evidence: Evidence) -> CalendarsSeen | None:
    return evidence.as_seen(CalendarsSeen) if evidence.check == HistoryEndsEqual.__name__ else None


def _mine(evidence: Evidence) -> Sequence[Line]:
    """What happened in the calendar of the history that is judged."""
    if evidence.check != HistoryEndsEqual.__name__:
        return ()
    return [one for one in (*evidence.before, *evidence.since) if one.address == evidence.wait.address]


def _differing_bookings(evidence: Evidence) -> list[str]:
    seen = _seen(evidence)
    if seen is None:
        return []
    theirs: list[VisitSeen] = differing(seen.docplanner.visits, seen.partner.visits)
    ours = differing(seen.partner.visits, seen.docplanner.visits)
    return [*(one.id for one in theirs if one.booked), *(one.booking_id for one in ours if one.booking_id)]


def _began(line: Line) -> float:
    """Seconds; by the far side's clock, on which both calls stand."""
    began = instant_of(line.body.get("started_at"))
    return began.timestamp() if began else 0.0
