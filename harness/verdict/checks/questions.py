"""Checks of answers to real-time questions. Source: behaviour.md, "Notifications", real-time checks."""

from __future__ import annotations

from dataclasses import dataclass

from harness.verdict.finding import Problem
from harness.verdict.observation import AnswerSeen

__all__ = ["AnsweredInTime", "DenialReadable", "QuestionAnswered"]

SUCCESS = range(200, 300)
DENIALS = range(400, 500)
LIMIT_S = 5.0
"""Source: behaviour.md, "Notifications" [old]."""


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    """The question was answered as the clinic's own calendar has it: 2xx where the time is free, else anything."""

    free: bool

    def judge(self, seen: AnswerSeen) -> Problem | None:
        """None where it was."""
        if (seen.status in SUCCESS) is self.free:
            return None
        if self.free:
            return Problem(
                "A visit at a free time is not approved",
                "2xx, since the time is free in the clinic's calendar",
                _told(seen),
                "a visit that is moved must not stand in its own way, and one calendar not in another's",
            )
        return Problem(
            "A visit at a time that is taken is approved",
            "a 4xx, since the time is not free in the clinic's calendar",
            _told(seen),
            "look at visits and at blocked time of the very calendar before approving",
        )


@dataclass(frozen=True, slots=True)
class DenialReadable:
    """The question was denied with a 4xx and an integer error_code in JSON."""

    def judge(self, seen: AnswerSeen) -> Problem | None:
        """None where it was."""
        if seen.status in DENIALS and seen.error_code is not None:
            return None
        return Problem(
            "A denial cannot be shown to the patient",
            "4xx with JSON and an integer error_code",
            _told(seen),
            'answer 4xx, Content-Type application/json and {"error_code": n} of the agreed dictionary',
        )


@dataclass(frozen=True, slots=True)
class AnsweredInTime:
    """The question was answered within ``limit_s`` seconds."""

    limit_s: float = LIMIT_S

    def judge(self, seen: AnswerSeen) -> Problem | None:
        """None where it was."""
        if seen.status is not None and seen.took_ms <= self.limit_s * 1000:
            return None
        return Problem(
            "A real-time question is answered late",
            f"an answer within {self.limit_s:g} s",
            _told(seen),
            "answer from the clinic's own calendar, without calling anybody else first",
        )


def _told(seen: AnswerSeen) -> str:
    code = "" if seen.error_code is None else f", error_code {seen.error_code}"
    answer = "no answer" if seen.status is None else str(seen.status)
    return f"{answer}{code}, after {seen.took_ms / 1000:.1f} s"
