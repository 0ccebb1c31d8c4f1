"""Checks of the profile that patients see."""

from __future__ import annotations

from dataclasses import dataclass

from harness.verdict.finding import Problem
from harness.verdict.observation import ProfileSeen

__all__ = ["ProfilePopulated"]


@dataclass(frozen=True, slots=True)
class ProfilePopulated:
    """The profile of the address has the services and the insurance providers that the clinic offers."""

    address_id: str
    services: tuple[tuple[str, int], ...]
    """Dictionary id and minutes."""
    providers: tuple[str, ...]

    def judge(self, seen: ProfileSeen) -> Problem | None:
        """None where nothing is missing and nothing is too much."""
        told = _differences(
            "service",
            [f"{one} ({minutes} min)" for one, minutes in self.services],
            [f"{one} ({minutes} min)" for one, minutes in seen.services],
        )
        told += _differences("insurance", list(self.providers), list(seen.providers))
        if not told:
            return None
        return Problem(
            f"The profile of address {self.address_id} is not what the clinic offers",
            f"{len(self.services)} services and {len(self.providers)} insurances",
            "; ".join(told),
            "bring services and insurances of the profile to what staff decided, at activation and afterwards",
        )


def _differences(noun: str, due: list[str], there: list[str]) -> list[str]:
    missing, over = sorted(set(due) - set(there)), sorted(set(there) - set(due))
    told = [f"missing {noun} {', '.join(missing[:3])}"] if missing else []
    return told + ([f"too much {noun} {', '.join(over[:3])}"] if over else [])
