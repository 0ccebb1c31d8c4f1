"""What Docplanner shares, numbered for a person who says which of it has its counterpart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from harness.partner.manual_rows import Unreadable
from harness.partner.port import MappingRow
from harness.vocabulary import Calendar, Clinic

__all__ = ["Counterparts", "numbered"]

FORMS = "missing NUMBER, extra NAME, or shared NUMBER NUMBER"
TWO = 2
MOST_LINES = 60
"""A person reads no longer table."""
DOCTORS, DEEPEST = 1, 3
"""How many points the numbers of doctors have, and those of services."""


@dataclass(frozen=True, slots=True)
class Counterparts:
    """Each thing with its number, such as 1.2 for the second doctor of the first clinic."""

    things: tuple[tuple[str, MappingRow], ...]

    @property
    def table(self) -> tuple[str, ...]:
        """A line for each; where there are many, one for each clinic and doctor, with what is below them counted."""
        deepest = DEEPEST if len(self.things) <= MOST_LINES else DOCTORS
        return tuple(
            f"{'  ' * number.count('.')}{number}  {row.kind.replace('_', ' ')} {row.name}{self._below(number, deepest)}"
            for number, row in self.things
            if number.count(".") <= deepest
        )

    def _below(self, number: str, deepest: int) -> str:
        if number.count(".") < deepest or deepest == DEEPEST:
            return ""
        kinds = Counter(row.kind.replace("_", " ") for one, row in self.things if one.startswith(f"{number}."))
        return "".join(f", {kind} {count}x" for kind, count in kinds.items())

    @property
    def facts(self) -> list[dict[str, object]]:
        """The same for a program."""
        return [{"number": number, "kind": row.kind, "docplanner_id": row.docplanner_id} for number, row in self.things]

    @property
    def rows(self) -> tuple[MappingRow, ...]:
        """All of it mapped."""
        return tuple(row for _, row in self.things)

    def changed(self, lines: Sequence[str]) -> tuple[MappingRow, ...]:
        """All of it but what ``lines`` say.

        Raises:
            Unreadable: names every line that says nothing known.
        """
        held = dict(self.things)
        more: list[MappingRow] = []
        wrong: list[str] = []
        for line in lines:
            word, _, rest = line.strip().partition(" ")
            named = rest.split()
            if word == "missing" and named and set(named) <= set(held):
                for one in named:
                    del held[one]
            elif word == "extra" and rest.strip():
                more.append(MappingRow("doctor", f"unknown: {rest.strip()}", f"seen-{len(more)}", "mapped"))
            elif word == "shared" and len(named) >= TWO and set(named) <= set(held):
                for one in named[1:]:
                    held[one] = msgspec.structs.replace(held[one], partner_id=held[named[0]].partner_id)
            else:
                wrong.append(f"{line!r} is none of {FORMS}")
        if wrong:
            raise Unreadable("; ".join(wrong))
        return (*held.values(), *more)


def numbered(clinics: Iterable[Clinic], *, insurances: bool) -> tuple[tuple[str, MappingRow], ...]:
    """Clinics, doctors, addresses and services, and what is insured there, each below what it belongs to."""
    return tuple(_numbered(clinics, insurances=insurances))


def _numbered(clinics: Iterable[Clinic], *, insurances: bool) -> Iterator[tuple[str, MappingRow]]:
    for one, clinic in enumerate(clinics, start=1):
        yield f"{one}", _row("facility", clinic.id, None, clinic.name)
        for two, doctor in enumerate(clinic.doctors, start=1):
            yield f"{one}.{two}", _row("doctor", doctor.id, clinic.id, f"Dr {doctor.full_name}")
            for three, calendar in enumerate(doctor.calendars, start=1):
                yield f"{one}.{two}.{three}", _row("address", calendar.id, doctor.id, calendar.name)
                for four, row in enumerate(_below(calendar, insurances=insurances), start=1):
                    yield f"{one}.{two}.{three}.{four}", row


def _below(calendar: Calendar, *, insurances: bool) -> Iterator[MappingRow]:
    for service in calendar.services:
        yield _row("service", service.id, calendar.id, service.name)
    for insurance in calendar.insurances if insurances else ():
        yield _row("insurance_provider", insurance.id, calendar.id, insurance.name)
        for plan in insurance.plan_ids:
            yield _row("insurance_plan", plan, insurance.id, f"{insurance.name} {plan}")


def _row(kind: str, id_: str, parent: str | None, name: str) -> MappingRow:
    return MappingRow(kind, id_, f"seen-{kind}-{id_}", "mapped", parent, name)
