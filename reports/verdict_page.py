"""``verdict.html``: the verdict, its findings and their evidence on one page that needs nothing else.

It is made from ``verdict.json``, ``journal.jsonl`` and ``protocol.json`` alone, holds no script, and asks nothing of
the network. On paper it is the protocol of the acceptance session.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from markupsafe import Markup

from harness.clock import Clock, SystemClock
from reports.checks import checks_to_tell
from reports.frame import render
from reports.journal_lines import JournalLines
from reports.language import Language
from reports.protocol import Protocol
from reports.running_lines import running_lines
from reports.trend_picture import picture_of
from reports.verdict_record import CriterionResult, VerdictRecord
from reports.verdict_words import english, limits_of_proof, next_of_run, sentence, shares_of_time

__all__ = ["SIGNS", "made_at", "render_verdict_page", "write_verdict_page"]

OUTCOME_ORDER = ("failed", "not proven", "passed", "attested", "not applicable")
LEVELS = ("required", "conditional", "advised")
SIGNS = {"passed": "✓", "failed": "✗", "not proven": "?", "attested": "✎", "not applicable": "–"}
"""What tells outcomes apart where there are no colours."""
VERDICT_SIGNS = {"accepted": "✓", "not accepted": "✗", "not proven": "?"}
LINES_TO_WRITE_ON = 4
"""For participants, on paper, where none are told."""
MADE = re.compile(r'<meta name="made" content="([^"]+)">')


@dataclass(frozen=True, slots=True)
class _Area:
    """The criteria of one area."""

    name: str
    criteria: tuple[CriterionResult, ...]


def write_verdict_page(
    verdict: Mapping[str, object], journal: Path, destination: Path, *, protocol: Protocol | None = None
) -> Path:
    """Write the page for ``verdict`` (the content of ``verdict.json``); ``journal`` may be missing.

    Raises:
        OSError: ``destination`` cannot be written.
    """
    destination.write_text(render_verdict_page(verdict, journal, protocol=protocol), encoding="utf-8")
    return destination


def render_verdict_page(
    verdict: Mapping[str, object], journal: Path, *, protocol: Protocol | None = None, clock: Clock | None = None
) -> str:
    """The page as HTML; the same again for the same arguments and the same time."""
    record, told = VerdictRecord.read(verdict), protocol or Protocol()
    language = Language.named(told.language)
    cited = {number for finding in record.findings for number in finding.lines}
    cited |= {number for cause in record.causes for number in cause.lines}
    cited |= {number for seen in record.observations for number in seen.lines[:10]}
    lines = JournalLines.read(journal, cited)
    return render(
        "verdict.html.j2",
        say=language.say,
        language=language,
        en=Markup("") if language.code == "en" else Markup(' lang="en"'),
        english=lambda text: english(text, language),
        record=record,
        meeting=told.meeting,
        trend=picture_of(told.nights),
        allure=told.allure,
        blank_lines=LINES_TO_WRITE_ON,
        sentence=sentence(record, language),
        next_of_run=next_of_run(record),
        limits=limits_of_proof(record, language),
        areas=_areas(record.criteria),
        left_open=[one for one in record.criteria if one.outcome in {"not proven", "not applicable"}],
        counts=_counts(record.criteria),
        levels=LEVELS,
        signs=SIGNS,
        verdict_sign=VERDICT_SIGNS.get(record.verdict, "?"),
        verdict_signs=VERDICT_SIGNS,
        lines=lines,
        shares=shares_of_time(record.spent),
        checks=checks_to_tell(verdict),
        left_out=len(cited - lines.shown),
        journal=journal.name,
        running=running_lines(record, language),
        made_at=(clock or SystemClock()).now(),
    )


def made_at(page: str) -> datetime | None:
    """When ``page`` was made, as it says itself; None where it does not."""
    found = MADE.search(page)
    try:
        return datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _areas(criteria: Sequence[CriterionResult]) -> list[_Area]:
    """Areas in the order in which they come."""
    names = dict.fromkeys(criterion.area for criterion in criteria)
    return [_Area(name, tuple(part for part in criteria if part.area == name)) for name in names]


def _counts(criteria: Sequence[CriterionResult]) -> list[tuple[str, int]]:
    """How many criteria have each outcome, the worst first; nothing is said of outcomes that nobody has."""
    found = [criterion.outcome for criterion in criteria]
    known = [*OUTCOME_ORDER, *sorted(set(found) - set(OUTCOME_ORDER))]
    return [(outcome, found.count(outcome)) for outcome in known if outcome in found]
