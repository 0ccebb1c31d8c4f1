"""Real-time questions: answered late, without a code, or against the clinic's own calendar."""

from __future__ import annotations

from harness.recorder.line import Channel, Kind
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.causes.endpoint import silent
from harness.verdict.checks.questions import QuestionAnswered
from harness.verdict.evidence import Evidence, cited, event_of
from harness.verdict.observation import AnswerSeen

__all__ = ["answered"]

AT_ONCE_MS = 1000.0
"""No answer after so little is no slow one: nothing listens."""
PART = "answering of real-time questions"
CHECKS = {
    "DenialReadable": ("question-code", "denials carry no error_code that a patient can be shown"),
    "AnsweredInTime": ("question-late", "real-time questions are answered late"),
}


def answered(evidence: Evidence) -> Clue | None:
    """The answer was not as it should be."""
    check = evidence.as_check(QuestionAnswered)
    if check is not None and check.free:
        cause, likely = "question-denied", "free times are denied"
    elif check is not None:
        cause, likely = "question-approved", "times are approved although they are taken"
    elif evidence.check in CHECKS:
        cause, likely = CHECKS[evidence.check]
    else:
        return None
    seen = evidence.as_seen(AnswerSeen)
    asked = [one for one in evidence.since if one.kind is Kind.EXCHANGE and one.channel is Channel.NOTIFICATION]
    what = event_of(asked[-1]) if asked else "the question"
    if seen is not None and seen.status is None and seen.took_ms < AT_ONCE_MS:
        return silent(f"{what} was asked", asked)
    return Clue(
        cause,
        likely,
        Who.VENDOR,
        PART,
        f"{what} was answered {evidence.problem.observed}{cited(asked)}; {evidence.problem.hint}",
        tuple(one.n for one in asked[-1:]),
        f"for {what}" if asked else "",
    )
