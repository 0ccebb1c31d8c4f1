"""From a problem to a finding: the evidence in the journal, and who acts next. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from harness.recorder.line import Kind, Line
from harness.verdict.causes import likely
from harness.verdict.checks.histories import HistoryEndsEqual
from harness.verdict.evidence import (
    SUCCESS,
    answer_of,
    event_of,
    gather,
    instant_of,
    operation_of,
    status_of,
    took_of,
)
from harness.verdict.finding import FindingText, Problem

__all__ = ["explain"]

SHOWN = 4


def explain(problem: Problem, *, criterion: str, scenario: str, wait: Line, lines: Iterable[Line]) -> FindingText:
    """The finding in five lines, with its likely cause.

    ``lines`` hold the scenario and what belongs to none. Only those up to the wait count, so that the finding can be
    written again from the journal.
    """
    evidence = gather(problem, wait, lines)
    clue = likely(evidence)
    told, writes = evidence.told[-SHOWN:], evidence.writes[-SHOWN:]
    shown = sorted([*([evidence.act] if evidence.act else []), *told, *writes], key=lambda one: one.n)
    look, limit = wait.body.get("look"), wait.body.get("limit_s")
    parts = [_told(one) for one in shown]
    parts.append(f"looked {wait.body.get('looks')} times, last in line {look}")
    if isinstance(limit, int | float) and limit:
        settled = ", until the clinic's system said that nothing was under way" if wait.body.get("settled") else ""
        parts.append(f"waited {_waited(wait)}up to {limit:.0f} s{settled}")
    numbers = {one.n for one in shown} | set(clue.lines) | ({look} if isinstance(look, int) else set())
    numbers |= {wait.n} if f"line {wait.n}" in clue.told else set()
    return FindingText(
        criterion=criterion,
        headline=problem.headline,
        expected=problem.expected,
        observed=problem.observed,
        evidence="; ".join(parts),
        next=_with_story(clue.next, problem, evidence.check),
        lines=tuple(sorted(numbers)),
        scenario=scenario,
        cause=clue.cause,
        likely=clue.likely,
        only=clue.only,
        who=str(clue.who),
        part=clue.part,
        lacks=clue.lacks,
        within=clue.within,
    )


def _with_story(next_: str, problem: Problem, check: str) -> str:
    """A history is told with whatever is known of it, and how to repeat it."""
    return f"{next_}. {problem.hint}" if check == HistoryEndsEqual.__name__ and problem.hint not in next_ else next_


def _told(line: Line) -> str:
    at = f"{line.at.astimezone(UTC):%H:%M:%S}Z"
    if line.kind is Kind.ACT:
        return f"{line.body.get('words')} (line {line.n}, {at})"
    if line.kind is Kind.NOTIFICATION_TRY and line.body.get("channel") == "pull":
        return f"pulled {event_of(line)} (line {line.n}, {at})"
    status = status_of(line)
    refused = line.kind is Kind.EXCHANGE and status not in SUCCESS
    answer = "no answer" if status is None else f"answered {answer_of(line) if refused else status}"
    verb = f"told {event_of(line)}" if line.kind is Kind.NOTIFICATION_TRY else f"called {operation_of(line)}"
    return f"{verb}, {answer}{took_of(line)} (line {line.n}, {at})"


def _waited(wait: Line) -> str:
    """How long it was from the act, or else from the first look, to the last one; empty where nobody knows."""
    since = instant_of(wait.body.get("triggered_at")) or instant_of(wait.body.get("started_at"))
    till = instant_of(wait.body.get("ended_at"))
    return f"{(till - since).total_seconds():.1f} s of " if since and till else ""
