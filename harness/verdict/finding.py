"""A finding: what is wrong with the partner system, in five lines that always come in the same order."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Finding", "FindingText", "Problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check has against an observation; ``expected`` and ``observed`` use the same units and order.

    ``hint`` is what the check alone can say about the likely cause; empty where the journal must tell.
    """

    headline: str
    expected: str
    observed: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FindingText:
    """A problem with the criterion it breaks, its evidence and the next thing to do."""

    criterion: str
    headline: str
    expected: str
    observed: str
    evidence: str
    next: str
    lines: tuple[int, ...] = field(default=())
    """Numbers of the journal lines that the evidence names."""
    scenario: str | None = None
    cause: str = ""
    """Findings of one cause have the same word here; empty where none is known."""
    likely: str = ""
    """That cause in a sentence that stands for all its findings."""
    only: str = ""
    """What this finding is about, where the cause may be wider."""
    who: str = ""
    part: str = ""
    """Where whoever acts looks first."""
    lacks: tuple[str, ...] = ()
    """API operations that are not called because of it."""
    within: str = ""
    """A wider cause, by its word, that explains this finding too where other findings show it."""

    def __str__(self) -> str:
        return (
            f"{self.criterion}  {self.headline}\n"
            f"  expected  {self.expected}\n"
            f"  observed  {self.observed}\n"
            f"  evidence  {self.evidence}\n"
            f"  next      {self.next}"
        )


class Finding(AssertionError):
    """Raised in the step that saw the problem; its text is the five lines."""

    def __init__(self, text: FindingText) -> None:
        super().__init__(str(text))
        self.text = text
