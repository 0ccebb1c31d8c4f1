"""Docplanner's real-time questions: may this be booked, may this be moved?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from harness.driver.cast import Cast, DoctorName
from harness.driver.days import Moment
from harness.driver.outcomes import NotApplicable, NotProven
from harness.driver.scene import Check, Scene
from harness.marketplace.port import ApiClients
from harness.recorder.line import Actor
from harness.verdict.checks.questions import AnsweredInTime, DenialReadable, QuestionAnswered
from harness.verdict.observation import AnswerSeen
from harness.vocabulary import Calendar, Visit

__all__ = ["Answer", "QuestionsDesk"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the clinic's system answered."""

    calendar: Calendar
    seen: AnswerSeen


@dataclass(frozen=True, slots=True)
class QuestionsDesk:
    """Questions that Docplanner asks before patients book or move, and what is expected of the answers."""

    scene: Scene
    clients: ApiClients
    cast: Callable[[], Cast]

    def booking(self, patient: str, doctor: DoctorName, moment: Moment) -> Answer:
        """May the patient book the doctor then?"""
        calendar = self.cast().calendar(doctor)
        service = self.cast().service(calendar)
        start = self.scene.days.at(moment)
        wanted = Visit(calendar, self.cast().patient(patient, calendar), start, service.minutes, service)
        return self._ask(wanted, f"Docplanner asks whether {patient} may book {self.scene.days.words(start)}", None)

    def moving(self, visit: Visit, moment: Moment) -> Answer:
        """May the visit move to that time?"""
        wanted = replace(visit, start=self.scene.days.at(moment))
        words = f"Docplanner asks whether the visit may move to {self.scene.days.words(wanted.start)}"
        return self._ask(wanted, words, str(visit.booking_id))

    def expect_allowed(self, answer: Answer) -> None:
        """It was approved."""
        self._came(answer)
        self._judge(QuestionAnswered(free=True), answer)

    def expect_denied(self, answer: Answer) -> None:
        """It was not approved."""
        self._came(answer)
        self._judge(QuestionAnswered(free=False), answer)

    def expect_readable(self, answer: Answer) -> None:
        """It was denied in words that Docplanner can show to the patient."""
        self._came(answer)
        self._judge(DenialReadable(), answer)

    def expect_in_time(self, answer: Answer) -> None:
        """It was answered before Docplanner gives up."""
        self._judge(AnsweredInTime(), answer)

    def _ask(self, wanted: Visit, words: str, moving: str | None) -> Answer:
        self.scene.need("realtime")
        if not self.scene.settings.pushes:
            raise NotApplicable("notifications are pulled in this run, so nobody can be asked")
        there = self.scene.act(
            Actor.DOCPLANNER,
            words,
            lambda cause: self.clients.ask(wanted, cause, moving=moving),
            address=wanted.calendar.id,
        )
        return Answer(wanted.calendar, AnswerSeen(there.status, there.took_ms, there.error_code))

    @staticmethod
    def _came(answer: Answer) -> None:
        """Only of an answer it can be said whether it was right: being late is judged apart."""
        if answer.seen.status is None:
            detail = f"no answer came within {answer.seen.took_ms / 1000:.1f} s, so nobody knows what it was"
            raise NotProven(f"{detail}; see DP-RTB-03", reason="could not tell", blame="partner")

    def _judge(self, check: Check[AnswerSeen], answer: Answer) -> None:
        self.scene.expect(check, lambda: answer.seen, noun="questions", direction=None, address=answer.calendar.id)
