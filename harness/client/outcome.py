"""How a call ended: done, refused, or nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from harness.errors import DocplannerRefused, DocplannerUnreachable, LimitSpent

__all__ = ["Done", "Outcome", "Refused", "Unknown", "value_of"]

TOO_MANY = 429

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Done(Generic[T_co]):
    """Docplanner carried it out and answered ``value``."""

    value: T_co


@dataclass(frozen=True, slots=True)
class Refused:
    """Docplanner did not carry it out, and said so."""

    status: int
    """HTTP status, 400 to 499."""
    message: str
    errors: tuple[str, ...] = ()
    """Sentences about single fields; empty where the message says all."""

    def __str__(self) -> str:
        return f"{self.status} {self.message}" + (f" ({'; '.join(self.errors)})" if self.errors else "")


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether it took place: a 5xx, a cut connection, a timeout, an answer that cannot be read."""

    reason: str


Outcome = Done[T_co] | Refused | Unknown
"""What every method of the API answers. After :class:`Unknown` a write must be looked for before it is repeated."""


def value_of(outcome: Outcome[T]) -> T:
    """What was read, where it was.

    Raises:
        DocplannerRefused: it may not be read.
        LimitSpent: the API client has no reads left.
        DocplannerUnreachable: nobody answered.
    """
    match outcome:
        case Done(value):
            return value
        case Refused(status=status) if status == TOO_MANY:
            message = f"Docplanner lets nothing be read until its limit is reset: {outcome}."
            raise LimitSpent(message, hint="Let nothing else read with this API client, or go on after that.")
        case Refused():
            message = f"Docplanner does not let it be read: {outcome}."
            raise DocplannerRefused(message, status=outcome.status, error=outcome.message)
        case _:
            message = f"Docplanner did not answer: {outcome.reason}."
            raise DocplannerUnreachable(message)
