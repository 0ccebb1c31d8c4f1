"""The rules of visits and breaks under any order of acts, against a diary that a child could keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from harness.clock import ManualClock
from harness.sandbox.bookings import Booking
from harness.sandbox.breaks import Break
from harness.sandbox.calendars import Calendars
from harness.sandbox.directory import Address
from harness.sandbox.refusals import Refusal
from harness.sandbox.settings import SandboxSettings
from harness.sandbox.slots import Offered, Span, WorkPeriod
from harness.sandbox.state import Cause, State
from harness.sandbox.visits import Visits, Wanted

TODAY = datetime(2026, 11, 23, 5, tzinfo=UTC)
EIGHT = datetime(2026, 11, 24, 8, tzinfo=UTC)
DAY = (EIGHT - timedelta(hours=8), EIGHT + timedelta(hours=16))
WORK = (EIGHT, EIGHT + timedelta(hours=4))
GRID = timedelta(minutes=15)
PATIENT = {"name": "Anna", "phone": "500001234"}
NOBODY = Cause()


@dataclass
class Entry:
    """A visit in the diary."""

    address_id: str
    span: Span
    stands: bool = True
    chain: tuple[str, ...] = ()


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share an instant."""
    return one[0] < other[1] and other[0] < one[1]


MOMENTS = st.integers(-2, 17).map(lambda step: EIGHT + step * GRID)
LENGTHS = st.sampled_from([None, 15, 30, 45, 60])
WHO = st.sampled_from(["user", "doctor", "integration"])
WHERE = st.integers(0, 1)


class Diary(RuleBasedStateMachine):
    """Two calendars of a lookalike clinic's doctor, served by Docplanner's rules and by a diary."""

    visits = Bundle("visits")
    breaks = Bundle("breaks")

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock(TODAY)
        sandbox = SandboxSettings(clinics=0, lookalike_clinics=1, ungranted_clinics=0, slots_delay_s=10)
        self.state = State(sandbox, self.clock)
        self.calendars, self.rules = Calendars(self.state), Visits(self.state)
        (facility,) = self.state.directory.facilities.values()
        self.addresses = list(next(iter(facility.doctors.values())).addresses.values())[:2]
        self.entries: dict[str, Entry] = {}
        self.blocked: dict[str, tuple[str, Span]] = {}
        self.ids: set[str] = set()
        for address in self.addresses:
            offered = tuple(Offered(one, 15) for one in address.services)
            period = WorkPeriod(*WORK, offered, self.clock.now())
            self.calendars.replace(address, [period], b"first")
        self.clock.advance(timedelta(seconds=10))

    # -- what anybody may do --------------------------------------------------------------------------------------

    @rule(target=visits, where=WHERE, start=MOMENTS, minutes=LENGTHS, by=WHO)
    def book(self, where: int, start: datetime, minutes: int | None, by: str) -> object:
        """Book; only a doctor outside slots or into a break, and nobody onto another visit."""
        address = self.addresses[where]
        wanted = Wanted(start, minutes, self.service(address), PATIENT)
        span = (start, start + timedelta(minutes=minutes or 15))
        if minutes is None and not WORK[0] <= start < WORK[1]:
            span = (start, start + timedelta(minutes=30))  # no slot says how long: the profile does
        made = self.tried(lambda: self.rules.book(address, wanted, by=by, cause=NOBODY))
        assert (made is not None) is self.allowed(address, span, by)
        if made is None:
            return multiple()
        self.enter(made, address, span, ())
        return made.id

    @rule(target=visits, visit=visits, where=WHERE, start=MOMENTS, minutes=LENGTHS, by=WHO)
    def move(self, visit: str, where: int, start: datetime, minutes: int | None, by: str) -> object:
        """Move, if it stands; refused, nothing has changed."""
        entry, address = self.entries[visit], self.addresses[where]
        old = self.state.bookings.get(visit)
        assert old is not None
        wanted = Wanted(start, minutes, self.service(address), PATIENT)
        length = timedelta(minutes=minutes) if minutes else entry.span[1] - entry.span[0]
        span = (start, start + length)
        made = self.tried(lambda: self.rules.move(old, address, wanted, by=by, cause=NOBODY))
        assert (made is not None) is (entry.stands and self.allowed(address, span, by, but=visit))
        if made is None:
            return multiple()
        entry.stands = False
        self.enter(made, address, span, (*entry.chain, visit))
        return made.id

    @rule(visit=visits, by=WHO)
    def cancel(self, visit: str, by: str) -> None:
        """Cancel what stands; what does not cannot be cancelled again."""
        found = self.state.bookings.get(visit)
        assert found is not None
        done = self.tried(lambda: self.rules.cancel(found, by=by, cause=NOBODY))
        assert (done is not None) is self.entries[visit].stands
        self.entries[visit].stands = False

    @rule(target=breaks, where=WHERE, start=MOMENTS, steps=st.integers(1, 4))
    def block(self, where: int, start: datetime, steps: int) -> object:
        """Block time, over visits too; the same range twice is refused."""
        address, span = self.addresses[where], (start, start + steps * GRID)
        made = Break(self.state.ids.new(), address.id, *span, None, "doctor")
        added = self.tried(lambda: self.calendars.add_break(made, NOBODY))
        assert (added is None) is ((address.id, span) in self.blocked.values())
        if added is None:
            return multiple()
        self.fresh(added.id)
        self.blocked[added.id] = (address.id, span)
        return added.id

    @rule(blocked=consumes(breaks))
    def free(self, blocked: str) -> None:
        """Unblock time."""
        address_id, _ = self.blocked.pop(blocked)
        self.calendars.remove_break(self.state.breaks.find(address_id, blocked), NOBODY)

    # -- what always holds ----------------------------------------------------------------------------------------

    @invariant()
    def no_two_visits_that_stand_overlap(self) -> None:
        """On one calendar."""
        for address in self.addresses:
            spans = sorted(self.state.bookings.taken(address.id, *DAY))
            assert all(one[1] <= other[0] for one, other in pairwise(spans))

    @invariant()
    def visits_are_as_the_diary_has_them(self) -> None:
        """Standing or not, where and when; what was cancelled never stands again."""
        told = {
            one.id: (one.address_id, one.span, one.is_booked)
            for address in self.addresses
            for one in self.state.bookings.starting_in(address.id, *DAY)
        }
        assert told == {one: (entry.address_id, entry.span, entry.stands) for one, entry in self.entries.items()}

    @invariant()
    def every_visit_of_a_chain_names_both_ends(self) -> None:
        """The first one and the newest."""
        newest = {one: visit for visit, entry in self.entries.items() for one in (*entry.chain, visit)}
        for visit, entry in self.entries.items():
            found = self.state.bookings.get(visit)
            assert found is not None
            assert self.state.bookings.chain(found) == ((*entry.chain, visit)[0], newest[visit])

    @invariant()
    def offers_are_the_grid_without_visits_and_breaks(self) -> None:
        """Exactly the slots that touch neither."""
        for address in self.addresses:
            grid = [(WORK[0] + step * GRID, WORK[0] + (step + 1) * GRID) for step in range(16)]
            taken = self.taken(address, but=None) + self.breaks_on(address)
            free = {one[0] for one in grid if not any(overlap(one, other) for other in taken)}
            assert {one.start for one in self.calendars.offers(address, *DAY)} == free

    # -- the diary ------------------------------------------------------------------------------------------------

    def tried(self, act: Callable[[], Booking | Break]) -> Booking | Break | None:
        """What the act makes, or None where it is refused; time passes."""
        self.clock.advance(timedelta(seconds=1))
        try:
            return act()
        except Refusal:
            return None

    def allowed(self, address: Address, span: Span, by: str, but: str | None = None) -> bool:
        """Whether the diary has room; a doctor needs no slot, and a break does not stop a doctor."""
        if any(overlap(span, one) for one in self.taken(address, but)):
            return False
        if by == "doctor":
            return True
        within = WORK[0] <= span[0] and span[1] <= WORK[1]
        return within and not any(overlap(span, one) for one in self.breaks_on(address))

    def taken(self, address: Address, but: str | None) -> list[Span]:
        """Visits that stand there."""
        return [
            one.span
            for name, one in self.entries.items()
            if one.stands and one.address_id == address.id and name != but
        ]

    def breaks_on(self, address: Address) -> list[Span]:
        """Breaks there."""
        return [span for address_id, span in self.blocked.values() if address_id == address.id]

    def enter(self, made: Booking | Break, address: Address, span: Span, chain: tuple[str, ...]) -> None:
        """Write a new visit down."""
        self.fresh(made.id)
        self.entries[made.id] = Entry(address.id, span, chain=chain)

    def fresh(self, made: str) -> None:
        """An id that nothing had before."""
        assert made not in self.ids
        self.ids.add(made)

    @staticmethod
    def service(address: Address) -> str:
        """The first service of the address."""
        return next(iter(address.services))


Diary.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
test_visits_and_breaks_in_any_order = Diary.TestCase
