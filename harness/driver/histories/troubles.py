"""What goes wrong in a history, in its one calendar."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Protocol

from harness.driver.histories.plan import Does
from harness.driver.outcomes import NotProven
from harness.driver.scene import Scene
from harness.driver.timing import TimeDesk
from harness.marketplace.port import ApiClients, Trouble
from harness.recorder.line import Actor
from harness.vocabulary import Calendar

__all__ = ["WORDS", "Power", "Troubles"]

ALL = 1000
"""More messages or calls than a history has."""
MIXED = 2
"""So many messages change places."""
SLOW = 2
"""So many changes are answered late."""
SLOW_S = 0.3
"""Long enough for the other side to act meanwhile, and for news to come before the answer."""
RESET_S = 1.0
"""Until changes are taken again; the header tells whole seconds."""
AGED = timedelta(days=4)
"""Longer than what nobody pulls is kept. Source: behaviour.md, "Notifications"."""
JUMP = timedelta(hours=2)
"""Longer than a token lives. Source: behaviour.md, "Access"."""
WORDS = {
    Does.NEWS_LOST: "The next message to the clinic is lost",
    Does.NEWS_TWICE: "The next message to the clinic comes twice",
    Does.NEWS_MIXED: "The next two messages to the clinic come in the wrong order",
    Does.NEWS_HELD: "Messages to the clinic are held back",
    Does.NEWS_LET_GO: "Messages that were held back arrive",
    Does.NEWS_AGES: "Messages on their way to the clinic grow four days old",
    Does.WRITE_FAILS: "Docplanner fails before the clinic's next change takes place",
    Does.WRITE_FAILS_AFTERWARDS: "Docplanner fails after the clinic's next change took place",
    Does.WRITE_CUT: "The line breaks before the clinic's next change takes place",
    Does.WRITE_CUT_AFTERWARDS: "The line breaks after the clinic's next change took place",
    Does.WRITE_SLOW: "Docplanner takes its time to answer the clinic's next two changes",
    Does.WRITE_HASTY: "Docplanner takes no change of the clinic for a moment",
    Does.READ_CUT: "The line breaks at the clinic's next look",
    Does.READ_SLOW: "Docplanner takes its time to answer the clinic's next look",
    Does.ACCESS_ENDS: "The clinic's access ends before its time",
    Does.LINK_DOWN: "The link between both sides is down",
    Does.LINK_BACK: "The link is back",
    Does.SYSTEM_STOPS: "The clinic's system stops",
    Does.SYSTEM_STARTS: "The clinic's system starts again",
    Does.HOURS_GO_BY: "Two hours go by",
}
FAILING = frozenset(
    {
        *(Does.WRITE_FAILS, Does.WRITE_FAILS_AFTERWARDS, Does.WRITE_CUT, Does.WRITE_CUT_AFTERWARDS),
        *(Does.WRITE_HASTY, Does.READ_CUT, Does.ACCESS_ENDS, Does.LINK_DOWN),
        Does.SYSTEM_STOPS,
    }
)
"""After which the clinic's system has to recover. Source: criteria.md, "Waits", ``recovery_s``."""
ENDINGS = {
    Does.NEWS_LET_GO: Does.NEWS_HELD,
    Does.LINK_BACK: Does.LINK_DOWN,
    Does.SYSTEM_STARTS: Does.SYSTEM_STOPS,
}
"""What ends what."""


class Power(Protocol):
    """What stops the clinic's system and starts it again."""

    def stop(self) -> None:
        """It makes and takes no calls of Docplanner any more."""
        ...

    def start(self) -> None:
        """It goes on as after a restart."""
        ...


@dataclass(frozen=True, slots=True)
class Troubles:
    """Makes trouble in a calendar, and ends it; ``power`` stops and starts the clinic's system."""

    scene: Scene
    clients: ApiClients
    time: TimeDesk
    power: Power
    calendar: Calendar
    armed: dict[Does, list[str]] = field(default_factory=dict)

    def ends_nothing(self, does: Does) -> bool:
        """Whether it ends what was never begun, or begins what has not ended."""
        begun = ENDINGS.get(does)
        return begun not in self.armed if begun else does in self.armed and does in ENDINGS.values()

    def holding(self) -> bool:
        """Whether Docplanner holds messages about the calendar back."""
        return self.clients.activity(self.calendar.id).held > 0

    def make(self, does: Does) -> None:
        """Make it, or end what it ends.

        Raises:
            NotProven: it was refused, or nobody knows whether it took place.
        """
        self.scene.troubled = self.scene.troubled or does in FAILING
        if does in ENDINGS:
            self._end(ENDINGS[does])
        elif does is Does.ACCESS_ENDS:
            self.scene.act(Actor.DOCPLANNER, WORDS[does], self.clients.expire_tokens)
        elif does is Does.NEWS_AGES:
            self.time.age(self.calendar, AGED, WORDS[does])
        elif does is Does.HOURS_GO_BY:
            self.time.pass_by(JUMP, self.calendar)
        elif does is Does.SYSTEM_STOPS:
            self.armed[does] = []
            self.power.stop()
        else:
            for trouble in _armed_for(self.calendar)[does]:
                self._arm(does, trouble)

    def end_all(self) -> None:
        """Nothing goes wrong any more."""
        for one in list(self.armed):
            self._end(one)

    def _arm(self, does: Does, trouble: Trouble) -> None:
        made = self.scene.act(
            Actor.DOCPLANNER, WORDS[does], partial(self.clients.trouble, trouble), address=self.calendar.id
        )
        self.armed.setdefault(does, []).append(made)

    def _end(self, does: Does) -> None:
        if does is Does.SYSTEM_STOPS:
            # it was stopped for longer than Docplanner tries to tell it anything
            self.time.exhaust(self.calendar)
            self.power.start()
        for made in self.armed.pop(does):
            with suppress(NotProven):  # what has happened as often as it was to happen is gone already
                words = f"No more of this: {WORDS[does]}"
                self.scene.act(
                    Actor.DOCPLANNER, words, partial(self.clients.end_trouble, made), address=self.calendar.id
                )


def _armed_for(calendar: Calendar) -> dict[Does, tuple[Trouble, ...]]:
    here = calendar.id
    return {
        Does.NEWS_LOST: (Trouble(here, "message", "drop"),),
        Does.NEWS_TWICE: (Trouble(here, "message", "duplicate"),),
        Does.NEWS_MIXED: (Trouble(here, "message", "reorder", count=MIXED),),
        Does.NEWS_HELD: (Trouble(here, "message", "hold", count=ALL),),
        Does.WRITE_FAILS: (Trouble(here, "write", "fail"),),
        Does.WRITE_FAILS_AFTERWARDS: (Trouble(here, "write", "fail", when="after", status=500),),
        Does.WRITE_CUT: (Trouble(here, "write", "cut"),),
        Does.WRITE_CUT_AFTERWARDS: (Trouble(here, "write", "cut", when="after"),),
        Does.WRITE_SLOW: (Trouble(here, "write", "slow", when="after", delay_s=SLOW_S, count=SLOW),),
        Does.WRITE_HASTY: (Trouble(here, "write", "limit", delay_s=RESET_S),),
        Does.READ_SLOW: (Trouble(here, "read", "slow", when="after", delay_s=SLOW_S),),
        Does.READ_CUT: (Trouble(here, "read", "cut"),),
        Does.LINK_DOWN: (
            Trouble(here, "message", "drop", count=ALL),
            Trouble(here, "write", "cut", count=ALL),
            Trouble(here, "read", "cut", count=ALL),
        ),
    }
