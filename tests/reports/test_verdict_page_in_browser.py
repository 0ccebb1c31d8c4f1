"""The verdict page in a real browser: on a desk, on a phone, in the dark, on paper, and whatever a partner wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

import pytest
from browsers import launched
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from runs import LONG as LONG_TESTS
from verdict_records import AREAS, CLOCK, criteria, finding, journal_in, told, whole

from reports.language import LANGUAGES, Language
from reports.print_page import print_page
from reports.protocol import Meeting, Participant, Protocol
from reports.verdict_page import render_verdict_page

PHONE, DESK = 360, 1280
A4 = 680
"""Between the margins, in CSS pixels."""
LONG = "Zażółćgęśląjaźń" * 30
RIGHT_TO_LEFT = "\u202eעברית\u2066العربية"
Write = Callable[[str, dict[str, Any], Protocol], Path]
Scheme = Literal["light", "dark", "no-preference"]
ON_PAPER: Scheme = "no-preference"
HOSTILE = f'<img src=x onerror="document.title=1"></style><script>document.title=2</script>"\\{RIGHT_TO_LEFT}{LONG}'

WIDER_THAN_ITS_PLACE = """() => [...document.querySelectorAll('body *')].filter(one => {
    const box = one.closest('.box');
    return !box && !one.closest('.skip') && one.getClientRects().length
        && one.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(one).left !== '-1600px';
}).map(one => one.outerHTML.slice(0, 90))"""

CONTRASTS = """() => {
    const parts = text => (text.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, place) => sum + v * [0.2126, 0.7152, 0.0722][place], 0);
    const ground = one => {
        for (let at = one; at; at = at.parentElement) {
            const told = parts(getComputedStyle(at).backgroundColor);
            if (told.length === 3 || told[3] === 1) return told;
        }
        return [255, 255, 255];
    };
    const seen = {};
    for (const one of document.querySelectorAll('body *')) {
        const own = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!own || !one.getClientRects().length || one.closest('defs, title, desc')) continue;
        const style = getComputedStyle(one);
        const [a, b] = [light(parts(one.closest('svg') ? style.fill : style.color)), light(ground(one))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        const name = `${one.tagName}.${one.getAttribute('class') || ''}`;
        if (!(seen[name] < ratio)) seen[name] = ratio;
    }
    return seen;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium."""
    with launched() as opened:
        yield opened


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Write:
    """Write a page, and tell where."""
    directory = tmp_path_factory.mktemp("pages")
    journal = journal_in(directory)

    def write(name: str, verdict: dict[str, Any], protocol: Protocol) -> Path:
        path = directory / f"{name}.html"
        path.write_text(render_verdict_page(verdict, journal, protocol=protocol, clock=CLOCK), encoding="utf-8")
        return path

    return write


def hostile() -> tuple[dict[str, Any], Protocol]:
    """Everything that others have words in, with the worst of words."""
    first = {**criteria()[0], "title": HOSTILE, "reason": HOSTILE, "findings": []}
    first["scenarios"] = [{"id": "s/0", "name": HOSTILE, "outcome": HOSTILE, "seconds": 1, "reason": HOSTILE}]
    five = dict.fromkeys(("headline", "expected", "observed", "evidence", "next", "scenario"), HOSTILE)
    second = {**criteria()[5], "findings": [finding("DP-ABC-05", **five)], "level": HOSTILE, "blame": HOSTILE}
    third = {**criteria()[1], "reason": HOSTILE}
    verdict = whole(
        run=HOSTILE,
        partner={"name": HOSTILE, "version": HOSTILE, "capabilities": [HOSTILE]},
        criteria=[first, second, third],
        methods=[{"operation_id": LONG, "calls": 1, "refused": 0, "last_status": 200, "required_for": HOSTILE}],
        observations=[{"text": HOSTILE, "count": 1}],
        trouble={"reason": HOSTILE},
    )
    people = (Participant(HOSTILE, HOSTILE, HOSTILE),)
    return verdict, told(meeting=Meeting(HOSTILE, HOSTILE, people), allure={"s/0": '"><script>'})


def opened(browser: Browser, path: Path, *, width: int = DESK, scheme: Scheme = "light") -> Page:
    """The page, at rest."""
    page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("code", LANGUAGES if LONG_TESTS else ["de"])
def test_nothing_has_to_be_scrolled_sideways_on_a_phone(browser: Browser, shown: Write, code: str) -> None:
    """Not even in the language with the longest words; tables that are wider scroll in a box of their own."""
    page = opened(browser, shown(code, whole(), told(code)), width=PHONE)

    assert page.evaluate(WIDER_THAN_ITS_PLACE) == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    boxes = page.evaluate("[...document.querySelectorAll('.box')].map(one => [one.clientWidth, one.tabIndex])")
    assert boxes
    assert all(width <= PHONE and reached == 0 for width, reached in boxes)
    page.context.close()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_whatever_others_wrote_stays_harmless(browser: Browser, shown: Write, width: int) -> None:
    """Markup stays text, words without end break, and another direction ends with the words that have it."""
    page = opened(browser, shown("hostile", *hostile()), width=width)

    assert "Klinika" not in page.title()
    assert page.locator("img, script").count() == 0
    assert page.evaluate(WIDER_THAN_ITS_PLACE) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.content()), "nothing turns the words after it"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == A4
    assert page.evaluate(WIDER_THAN_ITS_PLACE) == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark", ON_PAPER])
def test_every_word_can_be_told_from_its_ground(browser: Browser, shown: Write, scheme: Scheme) -> None:
    """By 4.5 to 1 at least, the outcomes among them (WCAG 2.2, 1.4.3)."""
    page = opened(browser, shown("contrast", whole(), told()), scheme=scheme)
    if scheme == ON_PAPER:
        page.emulate_media(media="print")

    ratios = page.evaluate(CONTRASTS)

    assert {"SPAN.pill o-failed", "SPAN.pill o-passed", "SPAN.pill o-not-proven"} <= {*ratios}
    assert {name: round(ratio, 2) for name, ratio in ratios.items() if ratio < 4.5} == {}
    page.context.close()


def test_the_page_can_be_read_by_its_structure(browser: Browser, shown: Write) -> None:
    """Landmarks, one first heading, no level left out, named sections and pictures, tables with heads."""
    page = opened(browser, shown("structure", whole(), told()))

    for role in ("banner", "navigation", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role  # type: ignore[arg-type]
    levels = [int(one[1]) for one in page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => h.tagName)")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    unnamed = (
        "[...document.querySelectorAll('section, article, [role=group], svg[role=img]')].filter(one => "
        "![...(one.getAttribute('aria-labelledby') || '').split(' ')].every(id => document.getElementById(id)) "
        "&& !one.getAttribute('aria-label')).length"
    )
    assert page.evaluate(unnamed) == 0
    assert (
        page.evaluate(
            "[...document.querySelectorAll('table')].filter(one => !one.querySelector('th[scope=col]')).length"
        )
        == 0
    )
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    links = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(one => one.getAttribute('href').slice(1))"
    )
    assert set(links) <= set(ids)
    page.context.close()


def test_a_picture_of_the_nights_has_its_words_beside_it(browser: Browser, shown: Write) -> None:
    """Title and description for those who do not see it, a table for everybody; without nights nothing at all."""
    page = opened(browser, shown("nights", whole(), told(nights=40)))

    picture = page.get_by_role("img", name="Criteria by outcome, night by night")
    assert "30 nights, from 30 November 2026 to 29 December 2026." in str(picture.locator("desc").text_content())
    assert page.locator(".nights tbody tr").count() == 30
    assert page.locator("svg .t-sign").count() == 30
    page.goto(shown("no-nights", whole(), told(nights=0)).as_uri())
    assert page.locator("#trend, .trend, svg, .nights").count() == 0
    page.context.close()


@pytest.fixture(scope="module")
def sheets(shown: Write, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The text of each printed page, as `acceptance report build --pdf` prints it."""
    long = [{**one, "title": one["title"] + " and more of it" * 12} for one in criteria()]
    verdict = whole(
        criteria=long, partner={"name": f"Klinika {RIGHT_TO_LEFT}", "version": '3"; } body { display: none'}
    )
    path = shown("printed", verdict, told(nights=12, meeting=Meeting()))
    printed = PdfReader(print_page(path, tmp_path_factory.mktemp("pdf") / "verdict.pdf"))
    sizes = {(round(one.mediabox.width), round(one.mediabox.height)) for one in printed.pages}
    assert sizes == {(595, 842)}, "A4"
    return [" ".join(normalize("NFKC", one.extract_text()).split()) for one in printed.pages]


def test_every_sheet_says_whose_it_is_and_its_number(sheets: list[str]) -> None:
    """In its margins, counted to the last."""
    assert 5 <= len(sheets) <= 20
    for number, text in enumerate(sheets, start=1):
        assert f"Page {number} of {len(sheets)}" in text
        assert "Docplanner acceptance · " in text
        assert "Not accepted · 20261123-120000-abcd" in text


def test_the_sheets_read_as_a_protocol(sheets: list[str]) -> None:
    """Its parts in their order, by numbers; who met can be written in."""
    whole_text = " ".join(sheets)
    parts = (
        "Session",
        "Result",
        "Checked before",
        "Likely causes",
        "Criteria",
        "API methods used",
        "How long changes took",
    )
    parts += ("Over the nights", "Attested by people", "Not proven and not applicable", "Open findings", "Observations")
    parts += ("What this does not prove", "Signatures")
    places = [whole_text.index(f"{number}. {part}") for number, part in enumerate(parts, start=1)]

    assert places == sorted(places)
    assert all(Language.named("en").word("area", area) in whole_text for area in AREAS)
    assert "Name Role Organisation" in sheets[0]


def test_both_parties_sign_on_one_sheet(sheets: list[str]) -> None:
    """With place, date, name and signature of each."""
    (sheet,) = [text for text in sheets if "For the vendor of the partner system" in text]

    assert "For Docplanner" in sheet
    for word in ("Place", "Date", "Name", "Signature"):
        assert len(re.findall(rf"\b{word}\b", sheet)) == 2, word


def test_no_row_is_cut_in_two(sheets: list[str]) -> None:
    """A criterion, its scenario and its outcome stand on one sheet, below the head of the table."""
    for one in criteria():
        title = one["title"].split(",")[0]
        (sheet,) = [text for text in sheets if f"{one['id']} {title}" in text]
        assert one["scenarios"][0]["name"] in sheet
        assert "The partner system" in sheet
