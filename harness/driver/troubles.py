"""Trouble between Docplanner and the clinic's system, made on purpose and for one calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from harness.driver.cast import Cast, DoctorName
from harness.driver.scene import Scene
from harness.marketplace.port import ApiClients, TimeThere, Trouble
from harness.recorder.line import Actor
from harness.vocabulary import Calendar, Visit

__all__ = ["Breakdown", "TroubleDesk"]

MANY = 100_000
"""More than a scenario ever sends: the trouble lasts until it is ended."""
REFUSED = 3
"""So many that who does not wait is seen not to, and who waits is through in seconds."""
RESET_S = 1.2
FAILING = frozenset({"fail", "limit", "cut"})
"""Effects after which the clinic's system has to recover. Source: criteria.md, "Waits", ``recovery_s``."""
Effect = Literal["duplicate", "hold", "drop", "delay", "reorder", "fail", "limit", "cut", "slow", "omit"]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How a write goes wrong: with a 503 or a cut connection, before or after it took effect."""

    effect: Literal["fail", "cut"]
    when: Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class TroubleDesk:
    """What goes wrong on the way, in either direction."""

    scene: Scene
    clients: ApiClients
    time: TimeThere
    cast: Callable[[], Cast]

    def reorder(self, doctor: DoctorName, count: int) -> None:
        """The next ``count`` messages about the calendar come newest first."""
        calendar = self.cast().calendar(doctor)
        self._arm(calendar, f"The next {count} news will come newest first", "message", "reorder", count=count)

    def lose(self, doctor: DoctorName, count: int = 1) -> None:
        """The next messages about the calendar never arrive."""
        self._arm(self.cast().calendar(doctor), "The next news will be lost", "message", "drop", count=count)

    def break_write(self, doctor: DoctorName, how: Breakdown) -> None:
        """The next call by which the clinic's system changes something in the calendar goes wrong."""
        told = f"The next change sent to Docplanner will {how.effect}, {how.when} it takes effect"
        self._arm(self.cast().calendar(doctor), told, "write", how.effect, when=how.when)

    def refuse_writes(self, doctor: DoctorName, count: int = REFUSED) -> None:
        """The next changes are refused with 429 and a reset that is near."""
        which = "change sent to Docplanner is one" if count == 1 else f"{count} changes sent to Docplanner are"
        told = f"The next {which} too many, for {RESET_S:g} s{'' if count == 1 else ' each'}"
        self._arm(self.cast().calendar(doctor), told, "write", "limit", delay_s=RESET_S, count=count)

    def cut_link(self, doctor: DoctorName) -> tuple[str, ...]:
        """Nothing gets through in either direction; what ends it."""
        calendar = self.cast().calendar(doctor)
        return (
            self._arm(calendar, "News no longer gets through", "message", "drop", count=MANY),
            self._arm(calendar, "Changes no longer get through", "write", "fail", count=MANY),
            self._arm(calendar, "Reading no longer gets through", "read", "fail", count=MANY),
        )

    def mend_link(self, doctor: DoctorName, down: tuple[str, ...]) -> None:
        """Everything gets through again."""
        for one in down:
            self.scene.act(
                Actor.DOCPLANNER,
                "The link is mended",
                lambda cause, one=one: self.clients.end_trouble(one, cause),  # type: ignore[misc]
                address=self.cast().calendar(doctor).id,
            )

    def leave_out(self, visit: Visit) -> None:
        """Lists of visits leave this one out from now on, although it stands."""
        told = "Docplanner's lists leave the visit out"
        self._arm(visit.calendar, told, "read", "omit", count=MANY, booking_id=visit.booking_id)

    def echo(self, doctor: DoctorName) -> None:
        """The clinic's system is told of its own actions too."""
        self._behave(doctor, "Docplanner tells the clinic of its own actions", {"echo_own_actions": True})

    def show_late(self, doctor: DoctorName, seconds: float) -> None:
        """Working time shows so much later than it is accepted."""
        self._behave(doctor, f"Docplanner shows changes after {seconds:g} s", {"slots_delay_s": seconds})

    def _behave(self, doctor: DoctorName, words: str, settings: dict[str, object]) -> None:
        address = self.cast().calendar(doctor).id
        self.scene.act(
            Actor.DOCPLANNER, words, lambda cause: self.time.behave(address, settings, cause), address=address
        )

    def _arm(
        self,
        calendar: Calendar,
        words: str,
        target: Literal["message", "write", "read"],
        effect: Effect,
        *,
        when: Literal["before", "after"] = "before",
        count: int = 1,
        delay_s: float = 0.0,
        booking_id: str | None = None,
    ) -> str:
        if effect in FAILING:
            self.scene.troubled = True
        trouble = Trouble(calendar.id, target, effect, when=when, count=count, delay_s=delay_s, booking_id=booking_id)
        return self.scene.act(
            Actor.DOCPLANNER, words, lambda cause: self.clients.trouble(trouble, cause), address=calendar.id
        )
