"""The catalogues of the page's frame: alike, complete, used, and safe."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from verdict_records import CLOCK, journal_in, pages, told, whole

from harness.contract.marketplaces import MARKETPLACES
from reports.language import ENGLISH, LANGUAGES, Language, language_for
from reports.verdict_page import render_verdict_page

NUMBERS = range(201)
"""What a page may come to count."""
SENTENCE = 4
"""Words beyond which two languages share no text."""


def placeholders(text: str) -> set[str]:
    """The names between braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def texts(language: Language) -> Iterator[tuple[str, str]]:
    """Every text, with its key and the form of the plural."""
    for key, entry in language.entries.items():
        if isinstance(entry, str):
            yield key, entry
        else:
            yield from ((f"{key}.{form}", text) for form, text in entry.items())


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    """One after the other."""
    return Language.named(request.param)


@pytest.fixture(scope="module")
def english() -> Language:
    """What the others are compared with."""
    return Language.named(ENGLISH)


def test_every_catalogue_is_offered() -> None:
    """None lies there unused."""
    here = {path.stem for path in Path("reports/languages").glob("*.toml")}

    assert here == set(LANGUAGES)
    assert {language_for("auto", one) for one in MARKETPLACES} == here - {ENGLISH}


def test_all_have_the_same_keys(language: Language, english: Language) -> None:
    """In the same order, and the same of them have plurals."""
    kinds = [(key, isinstance(entry, str)) for key, entry in language.entries.items()]

    assert kinds == [(key, isinstance(entry, str)) for key, entry in english.entries.items()]


def test_all_have_the_same_placeholders(language: Language, english: Language) -> None:
    """A form for one thing may do without its number."""
    for key, entry in english.entries.items():
        wanted = placeholders(entry if isinstance(entry, str) else entry["other"])
        mine = language.entries[key]
        for form, text in {"": mine}.items() if isinstance(mine, str) else mine.items():
            spared = {"n", "last"} if form == "one" else set()
            assert placeholders(text) | spared == wanted | spared, f"{key}.{form}"


def test_plurals_have_the_forms_that_the_language_needs(language: Language) -> None:
    """For every number that a page may come to, and no more."""
    needed = {str(language.locale.plural_form(n)) for n in NUMBERS}

    for key, entry in language.entries.items():
        if not isinstance(entry, str):
            assert entry.keys() == needed, key


def test_no_text_is_empty_or_has_edges(language: Language) -> None:
    """Nor does any hold markup."""
    for key, text in texts(language):
        assert text.strip() == text != "", key
        assert not re.search(r"[<>&]", text), key


def test_translations_differ_from_english(language: Language, english: Language) -> None:
    """Whole sentences at least; a text that was forgotten would be noticed."""
    others = dict(texts(english)) if language.code != ENGLISH else {}
    same = [key for key, text in texts(language) if len(text.split()) > SENTENCE and text == others.get(key)]

    assert not same


class Noted(dict[str, object]):
    """Entries that note which of them were asked for."""

    def __init__(self, entries: object) -> None:
        super().__init__(entries)  # type: ignore[call-overload]
        self.used: set[str] = set()

    def __getitem__(self, key: str) -> object:
        self.used.add(key)
        return super().__getitem__(key)


def test_the_page_uses_every_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And asks for none that is not there; seen in Polish, since English needs one sentence less."""
    noted = Noted(Language.named("pl").entries)
    monkeypatch.setattr(Language, "named", lambda _: Language("pl", noted))  # type: ignore[arg-type]

    pages(journal_in(tmp_path), "pl")

    assert noted.used == set(noted)


def test_every_language_gives_a_page(language: Language, tmp_path: Path) -> None:
    """In that language, with what the run told marked as English, and no gap left open."""
    page = render_verdict_page(whole(), journal_in(tmp_path), protocol=told(language.code), clock=CLOCK)

    assert f'<html lang="{language.code}">' in page
    assert str(language.say("signatures.title")) in page
    assert not re.search(r"\{\w*\}", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))
    headline = '<bdi lang="en">DP-ABC-00: no visit' if language.code != ENGLISH else "<bdi>DP-ABC-00: no visit"
    assert headline in page


@pytest.mark.parametrize(
    ("code", "n", "expected"),
    [
        ("pl", 1, "Klinika nie spełnia jednego kryterium odbioru."),
        ("pl", 22, "Klinika nie spełnia 22 kryteriów odbioru."),
        ("cs", 3, "Klinika nesplňuje 3 akceptační kritéria."),
        ("cs", 5, "Klinika nesplňuje 5 akceptačních kritérií."),
        ("de", 2, "Klinika erfüllt 2 Abnahmekriterien nicht."),
    ],
)
def test_numbers_take_their_form(code: str, n: int, expected: str) -> None:
    """As the language counts."""
    assert Language.named(code).say("sentence.not_accepted", n, who="Klinika") == expected


def test_dates_and_numbers_are_written_as_people_there_write_them() -> None:
    """Day before month, decimal comma, own words of months."""
    at = datetime(2026, 11, 3, 12, 4, 5, tzinfo=UTC)

    assert Language.named("en").moment(at) == "3 November 2026, 12:04:05 UTC"
    assert Language.named("pl").moment(at) == "3 listopada 2026, 12:04:05 UTC"
    assert Language.named("de").moment(at) == "3. November 2026, 12:04:05 UTC"
    assert Language.named("es").duration(0.214) == "0,21 s"
    assert Language.named("tr").duration(185) == "3 dk 05 sn"
    assert Language.named("en").duration(59.6) == "60 s"


def test_what_is_put_into_a_text_stays_text() -> None:
    """Markup in a value is escaped."""
    assert "<b>" not in Language.named("en").say("sentence.trouble_too", reason="<b>{n}</b>")
