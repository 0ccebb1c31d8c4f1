"""What only the whole run shows: methods without success, changes that show late, polling that is rare."""

from __future__ import annotations

from harness.verdict.causes.clue import Clue, Who
from harness.verdict.checks.methods import MethodsUsed
from harness.verdict.evidence import SUCCESS, Evidence, answer_of, cited, operation_of, status_of
from harness.verdict.observation import MethodsSeen

__all__ = ["late", "methods", "polling"]


def methods(evidence: Evidence) -> Clue | None:
    """A method that the flows need was never used with success."""
    check, seen = evidence.as_check(MethodsUsed), evidence.as_seen(MethodsSeen)
    if check is None or seen is None:
        return None
    lacking = tuple(one for row in check.missing(seen) for one in row)
    refused = [one for one in evidence.partner_lines if operation_of(one) in lacking and status_of(one) not in SUCCESS]
    tried = (
        f"{operation_of(refused[-1])} was answered {answer_of(refused[-1])}{cited(refused)}"
        if refused
        else ("none of them was called")
    )
    return Clue(
        "methods",
        "methods that the required flows need are not used",
        Who.VENDOR,
        "calls of the API",
        f"{evidence.problem.observed}; {tried}: look at the flow that needs it",
        tuple(one.n for one in refused[-4:]),
        lacks=lacking,
    )


def late(evidence: Evidence) -> Clue | None:
    """Changes of staff show late."""
    if evidence.check != "ChangesInTime":
        return None
    return Clue(
        "late",
        "changes of staff are sent late",
        Who.VENDOR,
        "outgoing queue",
        f"{evidence.problem.observed}; look at whether a change is sent when staff make it, or with the next periodic "
        "run",
    )


def polling(evidence: Evidence) -> Clue | None:
    """News is pulled too seldom."""
    if evidence.check != "PolledOften":
        return None
    return Clue(
        "polling",
        "news is pulled too seldom",
        Who.VENDOR,
        "pulling of notifications",
        f"{evidence.problem.observed}; {evidence.problem.hint}",
    )
