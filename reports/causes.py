"""Findings beside the cause that they share, as every output tells them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["REACH", "by_cause", "followed_by", "number_of", "reach"]

REACH = {"fails": "fails", "holds_up": "holds up", "may_follow": "may bring about"}
"""In which words a cause reaches criteria."""

Json = Mapping[str, Any]


def reach(cause: Json) -> list[tuple[str, list[str]]]:
    """How far a cause reaches: in a word, and the criteria."""
    return [(words, list(cause.get(name) or [])) for name, words in REACH.items()]


def number_of(finding: Json, causes: Sequence[Json]) -> int | None:
    """Which of the causes it shares, from 1; None where it stands for itself."""
    words = [cause.get("cause") for cause in causes]
    return words.index(finding["cause"]) + 1 if finding.get("cause") in words else None


def followed_by(finding: Json, causes: Sequence[Json]) -> int | None:
    """Which of the causes a finding may follow from that shares none, from 1."""
    if number_of(finding, causes) is not None:
        return None
    names = [list(cause.get("may_follow") or []) for cause in causes]
    return next((n for n, follow in enumerate(names, start=1) if finding.get("criterion") in follow), None)


def by_cause(findings: Iterable[Json], causes: Sequence[Json]) -> list[list[Json]]:
    """The findings of each cause together, in the order of the causes; then those without one, each by itself."""
    every = list({json.dumps(one, sort_keys=True): one for one in findings}.values())
    known = {cause.get("cause") for cause in causes}
    groups = []
    for cause in causes:
        alike = [one for one in every if one.get("cause") == cause.get("cause")]
        # the finding whose next stands for the cause comes first
        groups.append(sorted(alike, key=lambda one: one.get("next") != cause.get("next")))
    alone = [[one] for one in every if one.get("cause") not in known]
    return [group for group in [*groups, *alone] if group]
