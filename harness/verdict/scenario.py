"""The scenarios of a journal, played again: every check judges its look once more. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from harness.contract.json_value import array_of
from harness.recorder.line import Kind, Line
from harness.verdict.checks import judge_again
from harness.verdict.explain import explain
from harness.verdict.finding import FindingText, Problem
from harness.verdict.outcome import Blame, Outcome

__all__ = ["Played", "play_again"]

GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Played:
    """One scenario as the journal bears it out. ``ended`` is False where it never came to an end."""

    id: str
    feature: str
    name: str
    criteria: tuple[str, ...]
    outcome: Outcome
    reason: str | None
    """A word of the catalogue, or the finding's headline."""
    blame: str | None
    told: str | None
    """What a reader needs to know of it, in a sentence."""
    seconds: float | None
    findings: tuple[FindingText, ...]
    ended: bool
    declined: bool = False
    """Whether the partner system refused something in it that it was asked for."""
    unmet: tuple[FindingText, ...] = ()
    """What was wrong with what the scenario needs first: it says why nothing could be judged."""
    attested_by: tuple[str, ...] = ()
    """Whose answers something was judged by."""


def play_again(journal: Sequence[Line]) -> tuple[list[Played], list[str]]:
    """Every scenario of the journal, and every place where the journal contradicts itself."""
    by_number = {one.n: one for one in journal}
    of_scenario: dict[str, list[Line]] = defaultdict(list)
    common: list[Line] = []
    for one in journal:
        (common if one.scenario is None else of_scenario[one.scenario]).append(one)
    played: list[Played] = []
    contradictions: list[str] = []
    for lines in of_scenario.values():
        told = [one for one in lines if one.kind is Kind.SCENARIO]
        if told:
            played.append(_play(told, lines, common, by_number, contradictions))
    return played, contradictions


def _play(
    told: Sequence[Line],
    lines: Sequence[Line],
    common: Sequence[Line],
    by_number: dict[int, Line],
    contradictions: list[str],
) -> Played:
    # a run that was stopped plays what was under way again: of what was broken off nothing counts
    begun = max((one.n for one in told if one.body.get("state") == "started"), default=0)
    told, lines = [one for one in told if one.n >= begun], [one for one in lines if one.n >= begun]
    end = next((one for one in reversed(told) if one.body.get("state") == "finished"), None)
    body = (end or told[0]).body
    name = str(body["id"])
    findings: list[FindingText] = []
    unmet: list[FindingText] = []
    proven = False
    attested: set[str] = set()
    for wait in (one for one in lines if one.kind is Kind.WAIT):
        problem = _judge(wait, by_number, contradictions)
        given = bool(wait.body.get("precondition"))
        attested |= set() if given else {str(one) for one in array_of(wait.body.get("attested_by"))}
        if problem is None:
            proven = proven or not given
            continue
        criterion = str(wait.body.get("criterion"))
        text = explain(problem, criterion=criterion, scenario=name, wait=wait, lines=[*lines, *common])
        (unmet if given else findings).append(text)
    outcome = Outcome(str(body["outcome"])) if end else Outcome.NOT_PROVEN
    reason, blame = (_text(body.get("reason")), _text(body.get("blame"))) if end else ("not run", None)
    detail = _text(body.get("detail")) or reason if end else "it was begun and never ended"
    due = Outcome.FAILED if findings else Outcome.NOT_PROVEN if unmet else None
    if end and (due is not None or outcome is Outcome.FAILED) and due is not outcome:
        contradictions.append(f"{name} is said to have {outcome}, its waits say {due or 'nothing of the kind'}")
    if outcome is Outcome.FAILED and blame != Blame.PARTNER:
        contradictions.append(f"{name} is said to have failed by the fault of {blame}: only a partner's failure is one")
    if outcome is Outcome.PASSED and attested:
        outcome = Outcome.ATTESTED
    if bare := _bare(outcome, lines, proven=proven):
        outcome, reason, blame, detail = Outcome.NOT_PROVEN, "evidence missing", str(Blame.HARNESS), bare
    return Played(
        id=name,
        feature=str(body.get("feature")),
        name=str(body.get("name")),
        criteria=tuple(str(one) for one in array_of(body.get("criteria"))),
        outcome=outcome,
        reason=reason,
        blame=blame,
        told=detail,
        seconds=_number(body.get("seconds")),
        findings=tuple(findings),
        ended=end is not None,
        declined=any(one.kind is Kind.ACT and one.body.get("state") == "refused" for one in lines),
        unmet=tuple(unmet),
        attested_by=tuple(sorted(attested or _named(outcome, lines))),
    )


def _named(outcome: Outcome, lines: Sequence[Line]) -> set[str]:
    """Who is named in the attestations of a scenario that is said to be attested as a whole."""
    if outcome is not Outcome.ATTESTED:
        return set()
    return {str(one.body["by"]) for one in lines if one.kind is Kind.ATTESTATION and one.body.get("by")}


def _bare(outcome: Outcome, lines: Sequence[Line], *, proven: bool) -> str | None:
    """What is lacking where an outcome speaks well of the partner and nothing in the journal does."""
    if outcome is Outcome.PASSED and not proven:
        return "it is said to have passed, and nothing was judged in it"
    if outcome is Outcome.ATTESTED and not any(one.kind is Kind.ATTESTATION for one in lines):
        return "it is said to be attested, and nobody attested it"
    return None


def _judge(wait: Line, by_number: dict[int, Line], contradictions: list[str]) -> Problem | None:
    body = wait.body
    look = by_number.get(_whole(body.get("look")))
    seen = look.body.get("seen") if look else None
    arguments = body.get("args")
    if not isinstance(seen, dict) or not isinstance(arguments, dict):
        contradictions.append(f"line {wait.n} judges a look that is not in the journal")
        return None
    try:
        problem = judge_again(str(body.get("check")), arguments, seen)
    except (KeyError, msgspec.ValidationError) as error:
        contradictions.append(f"line {wait.n} cannot be judged again ({error})")
        return None
    if (problem is not None) != (body.get("outcome") == GIVEN_UP):
        contradictions.append(f"line {wait.n} says {body.get('outcome')}, and its check says otherwise")
    return problem


def _text(value: Any) -> str | None:  # noqa: ANN401 - straight from JSON
    return None if value is None else str(value)


def _number(value: Any) -> float | None:  # noqa: ANN401 - straight from JSON
    return float(value) if isinstance(value, int | float) else None


def _whole(value: Any) -> int:  # noqa: ANN401 - straight from JSON
    return value if isinstance(value, int) else 0
