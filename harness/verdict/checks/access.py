"""Checks of access tokens."""

from __future__ import annotations

from dataclasses import dataclass

from harness.verdict.finding import Problem
from harness.verdict.observation import TokensSeen

__all__ = ["TokensReused"]


@dataclass(frozen=True, slots=True)
class TokensReused:
    """No more than ``most`` token calls in the run, plus one for each token that ended in it."""

    most: int

    def judge(self, seen: TokensSeen) -> Problem | None:
        """None where the limit was kept."""
        limit = self.most + seen.expiries
        if seen.calls <= limit:
            return None
        return Problem(
            "Access tokens are not reused",
            f"at most {limit} token calls in the run",
            f"{seen.calls} token calls for {seen.api_calls} API calls",
            "keep the token until expires_in has passed, one for the whole system",
        )
