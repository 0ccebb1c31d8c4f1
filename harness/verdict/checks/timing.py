"""Checks of how soon changes show."""

from __future__ import annotations

from dataclasses import dataclass

from harness.verdict.finding import Problem
from harness.verdict.observation import SyncTimesSeen

__all__ = ["ChangesInTime"]


@dataclass(frozen=True, slots=True)
class ChangesInTime:
    """Every change that staff made was at Docplanner within ``limit_s`` seconds."""

    limit_s: float

    def judge(self, seen: SyncTimesSeen) -> Problem | None:
        """None where all were in time."""
        late = [one for one in seen.seconds if one > self.limit_s]
        if not late and not seen.never:
            return None
        worst = "one of them never while the run waited" if seen.never else f"the worst after {max(late):.1f} s"
        return Problem(
            "Changes show late at Docplanner",
            f"every change within {self.limit_s:.0f} s",
            f"{len(late) + seen.never} of {len(seen.seconds) + seen.never} later, {worst}",
            "send a change when staff make it, not with the next periodic run",
        )
