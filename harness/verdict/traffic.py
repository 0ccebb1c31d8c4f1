"""Folds over the journal: what the partner system did in the run, and how long it took. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from harness.contract.json_value import array_of, object_of
from harness.recorder.exchange import GUARD_MARK
from harness.recorder.line import Actor, Channel, Kind, Line, query_in
from harness.verdict.observation import AnswersSeen, LimitedSeen, MethodsSeen, MethodUse, SyncTimesSeen, TokensSeen

__all__ = [
    "Breach",
    "Timed",
    "breaches",
    "latencies",
    "limited_seen",
    "methods_seen",
    "partner_calls",
    "pings_seen",
    "stopped_by_guard",
    "sync_times_seen",
    "tokens_seen",
]

SUCCESS = range(200, 300)
TOO_MANY = 429
ENDING = frozenset({"expireTokens", "moveClock", "setIntegration"})
"""What a run does that ends the token in use, or what keeps it; a clock that is moved ends no more than one."""
SENDING = "sendRaw"
"""The control operation by which a ping is sent. Source: sandbox-control.yaml."""
TO_DOCPLANNER = "partner to docplanner"
SANDBOX_DELAY = "sandbox delay"
"""From the moment that Docplanner accepted a change until it showed: not the partner's."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds that one synchronisation took, in a direction."""

    direction: str
    seconds: float
    scenario: str | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """A departure of either side from the contract: told, never judged."""

    text: str
    count: int
    lines: tuple[int, ...]


def partner_calls(lines: Iterable[Line]) -> Iterator[Line]:
    """The partner's own API calls, each once, in the order in which they ended."""
    return (one for one in _told_once(lines) if _is_call(one))


def stopped_by_guard(line: Line) -> bool:
    """Whether the guard of a real Docplanner answered: Docplanner never saw the call, and nobody is to blame for it."""
    answer = object_of(line.body.get("response")) if line.kind is Kind.EXCHANGE else {}
    return GUARD_MARK.lower() in object_of(answer.get("headers"))


def _is_call(line: Line) -> bool:
    mine = line.kind is Kind.EXCHANGE and line.actor is Actor.PARTNER and line.channel is Channel.API
    return mine and not stopped_by_guard(line)


def _told_twice(line: Line) -> bool:
    """Whether the gateway saw what the embedded sandbox tells too, knowing more: its clock, and what it made so."""
    return bool(object_of(line.body.get("gateway")).get("beside_sandbox"))


def _told_once(lines: Iterable[Line]) -> Iterator[Line]:
    return (one for one in lines if not _told_twice(one))


def tokens_seen(lines: Sequence[Line]) -> TokensSeen:
    """Token calls, tokens that ended, and API calls."""
    calls = [
        one
        for one in _told_once(lines)
        if one.kind is Kind.EXCHANGE and one.actor is Actor.PARTNER and one.channel is Channel.TOKEN
    ]
    ended = sum(
        one.kind is Kind.EXCHANGE and one.channel is Channel.CONTROL and one.body.get("operation") in ENDING
        for one in lines
    )
    life = min((_lifetime(one) for one in calls), default=0.0)
    lasted = (lines[-1].at - lines[0].at).total_seconds() if lines else 0.0
    by_time = int(lasted // life) if life > 0 else 0
    expiries = max(ended + by_time, _tokens_refused(lines))
    return TokensSeen(len(calls), expiries, sum(1 for _ in partner_calls(lines)))


def _tokens_refused(lines: Iterable[Line]) -> int:
    """How many tokens were refused: a 401 can come before ``expires_in`` has passed [doc]. Once each."""
    refused, known = 0, False
    for one in _told_once(lines):
        if one.kind is not Kind.EXCHANGE or one.actor is not Actor.PARTNER:
            continue
        if one.channel is Channel.TOKEN:
            known = False
        elif one.channel is Channel.API and _status(one) == HTTPStatus.UNAUTHORIZED and not known:
            refused, known = refused + 1, True
    return refused


def methods_seen(lines: Sequence[Line], capabilities: Sequence[str]) -> MethodsSeen:
    """Every operation that the partner used, asked with which extensions, and how it ended.

    Where there is a gateway, it is what went through it: so it is judged with Docplanner's own sandbox too.
    """
    uses: dict[str, list[int | None]] = defaultdict(list)
    through_gateway = [one for one in lines if _is_call(one) and "gateway" in one.body]
    for one in through_gateway or partner_calls(lines):
        status = _status(one)
        for name in _names(one.body):
            uses[name].append(status)
    taken = sum(
        one.kind is Kind.NOTIFICATION_TRY and one.body.get("channel") == "push" and _status(one) in SUCCESS
        for one in lines
    )
    return MethodsSeen(
        tuple(
            MethodUse(name, len(found), sum(status in SUCCESS for status in found), found[-1])
            for name, found in sorted(uses.items())
        ),
        taken,
        tuple(capabilities),
    )


def limited_seen(lines: Sequence[Line], address: str) -> LimitedSeen:
    """For each 429 to a write about the calendar: how many writes began after it was answered and before its reset.

    What was on its way already when the 429 was answered is no disobedience. The reset is told on the sandbox's clock,
    and so are a call's ``started_at`` and each line's ``sandbox_at``.
    """
    writes = [one for one in partner_calls(lines) if one.address == address and one.body.get("method") != "GET"]
    tried = []
    for one in writes:
        reset = _reset(one)
        if _status(one) == TOO_MANY and reset is not None:
            told = one.sandbox_at or one.at
            tried.append(sum(told < _began(each) < reset for each in writes))
    return LimitedSeen(tuple(tried))


def pings_seen(lines: Sequence[Line]) -> AnswersSeen:
    """Every ping that the run had sent to the partner's endpoint: its method, and how it was answered.

    A ping is a message without a body. Source: behaviour.md, "Endpoint monitoring"; its method is open.
    """
    found = []
    for one in lines:
        if one.kind is Kind.EXCHANGE and one.channel is Channel.CONTROL and one.body.get("operation") == SENDING:
            sent = object_of(object_of(one.body.get("request")).get("json"))
            answer = object_of(object_of(one.body.get("response")).get("json"))
            if one.body.get("status") == HTTPStatus.OK and not sent.get("body"):
                status = answer.get("status")
                found.append((str(sent.get("method")), status if isinstance(status, int) else None))
    return AnswersSeen(tuple(found))


def _began(line: Line) -> datetime:
    """When the call arrived, on the sandbox's clock."""
    try:
        began = datetime.fromisoformat(str(line.body.get("started_at")))
    except ValueError:
        return line.sandbox_at or line.at
    return began if began.tzinfo else line.sandbox_at or line.at


def _reset(line: Line) -> datetime | None:
    answer = line.body.get("response")
    headers = answer.get("headers") if isinstance(answer, dict) else None
    told = headers.get("x-ratelimit-reset") if isinstance(headers, dict) else None
    try:
        reset = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return reset if reset.tzinfo else None


def sync_times_seen(lines: Sequence[Line]) -> SyncTimesSeen:
    """Seconds from each change of staff until Docplanner had accepted it; where the run made no trouble on the way."""
    lines = [one for one in lines if not (one.kind is Kind.WAIT and one.body.get("troubled"))]
    never = sum(
        one.kind is Kind.WAIT
        and one.body.get("direction") == TO_DOCPLANNER
        and one.body.get("outcome") == "given up"
        and not one.body.get("settled")
        for one in lines
    )
    seconds = tuple(one.seconds for one in latencies(lines) if one.direction == TO_DOCPLANNER)
    return SyncTimesSeen(seconds, never)


def latencies(lines: Sequence[Line]) -> list[Timed]:
    """How long each synchronisation took: one for each act, by the first wait that came true after it.

    Towards Docplanner the partner's time ends with the call that Docplanner accepted; what Docplanner needed to show
    it is told apart.
    """
    writes: dict[str, list[tuple[int, datetime]]] = defaultdict(list)
    for one in partner_calls(lines):
        if one.address and one.body.get("method") != "GET" and _status(one) in SUCCESS:
            writes[one.address].append((one.n, one.at))
    found: list[Timed] = []
    done: set[int] = set()
    for one in lines:
        trigger = one.body.get("trigger")
        direction = one.body.get("direction")
        if one.kind is not Kind.WAIT or one.body.get("outcome") != "satisfied" or not isinstance(trigger, int):
            continue
        if direction is None or trigger in done:
            continue
        done.add(trigger)
        if one.body.get("attested_by"):  # how long a person took to look is nobody's latency
            continue
        since = datetime.fromisoformat(str(one.body["triggered_at"]))
        till = datetime.fromisoformat(str(one.body["ended_at"]))
        accepted = [
            at for n, at in writes.get(one.address or "", []) if n < one.n and at >= since - timedelta(seconds=1)
        ]
        if direction == TO_DOCPLANNER and accepted:
            last = max(since, min(accepted[-1], till))
            found.append(Timed(SANDBOX_DELAY, (till - last).total_seconds(), one.scenario))
            till = last
        found.append(Timed(str(direction), max(0.0, (till - since).total_seconds()), one.scenario))
    return found


def breaches(lines: Iterable[Line]) -> list[Breach]:
    """What either side sent against the contract, in the partner's calls and in notifications; nothing injected."""
    found: dict[str, list[int]] = defaultdict(list)
    for one in _told_once(lines):
        own = one.kind is Kind.EXCHANGE and one.actor is Actor.PARTNER
        if not (own or one.kind is Kind.NOTIFICATION_TRY) or one.body.get("injected"):
            continue
        what = one.body.get("operation") or one.body.get("event") or "unknown operation"
        for text in array_of(one.body.get("breaches")):
            found[f"{what}: {text}"].append(one.n)
    return [Breach(text, len(numbers), tuple(numbers[:5])) for text, numbers in sorted(found.items())]


def _status(line: Line) -> int | None:
    status = line.body.get("status")
    return status if isinstance(status, int) else None


def _names(body: dict[str, Any]) -> list[str]:
    """The operation, and it again with each extension that was asked for."""
    operation = str(body.get("operation") or "")
    if not operation:
        return []
    names = [operation]
    asked = parse_qs(query_in(str(body.get("url", "")))).get("with", [])
    names += [f"{operation}?{one}" for each in asked for one in each.split(",")]
    if operation == "replaceSlots":
        sent = (body.get("request") or {}).get("json") or {}
        slots = sent.get("slots") if isinstance(sent, dict) else None
        if any(isinstance(one, dict) and not one.get("address_services") for one in slots or []):
            names.append("replaceSlots?nothing")
    return names


def _lifetime(line: Line) -> float:
    answer = (line.body.get("response") or {}) if isinstance(line.body.get("response"), dict) else {}
    json = answer.get("json") if isinstance(answer, dict) else None
    life = json.get("expires_in") if isinstance(json, dict) else None
    return float(life) if isinstance(life, int | float) else 3600.0
