"""``verdict.json`` as the report reads it: what it does not know it ignores, what is missing it goes without.

The schema is ``harness/verdict/verdict.schema.json``; a report must also be possible from what an older or newer
version of the harness wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from reports.causes import REACH

__all__ = [
    "CauseRecord",
    "CriterionResult",
    "FindingRecord",
    "Latency",
    "MethodRow",
    "Observation",
    "ScenarioResult",
    "VerdictRecord",
]

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """What is wrong with the partner system, in five lines."""

    criterion: str
    headline: str
    expected: str
    observed: str
    evidence: str
    next: str
    lines: tuple[int, ...]
    scenario: str
    """Id or name of the scenario that saw it."""
    cause: str = ""
    """The cause that it shares with others; empty where none is known."""
    who: str = ""
    """Who acts next."""

    def is_of(self, scenario: ScenarioResult) -> bool:
        """Whether ``scenario`` saw it; a finding that names none may be any scenario's."""
        return self.scenario in {"", scenario.id, scenario.name}


@dataclass(frozen=True, slots=True)
class CauseRecord:
    """What is likely behind findings; the criteria that it reaches, by how."""

    cause: str
    likely: str
    who: str
    part: str
    next: str
    fails: tuple[str, ...]
    holds_up: tuple[str, ...]
    may_follow: tuple[str, ...]
    lines: tuple[int, ...]

    @property
    def reach(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """How it reaches criteria, by the names of the record, and which; without what it does not reach."""
        every = zip(REACH, (self.fails, self.holds_up, self.may_follow), strict=True)
        return tuple((how, ids) for how, ids in every if ids)


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One scenario that speaks for a criterion; ``id`` is what findings call it by."""

    id: str
    feature: str
    name: str
    outcome: str
    seconds: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion of the catalogue and what became of it."""

    id: str
    level: str
    area: str
    title: str
    outcome: str
    blame: str
    reason: str
    scenarios: tuple[ScenarioResult, ...]
    findings: tuple[FindingRecord, ...]
    attested_by: tuple[str, ...] = ()
    counted_from: str = ""
    """The run on the embedded sandbox that speaks for it."""
    """Persons by whose answers something of it was judged."""


@dataclass(frozen=True, slots=True)
class MethodRow:
    """How the partner used one operation of the API."""

    operation_id: str
    calls: int
    refused: int
    last_status: str
    required_for: str


@dataclass(frozen=True, slots=True)
class Latency:
    """How long synchronisation took in one direction, in seconds."""

    direction: str
    count: int
    p50_s: float | None
    p95_s: float | None
    max_s: float | None


@dataclass(frozen=True, slots=True)
class Observation:
    """Something worth knowing that changes no verdict."""

    text: str
    count: int
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """A whole run in one value."""

    schema: str
    run: str
    verdict: str
    exit_code: int | None
    scope: str
    assembly: str
    marketplace: str
    time_zone: str
    profile: str
    delivery: str
    seed: str
    started_at: datetime | None
    finished_at: datetime | None
    reason: str
    harness_version: str
    partner_name: str
    partner_version: str
    capabilities: tuple[str, ...]
    causes: tuple[CauseRecord, ...]
    """What is likely behind the findings, the root first."""
    criteria: tuple[CriterionResult, ...]
    methods: tuple[MethodRow, ...]
    latency: tuple[Latency, ...]
    spent: Mapping[str, float]
    """Seconds by purpose, see ``harness.verdict.spent``; empty where they are not known."""
    observations: tuple[Observation, ...]

    @classmethod
    def read(cls, values: Json) -> VerdictRecord:
        """The record that ``values`` describe, however incomplete."""
        partner, harness = _record(values.get("partner")), _record(values.get("harness"))
        return cls(
            schema=_text(values, "schema"),
            run=_text(values, "run"),
            verdict=_text(values, "verdict") or "not proven",
            exit_code=_whole(values.get("exit_code")),
            scope=_joined(values.get("scope")),
            assembly=_text(values, "assembly"),
            marketplace=_text(values, "marketplace"),
            time_zone=_text(values, "time_zone"),
            profile=_text(values, "profile"),
            delivery=_text(values, "delivery"),
            seed=_text(values, "seed"),
            started_at=_instant(values.get("started_at")),
            finished_at=_instant(values.get("finished_at")),
            reason=_reason(values),
            harness_version=_text(harness, "version"),
            partner_name=_text(partner, "name"),
            partner_version=_text(partner, "version"),
            capabilities=_names(partner.get("capabilities")),
            causes=tuple(_cause(part) for part in _records(values.get("causes"))),
            criteria=tuple(_criterion(part) for part in _records(values.get("criteria"))),
            methods=tuple(_method(part) for part in _records(values.get("methods"))),
            latency=tuple(_latency(part) for part in _records(values.get("latency"))),
            spent={name: number for name, told in _record(values.get("spent")).items() if (number := _number(told))},
            observations=tuple(
                Observation(_text(part, "text"), _whole(part.get("count")) or 1, _numbers(part.get("lines")))
                for part in _records(values.get("observations"))
            ),
        )

    @property
    def findings(self) -> tuple[FindingRecord, ...]:
        """Every finding once, by their causes; those that stand for themselves last, in the order of the criteria."""
        every = dict.fromkeys(finding for criterion in self.criteria for finding in criterion.findings)
        words = [one.cause for one in self.causes]
        return tuple(sorted(every, key=lambda one: words.index(one.cause) if one.cause in words else len(words)))

    def of_cause(self, cause: CauseRecord) -> tuple[FindingRecord, ...]:
        """The findings that share it."""
        return tuple(one for one in self.findings if one.cause == cause.cause)

    @property
    def alone(self) -> tuple[FindingRecord, ...]:
        """The findings that share no cause that is known."""
        words = {one.cause for one in self.causes}
        return tuple(one for one in self.findings if one.cause not in words)

    def holding_up(self, criterion: CriterionResult) -> tuple[int, ...]:
        """Which causes, from 1, kept it from being judged."""
        return tuple(n for n, one in enumerate(self.causes, start=1) if criterion.id in one.holds_up)

    def root_of(self, finding: FindingRecord) -> int | None:
        """Which cause, from 1, a finding that stands for itself may follow from."""
        numbered = enumerate(self.causes, start=1)
        return next((n for n, one in numbered if finding.criterion in one.may_follow), None)

    def scenario_named(self, scenario: str) -> str:
        """The name of the scenario with that id."""
        named = (one.name for part in self.criteria for one in part.scenarios if one.id == scenario)
        return next(named, scenario)

    @property
    def seconds(self) -> float | None:
        """How long the run took; None where it is not known."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


def _criterion(values: Json) -> CriterionResult:
    return CriterionResult(
        **{name: _text(values, name) for name in ("id", "level", "area", "title", "outcome", "blame", "reason")},
        scenarios=tuple(
            ScenarioResult(
                id=_text(part, "id"),
                feature=_text(part, "feature"),
                name=_text(part, "name"),
                outcome=_text(part, "outcome"),
                seconds=_number(part.get("seconds")),
                reason=_text(part, "reason"),
            )
            for part in _records(values.get("scenarios"))
        ),
        findings=tuple(_finding(part) for part in _records(values.get("findings"))),
        attested_by=_names(values.get("attested_by")),
        counted_from=_text(values, "counted_from"),
    )


def _finding(values: Json) -> FindingRecord:
    texts = {field.name: _text(values, field.name) for field in fields(FindingRecord) if field.name != "lines"}
    return FindingRecord(**texts, lines=_numbers(values.get("lines")))


def _cause(values: Json) -> CauseRecord:
    return CauseRecord(
        cause=_text(values, "cause"),
        likely=_text(values, "likely"),
        who=_text(values, "who"),
        part=_text(values, "part"),
        next=_text(values, "next"),
        fails=_names(values.get("fails")),
        holds_up=_names(values.get("holds_up")),
        may_follow=_names(values.get("may_follow")),
        lines=_numbers(values.get("lines")),
    )


def _method(values: Json) -> MethodRow:
    return MethodRow(
        operation_id=_text(values, "operation_id"),
        calls=_whole(values.get("calls")) or 0,
        refused=_whole(values.get("refused")) or 0,
        last_status=_text(values, "last_status"),
        required_for=_joined(values.get("required_for")),
    )


def _latency(values: Json) -> Latency:
    return Latency(
        direction=_text(values, "direction"),
        count=_whole(values.get("count")) or 0,
        p50_s=_number(values.get("p50_s")),
        p95_s=_number(values.get("p95_s")),
        max_s=_number(values.get("max_s")),
    )


def _record(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _records(value: object) -> Iterator[Json]:
    for part in value if isinstance(value, list | tuple) else ():
        if isinstance(part, Mapping):
            yield part


def _text(values: Json, name: str) -> str:
    value = values.get(name)
    return "" if value is None or isinstance(value, Mapping | list) else str(value)


def _reason(values: Json) -> str:
    """Why the run as a whole could not judge, where it says so: a text, or a record with one."""
    for name in ("reason", "trouble"):
        value = values.get(name)
        found = _text(_record(value), "reason") if isinstance(value, Mapping) else _text(values, name)
        if found:
            return found
    return ""


def _names(value: object) -> tuple[str, ...]:
    """Names from a list, or those that are true in a record of switches."""
    if isinstance(value, Mapping):
        return tuple(str(name) for name, on in value.items() if on)
    return tuple(str(name) for name in value) if isinstance(value, list | tuple) else ()


def _joined(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_joined(part)}" for name, part in value.items() if part)
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value)


def _numbers(value: object) -> tuple[int, ...]:
    return tuple(n for n in value if isinstance(n, int)) if isinstance(value, list | tuple) else ()


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _instant(value: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return instant if instant.tzinfo else None
