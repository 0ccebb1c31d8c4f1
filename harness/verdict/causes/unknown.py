"""Where no cause is known: what happened last, and where one would begin to look."""

from __future__ import annotations

from harness.verdict.causes.clue import Clue, Who
from harness.verdict.evidence import SUCCESS, Evidence, answer_of, event_of, operation_of, status_of, took_of

__all__ = ["unknown"]


def unknown(evidence: Evidence) -> Clue:
    """A clue without a cause: the finding stands for itself."""
    hint = f" ({evidence.problem.hint})" if evidence.problem.hint else ""
    told, writes, calls = evidence.told, evidence.writes, evidence.reads
    if evidence.wait.body.get("noun") == "mapping":
        return _clue("import of the mapping", f"look at how the import maps this{hint}")
    if evidence.inward and told:
        last = told[-1]
        said = f"{event_of(last)} was answered {answer_of(last)}{took_of(last)} (line {last.n})"
        return _clue("inbox", f"{said}; look at what became of it{hint}", last.n)
    if evidence.outward and writes:
        last = writes[-1]
        answered = f"was answered {answer_of(last)}" if status_of(last) not in SUCCESS else "was accepted"
        own = f"; if it says what staff meant, it is for {Who.DOCPLANNER}" if status_of(last) in SUCCESS else ""
        return _clue(
            "outgoing queue",
            f"{operation_of(last)} {answered} (line {last.n}); look at what was sent{hint}{own}",
            last.n,
        )
    if (evidence.inward or evidence.outward) and calls:
        last = calls[-1]
        said = f"the clinic's system only read since, {operation_of(last)} last (line {last.n})"
        return _clue("reading at Docplanner", f"{said}; look at what it did with the answer{hint}", last.n)
    lines = f"look at the lines before line {evidence.wait.n}"
    part = "the story of what happened" if evidence.check == "HistoryEndsEqual" else "what the finding is about"
    return _clue(part, evidence.problem.hint or lines)


def _clue(part: str, told: str, *lines: int) -> Clue:
    return Clue("", "", Who.VENDOR, part, told, lines)
