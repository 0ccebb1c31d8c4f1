"""What a plan exposes to trouble so that nothing mends it later: there, who loses something has lost it for good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from harness.driver.histories.plan import BLOCKINGS, BOOKINGS, ON_BLOCKS, ON_VISITS, Deed, Does, Plan

__all__ = ["Exposed", "exposed"]

Exposed = tuple[Does, Does]
"""The trouble, and what was done in it to a visit or break last."""
NOTHING = Deed(Does.QUIET)
ACTS = BOOKINGS | ON_VISITS | BLOCKINGS | ON_BLOCKS
LASTING = {
    Does.SYSTEM_STOPS: Does.SYSTEM_STARTS,
    Does.LINK_DOWN: Does.LINK_BACK,
    Does.NEWS_HELD: Does.NEWS_LET_GO,
}
"""Troubles that last until something else happens; any other meets what comes next."""
APART = frozenset({Does.SYSTEM_STOPS, Does.LINK_DOWN})
UNTOLD = frozenset({Does.SYSTEM_STOPS, Does.NEWS_HELD})
"""While they last, the clinic hears of nothing."""
OF_CHANGES = frozenset(
    {
        *(Does.WRITE_FAILS, Does.WRITE_FAILS_AFTERWARDS, Does.WRITE_CUT, Does.WRITE_CUT_AFTERWARDS),
        *(Does.WRITE_SLOW, Does.WRITE_HASTY),
    }
)
"""Troubles of one change that the clinic sends."""


@dataclass(slots=True)
class _Last:
    """What was done with a visit or break last, what lasted then, and what that exposes."""

    deed: Deed
    lasting: frozenset[Does]
    shown: set[Exposed]


def exposed(plan: Plan) -> frozenset[Exposed]:
    """What staff did while the sides were apart, or their change met trouble; what Docplanner told late or crossed."""
    last: dict[tuple[bool, int], _Last] = {}
    lasting: frozenset[Does] = frozenset()
    common: set[tuple[bool, int]] = set()
    earlier = NOTHING
    for before, one in pairwise((NOTHING, *plan.deeds)):
        lasting = (lasting | ({one.does} & LASTING.keys())) - {each for each in lasting if LASTING[each] is one.does}
        if one.does is Does.QUIET and not lasting:
            common |= last.keys()
        if one.does is Does.HOURS_GO_BY:
            _grow_old(last.values(), lasting)
        if one.does in ACTS:
            key = one.does in BLOCKINGS | ON_BLOCKS, one.person
            known = last.get(key)
            seen = not one.of_staff or known is None or key in common  # else staff may not see it, and do nothing
            troubles = _troubles(one, before, earlier, lasting, known) if seen else ()
            last[key] = _Last(one, lasting, {(trouble, one.does) for trouble in troubles})
        earlier = before
    return frozenset().union(*(one.shown for one in last.values()))


def _grow_old(things: Iterable[_Last], lasting: frozenset[Does]) -> None:
    """What the clinic has not heard of yet is hours old by now."""
    for thing in things:
        if not thing.deed.of_staff and thing.lasting & lasting & UNTOLD:
            thing.shown.add((Does.HOURS_GO_BY, thing.deed.does))


def _troubles(one: Deed, before: Deed, earlier: Deed, lasting: frozenset[Does], known: _Last | None) -> set[Does]:
    theirs = known is not None and not known.deed.of_staff
    if not one.of_staff:
        crossed = theirs and known is not None and before == known.deed and earlier.does is Does.NEWS_MIXED
        return {Does.NEWS_MIXED} if crossed and Does.NEWS_HELD not in lasting else set()
    late = known.lasting & lasting & {Does.NEWS_HELD} if known is not None and theirs else frozenset()
    if parted := lasting & APART:
        return {*late, *(parted if known is not None else ())}
    # of two troubles of one change the first alone is met
    met = {before.does} & OF_CHANGES if earlier.does not in OF_CHANGES else set()
    return {*late, *met}
