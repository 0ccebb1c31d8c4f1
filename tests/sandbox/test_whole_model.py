"""The whole sandbox under any order of acts, against Docplanner as behaviour.md tells it, minute by minute."""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sandbox.naive import NaiveCalendar, NaiveDocplanner, Sent, instant, minute_of
from sandbox.served import served
from sandbox.sides import Http, Rules, Side

from harness.clock import ManualClock
from harness.contract.marketplaces import MARKETPLACES
from harness.sandbox.settings import SandboxSettings
from harness.sandbox.state import State

NIGHTS = (
    ("znanylekarz.pl", date(2026, 3, 29)),  # 23 hours
    ("znanylekarz.pl", date(2026, 10, 25)),  # 25 hours
    ("doctoralia.com.pt", date(2026, 10, 25)),
    ("doctoralia.cl", date(2026, 9, 6)),  # a day that begins at 01:00
    ("doctoralia.cl", date(2026, 4, 4)),  # a day whose last hour comes twice
    ("doctoralia.mx", date(2026, 10, 25)),  # an ordinary day
)
MOST = 1000 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 40
DELAY = timedelta(seconds=10)
GRID = 15
WHO = st.sampled_from(("user", "doctor", "integration"))
STAFF = st.sampled_from(("doctor", "integration"))
WHERE = st.integers(0, 1)
AT = st.integers(-8, 2 * 96 + 8).map(lambda step: step * GRID)
"""Minutes from the first midnight; some before it, some after the second day."""
EARLY = st.integers(0, 24).map(lambda step: step * GRID)
"""The hours of the night in which clocks change, and after."""
LATE = st.integers(-10, 6).map(lambda step: 24 * 60 + step * GRID)
"""Around the end of the first day, which lies an hour off where clocks change."""
START = st.one_of(EARLY, EARLY, LATE, AT)
LENGTH = st.sampled_from((15, 30, 45, 60))
OFFERED = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from((15, 20, 30, 45))), max_size=2, unique_by=lambda one: one[0]
)
PERIODS = st.lists(st.tuples(START, st.sampled_from((0, 15, 60, 90, 240)), OFFERED), min_size=1, max_size=2)
PASSING = st.sampled_from([timedelta(seconds=one) for one in (1, 9, 10, 179, 180, 3600)] + [timedelta(days=1)])


class Everybody(RuleBasedStateMachine):
    """Two calendars of one doctor, with patients, the doctor, and the partner system."""

    side: Side

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()

    @initialize(night=st.sampled_from(NIGHTS), reach=st.sampled_from(("range", "whole_day")))
    def begin(self, night: tuple[str, date], reach: str) -> None:
        """The evening before."""
        domain, self.day = night
        zone = MARKETPLACES[domain].zone
        now = datetime.combine(self.day - timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=6)
        clock = ManualClock(now)
        sandbox = SandboxSettings(
            marketplace=domain, clinics=0, lookalike_clinics=1, ungranted_clinics=0, slots_delay_s=DELAY.total_seconds()
        )
        self.side, state = self.started(sandbox, clock)
        state.behaviour = state.behaviour.changed({"replace_reach": reach})
        self.naive = NaiveDocplanner(zone, now, reach, DELAY)
        (facility,) = state.directory.facilities.values()
        addresses = list(next(iter(facility.doctors.values())).addresses.values())[:2]
        self.addresses = [one.id for one in addresses]
        for one in addresses:
            services = {name: service.service_id for name, service in one.services.items()}
            self.naive.calendars[one.id] = NaiveCalendar(services)
        self.sent: dict[str, tuple[Sent, ...]] = {}
        self.gone: list[tuple[str, str]] = []
        first, second = (
            minute_of(datetime.combine(self.day + timedelta(days=one), datetime.min.time(), zone).astimezone(UTC))
            for one in (0, 1)
        )
        self.midnight = first
        for address_id in self.addresses:
            names = self.services(address_id)
            offered = ((names[0], 20), (names[-1], 60))
            spans = ((first, first + 300), (second - 240, second), (second, second + 240))
            self.send(address_id, tuple((since, till, offered) for since, till in spans))
        self.pass_for(timedelta(minutes=4))

    def started(self, sandbox: SandboxSettings, clock: ManualClock) -> tuple[Side, State]:
        """The rules alone."""
        state = State(sandbox, clock)
        return Rules(state, clock), state

    def teardown(self) -> None:
        """Nothing is left running."""
        self.stack.close()

    # -- working time ---------------------------------------------------------------------------------------------

    @rule(where=WHERE, periods=PERIODS, old=st.booleans())
    def replace(self, where: int, periods: list[tuple[int, int, list[tuple[int, int]]]], old: bool) -> None:
        """Work periods, some of which no calendar takes; seldom with a service that is gone."""
        address_id = self.addresses[where]
        names = self.services(address_id)
        if old:
            names = [name for at, name in self.gone if at == address_id][-1:] + names
        self.send(
            address_id,
            tuple(
                (
                    self.midnight + start,
                    self.midnight + start + length,
                    tuple((names[one % len(names)], minutes) for one, minutes in offered) if names else (),
                )
                for start, length, offered in periods
            ),
        )

    @rule(where=WHERE)
    def replace_again(self, where: int) -> None:
        """The same once more: too early, ignored, or after three minutes new."""
        self.send(self.addresses[where], self.sent[self.addresses[where]])

    @rule(where=WHERE, start=st.integers(0, 28), length=st.sampled_from((5, 10, 25)))
    def cut_out(self, where: int, start: int, length: int) -> None:
        """A hole off the grid: what is left keeps its own."""
        since = self.midnight + start * 10
        self.send(self.addresses[where], ((since, since + length, ()),))

    def send(self, address_id: str, sent: tuple[Sent, ...]) -> None:
        """Both answer alike."""
        sent = tuple((start, end, _each_once(services)) for start, end, services in sent)
        self.sent[address_id] = sent
        assert self.side.replace(address_id, sent) is self.naive.replace(address_id, sent)

    @rule(where=WHERE, ahead=st.integers(0, 1))
    def clear(self, where: int, ahead: int) -> None:
        """A whole day."""
        day = self.day + timedelta(days=ahead)
        self.side.clear(self.addresses[where], day)
        self.naive.clear(self.addresses[where], day)

    @rule(where=WHERE, on=st.booleans())
    def enable(self, where: int, on: bool) -> None:
        """Open or close online booking."""
        self.side.enable(self.addresses[where], on=on)
        self.naive.calendars[self.addresses[where]].enabled = on

    # -- visits ---------------------------------------------------------------------------------------------------

    @rule(data=st.data(), where=WHERE, by=WHO)
    def book_offered(self, data: st.DataObject, where: int, by: str) -> None:
        """One of the free slots."""
        address_id = self.addresses[where]
        if free := sorted(self.naive.slots(address_id)):
            start, end, service = data.draw(st.sampled_from(free))
            self.book(address_id, start, end - start, service, by)

    @rule(where=WHERE, start=START, minutes=LENGTH, service=st.integers(0, 1), by=WHO)
    def book_anywhere(self, where: int, start: int, minutes: int, service: int, by: str) -> None:
        """Any time, mostly none that is free."""
        address_id = self.addresses[where]
        if names := self.services(address_id):
            self.book(address_id, self.midnight + start, minutes, names[service % len(names)], by)

    def book(self, address_id: str, start: int, minutes: int, service: str, by: str) -> None:
        """Both take it, or neither."""
        allowed = self.naive.allows(address_id, start, start + minutes, service, by)
        made = self.side.book(address_id, start, minutes, service, by)
        assert (made is not None) is allowed
        if made is not None:
            self.fresh(made)
            self.naive.book(made, address_id, start, start + minutes, by)

    @precondition(lambda self: self.naive.visits)
    @rule(data=st.data(), where=WHERE, start=START, minutes=LENGTH, offered=st.booleans(), by=WHO)
    def move(self, data: st.DataObject, where: int, start: int, minutes: int, offered: bool, by: str) -> None:
        """Any visit, standing or not, to either calendar."""
        visit = data.draw(st.sampled_from(sorted(self.naive.visits)))
        old, to, names = self.naive.visits[visit], self.addresses[where], self.services(self.addresses[where])
        if not names:
            return
        since, service = self.midnight + start, names[0]
        if offered and (free := sorted(self.naive.slots(to))):
            since, till, service = data.draw(st.sampled_from(free))
            minutes = till - since
        allowed = old.stands and self.naive.allows(to, since, since + minutes, service, by, but=visit)
        made = self.side.move(visit, old.address_id, to, since, minutes, service, by)
        assert (made is not None) is allowed
        if made is not None:
            self.fresh(made)
            self.naive.move(made, visit, to, since, since + minutes, by)

    @precondition(lambda self: self.naive.visits)
    @rule(data=st.data(), by=WHO)
    def cancel(self, data: st.DataObject, by: str) -> None:
        """What stands can be cancelled, once."""
        visit = data.draw(st.sampled_from(sorted(self.naive.visits)))
        one = self.naive.visits[visit]
        assert self.side.cancel(visit, one.address_id, by) is one.stands
        if one.stands:
            self.naive.cancel(visit, by)

    # -- breaks and services --------------------------------------------------------------------------------------

    @rule(where=WHERE, start=START, minutes=LENGTH, by=STAFF)
    def block(self, where: int, start: int, minutes: int, by: str) -> None:
        """Over visits and other breaks too; the same range twice is refused."""
        address_id, span = self.addresses[where], (self.midnight + start, self.midnight + start + minutes)
        breaks = self.naive.calendars[address_id].breaks
        made = self.side.block(address_id, *span, by)
        assert (made is None) is (span in breaks.values())
        if made is not None:
            self.fresh(made)
            breaks[made] = span
            self.naive.tell("break-created", address_id, made, by)

    @rule(data=st.data(), where=WHERE, start=START, minutes=LENGTH, by=STAFF)
    def shift(self, data: st.DataObject, where: int, start: int, minutes: int, by: str) -> None:
        """A break moves, but not to where it is."""
        address_id, span = self.addresses[where], (self.midnight + start, self.midnight + start + minutes)
        breaks = self.naive.calendars[address_id].breaks
        if breaks and span not in breaks.values():
            one = data.draw(st.sampled_from(sorted(breaks)))
            assert self.side.shift(address_id, one, *span, by)
            breaks[one] = span
            self.naive.tell("break-moved", address_id, one, by)

    @rule(data=st.data(), where=WHERE, by=STAFF)
    def free(self, data: st.DataObject, where: int, by: str) -> None:
        """A break is gone."""
        address_id = self.addresses[where]
        if breaks := self.naive.calendars[address_id].breaks:
            one = data.draw(st.sampled_from(sorted(breaks)))
            self.side.free(address_id, one, by)
            del breaks[one]
            self.naive.tell("break-removed", address_id, one, by)

    @rule(where=WHERE, by=STAFF)
    def drop_service(self, where: int, by: str) -> None:
        """The address no longer has it; what was sent keeps its name."""
        address_id = self.addresses[where]
        if names := self.services(address_id):
            self.side.drop_service(address_id, names[0], by)
            self.gone.append((address_id, names[0]))
            self.dictionary = self.naive.calendars[address_id].services.pop(names[0])
            self.naive.tell("address-service-deleted", address_id, names[0], by)

    @precondition(lambda self: hasattr(self, "dictionary"))
    @rule(where=WHERE, by=STAFF)
    def add_service(self, where: int, by: str) -> None:
        """What was deleted comes back, under another id."""
        address_id = self.addresses[where]
        services = self.naive.calendars[address_id].services
        if self.dictionary not in services.values():
            made = self.side.add_service(address_id, self.dictionary, by)
            self.fresh(made)
            services[made] = self.dictionary
            self.naive.tell("address-service-created", address_id, made, by)

    @rule(by=PASSING)
    def pass_time(self, by: timedelta) -> None:
        """Seconds, hours, or a day."""
        self.pass_for(by)

    def pass_for(self, by: timedelta) -> None:
        """On both sides."""
        self.side.advance(by)
        self.naive.now += by

    # -- what always holds ----------------------------------------------------------------------------------------

    @invariant()
    def everything_is_as_the_minutes_have_it(self) -> None:
        """Slots, what is bookable, visits, their chains, and the news that was due."""
        if not hasattr(self, "naive"):
            return
        whole = (self.midnight - 2880, self.midnight + 3 * 2880)
        for address_id in self.addresses:
            slots = self.naive.slots(address_id)
            enabled = self.naive.calendars[address_id].enabled
            part = (self.midnight + 37, self.midnight + 240)
            for since, till in (whole, part):
                within = {one for one in slots if since <= one[0] < till}
                assert self.side.slots(address_id, since, till) == within
                to_come = {one for one in within if instant(one[0]) >= self.naive.now}
                assert self.side.offers(address_id, since, till) == (to_come if enabled else set())
            visits = {k: (v.start, v.end, v.stands) for k, v in self.naive.visits.items() if v.address_id == address_id}
            assert self.side.visits(address_id, *whole) == visits
        for visit in list(self.naive.visits)[-2:]:
            assert self.side.chain(visit, self.naive.visits[visit].address_id) == self.naive.ends_of(visit)
        assert self.side.told() == self.naive.told

    # -- small things ---------------------------------------------------------------------------------------------

    def services(self, address_id: str) -> list[str]:
        """Address service ids, in an order."""
        return sorted(self.naive.calendars[address_id].services)

    def fresh(self, made: str) -> None:
        """An id that nothing had before."""
        old = {
            *self.naive.visits,
            *(name for one in self.naive.calendars.values() for name in (*one.breaks, *one.services)),
        }
        assert made not in old | {name for _, name in self.gone}


class EverybodyOverHttp(Everybody):
    """The same, as patients, doctors and a partner system see it."""

    def started(self, sandbox: SandboxSettings, clock: ManualClock) -> tuple[Side, State]:
        """A served sandbox, whose clock stands still until it is moved."""
        docplanner = self.stack.enter_context(served(sandbox, beneath=clock))
        state = docplanner.sandbox.state
        paths = {
            address_id: f"/facilities/{one.id}/doctors/{doctor.id}/addresses/{address_id}"
            for one in state.directory.facilities.values()
            for doctor in one.doctors.values()
            for address_id in doctor.addresses
        }
        return Http(docplanner, paths), state


def _each_once(services: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """A service is offered once in a period."""
    return tuple({name: (name, minutes) for name, minutes in services}.values())


Everybody.TestCase.settings = settings(max_examples=MOST, stateful_step_count=30, deadline=None)
test_the_rules_are_what_a_diary_says = Everybody.TestCase
EverybodyOverHttp.TestCase.settings = settings(max_examples=4, stateful_step_count=15, deadline=None)
test_the_sandbox_over_http_is_what_a_diary_says = EverybodyOverHttp.TestCase
