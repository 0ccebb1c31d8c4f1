"""Where the bars of the picture over the nights stand: one a night, its criteria by outcome from the ground up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reports.trend import Night

__all__ = ["MOST_NIGHTS", "OUTCOMES", "Bar", "Part", "Picture", "picture_of"]

MOST_NIGHTS = 30
OUTCOMES = ("passed", "attested", "not applicable", "not proven", "failed")
"""From the ground up; nights do not show others."""
WIDTH, GROUND, HIGHEST = 640.0, 150.0, 130.0
"""Of the picture, in its own units; the ground is counted from the top."""
LEFT, WIDEST = 34.0, 36.0
SHARE_OF_BAR = 0.72
LABELLED = 8
"""How many dates have room below."""


@dataclass(frozen=True, slots=True)
class Part:
    """The criteria of one outcome."""

    outcome: str
    n: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One night; ``labelled`` where its date is written below."""

    at: datetime
    verdict: str
    x: float
    width: float
    top: float
    parts: tuple[Part, ...]
    labelled: bool

    @property
    def middle(self) -> float:
        """Where its sign and its date stand."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole of it; ``most`` criteria reach ``HIGHEST``."""

    bars: tuple[Bar, ...]
    outcomes: tuple[str, ...]
    """Those that any night has."""
    most: int
    width: float = WIDTH
    ground: float = GROUND
    left: float = LEFT

    @property
    def ceiling(self) -> float:
        """Where the highest bar ends."""
        return self.ground - HIGHEST


def picture_of(nights: Sequence[Night]) -> Picture | None:
    """The last :data:`MOST_NIGHTS` of ``nights``, the oldest first; None where none has a criterion."""
    shown = sorted(nights, key=lambda one: one.at)[-MOST_NIGHTS:]
    most = max((_total(one) for one in shown), default=0)
    if not most:
        return None
    room = min((WIDTH - LEFT) / len(shown), WIDEST / SHARE_OF_BAR)
    every = -(-len(shown) // LABELLED)
    bars = tuple(
        _bar(one, LEFT + room * place, room * SHARE_OF_BAR, most, labelled=(len(shown) - 1 - place) % every == 0)
        for place, one in enumerate(shown)
    )
    return Picture(bars, tuple(one for one in OUTCOMES if any(night.counts.get(one) for night in shown)), most)


def _bar(night: Night, x: float, width: float, most: int, *, labelled: bool) -> Bar:
    parts, y = [], GROUND
    for outcome in OUTCOMES:
        if n := night.counts.get(outcome, 0):
            height = HIGHEST * n / most
            y -= height
            parts.append(Part(outcome, n, round(y, 2), round(height, 2)))
    return Bar(night.at, night.verdict, round(x, 1), round(width, 1), round(y, 2), tuple(parts), labelled)


def _total(night: Night) -> int:
    return sum(night.counts.get(one, 0) for one in OUTCOMES)
