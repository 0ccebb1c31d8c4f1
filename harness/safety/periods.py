"""Working time that offers exactly what was offered before."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from harness.client.models import WorkPeriod
from harness.safety.picture import Offered

__all__ = ["periods_for"]

Joins = Callable[[Offered, Offered], bool]


def periods_for(offered: Sequence[Offered]) -> list[WorkPeriod]:
    """Periods that Docplanner cuts into ``offered`` (of one day, in order): as few as will do.

    Source of the cutting: behaviour.md, "Calendars": the grid is the greatest common divisor of the durations.
    """
    ways: tuple[Joins, ...] = (lambda _one, _next: True, lambda one, after: one.services == after.services)
    for joins in ways:
        periods = _runs(offered, joins)
        if sorted(one for period in periods for one in _cut(period)) == sorted(offered):
            return periods
    return [_period([one]) for one in offered]


def _runs(offered: Sequence[Offered], joins: Joins) -> list[WorkPeriod]:
    runs: list[list[Offered]] = []
    for one in offered:
        if runs and one.start <= _end(runs[-1]) and joins(runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    return [_period(run) for run in runs]


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
