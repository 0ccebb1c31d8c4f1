"""The worlds in which a correct partner must pass: what is open about Docplanner, and what differs from place to place.

Source: behaviour.md, whatever is [open]; its marketplaces; criteria.md, DP-SCH-06 and DP-SCH-11.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import combinations, product
from zoneinfo import ZoneInfo

from harness.contract.marketplaces import MARKETPLACES
from harness.driver.days import clock_change
from harness.sandbox.profiles import PROFILES
from harness.vocabulary import Delivery

__all__ = ["World", "every_world", "next_change", "pairwise"]

TODAY, FORWARD, BACK = "today", "clocks forward", "clocks back"
SERVERS = ("UTC", "America/Los_Angeles", "Asia/Tokyo")
"""Where the servers stand: their own zone must not matter."""
IDS = ("texts", "numbers")


@dataclass(frozen=True, slots=True)
class World:
    """One of them. ``day`` is today, or the next one on which clocks change there; ``ids`` is their JSON type."""

    profile: str
    delivery: str
    marketplace: str
    day: str
    server_zone: str
    ids: str

    @property
    def name(self) -> str:
        """What tells it from the others, fit for a folder."""
        parts = (self.marketplace, self.delivery, self.profile, self.day, self.server_zone, f"ids as {self.ids}")
        return "_".join(part.replace("/", "-").replace(" ", "-") for part in parts)

    def arguments(self, now: datetime) -> tuple[str, ...]:
        """The options of ``acceptance run`` that make it."""
        options = ["--profile", self.profile, "--delivery", self.delivery, "--marketplace", self.marketplace]
        if self.ids == "numbers":
            options += ["--setting", "numeric_ids=true"]
        zone = MARKETPLACES[self.marketplace].zone
        change = next_change(zone, now, forward=self.day == FORWARD) if self.day != TODAY else None
        if change is not None:
            noon_before = datetime.combine(change - timedelta(days=1), datetime.min.time(), zone).replace(hour=12)
            options += ["--begin", noon_before.isoformat()]
        return tuple(options)

    @property
    def environment(self) -> dict[str, str]:
        """What the processes of the run have around them."""
        return {"TZ": self.server_zone}


def every_world(now: datetime, marketplaces: Sequence[str] = tuple(MARKETPLACES)) -> Iterator[World]:
    """All of them, but for days on which clocks change where they never do."""
    deliveries = [str(one) for one in Delivery]
    for values in product(PROFILES, deliveries, marketplaces, (TODAY, FORWARD, BACK), SERVERS, IDS):
        world = World(*values)
        if _is_possible(world, now):
            yield world


def pairwise(seed: int, now: datetime, marketplaces: Sequence[str] = tuple(MARKETPLACES)) -> list[World]:
    """A few of them, in which any two values that can meet do meet; ``seed`` says which.

    Greedy: each world taken is the first one that brings most values together that have not met yet.
    """
    every = list(every_world(now, marketplaces))
    random.Random(seed).shuffle(every)  # noqa: S311 - repeatable on purpose
    pairs = {world: frozenset(combinations(enumerate(astuple(world)), 2)) for world in every}
    unmet = set().union(*pairs.values())
    taken = []
    while unmet:
        best = max(every, key=lambda world: len(pairs[world] & unmet))
        taken.append(best)
        unmet -= pairs[best]
    return taken


@cache
def next_change(zone: ZoneInfo, now: datetime, *, forward: bool) -> date | None:
    """The next day, after tomorrow, on which clocks there go forward, or back; None where they never do."""
    return clock_change(zone, now.astimezone(zone).date() + timedelta(days=2), forward=forward)


def _is_possible(world: World, now: datetime) -> bool:
    """Whether clocks change there at all, where the world wants them to."""
    zone = MARKETPLACES[world.marketplace].zone
    return world.day == TODAY or next_change(zone, now, forward=world.day == FORWARD) is not None
