"""``verdict.html``: the verdict, its findings and their evidence on one page that needs nothing else.

It is made from ``verdict.json`` and ``journal.jsonl`` alone, holds no script, and asks nothing of the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from harness.clock import Clock, SystemClock
from harness.recorder.journal import read_journal
from harness.recorder.line import Line
from reports.line_text import text_of, title_of
from reports.verdict_record import CriterionResult, FindingRecord, VerdictRecord
from reports.verdict_words import (
    BLAMED,
    capital,
    duration,
    limits_of_proof,
    moment,
    next_of_run,
    sentence,
    shares_of_time,
)

__all__ = ["render_verdict_page", "write_verdict_page"]

MOST_LINES = 400
"""Journal lines shown as evidence; the journal itself holds all."""
LONGEST_TEXT = 20_000
"""Characters of one journal line; a list of a hundred visits is cut."""

LINE_NUMBERS = re.compile(r"\b(lines?)(\s+)(\d+(?:\s*(?:[-\u2013,]|and|to)\s*\d+\b(?!:))*)")

OUTCOME_ORDER = ("failed", "not proven", "passed", "attested", "not applicable")
LEVEL_NOTES = {
    "required": "decides the verdict",
    "conditional": "decides where the capability is declared",
    "advised": "reported, never decisive",
}


@dataclass(frozen=True, slots=True)
class _Evidence:
    """One journal line as shown."""

    number: int
    title: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class _Area:
    """The criteria of one area."""

    name: str
    criteria: tuple[CriterionResult, ...]


def write_verdict_page(verdict: Mapping[str, object], journal: Path, destination: Path) -> Path:
    """Write the page for ``verdict`` (the content of ``verdict.json``); ``journal`` may be missing.

    Raises:
        OSError: ``destination`` cannot be written.
    """
    destination.write_text(render_verdict_page(verdict, journal), encoding="utf-8")
    return destination


def render_verdict_page(verdict: Mapping[str, object], journal: Path, *, clock: Clock | None = None) -> str:
    """The page as HTML."""
    record = VerdictRecord.read(verdict)
    cited = {number for finding in record.findings for number in finding.lines}
    cited |= {number for cause in record.causes for number in cause.lines}
    cited |= {number for seen in record.observations for number in seen.lines[:10]}
    evidence = _evidence(journal, cited)
    shown = frozenset(part.number for part in evidence)
    page = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page.filters |= {
        "capital": capital,
        "cited": lambda text: _with_links(text, shown),
        "duration": duration,
        "moment": moment,
        "not_linked_yet": lambda finding: _not_linked_yet(finding, shown),
        "slug": lambda text: re.sub(r"[^a-z]+", "-", text.lower()).strip("-"),
    }
    return page.get_template("verdict.html.j2").render(
        record=record,
        sentence=sentence(record),
        next_of_run=next_of_run(record),
        limits=limits_of_proof(record),
        areas=_areas(record.criteria),
        counts=_counts(record.criteria),
        blamed=BLAMED,
        level_notes=LEVEL_NOTES,
        evidence=evidence,
        shown=shown,
        shares=shares_of_time(record.spent),
        left_out=len(cited - shown),
        journal=journal.name,
        made_at=(clock or SystemClock()).now(),
    )


def _evidence(journal: Path, cited: Iterable[int]) -> list[_Evidence]:
    wanted = frozenset(sorted(cited)[:MOST_LINES])
    if not wanted or not journal.is_file():
        return []
    return [_shown(line) for line in read_journal(journal) if line.n in wanted]


def _shown(line: Line) -> _Evidence:
    text = text_of(line)
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]}\n… {len(text) - LONGEST_TEXT} more characters in the journal"
    title = title_of(line).removesuffix(f", journal line {line.n}")
    return _Evidence(line.n, title, f"{line.at:%H:%M:%S}.{line.at.microsecond // 1000:03d}Z", text)


def _with_links(text: str, shown: frozenset[int]) -> Markup:
    """``text``, escaped, with each number of a journal line that the page shows made a link to it."""

    def numbers(match: re.Match[str]) -> str:
        linked = re.sub(r"\d+", lambda digits: _link(digits[0], shown), match[3])
        return f"{match[1]}{match[2]}{linked}"

    return Markup(LINE_NUMBERS.sub(numbers, str(escape(text))))  # noqa: S704 - escaped first; only digits are wrapped


def _not_linked_yet(finding: FindingRecord, shown: frozenset[int]) -> list[int]:
    """The finding's lines on this page that its own words do not link to."""
    linked = _with_links(finding.evidence, shown)
    return [number for number in finding.lines if number in shown and f'"#journal-{number}"' not in linked]


def _link(digits: str, shown: frozenset[int]) -> str:
    return f'<a href="#journal-{digits}">{digits}</a>' if int(digits) in shown else digits


def _areas(criteria: Sequence[CriterionResult]) -> list[_Area]:
    """Areas in the order in which they come."""
    names = dict.fromkeys(criterion.area for criterion in criteria)
    return [_Area(name, tuple(part for part in criteria if part.area == name)) for name in names]


def _counts(criteria: Sequence[CriterionResult]) -> list[tuple[str, int]]:
    """How many criteria have each outcome, the worst first; nothing is said of outcomes that nobody has."""
    found = [criterion.outcome for criterion in criteria]
    known = [*OUTCOME_ORDER, *sorted(set(found) - set(OUTCOME_ORDER))]
    return [(outcome, found.count(outcome)) for outcome in known if outcome in found]
