"""``junit.xml`` from ``verdict.json``, for build servers: one suite an area, one case a scenario.

A finding is a *failure*; what is not proven is an *error*, for a build must not pass on it; what does not apply is
*skipped*. A criterion whose outcome no scenario explains is a case of its own: none is silently green.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree as ET

from reports.verdict_record import CriterionResult, ScenarioResult, VerdictRecord

__all__ = ["junit_xml", "write_junit"]

FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, in whatever form."""

TAGS = {"failed": "failure", "not proven": "error", "not applicable": "skipped"}
GREEN = frozenset({"passed", "attested"})


@dataclass(frozen=True, slots=True)
class _Case:
    """A scenario, once, however many criteria it speaks for."""

    area: str
    scenario: ScenarioResult
    told: str


def write_junit(verdict: Mapping[str, object], destination: Path) -> Path:
    """Write the file for ``verdict`` (the content of ``verdict.json``).

    Raises:
        OSError: ``destination`` cannot be written.
    """
    destination.write_text(junit_xml(verdict), encoding="utf-8")
    return destination


def junit_xml(verdict: Mapping[str, object]) -> str:
    """The document."""
    record = VerdictRecord.read(verdict)
    cases = _cases(record)
    root = ET.Element("testsuites", {"name": "docplanner-acceptance", **_totals(cases)})
    if record.seconds is not None:
        root.set("time", f"{record.seconds:.3f}")
    for area in dict.fromkeys(case.area for case in cases):
        own = [case for case in cases if case.area == area]
        suite = ET.SubElement(root, "testsuite", {"name": _clean(area), **_totals(own)})
        suite.set("time", f"{sum(case.scenario.seconds or 0 for case in own):.3f}")
        if record.started_at is not None:
            suite.set("timestamp", record.started_at.isoformat())
        for case in own:
            _append(suite, case)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _append(suite: ET.Element, case: _Case) -> None:
    scenario = case.scenario
    element = ET.SubElement(
        suite,
        "testcase",
        {
            "classname": _clean(scenario.feature or case.area),
            "name": _clean(scenario.name),
            "time": f"{scenario.seconds or 0:.3f}",
        },
    )
    if scenario.outcome not in GREEN:
        told = _clean(case.told).strip() or scenario.outcome or "of unknown outcome"
        problem = ET.SubElement(element, TAGS.get(scenario.outcome, "error"), {"message": told.splitlines()[0]})
        problem.text = told


def _cases(record: VerdictRecord) -> list[_Case]:
    cases: dict[tuple[str, str], _Case] = {}
    for criterion in record.criteria:
        explained = False
        for scenario in criterion.scenarios:
            explained |= scenario.outcome == criterion.outcome
            key = (scenario.feature, scenario.name)
            told = _told(criterion, scenario)
            if key in cases:
                told = "\n\n".join(dict.fromkeys(part for part in (cases[key].told, told) if part))
                cases[key] = replace(cases[key], told=told)
            else:
                cases[key] = _Case(criterion.area, scenario, told)
        if not explained:
            name = f"{criterion.id} {criterion.title}"
            itself = ScenarioResult("", "", name, criterion.outcome, None, criterion.reason)
            cases["", itself.name] = _Case(criterion.area, itself, criterion.reason)
    return list(cases.values())


def _told(criterion: CriterionResult, scenario: ScenarioResult) -> str:
    """What a red scenario says: its findings in their five lines, or the reason."""
    if scenario.outcome in GREEN:
        return ""
    findings = [part for part in criterion.findings if part.is_of(scenario)] or criterion.findings
    texts = [
        f"{part.criterion}  {part.headline}\n  expected  {part.expected}\n  observed  {part.observed}\n"
        f"  evidence  {part.evidence}\n  next      {part.next}"
        for part in findings
        if scenario.outcome == "failed"
    ]
    return "\n\n".join(texts) or scenario.reason or criterion.reason


def _totals(cases: Iterable[_Case]) -> dict[str, str]:
    tags = [None if case.scenario.outcome in GREEN else TAGS.get(case.scenario.outcome, "error") for case in cases]
    return {
        "tests": str(len(tags)),
        "failures": str(tags.count("failure")),
        "errors": str(tags.count("error")),
        "skipped": str(tags.count("skipped")),
    }


def _clean(text: str) -> str:
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
