"""Blocked time with which both calendars end differently: what was told of the break, and what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from harness.contract.json_value import object_of
from harness.recorder.line import Kind, Line
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.checks.histories import HistoryEndsEqual
from harness.verdict.evidence import (
    SUCCESS,
    Evidence,
    event_of,
    instant_of,
    json_answer,
    json_sent,
    operation_of,
    path_of,
    status_of,
    was_taken,
    writes_in,
)
from harness.verdict.observation import BreaksSeen, CalendarsSeen

__all__ = ["differently"]

Place = tuple[datetime | None, datetime | None]


def differently(evidence: Evidence) -> Clue | None:
    """A break that one side of a history has, and the other has elsewhere or not at all."""
    seen = evidence.as_seen(CalendarsSeen)
    if seen is None or evidence.check != HistoryEndsEqual.__name__:
        return None
    mine = [one for one in (*evidence.before, *evidence.since) if one.address == evidence.wait.address]
    here, there = _places(seen.partner_breaks), _places(seen.docplanner_breaks)
    for one in seen.docplanner_breaks.breaks:
        if (one.since, one.till) not in here and (clue := _only_there(mine, one.id, (one.since, one.till), here)):
            return clue
    for break_id, place in _last_places(mine).items():
        if place in here and place not in there and (clue := _only_here(mine, break_id)):
            return clue
    return None


def _only_there(lines: Sequence[Line], break_id: str, place: Place, here: set[Place]) -> Clue | None:
    told = [one for one in lines if _break_in(one) == break_id]
    last = told[-1] if told else None
    if last is not None and was_taken(last) and _place_told(last) != place and _place_told(last) in here:
        return Clue(
            "old-news",
            "news is believed although it is old: it brings back what is over",
            Who.VENDOR,
            "inbox",
            f"{event_of(last)} for break {break_id} (line {last.n}) came after the break had gone on, and the clinic "
            "has it where that says; look at whether the break is read at Docplanner before news of it is believed",
            (last.n,),
        )
    if last is not None and was_taken(last) and _place_told(last) == place:
        return _dropped(last, break_id)
    made = [one for one in told if event_of(one) == "break-created"]
    if made and not any(one for one in writes_in(lines) if break_id in path_of(one)):
        return Clue(
            "not-sent:moveBreak",
            "what staff do with a break that the doctor made is not sent to Docplanner",
            Who.VENDOR,
            "outgoing queue",
            f"Docplanner has break {break_id}, told in line {made[-1].n}, the clinic's calendar has not, and no call "
            "ever named it; look at whether the change is in the outgoing queue",
            (made[-1].n,),
            lacks=("moveCalendarBreak", "deleteCalendarBreak"),
        )
    return None


def _only_here(lines: Sequence[Line], break_id: str) -> Clue | None:
    told = [one for one in lines if _break_in(one) == break_id]
    if told and was_taken(told[-1]) and event_of(told[-1]) == "break-removed":
        return _dropped(told[-1], break_id)
    freed = [one for one in writes_in(lines) if break_id in path_of(one) and operation_of(one) == "deleteCalendarBreak"]
    if not freed or status_of(freed[0]) not in SUCCESS:
        return None
    return Clue(
        "break-freed-wrongly",
        "a break is freed at Docplanner that staff did not free",
        Who.VENDOR,
        "outgoing queue",
        f"deleteCalendarBreak of break {break_id} was accepted (line {freed[0].n}) and the clinic's calendar still has "
        "it; look at whether what is freed is looked up by the id of the break, and not by its time",
        (freed[0].n,),
    )


def _dropped(last: Line, break_id: str) -> Clue:
    return Clue(
        f"dropped:{event_of(last)}",
        f"{event_of(last)} is accepted and nothing comes of it",
        Who.VENDOR,
        "inbox",
        f"{event_of(last)} for break {break_id} was taken (line {last.n}) and the clinic's calendar has it otherwise; "
        "look at what the inbox does with it",
        (last.n,),
    )


def _places(seen: BreaksSeen) -> set[Place]:
    return {(one.since, one.till) for one in seen.breaks}


def _last_places(lines: Sequence[Line]) -> dict[str, Place]:
    """Where each break was last, by its id: as it was told, or as a call of the clinic put it there."""
    found: dict[str, Place] = {}
    for one in lines:
        if told := _break_in(one):
            found[told] = _place_told(one)
        elif operation_of(one) == "addCalendarBreak" and status_of(one) in SUCCESS:
            found[str(json_answer(one).get("id"))] = _place(json_sent(one))
        elif operation_of(one) == "moveCalendarBreak" and status_of(one) in SUCCESS:
            found[path_of(one).split("/breaks/")[-1].split("?")[0]] = _place(json_sent(one))
    return found


def _break_in(line: Line) -> str:
    """The break that a notification tells of; empty where it is none."""
    if line.kind is not Kind.NOTIFICATION_TRY:
        return ""
    told = object_of(object_of(json_sent(line).get("data")).get("break"))
    return str(told.get("id") or "")


def _place_told(line: Line) -> Place:
    return _place(object_of(object_of(json_sent(line).get("data")).get("break")))


def _place(value: object) -> Place:
    told = value if isinstance(value, dict) else {}
    return instant_of(told.get("since")), instant_of(told.get("till"))
