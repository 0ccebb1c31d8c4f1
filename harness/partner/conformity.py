"""What a check of the partner control contract says of one operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CAPABILITY", "Conformity", "Row"]

CAPABILITY: Mapping[str, str] = {
    "pull": "pull",
    "getActivity": "activity",
    "setIntegration": "pause",
    "addBreak": "breaks",
    "confirmAppointment": "confirm",
    "markPresence": "presence",
}
"""The capability without which an operation must answer 501. Source: partner-control.yaml, the answers 501."""


class Conformity(StrEnum):
    """How an operation did."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "could not tell"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class Row:
    """One operation: ``expected`` and ``seen`` in words; ``follow`` says what to do, empty for nothing."""

    operation: str
    method: str
    path: str
    writes: bool
    outcome: Conformity
    expected: str
    seen: str
    follow: str
