"""What one night showed: every criterion's outcome and latency, and what became of the other worlds. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median, quantiles
from typing import Any

from harness.recorder.line import Line
from harness.verdict.outcome import Outcome
from harness.verdict.traffic import SANDBOX_DELAY, latencies

__all__ = ["Latency", "Night", "Shown", "WorldShown", "night_of"]

NOT_RUN = "not run"
PARTS = 20
"""Twentieths: the last cut is the 95th percentile."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds that the partner system took for what one criterion is about; ``count`` synchronisations."""

    count: int
    median_s: float
    p95_s: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Latency:
        """At least one of them."""
        last = quantiles(seconds, n=PARTS, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
        return cls(len(seconds), round(median(seconds), 3), round(last, 3))


@dataclass(frozen=True, slots=True)
class Shown:
    """One criterion in one night. ``decisive`` is false of what is only advised."""

    outcome: Outcome
    reason: str = ""
    blame: str = ""
    decisive: bool = True
    scenarios: tuple[str, ...] = ()
    """Those that did not pass."""
    latency: Latency | None = None


@dataclass(frozen=True, slots=True)
class WorldShown:
    """What became of the run in another world; ``red`` are the criteria that failed there."""

    name: str
    exit_code: int
    said: str
    red: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Night:
    """One night.

    ``subject`` is the name of the configuration under which the system was tested and, where the run was narrowed, what
    was selected: each has a history of its own.
    ``exit_code`` and ``verdict`` are those of the run itself, the other worlds apart.
    """

    subject: str
    run: str
    at: datetime
    system: str
    version: str
    assembly: str
    marketplace: str
    profile: str
    delivery: str
    verdict: str
    exit_code: int
    trouble: str = ""
    narrowed: bool = False
    seconds: float = 0.0
    shown: Mapping[str, Shown] = field(default_factory=dict)
    """By criterion; what the night did not run is not there."""
    worlds: tuple[WorldShown, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether the run could be judged at all."""
        return bool(self.shown) and not self.trouble

    def counts(self) -> dict[str, int]:
        """How many criteria ended how; every outcome that there is, nought included."""
        counts = {str(one): 0 for one in Outcome}
        for shown in self.shown.values():
            counts[str(shown.outcome)] += 1
        return counts


def night_of(
    verdict: Mapping[str, Any], journal: Sequence[Line], *, configuration: str, worlds: Sequence[WorldShown] = ()
) -> Night:
    """The night that ``verdict`` (the content of verdict.json) and its journal tell of."""
    partner = verdict["partner"]
    scope = verdict["scope"] or {}
    selected = sorted(str(one) for kind in scope.values() for one in kind)
    name, version = str(partner.get("name") or "unknown"), str(partner.get("version") or "unknown")
    trouble = verdict.get("trouble")
    began, ended = (datetime.fromisoformat(verdict[key]) for key in ("started_at", "finished_at"))
    timed = _seconds_by_scenario(journal)
    return Night(
        subject=" ".join([configuration, *selected]),
        run=str(verdict["run"]),
        at=began,
        system=name,
        version=version,
        assembly=str(verdict["assembly"]),
        marketplace=str(verdict["marketplace"]),
        profile=str(verdict["profile"]),
        delivery=str(verdict["delivery"]),
        verdict=str(verdict["verdict"]),
        exit_code=int(verdict["exit_code"]),
        trouble=str(trouble["reason"]) if trouble else "",
        narrowed=bool(verdict["scope"]),
        seconds=round((ended - began).total_seconds(), 1),
        shown={
            one["id"]: _shown(one, timed) for one in verdict["criteria"] if one["scenarios"] or one["reason"] != NOT_RUN
        },
        worlds=tuple(worlds),
    )


def _shown(criterion: Mapping[str, Any], timed: Mapping[str, Sequence[float]]) -> Shown:
    seconds = [took for one in criterion["scenarios"] for took in timed.get(str(one["id"]), ())]
    return Shown(
        outcome=Outcome(criterion["outcome"]),
        reason=str(criterion["reason"] or ""),
        blame=str(criterion["blame"] or ""),
        decisive=criterion["level"] != "advised",
        scenarios=tuple(
            str(one["id"]) for one in criterion["scenarios"] if one["outcome"] in {Outcome.FAILED, Outcome.NOT_PROVEN}
        ),
        latency=Latency.of(seconds) if seconds else None,
    )


def _seconds_by_scenario(journal: Sequence[Line]) -> dict[str, list[float]]:
    timed: dict[str, list[float]] = defaultdict(list)
    for one in latencies(journal):
        if one.scenario and one.direction != SANDBOX_DELAY:
            timed[one.scenario].append(one.seconds)
    return timed
