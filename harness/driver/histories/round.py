"""A round of histories: each played at a clinic of its own, a failing one made short or tried again, then judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time, timedelta

from harness.driver.cast import Cast
from harness.driver.clinic import person
from harness.driver.days import Moment
from harness.driver.docplanner import DocplannerView
from harness.driver.histories.ending import Ending
from harness.driver.histories.mixes import Drawn
from harness.driver.histories.plan import TIMES, Plan
from harness.driver.histories.player import OTHER_DAY, VISITS_DAY, Player
from harness.driver.histories.troubles import Power, Troubles
from harness.driver.outcomes import NotProven
from harness.driver.people import MarketplaceDesk
from harness.driver.scene import TO_DOCPLANNER, TO_PARTNER, Scene
from harness.driver.staff import StaffDesk
from harness.driver.system import SystemDesk
from harness.driver.timing import TimeDesk
from harness.driver.views import Views
from harness.errors import DocplannerRefused
from harness.later import later
from harness.marketplace.port import ApiClients
from harness.verdict.checks.histories import HistoryEndsEqual
from harness.verdict.finding import Finding
from harness.verdict.observation import CalendarSeen, CalendarsSeen
from harness.verdict.people import resembles
from harness.vocabulary import AddressId, Calendar

__all__ = ["Round"]

OPEN = (time(8), time(16))
OTHER_HOURS = (time(13), time(17))
"""No working time that a plan may come back to."""
SHRINK_FOR = timedelta(seconds=12)
OF_THEM_ONE_APART = 3
DRAWING = "harness.driver.histories.drawing"
draw: Callable[..., tuple[Drawn, ...]] = later(DRAWING, "draw")
shrink: Callable[..., Plan] = later(DRAWING, "shrink")
MORE_CLINICS = 4
"""Join at a time where none is left: one import serves them all."""


@dataclass(frozen=True, slots=True)
class Round:
    """The histories of one scenario. ``next_cast`` goes to another clinic."""

    scene: Scene
    views: Views
    staff: StaffDesk
    patients: MarketplaceDesk
    doctors: MarketplaceDesk
    clients: ApiClients
    time: TimeDesk
    system: SystemDesk
    next_cast: Callable[[], Cast]
    power: Power

    def play(self, *, apart: bool = False) -> tuple[Ending, ...]:
        """Play every history up to the first that fails; ``apart`` those that need the whole system to themselves.

        Of three histories of a run one is played apart.

        That one is made as short as it gets where the partner system is the reference stub; any other partner has it
        played once more instead.

        Raises:
            NotProven: a clinic could not be arranged, or one of the sides never came to rest.
            NotApplicable: they are played apart, and the clinic's system cannot be switched off.
        """
        if apart:
            self.scene.need("pause", self.power.start)
        settings = self.scene.settings
        alone = max(1, settings.histories // OF_THEM_ONE_APART)
        number = alone if apart else max(1, settings.histories - alone)
        endings: list[Ending] = []
        for drawn in draw(number, settings.history_length, settings.seed, apart=apart):
            ending = self._play(drawn, drawn.plan)
            if ending.problem is not None:
                endings.append(self._shortest(ending) if settings.assembly == "self" else self._again(ending))
                break
            endings.append(ending)
        return tuple(endings)

    def expect_equal(self, endings: tuple[Ending, ...]) -> None:
        """Judge each of them.

        Raises:
            Finding: both calendars did not end equal; the story is in the finding, and in its notes line by line.
            NotProven: a history failed, and did not fail again.
        """
        for one in endings:
            if one.unsure:
                detail = f"a history failed and did not fail again: {one.problem}"
                raise NotProven(detail, reason="could not tell", blame="partner")
            self.scene.last = one.last
            try:
                self.scene.expect(
                    one.check,
                    one.look,
                    noun="history",
                    direction=None,
                    within=timedelta(0),
                    address=AddressId(one.check.address_id),
                    seen_by=one.seen_by,
                )
            except Finding as finding:
                finding.add_note(one.check.story().replace(". ", ".\n"))
                raise

    # -- a failing one --------------------------------------------------------------------------------------------

    def _shortest(self, ending: Ending) -> Ending:
        kept = {ending.plan: ending}

        def fails(plan: Plan) -> bool:
            try:
                tried = self._play(ending.drawn, plan)
            except NotProven:
                return False
            if tried.problem is not None:
                kept[plan] = tried
            return tried.problem is not None

        shortest = shrink(ending.drawn, fails, within=SHRINK_FOR, clock=self.scene.clock)
        # played once more, so that what stands last in the journal is what the finding speaks of
        fails(shortest)
        return kept[shortest]

    def _again(self, ending: Ending) -> Ending:
        again = self._play(ending.drawn, ending.plan)
        return again if again.problem is not None else replace(ending, unsure=True)

    # -- one of them ----------------------------------------------------------------------------------------------

    def _play(self, drawn: Drawn, plan: Plan) -> Ending:
        self.scene.days.begin(self.scene.clock.now())
        cast = self._cast()
        calendar = cast.clinic.doctors[0].calendars[0]
        troubles = Troubles(self.scene, self.clients, self.time, self.power, calendar)
        player = Player(self.scene, self.views, self.staff, self.patients, self.doctors, troubles, cast, calendar)
        self.scene.troubled = False
        self._arrange(player, calendar)
        deeds = player.play(plan)
        settings = self.scene.settings
        again = (
            f"acceptance run --criterion {self.scene.criterion} --seed {settings.seed} "
            f"--histories {settings.histories} --history-length {settings.history_length}"
        )
        check = HistoryEndsEqual(
            calendar.id, deeds, cast.service(calendar).minutes, again, self.scene.settings.time_zone
        )
        self.scene.settle([calendar])
        limit = max(self.scene.limit(TO_PARTNER), self.scene.limit(TO_DOCPLANNER))
        if plan.loses:
            limit = timedelta(seconds=self.scene.settings.waits.recovery_s)
            self.system.activate((calendar,))
            self.scene.settle([calendar])
        waited = self.scene.watch(check, lambda: self._both(cast, calendar), within=limit)
        return Ending(
            drawn, plan, check, waited.seen, waited.objection, limit, self.scene.last, seen_by=self.scene.seen_by
        )

    def _arrange(self, player: Player, calendar: Calendar) -> None:
        self.scene.arranging = True
        try:
            player.set_hours(VISITS_DAY, OPEN)
            player.set_hours(OTHER_DAY, OTHER_HOURS)
            DocplannerView(self.scene, self.views).expect_offered(
                calendar, self.scene.days.at(Moment(VISITS_DAY, TIMES[0])), player.cast.service(calendar)
            )
            self.scene.settle([calendar])
        finally:
            self.scene.arranging = False

    def _cast(self) -> Cast:
        try:
            return self.next_cast()
        except DocplannerRefused:
            for _ in range(MORE_CLINICS):
                self.system.join()
            self.system.refresh_mapping()
            return self.next_cast()

    def _both(self, cast: Cast, calendar: Calendar) -> CalendarsSeen:
        """Both sides, without the visits by which the run tells that all has arrived."""
        seen = self.views.both(calendar)
        markers = [person(one) for one in cast.patients() if one.name.startswith("Marker")]

        def without(side: CalendarSeen) -> CalendarSeen:
            kept = [one for one in side.visits if not any(resembles(one.patient, each) for each in markers)]
            return replace(side, visits=tuple(kept))

        return replace(seen, partner=without(seen.partner), docplanner=without(seen.docplanner))
