"""Work that cannot be finished now, and is tried again."""

from __future__ import annotations

from typing import TypeVar

from harness.client.outcome import Done, Outcome, Refused, Unknown

__all__ = ["Later", "backoff", "decided"]

T = TypeVar("T")

FOR_NOW = frozenset({401, 429})
"""Statuses of a refusal that is about the moment: no access, which a new token has not mended, or a limit."""


class Later(Exception):
    """It is still to be done; the message says why it was not."""


def decided(outcome: Outcome[T]) -> Done[T] | Refused:
    """The outcome where it is one.

    Raises:
        Later: nobody knows how the call ended, or it is refused for now alone.
    """
    if isinstance(outcome, Unknown):
        raise Later(outcome.reason)
    if isinstance(outcome, Refused) and outcome.status in FOR_NOW:
        raise Later(str(outcome))
    return outcome


def backoff(tries: int, *, first_s: float, longest_s: float) -> float:
    """Seconds to wait after so many tries, doubled each time; ``tries`` starts at 1 after the first failure."""
    return float(min(first_s * 2 ** min(tries - 1, 16), longest_s))
