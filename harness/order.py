"""In which order scenarios play when several workers share them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TypeVar

__all__ = ["dealt"]

T = TypeVar("T")


def dealt(early: Sequence[T], others: Sequence[T], hands: int) -> list[T]:
    """All of both in one list whose ``hands`` even parts each begin with their share of ``early``.

    pytest-xdist's ``worksteal`` gives each worker such a part, shorter ones first. What is early so begins at the same
    time everywhere: one reading of all that is shared serves everybody who waits for it, and what takes longest is not
    waited for at the end. ``early`` is dealt like cards, to and fro, so that whoever got the first is given a second
    one last; the order of the others stays.
    """
    left = len(early) + len(others)
    rest = iter(others)
    dealt_to: list[list[T]] = [[] for _ in range(hands)]
    for number, one in enumerate(early):
        round_, place = divmod(number, hands)
        dealt_to[hands - 1 - place if round_ % 2 else place].append(one)
    order: list[T] = []
    for hand, first in enumerate(dealt_to):
        size = left // (hands - hand)
        order += [*first, *islice(rest, max(0, size - len(first)))]
        left -= size
    return [*order, *rest]
