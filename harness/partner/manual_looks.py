"""What a person sees in a partner system: asked with a short table of what should be there, read back line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from harness.operator.asking import have_seen
from harness.operator.places import Places
from harness.operator.port import NO, YES, Operator, Question, Who
from harness.partner.manual_mapping import Counterparts, numbered
from harness.partner.manual_memory import Memory, Told
from harness.partner.manual_rows import EXAMPLE, SPAN_EXAMPLE, Sheet, Unreadable, letters, span_row, visit_row
from harness.partner.manual_words import Words, facts_of
from harness.partner.port import Appointment, MappingRow, PartnerBreak, PeriodHeld
from harness.vocabulary import AddressId

__all__ = ["Looks"]

Seen = TypeVar("Seen")
TOLD, UNKNOWN = "tell", "it knows none"


@dataclass(frozen=True, slots=True)
class Looks:
    """Questions about the calendars. ``ripe`` waits until an answer is worth a person's while."""

    operator: Operator
    places: Places
    told: Told
    memory: Memory
    zone: ZoneInfo
    ripe: Callable[[], None]
    made: list[int] = field(default_factory=lambda: [0])
    """How often visits were asked for: what was typed then has ids of its own."""

    def appointments(
        self, addresses: Sequence[AddressId], since: datetime, till: datetime
    ) -> Mapping[AddressId, tuple[Appointment, ...]]:
        """The visits of several calendars, asked at once."""
        self.ripe()
        names = letters(len(addresses))
        told = {one: tuple(self.told.visits(one, since, till)) for one in addresses}
        shown = [
            (name, address, one)
            for name, address in zip(names, addresses, strict=True)
            for one in self.memory.shown(address, told[address])
            if since <= one.start < till
        ]
        rows = [
            f"{number:>2}  {visit_row(name, one, self.zone, self._service(address, one.address_service_id))}"
            for number, (name, address, one) in enumerate(shown, start=1)
        ]
        calendars = "; ".join(
            f"{name} {self.places.place(one).words}" for name, one in zip(names, addresses, strict=True)
        )
        people = [
            *(one.patient for visits in told.values() for one in visits),
            *(one.patient for one in self.memory.visits.values()),
        ]
        self.made[0] += 1
        first = since.astimezone(self.zone).date()
        sheet = Sheet(first, self.zone, people, self._services(names, addresses), f"seen-{self.made[0]}")
        question = Question(
            Who.STAFF,
            f"Look at the visits of {calendars}, from {self._days(since, till)}. Are exactly these booked, and no "
            "other: patient, phone, time, service, and what is noted of them?",
            "appointments",
            tuple(rows),
            tells=NO,
            example=EXAMPLE,
            details={
                "calendars": dict(zip(names, addresses, strict=True)),
                "from": since.isoformat(),
                "to": till.isoformat(),
                "shown": [{"address_id": address, **_facts(one)} for _, address, one in shown],
            },
        )
        by_letter = dict(zip(names, addresses, strict=True))
        every = [one for _, _, one in shown]
        same = {(address, one.patient, one.start): one.id for _, address, one in shown}

        def read(lines: Sequence[str]) -> list[tuple[AddressId, Appointment]]:
            found = []
            for name, one in sheet.visits(lines, every):
                if name and name not in by_letter:
                    message = f"there is no calendar {name}, only {', '.join(names)}"
                    raise Unreadable(message)
                address = by_letter[name] if name else AddressId(str(one.address_id))
                known = same.get((address, one.patient, one.start))
                found.append((address, one if name == "" else msgspec.structs.replace(one, id=known or one.id)))
            return found

        seen = self._ask(question, [(address, one) for _, address, one in shown], read)
        self.memory.seen |= {one.id: one for _, one in seen}
        return {one: tuple(visit for address, visit in seen if address == one) for one in addresses}

    def with_bookings(self, address: AddressId, visits: Sequence[Appointment]) -> tuple[Appointment, ...]:
        """Each booked visit with the number of the booking by which the system knows it."""
        return tuple(self._with_booking(address, one) if one.status == "booked" else one for one in visits)

    def breaks(self, address: AddressId, since: datetime, till: datetime) -> tuple[PartnerBreak, ...]:
        """Blocked time."""
        self.ripe()
        shown = self.memory.blocked(address, tuple(self.told.breaks(address, since, till)))
        rows = [f"{number:>2}  {span_row(one.since, one.till, self.zone)}" for number, one in enumerate(shown, start=1)]
        question = self._of_calendar("breaks", "the blocked time", "blocked", address, since, till, rows)
        sheet = Sheet(since.astimezone(self.zone).date(), self.zone)
        return tuple(self._ask(question, list(shown), lambda lines: list(sheet.breaks(lines, shown))))

    def schedule(self, address: AddressId, since: datetime, till: datetime) -> tuple[PeriodHeld, ...]:
        """Working time."""
        self.ripe()
        shown = self.memory.working(address, since, till)
        rows = [
            f"{number:>2}  {span_row(one.start, one.end, self.zone)} "
            + ", ".join(self._service(address, each.address_service_id) or "" for each in one.services)
            for number, one in enumerate(shown, start=1)
        ]
        question = self._of_calendar("schedule", "the working time", "working time", address, since, till, rows)
        sheet = Sheet(since.astimezone(self.zone).date(), self.zone)
        return tuple(self._ask(question, list(shown), lambda lines: list(sheet.periods(lines, shown))))

    def mapping(self, *, insurances: bool) -> tuple[MappingRow, ...]:
        """What is mapped."""
        self.ripe()
        counterparts = Counterparts(numbered(self.places.clinics(), insurances=insurances))
        question = Question(
            Who.STAFF,
            "Look at what your system has mapped. Has each of these exactly one counterpart of its own, and nothing "
            "else one?",
            "mapping",
            counterparts.table,
            tells=NO,
            example="missing 1.2, or: extra Dr Old, or: shared 1.1 1.2",
            details={"things": counterparts.facts},
        )
        return tuple(self._ask(question, list(counterparts.rows), lambda lines: list(counterparts.changed(lines))))

    # -- within ---------------------------------------------------------------------------------------------------

    def _with_booking(self, address: AddressId, visit: Appointment) -> Appointment:
        words = Words(self.places, self.zone)
        question = Question(
            Who.STAFF,
            f"By which booking number of Docplanner's does your system know {words.visit(address, visit)}? "
            "Tell it as one line, such as 55021.",
            "booking",
            answers=(TOLD, UNKNOWN),
            tells=TOLD,
            details={"address_id": address, "appointment": facts_of(visit)},
        )
        answer = have_seen(self.operator, question)
        number = answer.seen[0].strip() if answer.choice == TOLD and answer.seen else None
        return msgspec.structs.replace(visit, docplanner_booking_id=number)

    def _ask(self, question: Question, shown: list[Seen], read: Callable[[Sequence[str]], list[Seen]]) -> list[Seen]:
        """What is there: as shown where the answer is yes, else what was typed; what cannot be read is asked again."""
        words = question.words
        while True:
            answer = have_seen(self.operator, question)
            if answer.choice == YES:
                return shown
            try:
                return read(answer.seen)
            except Unreadable as trouble:
                question = replace(question, words=f"That could not be read: {trouble}.\n\n{words}")

    def _of_calendar(
        self, verb: str, what: str, called: str, address: AddressId, since: datetime, till: datetime, rows: list[str]
    ) -> Question:
        return Question(
            Who.STAFF,
            f"Look at {what} of {self.places.place(address).words}, from {self._days(since, till)}. "
            f"Is exactly this {called}?",
            verb,
            tuple(rows),
            tells=NO,
            example=SPAN_EXAMPLE,
            details={"address_id": address, "from": since.isoformat(), "to": till.isoformat()},
        )

    def _days(self, since: datetime, till: datetime) -> str:
        last = till.astimezone(self.zone) - timedelta(minutes=1)
        return f"{since.astimezone(self.zone):%a %d %b} to {last:%a %d %b}"

    def _service(self, address: AddressId, service_id: str | None) -> str | None:
        found = self.places.service(address, service_id) if service_id else None
        return found.name if found else None

    def _services(self, names: Sequence[str], addresses: Sequence[AddressId]) -> dict[str, dict[str, str]]:
        return {
            name: {one.name.lower(): str(one.id) for one in self.places.place(address).calendar.services}
            for name, address in zip(names, addresses, strict=True)
        }


def _facts(visit: Appointment) -> dict[str, object]:
    return {
        "start": visit.start.isoformat(),
        "end": visit.end.isoformat(),
        "patient": msgspec.to_builtins(visit.patient),
        "confirmed": visit.confirmed,
        "presence": visit.presence,
        "sync": visit.sync.state,
    }
