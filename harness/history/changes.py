"""What changed: tonight held against the night before and against the baseline. Pure.

What passes, does not apply, or was attested is *fine*. A criterion that is only advised is told and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Any

from harness.history.known import Known
from harness.history.nights import Night, Shown
from harness.verdict.outcome import (
    EXIT_ACCEPTED,
    EXIT_BROKEN,
    EXIT_NOT_ACCEPTED,
    EXIT_NOT_PROVEN,
    EXIT_USAGE,
    Outcome,
)

__all__ = ["Change", "Changes", "Kind", "changes"]

LAST_NIGHT, BASELINE = "the last night", "the baseline"
FINE = frozenset({Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.ATTESTED})
LOOKED_BACK = 14
"""Nights in which a criterion may be seen to waver, or to become slower."""
TURNS = 3
"""A criterion that turned so often while the version stayed the same is flaky: twice may be broken and mended."""
LEAST_NIGHTS = 3
"""Fewer say nothing of how much a latency varies."""
SLOWER_RATIO = 1.5
SLOWER_S = 1.0
SPREADS = 3.0
"""Slower is what took half as long again, a second more, and more than three times the spread of earlier nights."""


class Kind(StrEnum):
    """What kind of change it is; the order is that in which they are told."""

    NEWLY_FAILING = "newly failing"
    STILL_FAILING = "still failing"
    STALE = "stale known failure"
    NEWLY_NOT_PROVEN = "newly not proven"
    WORLD = "not accepted in another world"
    GONE = "gone"
    SLOWER = "slower"
    FLAKY = "flaky"
    KNOWN = "known failure"
    MENDED = "mended"
    COVERED = "newly covered"


@dataclass(frozen=True, slots=True)
class Change:
    """One of them; ``what`` is a criterion, a world or a known failure, ``since`` names what it is held against.

    ``regression`` says whether it makes the night fail, ``unproven`` whether it leaves the night unproven.
    """

    kind: Kind
    what: str
    told: str
    since: str = ""
    regression: bool = False
    unproven: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed by ``night``."""

    night: Night
    before: str | None
    """The run of the last night that could be judged."""
    baseline: str | None
    every: tuple[Change, ...]

    @property
    def exit_code(self) -> int:
        """0 nothing worse, 1 a regression, 2 something is not proven or nothing was judged, 64 and 70 as the run's."""
        if self.night.exit_code in {EXIT_USAGE, EXIT_BROKEN}:
            return self.night.exit_code
        if any(one.regression for one in self.every):
            return EXIT_NOT_ACCEPTED
        if not self.night.judged or any(one.unproven for one in self.every):
            return EXIT_NOT_PROVEN
        return EXIT_ACCEPTED

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """Those of one kind."""
        return tuple(one for one in self.every if one.kind is kind)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        night = self.night
        told = {"run": night.run, "subject": night.subject, "at": night.at.isoformat(), "verdict": night.verdict}
        return {
            "schema": "docplanner-acceptance/nightly/1",
            "exit_code": self.exit_code,
            **told,
            "trouble": night.trouble or None,
            "counts": night.counts(),
            "before": self.before,
            "baseline": self.baseline,
            "changes": [asdict(one) for one in self.every],
            "worlds": [asdict(one) for one in night.worlds],
        }


def changes(night: Night, earlier: Sequence[Night], baseline: Night | None, known: Sequence[Known]) -> Changes:
    """What changed by ``night``; ``earlier`` are the nights before it, the oldest first.

    Without a baseline everything that fails is a regression, but for what is known.
    """
    judged = [one for one in earlier if one.judged]
    before = judged[-1] if judged else None
    found: list[Change] = []
    if night.judged:
        for name in sorted({*night.shown, *(before.shown if before else ()), *(baseline.shown if baseline else ())}):
            found += _of_criterion(name, night, before, baseline, known)
        found += _worlds(night, baseline, known)
        found += _stale(night, known)
        found += _flaky(night, judged)
        found += _slower(night, judged)
    order = list(Kind)
    return Changes(
        night,
        before.run if before else None,
        baseline.run if baseline else None,
        tuple(sorted(found, key=lambda one: (order.index(one.kind), one.what))),
    )


def _of_criterion(
    name: str, night: Night, before: Night | None, baseline: Night | None, known: Sequence[Known]
) -> Iterator[Change]:
    now = night.shown.get(name)
    then = baseline.shown.get(name) if baseline else None
    last = before.shown.get(name) if before else None
    if now is None:
        there, held = (BASELINE, then) if then else (LAST_NIGHT, last)
        bad = held is not None and held.outcome in FINE and held.decisive
        yield Change(Kind.GONE, name, f"it was judged in {there} and is no longer", there, unproven=bad)
        return
    listed = _listed(name, now, night, known)
    if now.outcome in FINE:
        yield from _fine(name, now, then, last, before or baseline)
    elif listed is not None:
        told = f"{_where(now)}; {listed.reason}, until {listed.until.isoformat()}"
        yield Change(Kind.KNOWN, name, told)
    elif now.outcome is Outcome.FAILED:
        yield _failing(name, now, then, last, first=before is None and baseline is None)
    else:
        accepted = then is not None and then.outcome is Outcome.NOT_PROVEN
        unproven = now.decisive and not accepted
        since = _since(now, then, last)
        if since or unproven:
            yield Change(Kind.NEWLY_NOT_PROVEN, name, _where(now), since, unproven=unproven)


def _fine(name: str, now: Shown, then: Shown | None, last: Shown | None, held: Night | None) -> Iterator[Change]:
    told = f"now {now.outcome}"
    if last is not None and last.outcome not in FINE:
        yield Change(Kind.MENDED, name, told, LAST_NIGHT)
    elif last is None and then is not None and then.outcome not in FINE:
        yield Change(Kind.MENDED, name, told, BASELINE)
    elif last is None and then is None and held is not None:
        yield Change(Kind.COVERED, name, told)


def _failing(name: str, now: Shown, then: Shown | None, last: Shown | None, *, first: bool) -> Change:
    since = _since(now, then, last)
    accepted = then is not None and then.outcome is Outcome.FAILED and since != LAST_NIGHT
    kind = Kind.NEWLY_FAILING if since or first else Kind.STILL_FAILING
    return Change(kind, name, _where(now), since, regression=now.decisive and not accepted)


def _since(now: Shown, then: Shown | None, last: Shown | None) -> str:
    """Against what the outcome is new; empty where it is as it was."""
    if last is not None:
        return LAST_NIGHT if last.outcome is not now.outcome else ""
    return BASELINE if then is not None and then.outcome is not now.outcome else ""


def _where(shown: Shown) -> str:
    told = ", ".join(shown.scenarios) or str(shown.outcome)
    why = "; ".join(part for part in (shown.reason, f"blame: {shown.blame}" if shown.blame else "") if part)
    return f"{told} ({why})" if why else told


def _listed(name: str, shown: Shown, night: Night, known: Sequence[Known]) -> Known | None:
    """The entry that speaks of the criterion, or of every scenario of it that did not pass; one that has not ended."""
    today = night.at.date()
    live = {one.what: one for one in known if one.until >= today}
    if name in live:
        return live[name]
    entries = [live.get(one) or live.get(one.partition("[")[0]) for one in shown.scenarios]
    return entries[0] if entries and all(entries) else None


def _stale(night: Night, known: Sequence[Known]) -> Iterator[Change]:
    """Known failures that are over: their date has passed, or what they speak of no longer fails."""
    failing = {name for name, one in night.shown.items() if one.outcome not in FINE}
    scenarios = {
        part for one in night.shown.values() for name in one.scenarios for part in (name, name.partition("[")[0])
    }
    for one in known:
        if one.until < night.at.date():
            told = f"its date, {one.until.isoformat()}, has passed ({one.reason})"
            yield Change(Kind.STALE, one.what, f"{told}; mend it, or give it another date", regression=True)
        elif one.what not in failing and one.what not in scenarios and _played(one.what, night):
            told = f"it does not fail any more ({one.reason})"
            yield Change(Kind.STALE, one.what, f"{told}; take it off the list", regression=True)


def _played(what: str, night: Night) -> bool:
    """Whether the night could have shown it: a narrowed one says nothing of the rest."""
    return what in night.shown or not night.narrowed


def _worlds(night: Night, baseline: Night | None, known: Sequence[Known]) -> Iterator[Change]:
    """Worlds that were not accepted, but for what is known or was so in the baseline's own world."""
    live = {one.what for one in known if one.until >= night.at.date()}
    before = {name for name, one in (baseline.shown if baseline else {}).items() if one.outcome is Outcome.FAILED}
    for world in night.worlds:
        if world.exit_code == EXIT_ACCEPTED:
            continue
        new = [one for one in world.red if one not in live and one not in before]
        failed = world.exit_code == EXIT_NOT_ACCEPTED
        if failed and not new:
            continue
        yield Change(Kind.WORLD, world.name, world.said, regression=failed, unproven=not failed)


def _flaky(night: Night, judged: Sequence[Night]) -> Iterator[Change]:
    same = [*[one for one in judged if one.version == night.version][-(LOOKED_BACK - 1) :], night]
    for name in night.shown:
        seen = [one.shown[name].outcome is Outcome.FAILED for one in same if name in one.shown]
        turned = sum(a is not b for a, b in pairwise(seen))
        if turned >= TURNS:
            failed = sum(seen)
            rate = f"failed in {failed} of {len(seen)} nights, {failed / len(seen):.0%}"
            yield Change(Kind.FLAKY, name, f"{rate}, of one version, {night.version}")


def _slower(night: Night, judged: Sequence[Night]) -> Iterator[Change]:
    for name, now in night.shown.items():
        there = [one.shown[name].latency for one in judged[-LOOKED_BACK:] if name in one.shown]
        earlier = [one.median_s for one in there if one is not None]
        if now.latency is None or len(earlier) < LEAST_NIGHTS:
            continue
        usual = median(earlier)
        spread = median(abs(one - usual) for one in earlier)
        more = now.latency.median_s - usual
        if now.latency.median_s >= usual * SLOWER_RATIO and more >= SLOWER_S and more > SPREADS * spread:
            ratio = f"x {now.latency.median_s / usual:.1f}" if usual else "from nothing"
            told = (
                f"{now.latency.median_s:g} s at the median, {ratio}; usually {usual:g} s, give or take {spread:.2g} s"
            )
            yield Change(Kind.SLOWER, name, told, f"{len(earlier)} nights")
