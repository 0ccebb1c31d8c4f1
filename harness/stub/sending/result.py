"""How sending a change ended."""

from __future__ import annotations

from dataclasses import dataclass

from harness.client.outcome import Refused, Unknown

__all__ = ["NOTHING_TO_WAIT_FOR", "Later", "Sent", "too_many"]

TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Sent:
    """Nothing is owed any more: Docplanner has it, or refuses it for good, or there was nothing to send."""


@dataclass(frozen=True, slots=True)
class Later:
    """It is still owed, and tried again."""

    reason: str


NOTHING_TO_WAIT_FOR = Sent()


def too_many(outcome: Refused | Unknown) -> bool:
    """Whether it is refused for now alone."""
    return isinstance(outcome, Refused) and outcome.status == TOO_MANY
