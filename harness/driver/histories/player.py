"""Plays a plan at the clinic of a stage: everybody does what they can with what they see."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from functools import partial

from harness.driver.cast import Cast
from harness.driver.clinic import person
from harness.driver.days import Day, Hours, Moment
from harness.driver.histories.plan import HOURS, PEOPLE, TIMES, TROUBLES, Deed, Does, Plan
from harness.driver.outcomes import NotProven
from harness.driver.people import MarketplaceDesk
from harness.driver.scene import Scene
from harness.driver.staff import StaffDesk
from harness.driver.views import Views
from harness.marketplace.port import ApiClients, Trouble
from harness.recorder.line import Actor
from harness.verdict.checks.histories import DeedTold, Side, What
from harness.verdict.observation import CalendarSeen
from harness.verdict.people import resembles
from harness.vocabulary import AppointmentId, BookingId, Calendar, Visit

__all__ = ["Player"]

VISITS_DAY, OTHER_DAY = Day(1), Day(2)
ALL = 1000
"""More messages or calls than a history has."""
WORDS = {
    Does.NEWS_LOST: "The next message to the clinic is lost",
    Does.NEWS_TWICE: "The next message to the clinic comes twice",
    Does.NEWS_HELD: "Messages to the clinic are held back",
    Does.NEWS_LET_GO: "Messages that were held back arrive",
    Does.WRITE_FAILS: "Docplanner fails before the clinic's next change takes place",
    Does.WRITE_FAILS_AFTERWARDS: "Docplanner fails after the clinic's next change took place",
    Does.WRITE_CUT: "The line breaks before the clinic's next change takes place",
    Does.WRITE_CUT_AFTERWARDS: "The line breaks after the clinic's next change took place",
    Does.READ_CUT: "The line breaks at the clinic's next look",
    Does.ACCESS_ENDS: "The clinic's access ends before its time",
    Does.LINK_DOWN: "The link between both sides is down",
    Does.LINK_BACK: "The link is back",
}
ENDINGS = {Does.NEWS_LET_GO: Does.NEWS_HELD, Does.LINK_BACK: Does.LINK_DOWN}


@dataclass(slots=True)
class Player:
    """Plays one plan in one calendar."""

    scene: Scene
    views: Views
    staff: StaffDesk
    patients: MarketplaceDesk
    doctors: MarketplaceDesk
    clients: ApiClients
    cast: Cast
    calendar: Calendar
    told: list[DeedTold] = field(default_factory=list)
    armed: dict[Does, list[str]] = field(default_factory=dict)

    def play(self, plan: Plan) -> tuple[DeedTold, ...]:
        """Everything that happened; trouble that was made is over at the end.

        Raises:
            PartnerUnreachable: the clinic's system could not be looked at.
        """
        for deed in plan.deeds:
            self._do(deed)
        for one in list(self.armed):
            self._end(one)
        return tuple(self.told)

    def set_hours(self, day: Day, hours: tuple[time, time] | None) -> None:
        """Staff set the working time of a day, or empty it."""
        services = (self.cast.service(self.calendar),)
        self.staff.set_working_time(self.calendar, Hours(day, (hours,) if hours else ()), services)

    def _do(self, deed: Deed) -> None:
        if deed.does in TROUBLES:
            self._trouble(deed.does)
        elif deed.does is Does.QUIET:
            self._tell("Both sides come to rest", "none", "quiet", lambda: self.scene.settle([self.calendar]))
        elif deed.does is Does.STAFF_SET_HOURS:
            hours = HOURS[deed.at]
            told = f"{hours[0]:%H:%M} to {hours[1]:%H:%M}" if hours else "nothing"
            words = f"Staff set the working time of the day after tomorrow to {told}"
            self._tell(words, "clinic", "hours", lambda: self.set_hours(OTHER_DAY, hours))
        else:
            self._visit(deed)

    def _visit(self, deed: Deed) -> None:
        name, at = PEOPLE[deed.person], self.scene.days.at(Moment(VISITS_DAY, TIMES[deed.at]))
        who, does = deed.does.split()
        desk = self._desk(who)
        side: Side = "clinic" if who == "staff" else "docplanner"
        by = {"patient": name, "doctor": "The doctor", "staff": "Staff"}[who]
        patient, service = self.cast.patient(name), self.cast.service(self.calendar)
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
            self._tell(words, side, "cancel", lambda: desk.cancel(visit), name=name)
        elif visit.start != at:
            words = f"{words} to {at:%H:%M}"
            self._tell(words, side, "move", lambda: desk.move(visit, at), name=name, start=at)

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

    # -- trouble --------------------------------------------------------------------------------------------------

    def _trouble(self, does: Does) -> None:
        if does in ENDINGS:
            if ENDINGS[does] in self.armed:
                self._end(ENDINGS[does])
                self.told.append(DeedTold(WORDS[does], "none", "trouble", "done"))
            return
        if does in self.armed and does in ENDINGS.values():
            return
        if does is Does.ACCESS_ENDS:
            self._tell(WORDS[does], "none", "trouble", self._expire)
            return
        self._tell(WORDS[does], "none", "trouble", lambda: self._arm(does))

    def _expire(self) -> None:
        self.scene.act(Actor.DOCPLANNER, WORDS[Does.ACCESS_ENDS], self.clients.expire_tokens)

    def _arm(self, does: Does) -> None:
        for trouble in _troubles(self.calendar)[does]:
            made = self.scene.act(
                Actor.DOCPLANNER, WORDS[does], partial(self.clients.trouble, trouble), address=self.calendar.id
            )
            self.armed.setdefault(does, []).append(made)

    def _end(self, does: Does) -> None:
        for made in self.armed.pop(does):
            with suppress(NotProven):  # what has happened as often as it was to happen is gone already
                words = f"No more of this: {WORDS[does]}"
                self.scene.act(
                    Actor.DOCPLANNER, words, partial(self.clients.end_trouble, made), address=self.calendar.id
                )

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
    ) -> None:
        """Do it, and tell how it ended: refused, or nobody knows, are answers."""
        patient = person(self.cast.patient(name)) if name else None
        try:
            do()
        except NotProven as trouble:
            refused = trouble.reason == "arrangement refused"
            self.told.append(DeedTold(words, side, what, "refused" if refused else "unknown", patient, start))
        else:
            self.told.append(DeedTold(words, side, what, "done", patient, start))


def _troubles(calendar: Calendar) -> dict[Does, tuple[Trouble, ...]]:
    here = calendar.id
    return {
        Does.NEWS_LOST: (Trouble(here, "message", "drop"),),
        Does.NEWS_TWICE: (Trouble(here, "message", "duplicate"),),
        Does.NEWS_HELD: (Trouble(here, "message", "hold", count=ALL),),
        Does.WRITE_FAILS: (Trouble(here, "write", "fail"),),
        Does.WRITE_FAILS_AFTERWARDS: (Trouble(here, "write", "fail", when="after", status=500),),
        Does.WRITE_CUT: (Trouble(here, "write", "cut"),),
        Does.WRITE_CUT_AFTERWARDS: (Trouble(here, "write", "cut", when="after"),),
        Does.READ_CUT: (Trouble(here, "read", "cut"),),
        Does.LINK_DOWN: (
            Trouble(here, "message", "drop", count=ALL),
            Trouble(here, "write", "cut", count=ALL),
            Trouble(here, "read", "cut", count=ALL),
        ),
    }
