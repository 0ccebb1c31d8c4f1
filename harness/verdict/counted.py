"""What a run on a real Docplanner cannot prove, and an accepted run on the embedded sandbox has proven. Pure.

Source: criteria.md, its last paragraph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.contract.json_value import object_of
from harness.recorder.line import Kind, Line
from harness.verdict.outcome import EXIT_ACCEPTED, Outcome
from harness.verdict.scenario import Played

__all__ = ["COUNTED", "Counted", "counted_in", "told_of", "why_not"]

COUNTED = "counted"
"""The state of the journal's line that tells of the other run."""
NEEDS_SANDBOX = "needs the embedded sandbox"
STANDS = frozenset({Outcome.PASSED, Outcome.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Counted:
    """The other run, and how each criterion ended in it."""

    run: str
    outcomes: Mapping[str, str]

    def outcome(self, criterion: str, played: Sequence[Played]) -> Outcome | None:
        """That of the other run, where this one left open only what needs the embedded sandbox; else None."""
        open_ones = [one for one in played if one.outcome is Outcome.NOT_PROVEN]
        if not open_ones or any(one.reason != NEEDS_SANDBOX or not one.ended for one in open_ones):
            return None
        if any(one.outcome is Outcome.FAILED for one in played):
            return None
        there = self.outcomes.get(criterion)
        return Outcome(there) if there in STANDS else None


def told_of(verdict: Mapping[str, Any]) -> dict[str, object]:
    """The body of the journal's line, from the other run's verdict.json."""
    return {
        "state": COUNTED,
        "run": verdict["run"],
        "partner": {name: verdict["partner"][name] for name in ("name", "version")},
        "outcomes": {one["id"]: one["outcome"] for one in verdict["criteria"]},
    }


def why_not(verdict: Mapping[str, Any]) -> str | None:
    """Why a run counts for no other; None where it does."""
    if verdict["assembly"] != "partner":
        return f"it is of the assembly {verdict['assembly']}; only one of the assembly partner counts"
    if verdict["exit_code"] != EXIT_ACCEPTED:
        return f"its verdict is {verdict['verdict']}; only an accepted one counts"
    return None


def counted_in(journal: Sequence[Line], partner: Mapping[str, Any]) -> Counted | None:
    """What the journal tells of the other run; None where it was of another system or version."""
    for one in journal:
        if one.kind is Kind.RUN and one.body.get("state") == COUNTED:
            system = object_of(one.body.get("partner"))
            same = all(system.get(name) == partner.get(name) for name in ("name", "version"))
            outcomes = {name: str(told) for name, told in object_of(one.body.get("outcomes")).items()}
            return Counted(str(one.body.get("run")), outcomes) if same else None
    return None
