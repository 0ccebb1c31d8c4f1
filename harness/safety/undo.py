"""Undoing what a run wrote: found by what was meant and what is there, put back, and verified by reading.

Nothing is undone that the run did not do: a visit, break or service that is new and that nobody meant is left and told.
Docplanner has no way to make a visit never have been: cancelled ones remain, and are listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Event
from typing import TypeVar
from zoneinfo import ZoneInfo

from harness.client.api import DocplannerApi
from harness.client.models import CalendarAt
from harness.client.outcome import Done, Outcome, Refused
from harness.clock import Clock
from harness.safety.meant import Meant
from harness.safety.periods import divided, periods_for
from harness.safety.picture import Offered, Picture, Window, differences, take
from harness.safety.writes import Writes
from harness.waiting import eventually

__all__ = ["Report", "undo"]

T = TypeVar("T")

ROUNDS = 3
"""How often what is still different is put back; a write whose answer was lost shows in the next round."""
SETTLE = timedelta(seconds=10)
"""How long changes may take to show. Source: behaviour.md, "Calendars": within seconds."""
REASON = "acceptance test, tidied up"


@dataclass(slots=True)
class Report:
    """What was done about one journal of writes."""

    undone: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What is not as before, and why where that is known."""
    cancelled: list[str] = field(default_factory=list)
    """Visits of the run that remain as cancelled ones."""

    @property
    def clean(self) -> bool:
        """Whether everything is as before."""
        return not self.left


def undo(
    api: DocplannerApi,
    writes: Writes,
    *,
    clock: Clock,
    phones: frozenset[str] = frozenset(),
    settle: timedelta = SETTLE,
    report: Report | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Put back every calendar of the journal, and compare it with its picture.

    ``phones`` are the tester's: visits of those patients are undone though the harness did not book them. ``report`` is
    filled as it goes on, so that what was done is known whatever happens; ``say`` is told each calendar as it begins.

    Raises:
        DocplannerError: a calendar cannot be read; what was put back until then stays so.
        ValueError: the journal has no first entry.
    """
    if writes.begun is None:
        message = "a journal of writes without its first entry"
        raise ValueError(message)
    report = report or Report()
    zone = ZoneInfo(writes.begun.time_zone)
    for number, (calendar, before) in enumerate(writes.before.items(), start=1):
        say(f"putting back the calendar of address {calendar.address_id} ({number} of {len(writes.before)})")
        meant = Meant.of(writes, calendar, zone)
        one = _Calendar(api, calendar, before, meant, writes.begun.window, clock, phones, zone, report)
        one.put_back(settle)
    return report


@dataclass(slots=True)
class _Calendar:
    api: DocplannerApi
    at: CalendarAt
    before: Picture
    meant: Meant
    window: Window
    clock: Clock
    phones: frozenset[str]
    zone: ZoneInfo
    report: Report
    reasons: dict[str, str] = field(default_factory=dict)

    def put_back(self, settle: timedelta) -> None:
        """Until nothing differs, or nothing more helps; then say what is left."""
        self.rest(settle)
        for number in range(ROUNDS):
            now = self.look()
            if not differences(self.before, now):
                break
            if self.things(now):
                now = self.look()
            self.days(now, number)
            if not differences(self.before, self.settled(settle)):
                break
        now = self.look()
        known = {one.id for one in self.before.visits}
        self.report.cancelled += [
            f"{one.id} of {one.start.isoformat(timespec='minutes')} at address {self.at.address_id}"
            for one in now.visits
            if one.cancelled and one.id not in known
        ]
        for difference in differences(self.before, now):
            why = next((reason for thing, reason in self.reasons.items() if thing in difference), "")
            self.report.left.append(f"address {self.at.address_id}: {difference}" + (f" ({why})" if why else ""))

    def rest(self, settle: timedelta) -> None:
        """What was written last may not show yet: it must not appear after everything looked as before."""
        if self.meant.last is not None:
            left = self.meant.last + settle - self.clock.now()
            _Silence().wait(0, max(left, timedelta(0)))

    def look(self) -> Picture:
        """What the calendar shows now."""
        return take(self.api, self.at, self.window, self.clock.now(), self.phones)

    def settled(self, settle: timedelta) -> Picture:
        """What it shows once it is as before, or once changes have had their time."""
        waited = eventually(
            self.look,
            lambda seen: differences(self.before, seen) or None,
            within=settle,
            news=_Silence(),
            clock=self.clock,
        )
        return waited.seen

    def things(self, now: Picture) -> bool:
        """Visits, breaks, services, insurances and the calendar itself; whether anything was tried."""
        tried = [self.visits(now), self.breaks(now), self.services(now), self.insurances(now), self.itself(now)]
        return any(tried)

    def visits(self, now: Picture) -> bool:
        """Cancel those of the run."""
        known = {one.id for one in self.before.visits}
        new = [one for one in now.visits if not one.cancelled and one.id not in known]
        for one in new:
            told = f"visit {one.id}"
            if one.own or one.id in self.meant.made or one.start in self.meant.visits:
                self.did(told, "cancelled", self.api.bookings.cancel(self.at, one.id, reason=REASON))
            else:
                self.reasons[one.id] = "this run did not book it"
        return bool(new)

    def breaks(self, now: Picture) -> bool:
        """Delete those of the run."""
        known = {one.id for one in self.before.breaks}
        new = [one for one in now.breaks if one.id not in known]
        for one in new:
            span = (one.since, one.till)
            if one.id in self.meant.made or span in self.meant.breaks:
                told = f"break {one.since.isoformat(timespec='minutes')}"
                self.did(told, "deleted", self.api.calendars.delete_break(self.at, one.id))
            else:
                self.reasons[one.since.isoformat(timespec="minutes")] = "this run did not add it"
        return bool(new)

    def services(self, now: Picture) -> bool:
        """Delete those that the run added."""
        known = {one.id for one in self.before.services}
        new = [one for one in now.services if one.id not in known]
        for one in new:
            if one.id in self.meant.made or one.service_id in self.meant.services:
                self.did(f"service {one.id}", "deleted", self.api.directory.delete_service(self.at, one.id))
            else:
                self.reasons[one.id] = "this run did not add it"
        return bool(new)

    def insurances(self, now: Picture) -> bool:
        """Accept what was accepted, with its plans, where the run changed it."""
        was, there = ({one.id: one for one in each.insurances} for each in (self.before, now))
        changed = [one for one in sorted(was.keys() | there.keys()) if was.get(one) != there.get(one)]
        for one in changed:
            if one not in self.meant.insurances:
                self.reasons[one] = "this run did not change it"
                continue
            if one in there:
                self.did(f"insurance {one}", "taken out", self.api.directory.delete_insurance(self.at, one))
            if one in was:
                self.did(
                    f"insurance {one}", "accepted again", self.api.directory.add_insurance(self.at, one, was[one].plans)
                )
        return bool(changed)

    def itself(self, now: Picture) -> bool:
        """Open or closed as before, where the run wrote to it at all."""
        if now.enabled == self.before.enabled or not self.meant.anything:
            return False
        turn = self.api.calendars.enable if self.before.enabled else self.api.calendars.disable
        self.did("the calendar", "opened" if self.before.enabled else "closed", turn(self.at))
        return True

    def days(self, now: Picture, number: int) -> None:
        """Offer on each day that the run touched what was offered before; divided in another way each round.

        The same update again may be ignored for three minutes [doc]; what counts as the same is open.
        """
        wanted, there = (_by_day(each, now.taken_at, self.zone) for each in (self.before, now))
        hidden = [(one.start, one.start + timedelta(minutes=one.minutes)) for one in now.visits if not one.cancelled]
        different = [
            day
            for day in sorted(wanted.keys() | there.keys())
            if {one for one in wanted.get(day, ()) if not _within(one, hidden)} - set(there.get(day, ()))
            or set(there.get(day, ())) - set(wanted.get(day, ()))
        ]
        mine = [one for one in different if one in self.meant.days]
        for one in set(different) - set(mine):
            self.reasons[one.isoformat()] = "this run changed nothing on that day"
        for day in mine:
            if set(there.get(day, ())) - set(wanted.get(day, ())):
                self.did(f"offered time of {day}", "cleared", self.api.calendars.delete_slots(self.at, day))
        periods = [part for day in mine for one in periods_for(wanted.get(day, ())) for part in divided(one, number)]
        if periods:
            told = f"offered time of {', '.join(str(day) for day in mine if day in wanted)}"
            self.did(told, "put back", self.api.calendars.replace_slots(self.at, periods))

    def did(self, what: str, how: str, outcome: Outcome[T]) -> None:
        """Note how it ended."""
        if isinstance(outcome, Done):
            self.report.undone.append(f"{what} at address {self.at.address_id}: {how}")
        else:
            refused = isinstance(outcome, Refused)
            told = f"Docplanner refused: {outcome}" if refused else "nobody knows whether Docplanner did it"
            self.reasons[what.rpartition(" ")[2]] = told


class _Silence:
    """No news: looked at again after a while."""

    def __init__(self) -> None:
        self._never = Event()

    def mark(self) -> int:
        """There is none."""
        return 0

    def wait(self, after: int, timeout: timedelta) -> bool:
        """Wait the whole time."""
        del after
        return self._never.wait(timeout.total_seconds())


def _within(offered: Offered, visits: Sequence[tuple[datetime, datetime]]) -> bool:
    """Whether a visit takes the time, so that nothing could offer it."""
    end = offered.start + timedelta(minutes=min(minutes for _, minutes in offered.services))
    return any(since < end and offered.start < till for since, till in visits)


def _by_day(picture: Picture, now: datetime, zone: ZoneInfo) -> Mapping[date, tuple[Offered, ...]]:
    found: dict[date, list[Offered]] = {}
    for one in picture.offered:
        if one.start > now:
            found.setdefault(one.start.astimezone(zone).date(), []).append(one)
    return {day: tuple(offered) for day, offered in found.items()}
