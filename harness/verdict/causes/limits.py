"""Docplanner's limit of calls: ignored, or taken for a refusal."""

from __future__ import annotations

from harness.verdict.causes.clue import Clue, Who
from harness.verdict.evidence import Evidence, answer_of, cited, operation_of, status_of

__all__ = ["given_up", "ignored"]

TOO_MANY = 429
PART = "sending"


def ignored(evidence: Evidence) -> Clue | None:
    """Writes went on between a 429 and its reset."""
    if evidence.check != "LimitKept":
        return None
    refused = [one for one in (*evidence.before, *evidence.since) if status_of(one) == TOO_MANY]
    return Clue(
        "limit-ignored",
        "writes go on although Docplanner says that there are too many",
        Who.VENDOR,
        PART,
        f"429 was answered{cited(refused)}, and {evidence.problem.observed} came before the reset; look at whether "
        "X-RateLimit-Reset holds every write back",
        tuple(one.n for one in refused[-4:]),
    )


def given_up(evidence: Evidence) -> Clue | None:
    """The last write met the limit, and was not sent again."""
    writes = evidence.writes
    if not evidence.outward or not writes or status_of(writes[-1]) != TOO_MANY:
        return None
    last = writes[-1]
    return Clue(
        "limit-given-up",
        "a write that met the limit is given up",
        Who.VENDOR,
        PART,
        f"{operation_of(last)} was answered {answer_of(last)} (line {last.n}) and not sent again; look at whether a "
        "429 keeps the change in the outgoing queue until the reset",
        (last.n,),
    )
