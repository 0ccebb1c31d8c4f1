"""The verdict page as text: what it says, what it escapes, what it survives."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verdict_records import journal_in, whole

from harness.clock import ManualClock, SystemClock
from harness.recorder.journal import JournalFile
from harness.recorder.line import Actor, Kind
from harness.recorder.redaction import Redactor
from reports.verdict_page import render_verdict_page, write_verdict_page

KEYS = (
    "schema",
    "causes",
    "verdict",
    "scope",
    "partner",
    "criteria",
    "methods",
    "latency",
    "observations",
    "seed",
)
NOWHERE = Path("nowhere/journal.jsonl")
CLOCK = ManualClock(datetime(2026, 11, 23, 12, tzinfo=UTC))


class Reading(HTMLParser):
    """The tags, ids, links and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in {"href", "src"} and value]

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data


def read(verdict: dict[str, Any], journal: Path = NOWHERE) -> Reading:
    """The page for a verdict."""
    return Reading(render_verdict_page(verdict, journal, clock=CLOCK))


def failed(**finding: object) -> dict[str, Any]:
    """A verdict with one finding."""
    five = {"criterion": "DP-BOK-01", "headline": "No visit", "expected": "one", "observed": "none", "next": "look"}
    criterion = {"id": "DP-BOK-01", "level": "required", "area": "bookings", "title": "shows a visit"}
    return {
        "verdict": "not accepted",
        "partner": {"name": "Klinika"},
        "criteria": [criterion | {"outcome": "failed", "findings": [five | finding]}],
    }


def test_the_verdict_comes_first_as_a_word_and_a_sentence() -> None:
    """A reader who stops after two lines knows what matters."""
    page = read(failed())

    assert "Not accepted" in page.text
    assert "Klinika does not meet one criterion of acceptance." in page.text


CAUSE = {
    "cause": "dropped:slot-booked",
    "likely": "slot-booked is accepted and nothing comes of it",
    "who": "the vendor",
    "next": "the vendor (inbox): slot-booked was answered 204 (line 4); look at the inbox",
    "fails": ["DP-BOK-01"],
    "holds_up": ["DP-BOK-02", "DP-BOK-03"],
    "may_follow": ["DP-API-01"],
}


def test_the_likely_causes_come_before_the_findings_that_share_them() -> None:
    """With how far each reaches, and links to its criteria."""
    page = read(failed(cause="dropped:slot-booked") | {"causes": [CAUSE]})

    assert "Begin with the likely causes below" in page.text
    told = page.text[page.text.rindex("Likely causes 1") : page.text.index("Criteria 1", page.text.index("Result"))]
    words = " ".join(told.split())
    assert "slot-booked is accepted and nothing comes of it The vendor (inbox): slot-booked" in words
    assert "fails 1 DP-BOK-01 holds up 2 DP-BOK-02 DP-BOK-03 may bring about 1 DP-API-01" in words
    assert "Of cause 1: slot-booked is accepted" in " ".join(page.text.split())
    assert "#cause-1" in page.links
    assert "cause-1" in page.ids


def test_a_finding_without_a_cause_stands_for_itself() -> None:
    """Beside one that may follow from a cause."""
    page = read(failed() | {"causes": [CAUSE | {"may_follow": ["DP-BOK-01"]}]})

    words = " ".join(page.text.split())
    assert "Perhaps a consequence of cause 1 DP-BOK-01 No visit" in words


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        ({"verdict": "not proven", "scope": "area bookings"}, "A narrowed run never says accepted"),
        ({"verdict": "not proven"}, "Nothing was judged, so nothing is proven."),
        ({"verdict": "not proven", "trouble": {"reason": "the port is taken"}}, "the port is taken."),
        ({}, "Nothing was judged"),
    ],
)
def test_a_verdict_that_proves_nothing_says_why(verdict: dict[str, Any], sentence: str) -> None:
    """Narrowed, empty or troubled: each has its own sentence, and none sounds like success."""
    page = read(verdict)

    assert sentence in page.text
    assert "Accepted" not in page.text


def test_findings_link_to_the_journal_lines_that_they_cite(tmp_path: Path) -> None:
    """Each cited line stands on the page under its number, and the finding's words lead there."""
    journal = tmp_path / "journal.jsonl"
    redactor = Redactor([], patient_key=b"k" * 32, own_phone_block="500")
    with JournalFile(journal, run="r", process="p", redactor=redactor, clock=SystemClock()) as file:
        for number in range(1, 6):
            body = {"state": "done", "verb": "book", "words": f"Anna books slot {number}"}
            file.write(Kind.ACT, body, actor=Actor.PATIENT)

    page = read(failed(evidence="journal lines 2–4; line 1, 02:04:03Z; line 5 came late", lines=[2, 3, 4]), journal)

    assert {"journal-2", "journal-3", "journal-4"} <= set(page.ids)
    assert "journal-1" not in page.ids
    assert {"#journal-2", "#journal-3", "#journal-4"} <= set(page.links)
    assert not {"#journal-5", "#journal-02", "#journal-04"} & set(page.links)
    assert "Anna books slot 3: done" in page.text


def test_every_link_within_the_page_leads_somewhere(tmp_path: Path) -> None:
    """No anchor is dead, not even where the journal is gone."""
    verdict = failed(evidence="line 9", lines=[9])

    page = read(verdict, tmp_path / "journal.jsonl")

    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert "1 cited line is not shown here" in " ".join(page.text.split())


def test_what_people_attested_stands_with_their_names(tmp_path: Path) -> None:
    """What they were asked to look at, their answer and its line; what they were asked to do is an act of the run."""
    page = Reading(render_verdict_page(whole(), journal_in(tmp_path), clock=CLOCK))

    words = " ".join(page.text.split())
    assert re.search(r"Does the week show Anna's visit\? Scenario 3 ?yes; in bold ?Reception desk 2", words)
    assert "Book Anna" not in words
    assert "✎ attested attested by Reception desk 2" in words


def test_a_finding_names_its_scenario_in_words() -> None:
    """Not by its id."""
    scenario = "bookings/visits.feature:a-patient"
    verdict = failed(scenario=scenario)
    verdict["criteria"][0]["scenarios"] = [{"id": scenario, "name": "A patient takes a slot"}]

    page = read(verdict)

    assert "A patient takes a slot" in page.text
    assert scenario not in page.text


def test_the_page_holds_no_script_and_loads_nothing() -> None:
    """It is readable where scripts are off, and asks nothing of anybody."""
    page = read(failed())

    assert "script" not in page.tags
    assert not [link for link in page.links if not link.startswith(("#", "data:"))]


@settings(max_examples=30)
@given(st.text(min_size=1))
def test_whatever_a_partner_says_stays_text(said: str) -> None:
    """Markup in a name, a finding or a reason makes no element."""
    poison = f"{said}<img src=x onerror=alert(1)></pre><script>alert(2)</script>"
    quiet, loud = failed(), failed(headline=poison, observed=poison, evidence=f"line 3 {poison}", scenario=poison)
    loud["partner"] = {"name": poison, "version": poison}
    loud["criteria"][0]["reason"] = poison
    quiet["criteria"][0]["reason"] = "reason"
    quiet["partner"] = {"name": "name", "version": "version"}
    quiet["criteria"][0]["findings"][0]["scenario"] = "scenario"

    assert read(loud).tags == read(quiet).tags


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(KEYS),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(
                    st.sampled_from(["id", "name", "findings", "fails", "scenarios", "lines", "p50_s"]), inner
                )
            ),
            max_leaves=8,
        ),
    )
)
def test_a_page_is_made_of_whatever_the_record_holds(verdict: dict[str, Any]) -> None:
    """A record of another version, or half a record, still gives a page."""
    assert "h1" in read(verdict).tags


def test_the_page_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    """The file holds the page."""
    destination = write_verdict_page(failed(), NOWHERE, tmp_path / "verdict.html")

    assert destination.read_text().startswith("<!doctype html>")
