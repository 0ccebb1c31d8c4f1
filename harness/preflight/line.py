"""One line of a preflight: what was checked, what was seen, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Line", "Status"]


class Status(StrEnum):
    """How it stands."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "could not tell"


@dataclass(frozen=True, slots=True)
class Line:
    """``remedy`` is empty where there is nothing to do."""

    what: str
    status: Status
    seen: str
    remedy: str = ""
