"""Findings of one cause together, the likely root first. Pure; it says what may follow from what, and judges nothing.

A cause *fails* the criteria of its findings. It *holds up* those that could not be judged because what their scenarios
need first went wrong in the same way. Others *may follow* from it: methods that were not called, changes that were
late.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.verdict.criteria import CRITERIA
from harness.verdict.finding import FindingText
from harness.verdict.outcome import Outcome
from harness.verdict.scenario import Played

__all__ = ["Roots"]

FOLLOWING = ("late", "methods")
"""Causes that others bring about, where others were found."""
SENDING = frozenset({"not-sent", "refused", "limit-given-up", "lost-answer", "token-not-renewed", "repeated-blindly"})
"""Kinds of causes that make changes late."""
DEEPEST_FIRST = (
    "never-called",
    "credentials",
    "endpoint-silent",
    "endpoint-key",
    "token-not-renewed",
    "no-news",
    "endpoint-falls-over",
    "endpoint-refuses",
    "mapping-not-read",
    "mapping-left-out",
    "mapping-mixed",
    "calendars-mixed",
    "services-by-name",
    "services-copied",
    "service-id-kept",
    "times",
    "old-booking-id",
    "bookings-not-read",
    "old-news",
)
"""Where two causes explain as much: what lies deeper comes first. Kinds that are not named follow."""
PLACES = {name: place for place, name in enumerate(CRITERIA)}


@dataclass(slots=True)
class _Cause:
    """One cause while its findings are gathered."""

    word: str
    findings: list[FindingText] = field(default_factory=list)
    unmet: list[tuple[Played, FindingText]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.word.split(":", 1)[0]

    @property
    def texts(self) -> list[FindingText]:
        return [*self.findings, *(text for _, text in self.unmet)]

    @property
    def fails(self) -> list[str]:
        return sorted({one.criterion for one in self.findings})

    def holds_up(self, unproven: frozenset[str]) -> list[str]:
        return sorted({name for played, _ in self.unmet for name in played.criteria} & unproven)


class Roots:
    """The causes of a run; findings without a known one are in none of them: they stand for themselves."""

    def __init__(self, played: Iterable[Played]) -> None:
        every = [
            (one, text)
            for one in sorted(played, key=lambda one: one.id)
            for text in (*one.findings, *one.unmet)
            if text.cause
        ]
        self._shown = {text.cause for _, text in every}
        self._causes: dict[str, _Cause] = {}
        for one, text in every:
            cause = self._causes.setdefault(self.of(text), _Cause(self.of(text)))
            if text in one.findings:
                cause.findings.append(text)
            else:
                cause.unmet.append((one, text))

    def of(self, text: FindingText) -> str:
        """The word of the finding's cause: a wider one where another finding shows that; empty where none is known."""
        return text.within if text.within in self._shown else text.cause

    def told(self, outcomes: Mapping[str, str]) -> list[dict[str, Any]]:
        """The causes as verdict.json tells them, the likely root first; ``outcomes`` of the criteria, by id."""
        unproven = frozenset(name for name, outcome in outcomes.items() if outcome == Outcome.NOT_PROVEN)
        roots = sorted(
            (one for one in self._causes.values() if one.kind not in FOLLOWING),
            key=lambda one: (
                -len(one.fails) - len(one.holds_up(unproven)),
                -len(one.texts),
                _depth(one.kind),
                one.word,
            ),
        )
        may_follow: dict[str, list[str]] = {one.word: [] for one in roots}
        alone = []
        for follower in (one for one in self._causes.values() if one.kind in FOLLOWING):
            root = _root_of(follower, roots, unproven)
            if root is None:
                alone.append(follower)
            else:
                may_follow[root.word] += [name for name in follower.fails if name not in root.fails]
        told = [*roots, *sorted(alone, key=lambda one: one.word)]
        return [_told(one, one.holds_up(unproven), may_follow.get(one.word, [])) for one in told]


def _depth(kind: str) -> int:
    return DEEPEST_FIRST.index(kind) if kind in DEEPEST_FIRST else len(DEEPEST_FIRST)


def _root_of(follower: _Cause, roots: Sequence[_Cause], unproven: frozenset[str]) -> _Cause | None:
    """The cause from which it may follow: one that lacks the same calls, or else one that holds something up."""
    if follower.kind == "late":
        return next((one for one in roots if one.kind in SENDING), None)
    lacking = {name for text in follower.texts for name in text.lacks}
    same = (one for one in roots if any(lacking & set(text.lacks) for text in one.texts))
    return next(same, None) or next((one for one in roots if one.holds_up(unproven)), None)


def _place(criterion: str) -> int:
    """Its place in the catalogue, where plain flows come before what is built of them."""
    return PLACES.get(criterion, len(PLACES))


def _told(cause: _Cause, holds_up: list[str], may_follow: list[str]) -> dict[str, Any]:
    own = [one for one in cause.texts if one.cause == cause.word] or cause.texts
    first = min(own, key=lambda one: (one not in cause.findings, _place(one.criterion), one.lines))
    only = {one.only for one in own}
    seen = f" (seen for {first.only})" if len(only) == 1 and first.only else ""
    return {
        "cause": cause.word,
        "likely": f"{first.likely}{seen}",
        "who": first.who,
        "part": first.part,
        "next": first.next,
        "fails": cause.fails,
        "holds_up": holds_up,
        "may_follow": sorted(set(may_follow)),
        "findings": len(cause.findings),
        "scenarios": sorted({one.scenario for one in cause.texts if one.scenario is not None}),
        "lines": sorted({number for one in own[:3] for number in one.lines}),
    }
