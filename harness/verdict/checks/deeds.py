"""What happened in a history, and what may have become of each thing that it was done with. Pure.

An act without an answer may have taken place or not; acts of two sides that had not heard of each other may have come
in either order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

from harness.verdict.instants import Instants
from harness.verdict.observation import PersonSeen

__all__ = ["DeedTold", "Ended", "Side", "What", "endings", "phases"]

Side = Literal["clinic", "docplanner", "none"]
What = Literal["book", "move", "cancel", "hours", "block", "shift", "free", "trouble", "delay", "quiet"]
Ended = Literal["done", "refused", "unknown"]
OVER = frozenset({"cancel", "free"})
Place = TypeVar("Place")


@dataclass(frozen=True, slots=True)
class DeedTold(Instants):
    """One thing that happened, in the order in which the run did it.

    ``start`` is where it puts the visit of ``patient``, or with ``till`` the break of that number. ``quiet`` is a
    moment at which both sides said that nothing was under way: it parts what came before from what comes after, unless
    trouble came before it. ``delay`` is trouble that loses nothing, and parts nothing either.
    """

    words: str
    side: Side
    what: What
    ended: Ended
    patient: PersonSeen | None = None
    start: datetime | None = None
    till: datetime | None = None
    block: int | None = None
    seen: datetime | None = None
    """Where that side showed the visit or break, when it was moved or ended."""


def endings(
    deeds: Sequence[DeedTold],
    mine: Callable[[DeedTold], bool],
    put: Callable[[DeedTold], Place],
    sure: Callable[[DeedTold], bool],
) -> frozenset[Place | None]:
    """Where the thing that ``mine`` picks may be in the end; None for nowhere.

    ``put`` says where a deed puts it, ``sure`` whether one that was done has its effect for certain.
    """
    places: frozenset[Place | None] = frozenset({None})
    every = [one.start for one in deeds if mine(one) and one.start]
    for phase in phases(deeds):
        ours = [one for one in phase if mine(one) and one.ended != "refused"]
        known = max((at for at in range(1, len(ours)) if _knew(ours[:at], ours[at], every)), default=0)
        if known:
            places = frozenset(put(one) for one in ours[:known] if one.start == ours[known].seen)
            ours = ours[known:]
        sides = [[one for one in ours if one.side == side] for side in ("clinic", "docplanner")]
        ends = [_after(places, acts, put, sure) for acts in sides if acts]
        places = frozenset().union(*ends) if ends else places
    return places


def _knew(before: Sequence[DeedTold], one: DeedTold, every: Sequence[datetime]) -> bool:
    """Whether who did this saw what the other side had done last: at a place where it is once in the whole history."""
    theirs = [each for each in before if each.side != one.side]
    return bool(theirs) and theirs[-1].start is not None and theirs[-1].start == one.seen and every.count(one.seen) == 1


def _after(
    places: frozenset[Place | None],
    acts: Sequence[DeedTold],
    put: Callable[[DeedTold], Place],
    sure: Callable[[DeedTold], bool],
) -> frozenset[Place | None]:
    for one in acts:
        new = frozenset({None if one.what in OVER else put(one)})
        places = new if one.ended == "done" and sure(one) else places | new
    return places


def phases(deeds: Sequence[DeedTold]) -> list[list[DeedTold]]:
    """What happened between two moments at which both sides knew all of it."""
    found: list[list[DeedTold]] = [[]]
    calm = True
    for one in deeds:
        calm = calm and one.what != "trouble"
        if one.what == "quiet" and one.ended == "done" and calm:
            found.append([])
        else:
            found[-1].append(one)
    return found
