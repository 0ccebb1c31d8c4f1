"""Hand-made evidence: the lines of one scenario around a wait that gave up, and the finding that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from harness.recorder.line import Actor, Channel, Kind, Line
from harness.verdict.checks.activation import CalendarsEqual
from harness.verdict.explain import explain
from harness.verdict.finding import FindingText, Problem
from harness.verdict.observation import (
    BreaksSeen,
    CalendarSeen,
    CalendarsSeen,
    PeriodSeen,
    PersonSeen,
    VisitSeen,
    WorkingTimeSeen,
    as_json,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WARSAW = ZoneInfo("Europe/Warsaw")
INWARD, OUTWARD = "docplanner to partner", "partner to docplanner"
ANNA = PersonSeen("Anna", "Nowak", "+48507170030", "anna@example.com")
JAN = PersonSeen("Jan", "Kos", "+48507170031")
INTENDED, ASKED, DONE, LOOK, WAIT = 20, 21, 22, 89, 90
"""Line numbers: the act begins, is asked for, is done; what was seen in the end, and the wait."""


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """That time in Warsaw in November 2026; the 24th is a Tuesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WARSAW)


def visit(start: datetime, patient: PersonSeen = ANNA, address: str = "1", **more: Any) -> VisitSeen:  # noqa: ANN401
    """A booked visit of half an hour."""
    return VisitSeen(
        **{"id": "v", "booked": True, "minutes": 30, **more}, address_id=address, start=start, patient=patient
    )


def calendar(*visits: VisitSeen, side: str = "partner") -> CalendarSeen:
    """What a side shows of the week."""
    return CalendarSeen(side, at(0, day=23), at(0, day=30), visits)


def line(n: int, kind: Kind, actor: Actor, way: Channel, address: str | None = "1", /, **body: Any) -> Line:  # noqa: ANN401
    """A line of the scenario, ``n`` seconds after noon."""
    return Line(1, "r", n, "p", NOON + timedelta(seconds=n), None, "s", kind, actor, way, None, address, body)


def call(n: int, operation: str, status: int | None = 200, /, address: str | None = "1", **body: Any) -> Line:  # noqa: ANN401
    """A call of the partner system; without an address it belongs to no scenario."""
    told = {"operation": operation, "method": "GET" if operation.startswith("get") else "PUT", "status": status, **body}
    one = line(n, Kind.EXCHANGE, Actor.PARTNER, Channel.API, address, **told)
    return one if address else _common(one)


def token(n: int, status: int = 200) -> Line:
    """A token call of the partner system."""
    return _common(line(n, Kind.EXCHANGE, Actor.PARTNER, Channel.TOKEN, None, operation="token", status=status))


def news(n: int, event: str, status: int | None = 204, /, channel: str = "push", **data: Any) -> Line:  # noqa: ANN401
    """A notification handed over."""
    body = {"event": event, "channel": channel, "status": status, "took_ms": 12.4}
    told = {"name": event, "data": data}
    where = {"json": told} if channel == "pull" else {"request": {"json": told}, "url": "http://clinic.test/news?key=x"}
    return line(n, Kind.NOTIFICATION_TRY, Actor.DOCPLANNER, Channel.NOTIFICATION, **body, **where)


def answered(message: str) -> dict[str, Any]:
    """The body of a refusal in words."""
    return {"response": {"json": {"errors": [], "message": message}}}


def items(*ids: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """The body of a list that was answered."""
    return {"response": {"json": {"_items": [{"id": one, "name": f"n{one}"} for one in ids], **more}}}


def working(*periods: tuple[int, int], day: int = 24, service: str = "11") -> WorkingTimeSeen:
    """What Docplanner has in the week, from hour to hour."""
    told = tuple(PeriodSeen(service, 30, at(since, day=day), at(till, day=day)) for since, till in periods)
    return WorkingTimeSeen("1", at(0, day=23), at(0, day=30), told)


def both(mine: tuple[VisitSeen, ...], theirs: tuple[VisitSeen, ...]) -> CalendarsSeen:
    """Both calendars of the week, without working time and breaks."""
    since, till = at(0, day=23), at(0, day=30)
    empty = WorkingTimeSeen("1", since, till, ())
    breaks = (BreaksSeen("partner", since, till, ()), BreaksSeen("docplanner", since, till, ()))
    return CalendarsSeen(calendar(*mine), calendar(*theirs, side="docplanner"), empty, empty, *breaks)


@dataclass(frozen=True)
class Case:
    """A wait that gave up: what was judged, in which direction, after which act, and what happened meanwhile."""

    check: object
    seen: object
    direction: str | None = INWARD
    between: Sequence[Line] = ()
    actor: Actor = Actor.PATIENT
    deed: str = "bookVisit"
    noun: str = "visits"
    settled: bool = True
    problem: Problem | None = None

    def lines(self) -> list[Line]:
        """The journal."""
        way = Channel.CONTROL
        act = {"address": "1", "words": "It is done"}
        body = {
            "check": type(self.check).__name__,
            "args": as_json(self.check),
            "trigger": DONE,
            "look": LOOK,
            "looks": 7,
            "limit_s": 60.0,
            "settled": self.settled,
            "direction": self.direction,
            "noun": self.noun,
        }
        done = line(DONE, Kind.ACT, self.actor, way, state="done", **act)
        fixed = [
            line(INTENDED, Kind.ACT, self.actor, way, state="intended", **act),
            line(ASKED, Kind.EXCHANGE, Actor.HARNESS, way, operation=self.deed, status=200),
            replace(done, cause=INTENDED),
            line(LOOK, Kind.LOOK, Actor.HARNESS, way, what=type(self.seen).__name__, seen=as_json(self.seen)),
            line(WAIT, Kind.WAIT, Actor.HARNESS, way, **body),
        ]
        return sorted([*fixed, *self.between], key=lambda one: one.n)

    def finding(self) -> FindingText:
        """What is found."""
        check: Any = self.check
        problem = self.problem or check.judge(self.seen)
        assert problem is not None, "the check has nothing against what is seen"
        lines = self.lines()
        wait = next(one for one in lines if one.n == WAIT)
        return explain(problem, criterion="DP-BOK-01", scenario="s", wait=wait, lines=lines)


def equal(mine: tuple[VisitSeen, ...], theirs: tuple[VisitSeen, ...], *between: Any) -> Case:  # noqa: ANN401
    """A comparison of both calendars after an activation."""
    return Case(CalendarsEqual("1", ""), both(mine, theirs), OUTWARD, between, actor=Actor.STAFF, deed="sync")


def _common(one: Line) -> Line:
    return replace(one, scenario=None)
