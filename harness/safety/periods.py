"""Working time that offers exactly what was offered before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from harness.client.models import WorkPeriod
from harness.safety.picture import Offered

__all__ = ["divided", "periods_for"]


def periods_for(offered: Sequence[Offered]) -> list[WorkPeriod]:
    """Periods that Docplanner cuts into ``offered`` (of one day, in order): as few as will do.

    Where there are none each time becomes a period of its own: visits of others may hide what lay between, and nobody
    saw a service that never fitted into its period.
    Source of the cutting: behaviour.md, "Calendars": the grid is the greatest common divisor of the durations.
    """
    best: list[list[WorkPeriod] | None] = [None] * len(offered) + [[]]
    for first in reversed(range(len(offered))):
        for last in range(first, len(offered)):
            run = offered[first : last + 1]
            if last > first and offered[last].start > _end(run[:-1]):
                break  # a gap: no period reaches over it
            rest = best[last + 1]
            shortest = best[first]
            if rest is None or (shortest is not None and len(shortest) <= len(rest) + 1):
                continue
            period = _period(run)
            ahead = rest[0].start if rest else period.end
            if period.end <= ahead and _cut(period) == list(run):
                best[first] = [period, *rest]
    return best[0] if best[0] is not None else [_period([one]) for one in offered]


def divided(period: WorkPeriod, number: int) -> list[WorkPeriod]:
    """The period in two, after its ``number``-th slot, where that offers the same; else as it is."""
    lengths = {minutes for _, minutes in period.services}
    if number == 0 or len(lengths) != 1:
        return [period]
    at = period.start + timedelta(minutes=number * lengths.pop())
    if at >= period.end:
        return [period]
    return [replace(period, end=at), replace(period, start=at)]


def _end(run: Sequence[Offered]) -> datetime:
    return max(one.start + timedelta(minutes=minutes) for one in run for _, minutes in one.services)


def _period(run: Sequence[Offered]) -> WorkPeriod:
    services = sorted({service for one in run for service in one.services})
    return WorkPeriod(run[0].start, _end(run), tuple(services))


def _cut(period: WorkPeriod) -> list[Offered]:
    """What Docplanner offers in the period."""
    grid = timedelta(minutes=math.gcd(*(minutes for _, minutes in period.services)))
    found: list[Offered] = []
    start = period.start
    while start < period.end:
        fitting = [one for one in period.services if start + timedelta(minutes=one[1]) <= period.end]
        if fitting:
            found.append(Offered(start, tuple(sorted(fitting))))
        start += grid
    return found
