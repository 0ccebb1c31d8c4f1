"""What stands at the edge of every printed page: whose protocol it is, its verdict, and the number of the page.

Browsers take it from the style sheet; those that know no margin boxes print without.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from reports.frame import TURNS
from reports.language import Language
from reports.verdict_record import VerdictRecord

__all__ = ["running_lines"]

LONGEST = 48
"""Characters of a name that fit beside the rest."""
PLAIN = re.compile(r"[A-Za-z0-9 .,:()/-]")
ISOLATED = "\u2068{}\u2069"
"""A text in its own direction, whatever direction that is."""


def running_lines(record: VerdictRecord, language: Language) -> Markup:
    """Rules for the margin boxes of ``@page``."""
    partner = " ".join(part for part in (record.partner_name, record.partner_version) if part)
    partner = ISOLATED.format(_short(partner)) if partner else str(language.say("page.partner"))
    verdict = str(language.word("verdict", record.verdict))
    left = " · ".join((str(language.say("page.name")), partner))
    right = " · ".join(part for part in (verdict, _short(record.run)) if part)
    number = language.say("page.number", page="\0p\0", pages="\0n\0")
    counted = {"p": "counter(page)", "n": "counter(pages)"}
    parts = [counted.get(part) or _quoted(part) for part in str(number).split("\0") if part]
    rules = (
        f"@top-left {{ content: {_quoted(left)}; }}",
        f"@top-right {{ content: {_quoted(right)}; }}",
        f"@bottom-right {{ content: {' '.join(parts)}; }}",
    )
    return Markup("@page {{ {} }}").format(Markup(" ".join(rules)))  # noqa: S704 - every text is escaped as CSS wants it


def _quoted(text: str) -> str:
    """A CSS string; whatever is not plain is written as its code point, so no text can end it."""
    return '"' + "".join(one if PLAIN.match(one) else f"\\{ord(one):x} " for one in text if one >= " ") + '"'


def _short(text: str) -> str:
    plain = text.translate(TURNS)
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"
