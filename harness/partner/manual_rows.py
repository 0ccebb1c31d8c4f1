"""A calendar as a person reads it, line by line, and what they type back where it is not so.

Lines are such as ``A Tue 24 Nov 10:00-10:30 Anna Nowak, +48601500001, Consultation, booked``: the letter names the
calendar, a day left out is that of the line before. A number alone stands for the line of that number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from harness.partner.port import Appointment, PartnerBreak, PeriodHeld, Person, ServiceHeld, Sync
from harness.vocabulary import name_key, phone_key

__all__ = ["EXAMPLE", "SPAN_EXAMPLE", "Sheet", "Unreadable", "letters", "span_row", "visit_row"]

Read = TypeVar("Read")

EXAMPLE = "A Tue 24 Nov 10:00-10:30 Anna Nowak, booked"
SPAN_EXAMPLE = "Tue 24 Nov 10:00-11:00"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ROW = re.compile(
    r"^(?:(?P<letter>[A-Z])[.:)]?\s+)?"
    r"(?:(?:[A-Za-z]{2,9}\.?\s+)?(?P<day>\d{1,2})\.?\s+(?P<month>[A-Za-z]{3})[A-Za-z]*\.?,?\s+)?"
    r"(?P<start>\d{1,2}:\d\d)\s*[-\u2013]\s*(?P<end>\d{1,2}:\d\d)(?:[\s,]+(?P<rest>.*))?$"
)
PHONE = re.compile(r"^\+?[\d ()-]{7,}$")
STATES = {"booked": "booked", "cancelled": "canceled", "canceled": "canceled"}
PRESENCE = frozenset({"present", "absent"})
CONFIRMED, CONFLICT = "confirmed", "conflict"
WORDS = frozenset({*STATES, *PRESENCE, CONFIRMED, CONFLICT})
MIDNIGHT = "24:00"


class Unreadable(ValueError):
    """A line that cannot be read; the message says which, and what is expected."""


def letters(count: int) -> tuple[str, ...]:
    """Names of calendars: A, B, C ..."""
    return tuple(chr(ord("A") + number) for number in range(count))


def visit_row(letter: str, visit: Appointment, zone: ZoneInfo, service: str | None) -> str:
    """A visit as a line."""
    who = f"{visit.patient.name} {visit.patient.surname}".strip()
    state = "cancelled" if visit.status == "canceled" else visit.status
    words = [who, visit.patient.phone, service, state]
    words += [CONFIRMED if visit.confirmed else None, visit.presence, CONFLICT if _marked(visit) else None]
    return f"{letter} {span_row(visit.start, visit.end, zone)} {', '.join(one for one in words if one)}"


def span_row(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """``Tue 24 Nov 10:00-10:30``, in the time of ``zone``."""
    since, till = start.astimezone(zone), end.astimezone(zone)
    ends = MIDNIGHT if till.date() > since.date() and till.time() == time() else f"{till:%H:%M}"
    return f"{since:%a %d %b %H:%M}-{ends}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Reads lines of days from ``first`` on. ``people`` are those who may be meant: name and phone are then known."""

    first: date
    zone: ZoneInfo
    people: Sequence[Person] = ()
    services: Mapping[str, Mapping[str, str]] | None = None
    """Names of services, in lower case, to their ids, by the letter of the calendar."""
    prefix: str = "seen"
    """How ids of what was typed begin."""

    def visits(self, lines: Sequence[str], shown: Sequence[Appointment]) -> tuple[tuple[str, Appointment], ...]:
        """The visits of ``lines``, each with the letter of its calendar; a number stands for one of ``shown``.

        Raises:
            Unreadable: names every line that is none.
        """
        return self._each(lines, lambda number: ("", shown[number]), self._visit, len(shown))

    def breaks(self, lines: Sequence[str], shown: Sequence[PartnerBreak]) -> tuple[PartnerBreak, ...]:
        """Blocked time, likewise."""

        def made(found: re.Match[str], day: date, number: int) -> PartnerBreak:
            start, end = self._span(found, day)
            return PartnerBreak(f"seen-{number}", start, end, origin="partner")

        return self._each(lines, lambda number: shown[number], made, len(shown))

    def periods(self, lines: Sequence[str], shown: Sequence[PeriodHeld]) -> tuple[PeriodHeld, ...]:
        """Working time, likewise; the services are those of the first that is shown, where there is one."""
        services: tuple[ServiceHeld, ...] = shown[0].services if shown else ()

        def made(found: re.Match[str], day: date, _: int) -> PeriodHeld:
            return PeriodHeld(*self._span(found, day), services)

        return self._each(lines, lambda number: shown[number], made, len(shown))

    def _each(
        self,
        lines: Sequence[str],
        shown: Callable[[int], Read],
        made: Callable[[re.Match[str], date, int], Read],
        count: int,
    ) -> tuple[Read, ...]:
        day = self.first
        read: list[Read] = []
        wrong: list[str] = []
        for number, line in enumerate(lines, start=1):
            if line.strip().isdigit() and 1 <= int(line) <= count:
                read.append(shown(int(line) - 1))
                continue
            found = ROW.match(line.strip())
            try:
                if found is None:
                    message = "it names no time from-till"
                    raise ValueError(message)  # noqa: TRY301 - told with the others
                day = self._day(found) or day
                read.append(made(found, day, number))
            except ValueError as error:
                wrong.append(f"line {number}, {line!r}: {error}")
        if wrong:
            raise Unreadable("; ".join(wrong))
        return tuple(read)

    def _visit(self, found: re.Match[str], day: date, number: int) -> tuple[str, Appointment]:
        letter = found["letter"] or "A"
        parts = [part.strip() for part in (found["rest"] or "").split(",") if part.strip()]
        words = {word for part in parts for word in [part.lower()] if word in WORDS}
        rest = [part for part in parts if part.lower() not in WORDS]
        if not rest:
            message = "it names no patient"
            raise ValueError(message)
        name, more = rest[0], rest[1:]
        while (last := name.rsplit(" ", 1))[-1].lower() in WORDS and len(last) > 1:
            words.add(last[1].lower())
            name = last[0]
        phones = [part for part in more if PHONE.match(part)]
        offered = (self.services or {}).get(letter, {})
        service = next((offered[part.lower()] for part in more if part.lower() in offered), None)
        start, end = self._span(found, day)
        return letter, Appointment(
            id=f"{self.prefix}-{number}",
            docplanner_booking_id=None,
            start=start,
            end=end,
            address_service_id=service,
            patient=self._person(name, phones[0] if phones else None),
            status=next((STATES[word] for word in words if word in STATES), "booked"),
            origin="partner",
            sync=Sync(CONFLICT) if CONFLICT in words else Sync(),
            confirmed=CONFIRMED in words,
            presence=next((word for word in words if word in PRESENCE), None),
        )

    def _person(self, name: str, phone: str | None) -> Person:
        """Who is meant: the one of that name. Where a phone is told that is another, it is what was seen."""
        known = next((one for one in self.people if name_key(one.name, one.surname) == name_key(name)), None)
        if known is None or (phone is not None and phone_key(phone) != phone_key(known.phone)):
            return Person(name=name, phone=phone or "")
        return known

    def _day(self, found: re.Match[str]) -> date | None:
        if not found["day"]:
            return None
        month = found["month"].lower()
        if month not in MONTHS:
            message = f"{found['month']!r} is no month, such as Nov"
            raise ValueError(message)
        day = date(self.first.year, MONTHS.index(month) + 1, int(found["day"]))
        # a day long before the first is one of the year that begins within the range
        return day.replace(year=day.year + 1) if day < self.first - timedelta(days=180) else day

    def _span(self, found: re.Match[str], day: date) -> tuple[datetime, datetime]:
        start = datetime.combine(day, _time(found["start"]), self.zone)
        next_day = found["end"] == MIDNIGHT
        end = datetime.combine(day + timedelta(days=next_day), time() if next_day else _time(found["end"]), self.zone)
        if end <= start:
            message = "it ends before it begins"
            raise ValueError(message)
        return start, end


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


def _marked(visit: Appointment) -> bool:
    return visit.sync.state in {"conflict", "failed"}
