"""What the Allure bridge asks the run for, and how the run hands it over.

The bridge (:mod:`reports.allure_bridge`) knows neither journal nor stage. Whoever runs the scenarios puts into a pytest
stash what the bridge may show:

``item.stash[STEP_EVIDENCE]``
    The :class:`StepEvidence` of one scenario, set before its first step (for instance in a fixture, or in
    ``pytest_bdd_before_scenario`` as ``request.node.stash[STEP_EVIDENCE] = ...``). Without it steps have no exchanges.

``item.stash[SCENARIO]``
    The id by which journal and verdict know the scenario, set by the same time. Without it the verdict page cannot lead
    to the scenario's result.

``config.stash[REDACTION]``
    A ``str -> str``, usually ``Redactor.text``. Everything that goes into an Allure file passes through it once more.
    It is looked up each time, so it may be set at any moment. Without it texts are written as they come.

All may be missing: a report without evidence is still a report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import pytest

from harness.recorder.line import Line

__all__ = ["REDACTION", "SCENARIO", "STEP_EVIDENCE", "StepEvidence"]


class StepEvidence(Protocol):
    """The journal lines of one scenario, in the order of their numbers."""

    def mark(self) -> int:
        """Where the journal ends now: a line number, or 0 for an empty journal."""
        ...

    def lines_since(self, mark: int) -> Sequence[Line]:
        """The scenario's lines whose number is greater than ``mark``."""
        ...


STEP_EVIDENCE: pytest.StashKey[StepEvidence] = pytest.StashKey()
"""On an item: what its steps may show."""

REDACTION: pytest.StashKey[Callable[[str], str]] = pytest.StashKey()
"""On the config: takes every secret out of a text."""

SCENARIO: pytest.StashKey[str] = pytest.StashKey()
"""On an item: the scenario's id in journal and verdict."""
