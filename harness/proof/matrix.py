"""The kill matrix: which criterion saw which deliberate defect. Pure.

A defect is *caught* where the criterion meant for it failed, *caught elsewhere* where only others did, *not caught*
where none did, and *not judged* where its run could not tell. A scenario that no defect ever turned red proves nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from harness.proof.trials import Tried

__all__ = ["HONEST", "Cell", "Matrix", "MeantFor", "Row", "Standing", "matrix_of"]

HONEST = "honest"
"""The trial of the reference stub without any defect."""


class Standing(enum.StrEnum):
    """What became of a defect."""

    CAUGHT = "caught"
    ELSEWHERE = "caught elsewhere"
    MISSED = "not caught"
    UNJUDGED = "not judged"


class Cell(enum.StrEnum):
    """A criterion's answer to a defect."""

    MEANT = "meant and red"
    ALSO = "red as well"
    BLIND = "meant and not red"
    CALM = "not red"
    UNPLAYED = "not played"


@dataclass(frozen=True, slots=True)
class MeantFor:
    """A deliberate defect, and the id of the criterion that must catch it."""

    defect: str
    area: str
    criterion: str
    summary: str
    cause: str = ""
    """The beginning of the word by which its findings must be explained; empty where nothing is asked."""


@dataclass(frozen=True, slots=True)
class Row:
    """One defect's line of the matrix."""

    meant: MeantFor
    standing: Standing
    red: tuple[str, ...]
    """Ids of the criteria that failed."""
    said: str
    """What the criterion meant for it said, or why the run could not be judged."""
    seconds: float
    judged: frozenset[str]
    """Ids of the criteria that had an answer."""
    root: str = ""
    """The word of the likely cause that its run named first."""
    likely: str = ""
    """That cause in a sentence."""

    @property
    def named(self) -> bool:
        """Whether that is the cause meant."""
        return bool(self.meant.cause) and self.root.startswith(self.meant.cause)

    def cell(self, criterion: str) -> Cell:
        """What ``criterion`` said."""
        meant = criterion == self.meant.criterion
        if criterion in self.red:
            return Cell.MEANT if meant else Cell.ALSO
        if meant:
            return Cell.BLIND
        return Cell.CALM if criterion in self.judged else Cell.UNPLAYED


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole: ``accused`` are criteria that were red although the stub was honest."""

    rows: tuple[Row, ...]
    criteria: tuple[str, ...]
    """The columns: ids that some run judged, in the catalogue's order."""
    never_red: tuple[str, ...]
    """Ids of scenarios that were played for a defect of theirs and never failed."""
    accused: tuple[str, ...]
    honest_trouble: str | None
    """Why the honest run could not be judged."""

    def of(self, standing: Standing) -> tuple[Row, ...]:
        """The defects that stand so."""
        return tuple(row for row in self.rows if row.standing is standing)

    @property
    def named(self) -> int:
        """For how many defects the first likely cause is the one meant."""
        return sum(row.named for row in self.rows)

    @property
    def unjudged(self) -> bool:
        """Whether some run could not tell, so that nothing is proven."""
        return bool(self.honest_trouble) or bool(self.of(Standing.UNJUDGED)) or not self.rows

    @property
    def proven(self) -> bool:
        """Every defect caught by the criterion meant for it, every scenario seen red, nobody accused."""
        clean = not self.never_red and not self.accused and not self.unjudged
        return clean and all(row.standing is Standing.CAUGHT for row in self.rows)


def matrix_of(
    defects: Sequence[MeantFor],
    tried: Mapping[str, Tried],
    *,
    catalogue: Sequence[str],
    complete: Container[str],
) -> Matrix:
    """Put it together; ``tried`` by defect, and :data:`HONEST`; ``catalogue`` is every criterion id in order.

    ``complete`` names the criteria of which every defect was tried: only of their scenarios can it be said that none
    turned them red.
    """
    rows = tuple(_row(one, tried[one.defect]) for one in defects)
    honest = tried[HONEST]
    judged = {name for one in tried.values() for name in one.outcomes}
    return Matrix(
        rows=rows,
        criteria=tuple(name for name in catalogue if name in judged),
        never_red=_never_red([one for one in defects if one.criterion in complete], tried),
        accused=honest.red,
        honest_trouble=honest.trouble,
    )


def _row(meant: MeantFor, tried: Tried) -> Row:
    if tried.trouble is not None:
        standing, said = Standing.UNJUDGED, tried.trouble
    else:
        said = tried.reasons.get(meant.criterion, "")
        standing = Standing.ELSEWHERE if tried.red else Standing.MISSED
        if meant.criterion in tried.red:
            standing = Standing.CAUGHT
    return Row(meant, standing, tried.red, said, tried.seconds, frozenset(tried.outcomes), tried.root, tried.likely)


def _never_red(defects: Sequence[MeantFor], tried: Mapping[str, Tried]) -> tuple[str, ...]:
    """Of the scenarios that speak for a criterion whose defect was tried, those that failed in no run."""
    red = {scenario for name, one in tried.items() if name != HONEST for scenario in one.red_scenarios}
    spoke = {scenario for meant in defects for scenario in tried[meant.defect].scenarios_of.get(meant.criterion, ())}
    return tuple(sorted(spoke - red))
