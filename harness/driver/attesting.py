"""A person's answers go into the journal: who was asked what, what they said, and how long that took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from harness.clock import Clock
from harness.operator.port import Answer, Operator, Question, Task, Who
from harness.recorder.journal import Journal
from harness.recorder.line import Actor, Kind

__all__ = ["Attesting"]

ACTORS = {
    Who.STAFF: Actor.STAFF,
    Who.PATIENT: Actor.PATIENT,
    Who.DOCTOR: Actor.DOCTOR,
    Who.SPECIALIST: Actor.DOCPLANNER,
}


@dataclass(slots=True)
class Attesting:
    """An operator whose answers are kept. ``scenario`` is the one that is played now.

    What was seen stands in the look that follows, masked where it must be; here stands only how many lines it had.
    """

    operator: Operator
    journal: Journal
    clock: Clock
    scenario: Callable[[], str | None]
    asked: timedelta = timedelta(0)
    """How long persons have been asked so far."""
    attested: list[str] = field(default_factory=list)
    """Who answered a question, one entry an answer."""

    def do(self, task: Task) -> Answer:
        """Ask for the task."""
        return self._keep(task, lambda: self.operator.do(replace(task, scenario=self.scenario() or "")))

    def look(self, question: Question) -> Answer:
        """Ask what is seen."""
        answer = self._keep(question, lambda: self.operator.look(replace(question, scenario=self.scenario() or "")))
        self.attested.append(answer.by)
        return answer

    def _keep(self, asked: Task | Question, ask: Callable[[], Answer]) -> Answer:
        since = self.clock.now()
        answer = ask()
        took = self.clock.now() - since
        self.asked += took
        question = {"choice": answer.choice, "lines": len(answer.seen)} if isinstance(asked, Question) else {}
        body = {
            "asked": "question" if isinstance(asked, Question) else "task",
            "verb": asked.verb,
            "words": asked.words,
            "details": dict(asked.details),
            "by": answer.by,
            "said": str(answer.said),
            **question,
            "note": answer.note,
            "took_s": round(took.total_seconds(), 3),
        }
        address = asked.details.get("address_id")
        self.journal.write(
            Kind.ATTESTATION,
            body,
            actor=ACTORS[asked.who],
            scenario=self.scenario(),
            address=str(address) if address else None,
        )
        return answer
