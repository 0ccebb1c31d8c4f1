"""A scripted person at Docplanner: does what a task says in an embedded sandbox, as patient or as doctor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from harness.marketplace.embedded import EmbeddedMarketplace
from harness.marketplace.port import Cause
from harness.operator.port import Answer, Question, Said, Task
from harness.vocabulary import BookingId, Calendar, Patient, Period, Visit

CAUSE = Cause("tests: zażółć", 17)


@dataclass
class Hands:
    """Does at the embedded sandbox what the task says; ``said`` in place of done does nothing."""

    docplanner: EmbeddedMarketplace
    calendar: Callable[[str], Calendar]
    """By its id."""
    said: Said = Said.DONE
    idle: bool = False
    asked: list[Task] = field(default_factory=list)

    def do(self, task: Task) -> Answer:
        """What the task says."""
        self.asked.append(task)
        if self.said is Said.DONE and not self.idle:
            getattr(self, f"_{task.verb}")(dict(task.details))
        return Answer(self.said, "Ola")

    def look(self, question: Question) -> Answer:
        """Nobody is asked what Docplanner shows: it is read."""
        raise AssertionError(question.words)

    def _visit(self, told: dict[str, Any]) -> Visit:
        calendar = self.calendar(told["address_id"])
        service = next(one for one in calendar.services if one.id == told["address_service_id"])
        start = datetime.fromisoformat(told["start"])
        booking = BookingId(told["booking_id"]) if told.get("booking_id") else None
        return Visit(calendar, _patient(told), start, told["duration"], service, booking)

    def _book(self, told: dict[str, Any]) -> None:
        self.docplanner.book(self._visit(told), told["by"], CAUSE)

    def _move(self, told: dict[str, Any]) -> None:
        to = self._visit({**told["to"], "patient": told["patient"]})
        self.docplanner.move(self._visit(told), to.start, told["by"], CAUSE, to)

    def _confirm(self, told: dict[str, Any]) -> None:
        self.docplanner.confirm(self._visit(told), told["by"], CAUSE)

    def _mark_presence(self, told: dict[str, Any]) -> None:
        self.docplanner.mark_presence(self._visit(told), told["by"], told["presence"], CAUSE)

    def _cancel(self, told: dict[str, Any]) -> None:
        self.docplanner.cancel(self._visit(told), told["by"], CAUSE)

    def _add_break(self, told: dict[str, Any]) -> None:
        calendar = self.calendar(told["address_id"])
        self.docplanner.add_break(calendar.id, *_span(told), CAUSE)

    def _move_break(self, told: dict[str, Any]) -> None:
        self.docplanner.move_break(*self._break(told), *_span(told), CAUSE)

    def _remove_break(self, told: dict[str, Any]) -> None:
        self.docplanner.remove_break(*self._break(told), CAUSE)

    def _break(self, told: dict[str, Any]) -> tuple[Any, str]:
        calendar = self.calendar(told["address_id"])
        return calendar.id, self.docplanner.breaks(calendar.id, *_span(told["break"]))[0].break_id

    def _fill(self, told: dict[str, Any]) -> None:
        calendar = self.calendar(told["address_id"])
        days = [datetime.fromisoformat(one).date() for one in told["days"]]
        periods = [
            Period(*_span(one), tuple(each for each in calendar.services if each.id in one["services"]))
            for one in told["periods"]
        ]
        self.docplanner.fill(calendar.id, days, periods, CAUSE)

    def _add_service(self, told: dict[str, Any]) -> None:
        calendar = self.calendar(told["address_id"])
        self.docplanner.add_service(calendar, told["service_id"], told["duration"], CAUSE)

    def _delete_service(self, told: dict[str, Any]) -> None:
        calendar = self.calendar(told["address_id"])
        service = next(one for one in calendar.services if one.id == told["address_service_id"])
        self.docplanner.delete_service(calendar, service, CAUSE)


def _span(told: dict[str, Any]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(told["since"]), datetime.fromisoformat(told["till"])


def _patient(told: dict[str, Any]) -> Patient:
    named = told["patient"]
    return Patient(named["name"], named["surname"], named["phone"])
