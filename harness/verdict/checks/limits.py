"""Checks of how limits are kept. Source: criteria.md, DP-RES-01."""

from __future__ import annotations

from dataclasses import dataclass

from harness.verdict.finding import Problem
from harness.verdict.observation import LimitedSeen

__all__ = ["LimitKept"]

MOST = 2


@dataclass(frozen=True, slots=True)
class LimitKept:
    """After a 429 no more than ``most`` writes are tried before the reset."""

    most: int = MOST

    def judge(self, seen: LimitedSeen) -> Problem | None:
        """None where that holds of every 429."""
        worst = max(seen.tried, default=0)
        if worst <= self.most:
            return None
        return Problem(
            "The clinic's system does not slow down",
            f"at most {self.most} writes between a 429 and its reset",
            f"{worst} writes",
            "obey X-RateLimit-Reset: hold every write back until then",
        )
