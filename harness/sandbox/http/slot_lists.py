"""What getSlots told lately, so that the same calendar asked for the same range is not reckoned and written again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from harness.sandbox.profiles import Behaviour
from harness.sandbox.slots import Timetable

__all__ = ["SlotLists"]

REMEMBERED = 256
"""Lists that are remembered; the one that was made first goes first."""
LONGEST = 64 * 1024
"""Bytes of a list that is remembered."""

Question = tuple[str, datetime, datetime, frozenset[str]]
"""Address, range, extensions."""
Grounds = tuple[Timetable, Behaviour, tuple[tuple[float, float], ...], object]
"""All that the answer follows from: working time, settings, what is taken, services as they are told."""


class SlotLists:
    """Answers by question, each with its grounds: it is given again only while they are equal to those of now."""

    def __init__(self) -> None:
        self._told: dict[Question, tuple[Grounds, bytes]] = {}

    def told(self, question: Question, grounds: Grounds, make: Callable[[], bytes]) -> bytes:
        """The answer to the question on these grounds, made where it is not known."""
        if (known := self._told.get(question)) and known[0] == grounds:
            return known[1]
        made = make()
        self._told.pop(question, None)
        if len(made) <= LONGEST:
            self._told[question] = (grounds, made)
            if len(self._told) > REMEMBERED:
                del self._told[next(iter(self._told))]
        return made
