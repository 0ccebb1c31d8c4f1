"""Gherkin steps as Allure steps, with what went over the wire while they ran."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Sequence

from allure_commons.model2 import Status, TestStepResult
from allure_commons.types import AttachmentType
from pytest_bdd.parser import Scenario, Step

from harness.recorder.line import Kind, Line
from harness.verdict.finding import Finding
from reports.allure_lifecycle import Lifecycle, attach_text, now_ms
from reports.evidence import StepEvidence
from reports.line_text import TRAFFIC, text_of, title_of
from reports.outcome_messages import details_of, status_of

__all__ = ["ScenarioSteps"]

TOLD = frozenset({Kind.ACT, Kind.LOOK, Kind.WAIT})
"""Lines that share one attachment; an act that was intended goes without saying once it has ended."""

MOST_ATTACHMENTS = 20
"""Exchanges of one step that get an attachment each; what comes after them shares one."""


class ScenarioSteps:
    """The Allure steps of one running scenario. One step is open at a time."""

    def __init__(self, lifecycle: Lifecycle, scenario: Scenario, evidence: StepEvidence | None) -> None:
        self._lifecycle = lifecycle
        self._scenario = scenario
        self._evidence = evidence
        self._mark = evidence.mark() if evidence else 0
        self._open: str | None = None
        self._begun = 0

    def begin(self, step: Step) -> None:
        """Open ``step``; its doc string and table are attached at once."""
        self._open = str(uuid.uuid4())
        self._begun += 1
        self._lifecycle.start_step(None, self._open, _step_result(step))
        if step.docstring is not None:
            self._attach("doc string", step.docstring)
        if step.datatable is not None:
            self._attach("table", _as_csv(step.datatable.raw()), AttachmentType.CSV)

    def end(self, exception: BaseException | None = None) -> None:
        """Close the open step: as passed, or as ``exception`` says."""
        if self._open is None:
            return
        self._attach_evidence()
        if isinstance(exception, Finding):
            self._attach(f"Finding {exception.text.criterion}", str(exception))
        status = status_of(exception)
        self._lifecycle.stop_step(self._open, stop=now_ms(), status=status, statusDetails=details_of(exception))
        self._open = None

    def finish(self) -> None:
        """Close what is still open, and add the steps that never ran as skipped.

        A ``pytest.skip()`` inside a step reaches no step hook; here the exception is still on its way through.
        """
        self.end(sys.exc_info()[1])
        self._attach_evidence()
        for step in self._scenario.steps[self._begun :]:
            skipped = str(uuid.uuid4())
            self._lifecycle.start_step(None, skipped, _step_result(step))
            self._lifecycle.stop_step(skipped, stop=now_ms(), status=Status.SKIPPED)

    def _attach_evidence(self) -> None:
        """Attach what the journal gained since the last time; after the last step it goes to the scenario itself."""
        if self._evidence is None:
            return
        lines = self._evidence.lines_since(self._mark)
        if not lines:
            return
        self._mark = max(line.n for line in lines)
        traffic = [line for line in lines if line.kind in TRAFFIC]
        for line in traffic[:MOST_ATTACHMENTS]:
            self._attach(title_of(line), text_of(line))
        self._attach_together("further exchanges", traffic[MOST_ATTACHMENTS:])
        ended = {line.cause for line in lines if line.kind is Kind.ACT}
        told = [line for line in lines if line.kind in TOLD and line.n not in ended]
        self._attach_together("acts, looks and waits", told)

    def _attach_together(self, what: str, lines: Sequence[Line]) -> None:
        if lines:
            numbers = f"journal line {lines[0].n}" if len(lines) == 1 else f"journal lines {lines[0].n}-{lines[-1].n}"
            self._attach(f"{len(lines)} {what}, {numbers}", "\n".join(f"{title_of(n)}\n{text_of(n)}" for n in lines))

    def _attach(self, name: str, body: str, kind: AttachmentType = AttachmentType.TEXT) -> None:
        attach_text(self._lifecycle, name, body, kind)


def _step_result(step: Step) -> TestStepResult:
    return TestStepResult(name=f"{step.keyword.strip()} {step.name}", start=now_ms())


def _as_csv(rows: Sequence[Sequence[object]]) -> str:
    """The table for a spreadsheet: every cell in quotes, inner ones doubled."""
    return "\n".join(",".join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in rows) + "\n"
