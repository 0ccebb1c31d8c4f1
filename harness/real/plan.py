"""What a run on a Docplanner that is not embedded will need: writes, time, people; and what cannot be played there."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from harness.contract.limits import READS_PER_HOUR
from harness.scenarios import Scenario

__all__ = ["WRITES_A_MINUTE", "Need", "Plan", "need_of", "plan_for"]

WRITES_A_MINUTE = 40
"""Source: behaviour.md, "Limits"."""
READS_BESIDE = 220
"""Before and after the scenarios, with a clinic of two doctors, as a whole run showed."""
TO_UNDO_ONE = 1.0
"""A day to clear, a visit to cancel or a break to remove for each write, as whole runs showed."""


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one row of a scenario needs there, measured with the reference system."""

    writes: int = 0
    reads: int = 0
    """Of the system and the run, where nothing has to be waited for long."""
    people: bool = False
    """Whether somebody acts at the marketplace or in the Docplanner calendar."""
    sandbox: bool = False
    """Whether only the embedded sandbox can bring about what it is about."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Of the chosen scenarios. ``dearest`` are ids with their writes, the dearest first."""

    played: int
    left_to_the_sandbox: int
    left_for_want_of_people: int
    writes: int
    reads: int
    """Of the system and the run, with what comes before and after the scenarios."""
    dearest: tuple[tuple[str, int], ...]

    @property
    def to_undo(self) -> int:
        """How many writes undoing takes, about."""
        return math.ceil(self.writes * TO_UNDO_ONE)

    @property
    def minutes(self) -> int:
        """How long the writes take at the documented limit, at least."""
        return math.ceil((self.writes + self.to_undo) / WRITES_A_MINUTE)

    def words(self, most: int) -> str:
        """For the terminal; ``most`` is the budget."""
        left = []
        if self.left_to_the_sandbox:
            left.append(f"{self.left_to_the_sandbox} need the embedded sandbox")
        if self.left_for_want_of_people:
            left.append(f"{self.left_for_want_of_people} need people at Docplanner")
        return (
            f"Plan: {self.played} scenarios are played here"
            + (f"; {', '.join(left)}" if left else "")
            + f".\nAbout {self.writes} writes of at most {most}, and about {self.to_undo} to undo them: "
            + f"at least {self.minutes} min at {WRITES_A_MINUTE} writes a minute."
            + f"\nAbout {self.reads} reads of {READS_PER_HOUR} an hour, and more where a change is waited for."
        )


def need_of(scenario: str) -> Need:
    """What the scenario of that id needs."""
    return _table().get(scenario, Need())


def plan_for(scenarios: Iterable[Scenario], *, people: bool) -> Plan:
    """The plan for ``scenarios``; ``people`` says whether somebody acts at Docplanner."""
    played = sandbox = unmanned = reads = 0
    costs: list[tuple[str, int]] = []
    for one in scenarios:
        need, rows = need_of(one.id), len(one.rows)
        if need.sandbox:
            sandbox += rows
        elif need.people and not people:
            unmanned += rows
        else:
            played += rows
            reads += need.reads * rows
            costs.append((one.id, need.writes * rows))
    costs.sort(key=lambda cost: (-cost[1], cost[0]))
    dearest = tuple(cost for cost in costs if cost[1])
    return Plan(played, sandbox, unmanned, sum(writes for _, writes in costs), reads + READS_BESIDE, dearest)


@cache
def _table() -> dict[str, Need]:
    text = Path(__file__).with_name("plan.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Need])
