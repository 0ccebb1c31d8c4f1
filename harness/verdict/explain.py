"""From a problem to a finding: the evidence in the journal, and who acts next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from harness.contract.json_value import object_of, text_of
from harness.recorder.line import Actor, Channel, Kind, Line
from harness.verdict.finding import FindingText, Problem

__all__ = ["explain"]

SUCCESS = range(200, 300)
SERVER_ERROR = 500
SHOWN = 4
ABOUT = {
    "visit_booking": "booking",
    "new_visit_booking": "booking",
    "visit_booking_request": "booking",
    "break": "break",
    "address_service": "address service",
}
"""What the parts of a notification are called. Source: openapi.yaml, the notifications."""


def explain(problem: Problem, *, criterion: str, scenario: str, wait: Line, lines: Sequence[Line]) -> FindingText:
    """The finding in five lines. Only lines up to the wait count, so that it can be written again from the journal."""
    trigger = wait.body.get("trigger")
    since = trigger if isinstance(trigger, int) else 0
    after = [one for one in lines if since <= one.n <= wait.n and one.scenario == scenario]
    told = [one for one in after if one.kind is Kind.NOTIFICATION_TRY]
    calls = [
        one for one in after if one.kind is Kind.EXCHANGE and one.actor is Actor.PARTNER and one.channel is Channel.API
    ]
    writes = [one for one in calls if one.body.get("method") != "GET"]
    act = next((one for one in after if one.n == since), None)
    shown = [*([act] if act else []), *told[-SHOWN:], *writes[-SHOWN:]]
    looks = wait.body.get("looks")
    limit = wait.body.get("limit_s")
    parts = [_told(one) for one in sorted(shown, key=lambda one: one.n)]
    parts.append(f"looked {looks} times, last in line {wait.body.get('look')}")
    if isinstance(limit, int | float) and limit:
        settled = ", until the clinic's system said that nothing was under way" if wait.body.get("settled") else ""
        parts.append(f"waited {_waited(wait)}up to {limit:.0f} s{settled}")
    numbers = [one.n for one in shown] + [number for number in (wait.body.get("look"),) if isinstance(number, int)]
    return FindingText(
        criterion=criterion,
        headline=problem.headline,
        expected=problem.expected,
        observed=problem.observed,
        evidence="; ".join(parts),
        next=_next(
            problem, str(wait.body.get("direction") or ""), str(wait.body.get("noun") or ""), told, calls, writes
        ),
        lines=tuple(sorted(set(numbers))),
        scenario=scenario,
    )


def _next(
    problem: Problem, direction: str, noun: str, told: Sequence[Line], calls: Sequence[Line], writes: Sequence[Line]
) -> str:
    hint = f" ({problem.hint})" if problem.hint else ""
    if noun == "mapping":
        return "the clinic's system: look at how the import maps this" + hint
    if direction == "docplanner to partner":
        return _next_inward(told, calls) + hint
    if direction == "partner to docplanner":
        return _next_outward(calls, writes) + hint
    return f"the clinic's system: {problem.hint}" if problem.hint else "the clinic's system: look at the lines above"


def _of_what(line: Line) -> str:
    """What a notification is about, as a reader would search for it."""
    data = object_of(object_of(object_of(line.body.get("request")).get("json")).get("data"))
    named = ((word, object_of(data.get(part)).get("id")) for part, word in ABOUT.items())
    return next((f" for {word} {id_}" for word, id_ in named if id_ is not None), "")


def _answer(line: Line) -> str:
    """``404 "Slot not found"``: the status with Docplanner's own words."""
    answer = object_of(object_of(line.body.get("response")).get("json"))
    words = text_of(answer.get("message"))
    return f'{line.body.get("status")} "{words}"' if words else str(line.body.get("status"))


def _next_inward(told: Sequence[Line], calls: Sequence[Line]) -> str:
    if not told:
        if calls:
            return (
                "the clinic's system called Docplanner since, and did not take over what it read: look at its reading"
            )
        return "no news was fetched or delivered since: is the clinic's system polling, and is its endpoint reachable?"
    last = told[-1]
    status, took = last.body.get("status"), last.body.get("took_ms")
    event = last.body.get("event")
    if last.body.get("channel") == "pull":
        about = _of_what(last)
        return f"the clinic's system pulled {event} (line {last.n}) and did not take it over: look at its inbox{about}"
    if not isinstance(status, int):
        return f"the endpoint gave no answer to {event} (line {last.n}): look at whether it is reachable"
    if status in SUCCESS:
        ms = f" in {took:.0f} ms" if isinstance(took, int | float) else ""
        return (
            f"the clinic's system answered {event} (line {last.n}) with {status}{ms} and did not take it over: "
            f"look at how it works off its inbox{_of_what(last)}"
        )
    who = "fell over" if status >= SERVER_ERROR else "refused"
    return f"the endpoint {who} {event} with {status} (line {last.n}): look at its log"


def _next_outward(calls: Sequence[Line], writes: Sequence[Line]) -> str:
    refused = [one for one in writes if one.body.get("status") not in SUCCESS]
    if not writes:
        if calls:
            return "the clinic's system only read since, and sent no change: is the change in its outgoing queue?"
        return "the clinic's system made no call since: is the change in its outgoing queue?"
    if refused and refused[-1] is writes[-1]:
        last = refused[-1]
        operation = last.body.get("operation")
        if last.body.get("status") is None:
            return f"Docplanner gave {operation} no answer (line {last.n}): look at how the lost answer is handled"
        return (
            f"Docplanner answered {operation} with {_answer(last)} (line {last.n}): look at how the refusal is handled"
        )
    last = writes[-1]
    return (
        f"the clinic's system sent {last.body.get('operation')} (line {last.n}) and Docplanner accepted it: "
        "look at what was sent"
    )


def _told(line: Line) -> str:
    at = f"{line.at.astimezone(UTC):%H:%M:%S}Z"
    body = line.body
    if line.kind is Kind.ACT:
        return f"{body.get('words')} (line {line.n}, {at})"
    status = body.get("status")
    refused = line.kind is Kind.EXCHANGE and status not in SUCCESS
    answer = "no answer" if status is None else f"answered {_answer(line) if refused else status}"
    took = body.get("took_ms")
    ms = f" in {took:.0f} ms" if isinstance(took, int | float) else ""
    what = body.get("event") if line.kind is Kind.NOTIFICATION_TRY else body.get("operation")
    verb = "told" if line.kind is Kind.NOTIFICATION_TRY else "called"
    return f"{verb} {what}, {answer}{ms} (line {line.n}, {at})"


def _waited(wait: Line) -> str:
    """How long it was from the act, or else from the first look, to the last one; empty where nobody knows."""
    since = wait.body.get("triggered_at") or wait.body.get("started_at")
    till = wait.body.get("ended_at")
    if not since or not till:
        return ""
    waited = datetime.fromisoformat(str(till)) - datetime.fromisoformat(str(since))
    return f"{waited.total_seconds():.1f} s of "
