"""The frame of a page in the languages of the marketplaces: headings, labels, outcome words, instructions.

One catalogue a language stands in ``reports/languages``. What a run found - titles of criteria, findings, reasons -
stays English and is marked as such on the page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from harness.contract.marketplaces import MARKETPLACES

__all__ = ["AUTO", "ENGLISH", "LANGUAGES", "Language", "language_for"]

ENGLISH = "en"
AUTO = "auto"
"""The language of the run's marketplace."""
LOCALES: Mapping[str, str] = {ENGLISH: "en_GB"}
"""Where the language alone would write dates as somebody else does."""
LANGUAGES = (ENGLISH, "cs", "de", "es", "it", "pl", "pt", "tr")

HUNDREDTHS_BELOW_S = 10
MINUTE_S = 60

Entry = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language; ``entries`` by section and name, such as ``outcome.failed``."""

    code: str
    entries: Mapping[str, Entry]

    @classmethod
    def named(cls, code: str) -> Language:
        """The language with the ISO 639 code ``code``, one of :data:`LANGUAGES`."""
        text = files("reports").joinpath("languages", f"{code}.toml").read_text(encoding="utf-8")
        return cls(code, dict(_flat(tomllib.loads(text))))

    @property
    def locale(self) -> Locale:
        """How it writes dates, numbers and plurals."""
        return Locale.parse(LOCALES.get(self.code, self.code))

    def say(self, key: str, n: int | None = None, **values: object) -> Markup:
        """The text for ``key`` with ``values`` put in, safe to stand in a page.

        ``n`` picks the form of the plural and stands for ``{n}``.

        Raises:
            KeyError: the catalogue has no such text.
        """
        entry = self.entries[key]
        if n is not None:
            values["n"] = format_decimal(n, locale=self.locale)
        if not isinstance(entry, str):
            form = str(self.locale.plural_form(n or 0))
            # millions have a form of their own in some languages, which no page comes to
            entry = entry.get(form) or list(entry.values())[-1]
        return escape(entry).format(**values)

    def has(self, key: str) -> bool:
        """Whether it has a text for ``key``."""
        return key in self.entries

    def word(self, section: str, name: str) -> Markup:
        """The word for ``name``, or the name itself where this version knows none."""
        key = f"{section}.{name.replace(' ', '_')}"
        return self.say(key) if name and self.has(key) else escape(name)

    def day(self, value: date) -> str:
        """A day, written out."""
        return format_date(value, "long", self.locale)

    def short_day(self, value: date) -> str:
        """Day and month, in as few signs as the language needs."""
        return format_skeleton("MMd", value, locale=self.locale)

    def moment(self, value: datetime | None) -> str:
        """An instant as people write it, in UTC."""
        if value is None:
            return str(self.say("word.unknown"))
        utc = value.astimezone(UTC)
        return f"{self.day(utc.date())}, {utc:%H:%M:%S} UTC"

    def duration(self, seconds: float | None) -> str:
        """A length of time: ``0.21 s``, ``42 s``, ``3 min 05 s``."""
        if seconds is None:
            return "–"
        if seconds < MINUTE_S:
            digits = "0.00" if seconds < HUNDREDTHS_BELOW_S else "0"
            return str(self.say("time.seconds", s=format_decimal(seconds, digits, self.locale)))
        minutes, rest = divmod(round(seconds), MINUTE_S)
        return str(self.say("time.minutes", minutes=minutes, s=f"{rest:02d}"))


def language_for(wanted: str, marketplace: str) -> str:
    """The code of the language ``wanted``; for :data:`AUTO` that of the marketplace, English where it is not known."""
    if wanted != AUTO:
        return wanted
    known = MARKETPLACES.get(marketplace)
    return known.locale.partition("_")[0] if known else ENGLISH


def _flat(sections: Mapping[str, Mapping[str, Entry]]) -> Iterator[tuple[str, Entry]]:
    for section, entries in sections.items():
        for name, entry in entries.items():
            yield f"{section}.{name}", entry
