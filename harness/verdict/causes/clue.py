"""A clue: what is likely behind a finding, who acts, and where to look. Never more than the evidence shows."""

from __future__ import annotations

import enum
from dataclasses import dataclass

__all__ = ["Clue", "Who"]


class Who(enum.StrEnum):
    """Who acts next, as findings call them."""

    VENDOR = "the vendor"
    DOCPLANNER = "Docplanner's specialist"
    OPERATOR = "whoever configures the run"


@dataclass(frozen=True, slots=True)
class Clue:
    """What one finding points at. Findings whose ``cause`` is the same word are of one cause."""

    cause: str
    """``kind`` or ``kind:detail``; the kind decides how deep the cause lies."""
    likely: str
    """The cause in a sentence that stands for all its findings: no ids, no times."""
    who: Who
    part: str
    """The part of the system, or of the run, in which to look."""
    told: str
    """The evidence with its lines, and after a semicolon what to look at."""
    lines: tuple[int, ...] = ()
    only: str = ""
    """What the finding was about; told of the cause where all its findings say the same."""
    lacks: tuple[str, ...] = ()
    """API operations that are not called because of it."""
    within: str = ""
    """A wider cause, by its word, that explains this finding too where other findings show it."""

    @property
    def next(self) -> str:
        """The last of a finding's five lines."""
        return f"{self.who} ({self.part}): {self.told}"
