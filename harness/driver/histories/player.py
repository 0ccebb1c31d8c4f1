"""Plays a plan at the clinic of a stage: everybody does what they can with what they see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from functools import partial

from harness.driver.cast import Cast
from harness.driver.clinic import person
from harness.driver.days import Day, Hours, Moment
from harness.driver.histories.plan import (
    BLOCKINGS,
    FREEINGS,
    HARMLESS,
    HOURS,
    ON_BLOCKS,
    PEOPLE,
    SPANS,
    TIMES,
    TROUBLES,
    Deed,
    Does,
    Plan,
)
from harness.driver.histories.troubles import WORDS, Troubles
from harness.driver.outcomes import NotProven
from harness.driver.people import MarketplaceDesk
from harness.driver.scene import Scene
from harness.driver.staff import StaffDesk
from harness.driver.views import Views
from harness.verdict.checks.deeds import DeedTold, Ended, Side, What
from harness.verdict.observation import CalendarSeen
from harness.verdict.people import resembles
from harness.vocabulary import AppointmentId, BookingId, Break, Calendar, Visit

__all__ = ["Player"]

VISITS_DAY, OTHER_DAY = Day(1), Day(2)
Span = tuple[datetime, datetime]


@dataclass(slots=True)
class Player:
    """Plays one plan in one calendar."""

    scene: Scene
    views: Views
    staff: StaffDesk
    patients: MarketplaceDesk
    doctors: MarketplaceDesk
    troubles: Troubles
    cast: Cast
    calendar: Calendar
    told: list[DeedTold] = field(default_factory=list)
    blocked: dict[int, set[Span]] = field(default_factory=dict)
    """Where each break may ever have been."""

    def play(self, plan: Plan) -> tuple[DeedTold, ...]:
        """Everything that happened; trouble that was made is over at the end.

        Raises:
            PartnerUnreachable: the clinic's system could not be looked at.
        """
        try:
            for deed in plan.deeds:
                self._do(deed)
        finally:
            self.troubles.end_all()
        return tuple(self.told)

    def set_hours(self, day: Day, hours: tuple[time, time] | None) -> None:
        """Staff set the working time of a day, or empty it."""
        services = (self.cast.service(self.calendar),)
        self.staff.set_working_time(self.calendar, Hours(day, (hours,) if hours else ()), services)

    def _do(self, deed: Deed) -> None:
        if deed.does in TROUBLES:
            if not self.troubles.ends_nothing(deed.does):
                what: What = "delay" if deed.does in HARMLESS else "trouble"
                self._tell(WORDS[deed.does], "none", what, lambda: self.troubles.make(deed.does))
        elif deed.does is Does.QUIET:
            self._rest()
        elif deed.does is Does.STAFF_SET_HOURS:
            hours = HOURS[deed.at]
            told = f"{hours[0]:%H:%M} to {hours[1]:%H:%M}" if hours else "nothing"
            words = f"Staff set the working time of the day after tomorrow to {told}"
            self._tell(words, "clinic", "hours", lambda: self.set_hours(OTHER_DAY, hours))
        elif deed.does in BLOCKINGS or deed.does in ON_BLOCKS:
            if self.scene.settings.can("breaks"):
                self._block(deed)
        else:
            self._visit(deed)

    def _rest(self) -> None:
        """Both sides come to rest; where messages are still held back, they know of each other only in part."""
        held = self.troubles.holding()
        words = "Both sides come to rest" + (", but for messages that are held back" if held else "")
        self._tell(words, "none", "delay" if held else "quiet", lambda: self.scene.settle([self.calendar]))

    def _visit(self, deed: Deed) -> None:
        name, at = PEOPLE[deed.person], self.scene.days.at(Moment(VISITS_DAY, TIMES[deed.at]))
        who, does = deed.does.split()
        desk = self._desk(who)
        side: Side = "clinic" if who == "staff" else "docplanner"
        by = {"patient": name, "doctor": "The doctor", "staff": "Staff"}[who]
        patient, service = self.cast.patient(name, self.calendar), self.cast.service(self.calendar)
        verb = does if who == "staff" else does.removesuffix("s")
        verbs = does
        if verb == "book":
            words = f"{by} {verbs} {at:%H:%M}" + ("" if who == "patient" else f" for {name}")
            self._tell(words, side, "book", lambda: desk.book(self.calendar, patient, at, service), name=name, start=at)
            return
        visit = self._found(side, name)
        if visit is None:
            return
        whose = "the" if who == "patient" else f"{name}'s"
        words = f"{by} {verbs} {whose} visit of {self.scene.days.words(visit.start)[-5:]}"
        if verb == "cancel":
            self._tell(words, side, "cancel", lambda: desk.cancel(visit), name=name, seen=visit.start)
        elif visit.start != at:
            words = f"{words} to {at:%H:%M}"
            self._tell(words, side, "move", lambda: desk.move(visit, at), name=name, start=at, seen=visit.start)

    def _desk(self, who: str) -> StaffDesk | MarketplaceDesk:
        if who == "staff":
            return self.staff
        return self.patients if who == "patient" else self.doctors

    def _found(self, side: Side, name: str) -> Visit | None:
        """The visit as that side shows it now: nobody moves or cancels what they do not see."""
        look = self.views.partner_visits if side == "clinic" else self.views.docplanner_visits
        seen: CalendarSeen = look([self.calendar])
        patient = self.cast.patient(name)
        mine = [one for one in seen.visits if one.booked and resembles(one.patient, person(patient))]
        if not mine:
            return None
        visit = Visit(self.calendar, patient, mine[0].start, mine[0].minutes, self.cast.service(self.calendar))
        if side == "clinic":
            return replace(visit, appointment_id=AppointmentId(mine[0].id))
        return replace(visit, booking_id=BookingId(mine[0].id))

    # -- breaks ---------------------------------------------------------------------------------------------------

    def _block(self, deed: Deed) -> None:
        who = self.staff if deed.of_staff else self.doctors
        side: Side = "clinic" if deed.of_staff else "docplanner"
        by, ending = ("Staff", "") if deed.of_staff else ("The doctor", "s")
        since, till = to = self._span(deed.at)
        there, number = self._hours(since, till), deed.person
        if deed.does in BLOCKINGS:
            self.blocked[number] = {to}
            words = f"{by} block{ending} {there} of the day after tomorrow"
            self._tell(words, side, "block", lambda: who.block(self.calendar, since, till), block=number, span=to)
            return
        found = self._blocked(side, number)
        if found is None:
            return
        old = f"the break of {self._hours(found.since, found.till)}"
        if deed.does in FREEINGS:
            self._tell(
                f"{by} free{ending} {old}", side, "free", lambda: who.free(found), block=number, seen=found.since
            )
        else:
            self.blocked[number].add(to)
            words = f"{by} move{ending} {old} to {there}"
            shift = partial(who.move_block, found, since, till)
            self._tell(words, side, "shift", shift, block=number, span=to, seen=found.since)

    def _blocked(self, side: Side, number: int) -> Break | None:
        """The break as that side shows it now: no other is ever at one of its places."""
        look = self.views.partner_breaks if side == "clinic" else self.views.docplanner_breaks
        places = self.blocked[number]
        for one in look(self.calendar.id).breaks:
            if (one.since, one.till) in places:
                return Break(self.calendar, one.since, one.till, id=one.id)
        return None

    def _span(self, at: int) -> Span:
        return self.scene.days.spans(Hours(OTHER_DAY, (SPANS[at],)))[0]

    def _hours(self, since: datetime, till: datetime) -> str:
        words = self.scene.days.words
        return f"{words(since)[-5:]} to {words(till)[-5:]}"

    # -- within ---------------------------------------------------------------------------------------------------

    def _tell(
        self,
        words: str,
        side: Side,
        what: What,
        do: Callable[[], object],
        *,
        name: str | None = None,
        start: datetime | None = None,
        block: int | None = None,
        span: Span | None = None,
        seen: datetime | None = None,
    ) -> None:
        """Do it, and tell how it ended: refused, or nobody knows, are answers."""
        patient = person(self.cast.patient(name)) if name else None
        start, till = span or (start, None)
        ended: Ended = "done"
        try:
            do()
        except NotProven as trouble:
            ended = "refused" if trouble.reason == "arrangement refused" else "unknown"
        self.told.append(DeedTold(words, side, what, ended, patient, start, till, block, seen))
