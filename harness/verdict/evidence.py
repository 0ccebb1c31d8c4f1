"""What the journal shows around a finding: the act, what was told, what the partner called, what was seen. Pure.

Everything is read with care: a line may hold anything, and explaining must never fall over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import msgspec

from harness.contract.json_value import JsonValue, object_of, text_of
from harness.recorder.line import Actor, Channel, Kind, Line
from harness.verdict.finding import Problem
from harness.verdict.observation import from_json

__all__ = [
    "INWARD",
    "OUTWARD",
    "SUCCESS",
    "Evidence",
    "answer_of",
    "cited",
    "event_of",
    "gather",
    "instant_of",
    "json_answer",
    "json_sent",
    "named",
    "operation_of",
    "path_of",
    "status_of",
    "took_of",
    "was_taken",
    "writes_in",
]

T = TypeVar("T")

SUCCESS = range(200, 300)
INWARD, OUTWARD = "docplanner to partner", "partner to docplanner"

OF_MAPPING = frozenset({"getAddressServices", "getAddressInsuranceProviders", "getCalendar", "getAddresses"})
"""An import of the whole mapping reads these for every calendar: it says nothing of this one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The lines that belong to one wait that gave up, in the journal's order."""

    problem: Problem
    wait: Line
    act: Line | None
    """The line that says how the act ended that the wait is about."""
    before: tuple[Line, ...]
    """The scenario, before that act began."""
    since: tuple[Line, ...]
    """The scenario, from the beginning of the act to the wait."""
    common: tuple[Line, ...]
    """What belongs to no scenario, from the beginning of the run to the wait."""

    @property
    def check(self) -> str:
        """The name of the check."""
        return text_of(self.wait.body.get("check"))

    @property
    def inward(self) -> bool:
        """Whether something of Docplanner's should have shown in the clinic."""
        return self.wait.body.get("direction") == INWARD

    @property
    def outward(self) -> bool:
        """Whether something of the clinic's should have shown at Docplanner."""
        return self.wait.body.get("direction") == OUTWARD

    @property
    def deed(self) -> str:
        """The control operation by which the act was brought about, such as ``addAppointment``; empty without one."""
        asked = [
            one
            for one in self.since
            if one.kind is Kind.EXCHANGE
            and one.channel is Channel.CONTROL
            and self.act is not None
            and one.n <= self.act.n
        ]
        return operation_of(asked[-1]) if asked else ""

    @property
    def by_staff(self) -> bool:
        """Whether staff acted, so that Docplanner is to hear of it."""
        return self.act is not None and self.act.actor is Actor.STAFF

    @property
    def told(self) -> tuple[Line, ...]:
        """The tries of notifications since the act began, by push or by pull."""
        return tuple(one for one in self.since if one.kind is Kind.NOTIFICATION_TRY)

    @property
    def calls(self) -> tuple[Line, ...]:
        """The partner's API calls about the calendars of the scenario since the act began."""
        return tuple(one for one in self.since if _is_call(one))

    @property
    def reads(self) -> tuple[Line, ...]:
        """Those calls that read something, other than the mapping."""
        return tuple(
            one for one in self.calls if one.body.get("method") == "GET" and operation_of(one) not in OF_MAPPING
        )

    @property
    def writes(self) -> tuple[Line, ...]:
        """Those calls that change something."""
        return tuple(one for one in self.calls if one.body.get("method") != "GET")

    @property
    def accepted(self) -> tuple[Line, ...]:
        """Those writes that Docplanner accepted."""
        return tuple(one for one in self.writes if status_of(one) in SUCCESS)

    @property
    def other_calls(self) -> tuple[Line, ...]:
        """The partner's API calls that belong to no scenario, since the act began: imports, pulls."""
        first = self.since[0].n if self.since else self.wait.n
        return tuple(one for one in self.common if one.n >= first and _is_call(one))

    @property
    def was_called(self) -> bool:
        """Whether the partner called anything, the token service or the API, since the beginning of the run."""
        every = chain(self.common, self.before, self.since)
        return any(_is_partners(one, Channel.TOKEN) or _is_call(one) for one in every)

    @property
    def token_calls(self) -> tuple[Line, ...]:
        """The partner's token calls since the beginning of the run."""
        every = (*self.common, *self.before, *self.since)
        return tuple(
            sorted((one for one in every if _is_partners(one, Channel.TOKEN)), key=lambda one: one.n),
        )

    @property
    def partner_lines(self) -> tuple[Line, ...]:
        """Every API call of the partner in the scenario or in none, since the beginning of the run."""
        every = (*self.common, *self.before, *self.since)
        return tuple(sorted((one for one in every if _is_call(one)), key=lambda one: one.n))

    @property
    def faults(self) -> tuple[Line, ...]:
        """Trouble that the run made in the scenario."""
        return tuple(one for one in (*self.before, *self.since) if one.kind is Kind.FAULT)

    def as_check(self, kind: type[T]) -> T | None:
        """The check that judged, where it is of that kind."""
        arguments = self.wait.body.get("args")
        return _read(arguments, kind) if self.check == kind.__name__ else None

    def as_seen(self, kind: type[T]) -> T | None:
        """What the judged look showed, where it is of that kind."""
        number = self.wait.body.get("look")
        look = next((one for one in reversed((*self.before, *self.since)) if one.n == number), None)
        if look is None or look.body.get("what") != kind.__name__:
            return None
        return _read(look.body.get("seen"), kind)


def gather(problem: Problem, wait: Line, lines: Iterable[Line]) -> Evidence:
    """The evidence of ``wait``: ``lines`` hold its scenario and what belongs to none; later ones are left out."""
    trigger = wait.body.get("trigger")
    until = sorted((one for one in lines if one.n <= wait.n), key=lambda one: one.n)
    mine = [one for one in until if one.scenario == wait.scenario and one.scenario is not None]
    act = next((one for one in mine if one.n == trigger and one.kind is Kind.ACT), None)
    # the partner may have acted upon it before the act is noted as done
    first = act.cause or act.n if act else trigger if isinstance(trigger, int) else 0
    return Evidence(
        problem,
        wait,
        act,
        tuple(one for one in mine if one.n < first),
        tuple(one for one in mine if one.n >= first),
        tuple(one for one in until if one.scenario is None),
    )


def named(lines: Sequence[Line]) -> str:
    """``line 7`` or ``lines 7, 8 and 9``, the last four of them; the words by which the journal is searched."""
    numbers = [str(one.n) for one in lines][-4:]
    if len(numbers) < 2:  # noqa: PLR2004 - one is no list
        return f"line {numbers[0]}" if numbers else "no line"
    return f"lines {', '.join(numbers[:-1])} and {numbers[-1]}"


def cited(lines: Sequence[Line]) -> str:
    """`` (lines 7 and 8)``, to stand behind what they show; nothing where there are none."""
    return f" ({named(lines)})" if lines else ""


def writes_in(lines: Iterable[Line]) -> list[Line]:
    """The partner's calls that change something at Docplanner."""
    calls = (one for one in lines if one.kind is Kind.EXCHANGE and one.actor is Actor.PARTNER)
    return [one for one in calls if one.channel is Channel.API and one.body.get("method") != "GET"]


def operation_of(line: Line) -> str:
    """The API or control operation of an exchange; empty without one."""
    return text_of(line.body.get("operation"))


def event_of(line: Line) -> str:
    """The name of the event that a notification tells of."""
    return text_of(line.body.get("event")) or "a notification"


def status_of(line: Line) -> int | None:
    """The status of the answer; None where none came."""
    status = line.body.get("status")
    return status if isinstance(status, int) and not isinstance(status, bool) else None


def answer_of(line: Line) -> str:
    """``404 "Slot not found"``: the status, with the words of the answer where it has some; or ``no answer``."""
    status = status_of(line)
    if status is None:
        return "no answer"
    words = text_of(json_answer(line).get("message"))
    return f'{status} "{words}"' if words else str(status)


def took_of(line: Line) -> str:
    """`` in 81 ms``, or nothing where nobody measured it."""
    took = line.body.get("took_ms")
    return f" in {took:.0f} ms" if isinstance(took, int | float) else ""


def json_answer(line: Line) -> dict[str, JsonValue]:
    """The JSON object that was answered; empty where there is none."""
    return dict(object_of(object_of(line.body.get("response")).get("json")))


def json_sent(line: Line) -> dict[str, JsonValue]:
    """The JSON object that was sent, or pulled; empty where there is none."""
    return dict(object_of(object_of(line.body.get("request")).get("json") or line.body.get("json")))


def was_taken(line: Line) -> bool:
    """Whether a notification was accepted: answered 2xx, or pulled."""
    return line.body.get("channel") == "pull" or status_of(line) in SUCCESS


def path_of(line: Line) -> str:
    """The path and the query of the address that was called, as people read them."""
    try:
        parts = urlsplit(text_of(line.body.get("url")))
    except ValueError:
        return ""
    return unquote(parts.path) + (f"?{unquote(parts.query)}" if parts.query else "")


def instant_of(value: JsonValue) -> datetime | None:
    """The instant that a text tells, where it does and says its offset."""
    try:
        instant = datetime.fromisoformat(text_of(value))
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _is_partners(line: Line, channel: Channel) -> bool:
    return line.kind is Kind.EXCHANGE and line.actor is Actor.PARTNER and line.channel is channel


def _is_call(line: Line) -> bool:
    return _is_partners(line, Channel.API)


def _read(values: JsonValue, kind: type[T]) -> T | None:
    try:
        return from_json(object_of(values), kind)
    except msgspec.ValidationError:
        return None
