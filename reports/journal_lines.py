"""The run's journal as the verdict page shows it: the lines that are cited, and where each scenario stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from markupsafe import Markup, escape

from harness.recorder.journal import read_journal
from harness.recorder.line import Kind, Line
from reports.line_text import text_of, title_of

__all__ = ["Attested", "JournalLines", "ShownLine", "Span"]

MOST_LINES = 400
"""Journal lines shown as evidence; the journal itself holds all."""
LONGEST_TEXT = 20_000
"""Characters of one journal line; a list of a hundred visits is cut."""

LINE_NUMBERS = re.compile(r"\b(lines?)(\s+)(\d+(?:\s*(?:[-\u2013,]|and|to)\s*\d+\b(?!:))*)")


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One journal line as shown."""

    number: int
    title: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last journal line of a scenario; lines of others may stand between them."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Attested:
    """What somebody was asked to look at, what they said, and who they are."""

    number: int
    scenario: str
    at: datetime
    by: str
    what: str
    said: str


@dataclass(frozen=True, slots=True)
class JournalLines:
    """What a page takes from a journal."""

    evidence: tuple[ShownLine, ...]
    spans: Mapping[str, Span]
    """By the id of the scenario."""
    attestations: tuple[Attested, ...]

    @classmethod
    def read(cls, journal: Path, cited: Iterable[int]) -> JournalLines:
        """From the file ``journal``, which may be missing; ``cited`` are the numbers of lines to show.

        Raises:
            OutputUnusable: it is no journal.
        """
        wanted = frozenset(sorted(cited)[:MOST_LINES])
        evidence: list[ShownLine] = []
        spans: dict[str, Span] = {}
        attestations: list[Attested] = []
        for line in read_journal(journal) if journal.is_file() else ():
            if line.n in wanted:
                evidence.append(_shown(line))
            if line.kind is Kind.ATTESTATION and line.body.get("asked") != "task":
                attestations.append(_attested(line))
            if line.scenario is not None:
                before = spans.get(line.scenario, Span(line.n, line.n))
                spans[line.scenario] = Span(min(before.first, line.n), max(before.last, line.n))
        return cls(tuple(evidence), spans, tuple(attestations))

    @property
    def shown(self) -> frozenset[int]:
        """The numbers of the lines that the page shows."""
        return frozenset(one.number for one in self.evidence)

    def linked(self, text: str) -> Markup:
        """``text``, escaped, with each number of a journal line that the page shows made a link to it."""
        shown = self.shown

        def numbers(match: re.Match[str]) -> str:
            linked = re.sub(r"\d+", lambda digits: _link(digits[0], shown), match[3])
            return f"{match[1]}{match[2]}{linked}"

        return Markup(LINE_NUMBERS.sub(numbers, str(escape(text))))  # noqa: S704 - escaped first; only digits are wrapped

    def not_linked_yet(self, text: str, lines: Iterable[int]) -> list[int]:
        """Those of ``lines`` on the page that ``text`` does not link to itself."""
        linked = self.linked(text)
        return [number for number in lines if number in self.shown and f'"#journal-{number}"' not in linked]


def _shown(line: Line) -> ShownLine:
    text = text_of(line)
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]}\n… {len(text) - LONGEST_TEXT} more characters in the journal"
    title = title_of(line).removesuffix(f", journal line {line.n}")
    return ShownLine(line.n, title, f"{line.at:%H:%M:%S}.{line.at.microsecond // 1000:03d}Z", text)


def _attested(line: Line) -> Attested:
    told = {name: value for name, value in line.body.items() if isinstance(value, str)}
    answers = (told.get("choice") or told.get("said", ""), told.get("note", ""))
    return Attested(
        line.n,
        line.scenario or "",
        line.at,
        by=told.get("by", ""),
        what=told.get("words", ""),
        said="; ".join(one for one in answers if one),
    )


def _link(digits: str, shown: frozenset[int]) -> str:
    return f'<a href="#journal-{digits}">{digits}</a>' if int(digits) in shown else digits
