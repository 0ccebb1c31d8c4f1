"""The messages from Docplanner to the clinic's system: said again, held back, forged, and how they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from harness.driver.outcomes import NotApplicable, NotProven
from harness.driver.scene import TO_PARTNER, Scene
from harness.marketplace.port import ApiClients, NotificationThere, Trouble
from harness.recorder.line import Actor
from harness.verdict.checks.notifications import ForgedRefused, NewsAccepted
from harness.verdict.observation import ForgedAnswerSeen, TriesSeen, TrySeen
from harness.vocabulary import Calendar, Patient, Service, Visit

__all__ = ["Forgery", "MessagesDesk"]


MANY = 100_000
"""More than a scenario ever causes: it lasts until it is ended."""


@dataclass(frozen=True, slots=True)
class Forgery:
    """A message that Docplanner never sent, and how it was answered."""

    calendar: Calendar
    answer: ForgedAnswerSeen


@dataclass(frozen=True, slots=True)
class MessagesDesk:
    """What Docplanner tells the clinic's system, and what goes wrong on the way."""

    scene: Scene
    clients: ApiClients

    def say_again(self, calendar: Calendar, event: str) -> None:
        """The news of ``event`` about the calendar that came last is sent once more, word for word."""
        told = [one for one in self.clients.notifications(calendar.id) if one.name == event]
        if not told:
            detail = f"Docplanner has told nothing of {event} about the calendar, so nothing can be told again"
            raise NotProven(detail, reason="precondition unmet", blame="docplanner")
        self.scene.act(
            Actor.DOCPLANNER,
            f"Docplanner tells the clinic again: {event}",
            lambda cause: self.clients.resend(told[-1].notification_id, None, cause),
            address=calendar.id,
        )

    def say_twice(self, calendar: Calendar) -> None:
        """The next message about the calendar will come twice."""
        trouble = Trouble(calendar.id, "message", "duplicate")
        self.scene.act(
            Actor.DOCPLANNER,
            "The next news will come twice",
            lambda cause: self.clients.trouble(trouble, cause),
            address=calendar.id,
        )

    def hold(self, calendar: Calendar) -> str:
        """Messages about the calendar are held back from now on; the id by which they are let go."""
        trouble = Trouble(calendar.id, "message", "hold", count=MANY)
        return self.scene.act(
            Actor.DOCPLANNER,
            "News about the calendar is held back",
            lambda cause: self.clients.trouble(trouble, cause),
            address=calendar.id,
        )

    def let_go(self, calendar: Calendar, held: str) -> None:
        """Messages that were held back go out now."""
        self.scene.act(
            Actor.DOCPLANNER,
            "The news that was held back goes out",
            lambda cause: self.clients.end_trouble(held, cause),
            address=calendar.id,
        )

    def forge(self, calendar: Calendar, patient: Patient, start: datetime, service: Service, key: str) -> Forgery:
        """A stranger sends news of a visit that does not exist, with a ``wrong`` or ``missing`` key."""
        self._need_push()
        visit = Visit(calendar, patient, start, service.minutes, service)
        answer = self.scene.act(
            Actor.HARNESS,
            f"A stranger sends news of a visit of {patient.name}, with a {key} key",
            lambda cause: self.clients.send_forged(visit, key, cause),
            address=calendar.id,
        )
        return Forgery(calendar, ForgedAnswerSeen(key, answer.status))

    def expect_refused(self, forgery: Forgery) -> None:
        """The forged message was answered 401 or 403."""
        self.scene.expect(
            ForgedRefused(),
            lambda: forgery.answer,
            noun="notifications",
            direction=None,
            address=forgery.calendar.id,
        )

    def expect_accepted(self, calendar: Calendar) -> None:
        """Every message about the calendar that was pushed so far was answered 2xx."""
        self._need_push()
        self.scene.expect(
            NewsAccepted(),
            lambda: self._tries(calendar),
            noun="notifications",
            direction=TO_PARTNER,
            address=calendar.id,
        )

    def expire_access(self) -> None:
        """The clinic's access ends before its time."""
        self.scene.act(Actor.DOCPLANNER, "Docplanner ends the clinic's access", self.clients.expire_tokens)

    def _tries(self, calendar: Calendar) -> TriesSeen:
        return TriesSeen(tuple(one for told in self.clients.notifications(calendar.id) for one in _tries(told)))

    def _need_push(self) -> None:
        if not self.scene.settings.pushes:
            raise NotApplicable("notifications are pulled in this run, so none is pushed")


def _tries(told: NotificationThere) -> list[TrySeen]:
    return [
        TrySeen(told.notification_id, told.name, one.channel, one.at, one.status, one.took_ms) for one in told.tries
    ]
