"""The words in which a run is judged, how they merge, and the verdict that follows from them.

Source: criteria.md, "Outcomes" and "The verdict".
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.verdict.criteria import Level

__all__ = [
    "EXIT_ACCEPTED",
    "EXIT_BROKEN",
    "EXIT_NOT_ACCEPTED",
    "EXIT_NOT_PROVEN",
    "EXIT_USAGE",
    "Blame",
    "Judged",
    "Outcome",
    "Ruling",
    "Trouble",
    "VerdictWord",
    "merge",
    "rule",
]


class Outcome(enum.StrEnum):
    """How a scenario or a criterion ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_PROVEN = "not proven"
    NOT_APPLICABLE = "not applicable"
    ATTESTED = "attested"


class Blame(enum.StrEnum):
    """Whose it is."""

    CONFIGURATION = "configuration"
    DOCPLANNER = "docplanner"
    PARTNER = "partner"
    HARNESS = "harness"


class VerdictWord(enum.StrEnum):
    """The three verdicts; nothing else means success."""

    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not accepted"
    NOT_PROVEN = "not proven"


EXIT_ACCEPTED, EXIT_NOT_ACCEPTED, EXIT_NOT_PROVEN, EXIT_USAGE, EXIT_BROKEN = 0, 1, 2, 64, 70

WORST_FIRST = (
    Outcome.FAILED,
    Outcome.NOT_PROVEN,
    Outcome.ATTESTED,
    Outcome.PASSED,
    Outcome.NOT_APPLICABLE,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the verdict needs to know of a criterion."""

    level: Level
    outcome: Outcome

    @property
    def decides(self) -> bool:
        """Whether the verdict may hang on it."""
        return self.level is not Level.ADVISED and self.outcome is not Outcome.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong with the run itself; ``exit_code`` is None where the verdict of the rest stands."""

    blame: Blame
    reason: str
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict and the process's exit code."""

    verdict: VerdictWord
    exit_code: int


def merge(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of a criterion from those of its scenarios: the worst; ``not proven`` where there is none.

    Scenarios that do not apply count for nothing beside those that do.
    """
    seen = set(outcomes)
    return next((one for one in WORST_FIRST if one in seen), Outcome.NOT_PROVEN)


def rule(criteria: Sequence[Judged], *, narrowed: bool, trouble: Trouble | None) -> Ruling:
    """The first line of the table that holds."""
    if trouble is not None and trouble.exit_code == EXIT_BROKEN:
        return Ruling(VerdictWord.NOT_PROVEN, EXIT_BROKEN)
    if trouble is not None and trouble.exit_code == EXIT_USAGE:
        return Ruling(VerdictWord.NOT_PROVEN, EXIT_USAGE)
    deciding = [one for one in criteria if one.decides]
    if any(one.outcome is Outcome.FAILED for one in deciding):
        return Ruling(VerdictWord.NOT_ACCEPTED, EXIT_NOT_ACCEPTED)
    unproven = any(one.outcome is Outcome.NOT_PROVEN for one in deciding)
    if trouble is not None or narrowed or unproven or not deciding:
        return Ruling(VerdictWord.NOT_PROVEN, EXIT_NOT_PROVEN)
    return Ruling(VerdictWord.ACCEPTED, EXIT_ACCEPTED)
