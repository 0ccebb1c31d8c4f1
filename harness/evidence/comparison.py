"""How two runs differ: outcomes, latencies, and behaviours of the API. Pure.

Two runs of one system tell what changed in it; a run against the embedded sandbox and one against the real sandbox tell
what the embedded one gets wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from harness.evidence.behaviour import Behaviour, behaviours
from harness.evidence.source import Evidence

__all__ = ["Comparison", "Difference", "compare"]

SETTINGS = ("assembly", "marketplace", "profile", "delivery", "scope")
NOTHING = "nothing seen"
PERCENTILES = ("p50_s", "p95_s")


@dataclass(frozen=True, slots=True)
class Difference:
    """``a`` and ``b`` are what each run shows of ``what``."""

    what: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of run ``b`` from run ``a``."""

    a: str
    b: str
    configuration: tuple[Difference, ...]
    outcomes: tuple[Difference, ...]
    latencies: tuple[Difference, ...]
    """Seconds; of every direction that both or either saw, equal or not."""
    behaviours: tuple[Difference, ...]
    not_called: tuple[Difference, ...]
    """Operations and events that one run alone saw: nothing can be said of how they differ."""

    @property
    def equal(self) -> bool:
        """Whether outcomes and behaviours are the same."""
        return not (self.outcomes or self.behaviours)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {"schema": "docplanner-acceptance/diff/1", "equal": self.equal, **asdict(self)}


def compare(a: Evidence, b: Evidence) -> Comparison:
    """How ``b`` differs from ``a``."""
    seen_a, seen_b = behaviours(a.lines), behaviours(b.lines)
    both = sorted(seen_a.keys() & seen_b.keys())
    return Comparison(
        a=a.name,
        b=b.name,
        configuration=tuple(_configuration(a.verdict, b.verdict)),
        outcomes=tuple(_outcomes(a.verdict, b.verdict)),
        latencies=tuple(_latencies(a.verdict, b.verdict)),
        behaviours=tuple(one for name in both for one in _behaviour(name, seen_a[name], seen_b[name])),
        not_called=tuple(
            Difference(name, _calls(seen_a.get(name)), _calls(seen_b.get(name)))
            for name in sorted(seen_a.keys() ^ seen_b.keys())
        ),
    )


def _configuration(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Difference]:
    for name in SETTINGS:
        if a.get(name) != b.get(name):
            yield Difference(name, str(a.get(name)), str(b.get(name)))
    for part, named in (("partner", "name"), ("partner", "version"), ("harness", "version")):
        mine, other = ((one.get(part) or {}).get(named) for one in (a, b))
        if mine != other:
            yield Difference(f"{part} {named}", str(mine), str(other))


def _outcomes(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Difference]:
    if a.get("verdict") != b.get("verdict"):
        yield Difference("the verdict", str(a.get("verdict")), str(b.get("verdict")))
    mine, others = _criteria(a), _criteria(b)
    for name in sorted(mine.keys() | others.keys()):
        if mine.get(name) != others.get(name):
            yield Difference(name, mine.get(name, "unknown there"), others.get(name, "unknown there"))


def _criteria(verdict: Mapping[str, Any]) -> dict[str, str]:
    return {str(one["id"]): str(one["outcome"]) for one in verdict.get("criteria") or ()}


def _latencies(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Difference]:
    mine, others = ({str(one["direction"]): one for one in run.get("latency") or ()} for run in (a, b))
    for name in sorted(mine.keys() | others.keys()):
        yield Difference(name, _latency(mine.get(name)), _latency(others.get(name)))


def _latency(row: Mapping[str, Any] | None) -> str:
    if not row or not row.get("count"):
        return NOTHING
    told = ", ".join(
        f"{name.removesuffix('_s')} {row[name]:.2f} s" for name in PERCENTILES if row.get(name) is not None
    )
    return f"{told} ({row['count']} times)"


def _behaviour(name: str, a: Behaviour, b: Behaviour) -> Iterator[Difference]:
    sides = (
        ("statuses", set(a.statuses), set(b.statuses)),
        ("refusals", set(a.refusals), set(b.refusals)),
        ("headers", a.headers, b.headers),
    )
    for what, mine, others in sides:
        if mine != others:
            yield Difference(f"{name}: {what}", _listed(mine - others), _listed(others - mine))
    if not (a.fields and b.fields):
        return
    for path in sorted(a.fields.keys() | b.fields.keys()):
        mine, others = a.fields.get(path, set()), b.fields.get(path, set())
        always_empty = {"null"} in (mine, others) or (path.endswith("[]") and not (mine and others))
        if mine - {"null"} != others - {"null"} and not always_empty and not _below_what_is_missing(path, a, b):
            yield Difference(f"{name}: field {path}", _kinds(mine), _kinds(others))


def _below_what_is_missing(path: str, a: Behaviour, b: Behaviour) -> bool:
    """Whether what holds the field is missing itself, or was empty, on one side: that is told instead."""
    holder = path.rpartition(".")[0] if "." in path else ""
    holder = holder or (path.removesuffix("[]") if path.endswith("[]") else "")
    return bool(holder) and not (a.fields.get(holder, set()) - {"null"} and b.fields.get(holder, set()) - {"null"})


def _listed(names: set[str]) -> str:
    return "; ".join(sorted(names)) or "no other"


def _kinds(kinds: set[str]) -> str:
    return " or ".join(sorted(kinds)) or "not there"


def _calls(seen: Behaviour | None) -> str:
    return f"{seen.calls} times" if seen else NOTHING
