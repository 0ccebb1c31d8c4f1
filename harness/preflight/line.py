"""One line of a preflight: what was checked, what was seen, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Line", "Status", "stopping"]


class Status(StrEnum):
    """How it stands."""

    OK = "ok"
    WARNING = "warning"
    """Worth a word, and no run ends for it."""
    TROUBLE = "trouble"
    """In the way: a run would judge nothing, or something that is not so."""
    UNKNOWN = "could not tell"
    NOT_ASKED = "not asked"
    """Only a run, a write or a person could tell; ``seen`` says which."""


@dataclass(frozen=True, slots=True)
class Line:
    """``remedy`` is empty where there is nothing to do. No secret and no patient stands in it."""

    what: str
    status: Status
    seen: str
    remedy: str = ""


def stopping(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Those that are in the way of a run."""
    return tuple(one for one in lines if one.status is Status.TROUBLE)
