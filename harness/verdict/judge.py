"""From the journal to the verdict. Pure: the same journal gives the same verdict, today and in a year.

No outcome is believed that the journal does not bear out: every check is made again from the look that it judged.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harness.contract.json_value import array_of, object_of
from harness.recorder.line import Kind, Line
from harness.verdict.checks.methods import REQUIRED_FOR
from harness.verdict.counted import Counted, counted_in
from harness.verdict.criteria import CRITERIA, Criterion, Level
from harness.verdict.finding import FindingText
from harness.verdict.observation import as_json
from harness.verdict.outcome import EXIT_BROKEN, EXIT_USAGE, Blame, Judged, Outcome, Trouble, merge, rule
from harness.verdict.roots import Roots
from harness.verdict.scenario import Played, play_again
from harness.verdict.spent import spent_by
from harness.verdict.traffic import breaches, latencies, methods_seen

__all__ = ["SCHEMA", "judge"]

SCHEMA = "docplanner-acceptance/verdict/1"
JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED, Outcome.ATTESTED})
GOOD = frozenset({Outcome.PASSED, Outcome.ATTESTED})
PUSHED = frozenset({"push", "both"})
DELIVERIES = {"push": PUSHED, "realtime": PUSHED, "pull": frozenset({"pull", "both"})}
"""In which deliveries of a run the capability is put to use at all."""
ASKED = frozenset({"breaks", "clock", "confirm", "move_across_addresses", "presence", "pull", "services"})
"""Capabilities that some call of the partner control contract asks for: a lack of them is seen by its refusal."""
MOVES = "DP-BOK-06"
TOLD_OTHERWISE = "moveBooking: never used with success; moves were told as cancelBooking and bookSlot"
"""Source: criteria.md, "API methods": noted as advice."""
WITH_CAUSE = frozenset({"likely", "only", "lacks", "within"})


def judge(lines: Iterable[Line]) -> dict[str, Any]:
    """The whole of verdict.json from the journal's lines, in their order.

    Raises:
        ValueError: the journal does not begin with a run's first line.
    """
    journal = list(lines)
    start = next((one for one in journal if one.kind is Kind.RUN and one.body.get("state") == "started"), None)
    if start is None:
        message = "the journal has no first line of a run, so there is nothing to judge"
        raise ValueError(message)
    end = next((one for one in reversed(journal) if one.kind is Kind.RUN and one.body.get("state") == "finished"), None)
    run = start.body
    played, contradictions = play_again(journal)
    trouble = _trouble(end, contradictions, played)
    roots = Roots(played)
    partner: dict[str, Any] = dict(object_of(run.get("partner")))
    counted = counted_in(journal, partner)
    criteria = [_criterion(one, run, played, trouble, roots, counted) for one in CRITERIA.values()]
    judged = [Judged(CRITERIA[row["id"]].level, Outcome(row["outcome"])) for row in criteria]
    ruling = rule(judged, narrowed=run.get("scope") is not None, trouble=trouble)
    methods = _methods(journal, partner)
    return {
        "schema": SCHEMA,
        "verdict": str(ruling.verdict),
        "exit_code": ruling.exit_code,
        "run": start.run,
        "scope": run.get("scope"),
        "assembly": run.get("assembly"),
        "marketplace": run.get("marketplace"),
        "time_zone": run.get("time_zone"),
        "profile": run.get("profile"),
        "delivery": run.get("delivery"),
        "seed": run.get("seed"),
        "started_at": start.at.isoformat(),
        "finished_at": journal[-1].at.isoformat(),
        "harness": run.get("harness"),
        "partner": {
            "name": partner.get("name"),
            "version": partner.get("version"),
            "capabilities": list(partner.get("capabilities") or []),
        },
        "trouble": None if trouble is None else {"blame": str(trouble.blame), "reason": trouble.reason},
        "checks": [dict(one.body) for one in journal if one.kind is Kind.CHECK],
        "counts": _counts(criteria),
        "criteria": criteria,
        "causes": roots.told({row["id"]: row["outcome"] for row in criteria}),
        "methods": methods,
        "latency": _latency(journal),
        "spent": spent_by(journal),
        "observations": _observations(journal, methods),
        "waits": run.get("waits"),
        "journal": {"lines": len(journal)},
    }


def _trouble(end: Line | None, contradictions: Sequence[str], played: Sequence[Played]) -> Trouble | None:
    if contradictions:
        told = "the journal contradicts itself: " + "; ".join(contradictions[:3])
        return Trouble(Blame.HARNESS, told, EXIT_BROKEN)
    if end is None:
        return Trouble(Blame.HARNESS, "the run has no last line: it was stopped from outside", None)
    named = end.body.get("trouble")
    if not isinstance(named, dict):
        return None
    code = named.get("exit")
    if code == EXIT_USAGE and any(one.outcome in JUDGED for one in played):
        code = None  # nothing could be judged, says that code: what was judged stands
    return Trouble(Blame(str(named["blame"])), str(named["reason"]), code if isinstance(code, int) else None)


def _criterion(
    criterion: Criterion,
    run: Mapping[str, Any],
    played: Sequence[Played],
    trouble: Trouble | None,
    roots: Roots,
    counted: Counted | None,
) -> dict[str, Any]:
    mine = [one for one in played if criterion.id in one.criteria]
    row: dict[str, Any] = {
        "id": criterion.id,
        "level": str(criterion.level),
        "area": str(criterion.area),
        "title": criterion.title,
        "capability": criterion.capability,
    }
    outcome, blame, reason = _outcome(criterion, run, mine, trouble)
    elsewhere = counted.outcome(criterion.id, mine) if counted and outcome is Outcome.NOT_PROVEN else None
    if elsewhere:
        outcome, blame, reason = elsewhere, None, None
    return {
        **row,
        "outcome": str(outcome),
        "blame": blame,
        "reason": reason,
        "attested_by": sorted({name for one in mine for name in one.attested_by}),
        "counted_from": counted.run if counted and elsewhere else None,
        "scenarios": [
            {
                "id": one.id,
                "feature": one.feature,
                "name": one.name,
                "outcome": str(one.outcome),
                "reason": one.told,
                "blame": one.blame,
                "seconds": one.seconds,
                "attested_by": list(one.attested_by),
            }
            for one in sorted(mine, key=lambda one: one.id)
        ],
        "findings": [
            _finding(finding, roots) for one in sorted(mine, key=lambda one: one.id) for finding in one.findings
        ],
    }


def _finding(finding: FindingText, roots: Roots) -> dict[str, Any]:
    """The finding without what stands with its cause."""
    told = {name: value for name, value in as_json(finding).items() if name not in WITH_CAUSE}
    return told | {"cause": roots.of(finding) or None}


def _outcome(
    criterion: Criterion,
    run: Mapping[str, Any],
    mine: Sequence[Played],
    trouble: Trouble | None,
) -> tuple[Outcome, str | None, str | None]:
    due = [str(one) for one in (run.get("covered") or {}).get(criterion.id) or []]
    lost = [one for one in due if not _ran(one, mine)]
    ended = [one for one in mine if one.ended]
    if not ended or lost:
        if any(one.outcome is Outcome.FAILED for one in ended):
            return Outcome.FAILED, "partner", _first(ended, Outcome.FAILED)
        blame = str(trouble.blame) if trouble else None
        reason = "not run" if not ended else f"not run: {len(lost)} of its {len(due)} scenarios"
        return Outcome.NOT_PROVEN, blame, reason
    must = _must(criterion, run)
    outcome = merge(one.outcome for one in ended)
    declined = any(one.outcome is Outcome.NOT_APPLICABLE for one in ended)
    lacking = outcome is Outcome.NOT_APPLICABLE or (declined and criterion.capability is not None and outcome in GOOD)
    if must and lacking:
        # only an optional capability may be lacking: what must be there would else drop out of the verdict
        return Outcome.NOT_PROVEN, str(Blame.PARTNER), "arrangement refused"
    if doubt := _doubt(criterion, run, outcome, ended):
        return Outcome.NOT_PROVEN, *doubt
    if outcome is Outcome.PASSED:
        return outcome, None, None
    worst = next(one for one in sorted(ended, key=lambda one: one.id) if one.outcome is outcome)
    return outcome, worst.blame, _first(ended, outcome)


def _doubt(
    criterion: Criterion, run: Mapping[str, Any], outcome: Outcome, ended: Sequence[Played]
) -> tuple[str, str] | None:
    """Blame and reason where the partner does what it does not declare, or nobody saw it refuse what it lacks."""
    if criterion.capability is None or criterion.capability in _declared(run):
        return None
    if outcome in GOOD:
        return str(Blame.PARTNER), "precondition unmet"
    unseen = any(one.outcome is Outcome.NOT_APPLICABLE and not one.declined for one in ended)
    if outcome is Outcome.NOT_APPLICABLE and criterion.capability in ASKED and unseen:
        return str(Blame.HARNESS), "evidence missing"
    return None


def _must(criterion: Criterion, run: Mapping[str, Any]) -> bool:
    """Whether the partner must meet it in this run: required, or its capability declared and put to use."""
    if criterion.capability is None:
        return criterion.level is Level.REQUIRED
    used = DELIVERIES.get(criterion.capability)
    return criterion.capability in _declared(run) and (used is None or run.get("delivery") in used)


def _declared(run: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(one) for one in array_of(object_of(run.get("partner")).get("capabilities")))


def _ran(due: str, played: Sequence[Played]) -> bool:
    """Whether the scenario, and every row of it that began, came to an end."""
    told = [(f"{one.feature}: {one.name}", one.ended) for one in played]
    rows = [ended for name, ended in told if name == due or name.startswith(f"{due} [")]
    return bool(rows) and all(rows)


def _first(played: Sequence[Played], outcome: Outcome) -> str | None:
    return next((one.reason for one in sorted(played, key=lambda one: one.id) if one.outcome is outcome), None)


def _counts(criteria: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    counts: dict[str, int] = {str(one): 0 for one in Outcome}
    for row in criteria:
        counts[row["outcome"]] += 1
    return counts


def _methods(journal: Sequence[Line], partner: Mapping[str, Any]) -> list[dict[str, Any]]:
    seen = methods_seen(journal, list(partner.get("capabilities") or []))
    uses = {one.operation_id: one for one in seen.uses if "?" not in one.operation_id}
    rows = []
    for name in sorted({*uses, *REQUIRED_FOR}):
        use = uses.get(name)
        rows.append(
            {
                "operation_id": name,
                "calls": use.calls if use else 0,
                "refused": use.calls - use.succeeded if use else 0,
                "last_status": use.last_status if use else None,
                "required_for": REQUIRED_FOR.get(name),
            }
        )
    return rows


def _observations(journal: Sequence[Line], methods: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is worth knowing and changes no verdict: breaches of the contract, and moves that were told otherwise."""
    told = [{"text": one.text, "count": one.count, "lines": list(one.lines)} for one in breaches(journal)]
    succeeded = {row["operation_id"] for row in methods if row["calls"] > row["refused"]}
    moved = any(
        MOVES in array_of(one.body.get("criteria")) and one.body.get("outcome") in GOOD
        for one in journal
        if one.kind is Kind.SCENARIO
    )
    if moved and "moveBooking" not in succeeded and {"cancelBooking", "bookSlot"} <= succeeded:
        told.append({"text": TOLD_OTHERWISE, "count": 1, "lines": []})
    return told


def _latency(journal: Sequence[Line]) -> list[dict[str, Any]]:
    by_direction: dict[str, list[float]] = defaultdict(list)
    for one in latencies(journal):
        by_direction[one.direction].append(one.seconds)
    return [
        {
            "direction": direction,
            "count": len(seconds),
            "p50_s": _quantile(seconds, 0.5),
            "p95_s": _quantile(seconds, 0.95),
            "max_s": round(max(seconds), 3),
        }
        for direction, seconds in sorted(by_direction.items())
    ]


def _quantile(seconds: Sequence[float], share: float) -> float:
    """The nearest-rank quantile: a value that was measured, never one in between."""
    ranked = sorted(seconds)
    return round(ranked[max(0, math.ceil(share * len(ranked)) - 1)], 3)
