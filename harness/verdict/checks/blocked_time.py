"""Whether time is blocked on both sides where a history of breaks says so, and nowhere else. Pure.

How a side tells it is its own affair: a break, two of them, or shorter working time. Source: criteria.md, DP-SCH-04.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from harness.verdict.checks.deeds import DeedTold, endings, phases
from harness.verdict.minutes import by_service, minutes_of, of_breaks
from harness.verdict.observation import CalendarsSeen, WorkingTimeSeen
from harness.verdict.wording import ranges

__all__ = ["wrongly_blocked"]

Span = tuple[datetime, datetime]
DUE = "what was blocked last is blocked on both sides, and nothing else"


def wrongly_blocked(deeds: Sequence[DeedTold], seen: CalendarsSeen, zone: tzinfo) -> Iterator[tuple[str, str]]:
    """What is wrong, each with what is expected."""
    known = [_known(deeds, number) for number in sorted({one.block for one in deeds if one.block is not None})]
    certain = {minute for one in known for minute in one.certain}
    possible = {minute for one in known for minute in one.possible}
    # a clinic's own lunch is nobody's business here
    ever = {minute for one in deeds if one.start and one.till for minute in minutes_of(one.start, one.till)}
    for told, working, breaks in (
        ("The clinic offers", seen.partner_working, seen.partner_breaks),
        ("Docplanner offers", seen.docplanner_working, seen.docplanner_breaks),
    ):
        hidden = of_breaks(breaks.breaks)
        if lost := _worked(working) & certain - hidden:
            yield f"{told} time that is blocked: {ranges(lost, zone)}", DUE
    for told, breaks in (("the clinic", seen.partner_breaks), ("Docplanner", seen.docplanner_breaks)):
        if left := of_breaks(breaks.breaks) & ever - possible:
            yield f"A break is still in {told} that is over: {ranges(left, zone)}", DUE


@dataclass(frozen=True, slots=True)
class _Known:
    """Minutes that a break covers for certain, and those that it may cover."""

    certain: frozenset[datetime]
    possible: frozenset[datetime]


def _known(deeds: Sequence[DeedTold], number: int) -> _Known:
    def put(one: DeedTold) -> Span | None:
        return (one.start, one.till) if one.start and one.till else None

    ends = endings(deeds, lambda one: one.block == number, put, lambda _: True)
    covered = [frozenset(minutes_of(*one)) if one else frozenset[datetime]() for one in ends]
    possible = [*covered, *(frozenset(minutes_of(*one)) for one in _parted(deeds, number))]
    return _Known(frozenset.intersection(*covered), frozenset[datetime]().union(*possible))


def _parted(deeds: Sequence[DeedTold], number: int) -> list[Span]:
    """Every place of a break that one side may have taken for two.

    A break has nothing to be known by but its time: where its answer was lost and the other side moved it meanwhile, it
    is there as another one, and the first is made again.
    """
    found: list[Span] = []
    for phase in phases(deeds):
        ours = [one for one in phase if one.block == number and one.ended != "refused"]
        if {one.side for one in ours} >= {"clinic", "docplanner"} and any(one.what == "trouble" for one in phase):
            found += [(one.start, one.till) for one in ours if one.start and one.till]
    return found


def _worked(seen: WorkingTimeSeen) -> set[datetime]:
    found = by_service(seen.periods, seen.since, seen.till)
    return set().union(*found.values())
