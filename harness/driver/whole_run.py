"""What is judged over the whole run, from the journal, once every other scenario is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from harness.driver.outcomes import Blame, NotProven
from harness.driver.scene import Check, Scene
from harness.recorder.journal import read_journal
from harness.recorder.line import Line
from harness.verdict.checks.access import TokensReused
from harness.verdict.checks.methods import MethodsUsed
from harness.verdict.checks.timing import ChangesInTime
from harness.verdict.traffic import methods_seen, sync_times_seen, tokens_seen

__all__ = ["WholeRun"]

Seen = TypeVar("Seen")

MOST_TOKENS = 5
"""Source: criteria.md, DP-ACC-01; a number of ours."""


@dataclass(frozen=True, slots=True)
class WholeRun:
    """Expectations of everything that the partner system did in this run."""

    scene: Scene

    def expect_few_tokens(self) -> None:
        """The partner system asked for no more than 5 tokens, plus one for each that ended."""
        seen = tokens_seen(self._lines())
        if seen.api_calls == 0:
            self._nothing_seen()
        self._judge(TokensReused(MOST_TOKENS), seen)

    def expect_every_method(self) -> None:
        """The partner system used every method that its flows require, and each has succeeded."""
        if self.scene.settings.narrowed:
            detail = "a selection of scenarios does not exercise every flow: run all of them"
            raise NotProven(detail, reason="evidence missing", blame="configuration")
        if self.scene.settings.real and self.scene.settings.operator is None:
            detail = "where nobody acts as patient or doctor at Docplanner, not every flow takes place"
            raise NotProven(detail, reason="needs the embedded sandbox", blame=None)
        seen = methods_seen(self._lines(), self.scene.settings.capabilities)
        if not seen.uses:
            self._nothing_seen()
        check = MethodsUsed()
        if self.scene.settings.real and (missing := check.missing(seen)):
            named = "; ".join(" or ".join(row) for row in missing)
            detail = f"not every flow can be played on a real Docplanner, and of these methods no use was seen: {named}"
            raise NotProven(detail, reason="needs the embedded sandbox", blame=None)
        self._judge(check, seen)

    def expect_changes_in_time(self) -> None:
        """Every change that staff made showed at Docplanner in time."""
        seen = sync_times_seen(self._lines())
        if not seen.seconds and not seen.never:
            self._nothing_seen()
        self._judge(ChangesInTime(self.scene.settings.waits.change_s), seen)

    def _judge(self, check: Check[Seen], seen: Seen) -> None:
        self.scene.expect(check, lambda: seen, noun="traffic", direction=None, within=timedelta(0))

    def _lines(self) -> list[Line]:
        return list(read_journal(self.scene.lines_so_far()))

    def _nothing_seen(self) -> None:
        detail = "the journal shows no such traffic of the partner system in this run"
        blame: Blame = "configuration" if self.scene.settings.narrowed else "harness"
        raise NotProven(detail, reason="evidence missing", blame=blame)
