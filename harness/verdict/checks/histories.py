"""Whether both calendars end equal, and right, after any history of acts. Pure; "not sure" is an answer.

Each patient of a history has one visit. From the acts follows what may have become of it (see ``deeds``); what staff do
at a time that another visit takes may yield to it. Anything else is lost, doubled, or a ghost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from harness.verdict.checks.blocked_time import wrongly_blocked
from harness.verdict.checks.deeds import DeedTold, endings
from harness.verdict.finding import Problem
from harness.verdict.minutes import by_service, later, of_breaks, of_visits
from harness.verdict.observation import BreaksSeen, CalendarSeen, CalendarsSeen, PersonSeen, VisitSeen
from harness.verdict.people import differences, resembles
from harness.verdict.wording import moment, ranges, zone_of

__all__ = ["HistoryEndsEqual"]

MARKED = frozenset({"conflict", "failed"})
"""Sync states that warn staff. Source: partner-control.yaml, Appointment."""
Finals = frozenset[datetime | None]
"""Where a visit may be in the end; None for nowhere."""
NOWHERE: Finals = frozenset({None})


@dataclass(frozen=True, slots=True)
class HistoryEndsEqual:
    """No visit lost, none doubled, no ghost slot; every move and cancellation known to both sides.

    ``minutes`` is how long each visit is; ``again`` says how to repeat the history.
    """

    address_id: str
    deeds: tuple[DeedTold, ...]
    minutes: int
    again: str
    time_zone: str = ""

    def judge(self, seen: CalendarsSeen) -> Problem | None:
        """None where both calendars tell the same story, and one that the history allows."""
        zone = zone_of(self.time_zone, seen.partner.since)
        told = next(self._wrong(seen, zone), None)
        if told is None:
            return None
        headline, expected = told
        there = f"{_listed(seen.docplanner, zone)}{self._blocked(seen.docplanner_breaks, zone)}"
        here = f"{_listed(seen.partner, zone)}{self._blocked(seen.partner_breaks, zone)}"
        shown = f"in the end Docplanner shows {there}; the clinic {here}"
        return Problem(headline, expected, shown, f"{self.story()} Repeat it with: {self.again}")

    def story(self) -> str:
        """What happened, in the glossary's words."""
        endings = {"done": "", "refused": " (refused)", "unknown": " (nobody knows whether it took place)"}
        return " ".join(f"{n}. {one.words}{endings[one.ended]}." for n, one in enumerate(self.deeds, start=1))

    def _blocked(self, seen: BreaksSeen, zone: tzinfo) -> str:
        """What a side shows as blocked, where the history is about that too."""
        if all(one.block is None for one in self.deeds):
            return ""
        return f", blocked {ranges(of_breaks(seen.breaks), zone)}"

    def _wrong(self, seen: CalendarsSeen, zone: tzinfo) -> Iterator[tuple[str, str]]:
        here, there = _booked(seen.partner), _booked(seen.docplanner)
        people = _people(self.deeds)
        for one in [*here, *there]:
            if not any(resembles(one.patient, each) for each in people):
                yield f"A visit of {one.patient.name} is there that nobody booked", "only visits that somebody booked"
        for person in people:
            mine = [one for one in here if resembles(one.patient, person)]
            theirs = [one for one in there if resembles(one.patient, person)]
            yield from self._visit(person, mine, theirs, zone)
        yield from wrongly_blocked(self.deeds, seen, zone)
        yield from self._slots(seen, zone)

    def _visit(
        self, person: PersonSeen, mine: Sequence[VisitSeen], theirs: Sequence[VisitSeen], zone: tzinfo
    ) -> Iterator[tuple[str, str]]:
        finals = self._finals(person)
        due = f"{person.name}'s visit in both calendars alike, {_words(finals, zone)}"
        for side, found in (("the clinic's calendar", mine), ("Docplanner", theirs)):
            if len(found) > 1:
                yield f"{person.name}'s visit is doubled in {side}", due
        if mine and not theirs and self._yields(person, mine[0]):
            return
        if mine and not theirs:
            ghost = finals == NOWHERE
            lost = f"{person.name}'s visit is lost at Docplanner: the clinic alone has it"
            yield (f"The clinic still has {person.name}'s visit that is over" if ghost else lost), due
        elif theirs and not mine:
            ghost = finals == NOWHERE
            lost = f"{person.name}'s visit is lost in the clinic: Docplanner alone has it"
            yield (f"Docplanner still has {person.name}'s visit that is over" if ghost else lost), due
        elif mine and theirs:
            yield from self._both(person, mine[0], theirs[0], finals, due)
        elif None not in finals:
            yield f"{person.name}'s visit is lost on both sides", due

    @staticmethod
    def _both(
        person: PersonSeen, mine: VisitSeen, theirs: VisitSeen, finals: Finals, due: str
    ) -> Iterator[tuple[str, str]]:
        if mine.start != theirs.start or mine.minutes != theirs.minutes:
            yield f"{person.name}'s visit is at one time in the clinic and at another at Docplanner", due
        elif wrong := differences(person, mine.patient) or differences(person, theirs.patient):
            yield f"{person.name}'s visit has another {' and '.join(wrong)}", due
        elif mine.start not in finals:
            over = finals == NOWHERE
            told = "is still there on both sides" if over else "is on both sides at a time that it left, or never had"
            yield f"{person.name}'s visit {told}", due

    def _yields(self, person: PersonSeen, mine: VisitSeen) -> bool:
        """Whether it is staff's attempt at a time that another visit took, kept and marked. Source: DP-BOK-09."""
        ours = [one for one in self._of(person) if one.side == "clinic" and one.what != "cancel"]
        return mine.sync_state in MARKED and not mine.booking_id and any(self._contested(one) for one in ours)

    def _slots(self, seen: CalendarsSeen, zone: tzinfo) -> Iterator[tuple[str, str]]:
        """Bookable minutes differ. What staff are warned of is nobody's: the clinic may count it as taken or not."""
        taken = of_visits([*seen.partner.visits, *seen.docplanner.visits])
        mine = by_service(seen.partner_working.periods, seen.partner_working.since, seen.partner_working.till)
        theirs = by_service(
            seen.docplanner_working.periods, seen.docplanner_working.since, seen.docplanner_working.till
        )
        hidden, closed = of_breaks(seen.partner_breaks.breaks), of_breaks(seen.docplanner_breaks.breaks)
        for key in sorted({*mine, *theirs}):
            left, right = mine.get(key, set()) - hidden - taken, theirs.get(key, set()) - closed - taken
            if ghost := right - left:
                yield f"Docplanner offers time that the clinic does not: {ranges(ghost, zone)}", "no ghost slot"
            if lost := left - right:
                yield f"Docplanner does not offer what the clinic does: {ranges(lost, zone)}", "no slot lost"

    # -- what may have become of a visit --------------------------------------------------------------------------

    def _finals(self, person: PersonSeen) -> Finals:
        def sure(one: DeedTold) -> bool:
            return not (one.side == "clinic" and self._contested(one))

        return endings(self.deeds, lambda one: one.patient == person, lambda one: one.start, sure)

    def _contested(self, deed: DeedTold) -> bool:
        """Whether another patient's visit was meant to be at that time, whenever and on whichever side."""
        start = deed.start
        if start is None:
            return False
        return any(
            one.patient is not None
            and one.patient != deed.patient
            and one.start is not None
            and one.ended != "refused"
            and one.start < later(start, self.minutes)
            and start < later(one.start, self.minutes)
            for one in self.deeds
        )

    def _of(self, person: PersonSeen) -> list[DeedTold]:
        return [one for one in self.deeds if one.patient == person]


def _people(deeds: Iterable[DeedTold]) -> list[PersonSeen]:
    return list(dict.fromkeys(one.patient for one in deeds if one.patient is not None))


def _booked(seen: CalendarSeen) -> list[VisitSeen]:
    return [one for one in seen.visits if one.booked]


def _words(finals: Finals, zone: tzinfo) -> str:
    times = sorted(one for one in finals if one is not None)
    told = [moment(one, zone) for one in times] + (["nowhere"] if None in finals else [])
    return " or ".join(told)


def _listed(seen: CalendarSeen, zone: tzinfo) -> str:
    def one_of(visit: VisitSeen) -> str:
        mark = f" ({visit.sync_state})" if visit.sync_state in MARKED else ""
        return f"{visit.patient.name} {moment(visit.start, zone)}{mark}"

    return ", ".join(one_of(one) for one in sorted(_booked(seen), key=lambda one: one.start)) or "no visit"
