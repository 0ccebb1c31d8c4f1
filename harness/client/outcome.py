"""How a call ended: done, refused, or nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Done", "Outcome", "Refused", "Unknown"]

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
