"""Working time, visits and breaks of a calendar in any order, against a naive list of minutes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from harness.clock import ManualClock
from harness.sandbox.breaks import Break
from harness.sandbox.calendars import Calendars
from harness.sandbox.refusals import Refusal
from harness.sandbox.settings import SandboxSettings
from harness.sandbox.slots import Offered, WorkPeriod
from harness.sandbox.state import Cause, State
from harness.sandbox.visits import Wanted

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAYS = (date(2026, 3, 3), date(2026, 3, 4))
DAY = 24 * 60
FIRST = datetime(2026, 3, 3, tzinfo=WARSAW).astimezone(UTC)
ANNA = {"name": "Anna", "surname": "Nowak", "phone": "+48500001234"}
LENGTHS = st.sampled_from((10, 15, 20, 30, 45, 60))


def instant(minute: int) -> datetime:
    """That many minutes after the first midnight."""
    return FIRST + timedelta(minutes=minute)


def step_of(offered: tuple[tuple[str, int], ...]) -> int:
    """The grid of a period that offers this, in minutes."""
    return math.gcd(*(length for _, length in offered)) or 1


@dataclass
class NaiveCalendar:
    """What minute by minute is known of a calendar."""

    work: dict[int, tuple[int, tuple[tuple[str, int], ...], int]] = field(default_factory=dict)
    """Minute to (number of its period, what that offers, where its grid begins)."""
    visits: dict[int, str] = field(default_factory=dict)
    breaks: dict[int, set[str]] = field(default_factory=dict)
    periods: int = 0

    def replace(self, start: int, end: int, offered: tuple[tuple[str, int], ...]) -> None:
        """The minutes of the range become those of a new period, or of none."""
        self.periods += 1
        for minute in range(start, end):
            self.work.pop(minute, None)
            if offered:
                self.work[minute] = (self.periods, offered, start)

    def clear(self, day: int) -> None:
        """No work on that day."""
        for minute in range(day * DAY, (day + 1) * DAY):
            self.work.pop(minute, None)

    def busy(self, minute: int) -> bool:
        """Whether a visit or a break has it."""
        return minute in self.visits or bool(self.breaks.get(minute))

    def offers(self) -> set[tuple[int, str, int]]:
        """Every start with a service and its length, found by trying each minute."""
        found = set()
        for start, (period, offered, grid) in self.work.items():
            if (start - grid) % step_of(offered):
                continue
            for service, length in offered:
                minutes = range(start, start + length)
                whole = all(self.work.get(one, (0,))[0] == period for one in minutes)
                if whole and not any(self.busy(one) for one in minutes):
                    found.add((start, service, length))
        return found


class Slots(RuleBasedStateMachine):
    """Working time, visits and breaks in any order; what is offered is always what the model says."""

    reach = "range"

    @initialize(lengths=st.lists(LENGTHS, min_size=1, max_size=2), pause=st.integers(96, 115))
    def begin(self, lengths: list[int], pause: int) -> None:
        """A calendar with working time on the first morning, and a break in it."""
        self.clock = ManualClock(NOW)
        self.state = State(SandboxSettings(clinics=1, lookalike_clinics=0, ungranted_clinics=0), self.clock)
        self.state.behaviour = self.state.behaviour.changed({"slots_delay_s": 0.0, "replace_reach": self.reach})
        self.rules = Calendars(self.state)
        facility = next(iter(self.state.directory.facilities.values()))
        self.address = next(iter(next(iter(facility.doctors.values())).addresses.values()))
        self.services = list(self.address.services)
        self.model = NaiveCalendar()
        self.sent = 0
        self.replace([(0, 0, 40, lengths)])
        self.block(pause, 3)

    @rule(
        ranges=st.lists(
            st.tuples(st.sampled_from((0, 1)), st.integers(0, 24), st.integers(1, 40), st.lists(LENGTHS, max_size=2)),
            min_size=1,
            max_size=3,
        )
    )
    def replace(self, ranges: list[tuple[int, int, int, list[int]]]) -> None:
        """The partner sends work periods, on a grid of five minutes."""
        periods = []
        if self.reach == "whole_day":
            for day in {one[0] for one in ranges}:
                self.model.clear(day)
        for day, first, length, lengths in ranges:
            start = day * DAY + 8 * 60 + first * 5
            end = start + length * 5
            offered = tuple(zip(self.services, lengths, strict=False))
            periods.append(
                WorkPeriod(instant(start), instant(end), tuple(Offered(*one) for one in offered), self.clock.now())
            )
            self.model.replace(start, end, offered)
        self.sent += 1
        assert self.rules.replace(self.address, periods, str(self.sent).encode()) is not None

    @rule(day=st.sampled_from((0, 1)))
    def clear(self, day: int) -> None:
        """The partner clears a day."""
        self.rules.clear(self.address, DAYS[day])
        self.model.clear(day)

    @rule(data=st.data(), by=st.sampled_from(("user", "integration")))
    def book_what_is_offered(self, data: st.DataObject, by: str) -> None:
        """What is offered can be booked."""
        offers = sorted(self.model.offers())
        if not offers:
            return
        start, service, length = data.draw(st.sampled_from(offers))
        booking = self._book(start, service, length, by)
        self.model.visits.update(dict.fromkeys(range(start, start + length), booking))

    @rule(data=st.data(), length=LENGTHS, by=st.sampled_from(("user", "integration", "doctor")))
    def try_to_book(self, data: st.DataObject, length: int, by: str) -> None:
        """Nothing else can be booked by patients; a doctor books anywhere but over a visit."""
        anywhere = [one * 5 for one in range(96, 160)]
        on_the_grid = [
            one for one, (_, offered, grid) in self.model.work.items() if not (one - grid) % step_of(offered)
        ]
        at_work = [one for one in self.model.work if not one % 5]
        start = data.draw(
            st.sampled_from(sorted(data.draw(st.sampled_from((on_the_grid, at_work, anywhere))) or anywhere))
        )
        service = self.services[0]
        minutes = range(start, start + length)
        period, offered, grid = self.model.work.get(start, (0, (), 0))
        step = step_of(offered)
        fits = (
            period
            and not (start - grid) % step
            and not length % step
            and any(one == service for one, _ in offered)
            and all(self.model.work.get(one, (0,))[0] == period for one in minutes)
            and not any(self.model.busy(one) for one in minutes)
        )
        if by == "doctor":
            fits = not any(one in self.model.visits for one in minutes)
        if fits:
            booking = self._book(start, service, length, by)
            self.model.visits.update(dict.fromkeys(minutes, booking))
        else:
            with pytest.raises(Refusal):
                self._book(start, service, length, by)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """A cancelled visit frees its time."""
        standing = sorted(set(self.model.visits.values()))
        if not standing:
            return
        gone = data.draw(st.sampled_from(standing))
        booking = self.state.bookings.get(gone)
        assert booking is not None
        self.rules.visits.cancel(booking, by="user", cause=Cause())
        self.model.visits = {minute: one for minute, one in self.model.visits.items() if one != gone}

    @rule(start=st.integers(96, 150), length=st.integers(1, 12))
    def block(self, start: int, length: int) -> None:
        """A break hides what it covers; breaks may overlap."""
        start, end = start * 5, (start + length) * 5
        break_id = self.state.ids.new()
        self.rules.add_break(
            Break(break_id, self.address.id, instant(start), instant(end), break_id, "doctor"), Cause()
        )
        for minute in range(start, end):
            self.model.breaks.setdefault(minute, set()).add(break_id)

    @rule(data=st.data())
    def free(self, data: st.DataObject) -> None:
        """Without its break the time is offered again."""
        every = sorted(set().union(*self.model.breaks.values()))
        if not every:
            return
        gone = data.draw(st.sampled_from(every))
        self.rules.remove_break(self.state.breaks.find(self.address.id, gone), Cause())
        for minute in self.model.breaks.values():
            minute.discard(gone)

    @invariant()
    def the_offers_are_the_models(self) -> None:
        """What patients can book is what the list of minutes says."""
        if not hasattr(self, "model"):
            return
        offers = self.rules.offers(self.address, instant(0), instant(2 * DAY))
        seen = [
            (int((one.start - FIRST).total_seconds()) // 60, one.address_service_id, one.duration) for one in offers
        ]
        assert len(seen) == len(set(seen))
        assert set(seen) == self.model.offers()

    def _book(self, start: int, service: str, length: int, by: str) -> str:
        wanted = Wanted(instant(start), length, service, dict(ANNA))
        return self.rules.visits.book(self.address, wanted, by=by, cause=Cause()).id


class SlotsOfWholeDays(Slots):
    """The same where replaceSlots reaches over whole days."""

    reach = "whole_day"


TestSlots = Slots.TestCase
TestSlots.settings = settings(max_examples=50, stateful_step_count=10, deadline=None)
TestSlotsOfWholeDays = SlotsOfWholeDays.TestCase
TestSlotsOfWholeDays.settings = settings(max_examples=50, stateful_step_count=10, deadline=None)
