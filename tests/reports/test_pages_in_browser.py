"""Both pages, opened from the disk in a real browser: they can be read, and nothing leaves them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from browsers import absent, launched
from playwright.sync_api import Browser, Page, expect

from harness.cache import cache_directory
from harness.recorder.journal import read_journal
from harness.recorder.line import Kind
from reports.allure_links import results_by_scenario
from reports.allure_page import AllurePage, build_allure_page
from reports.build import ReportFiles, build_all

ON_THE_PAGE = ("file:", "data:", "blob:")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium."""
    with launched() as opened:
        yield opened


@pytest.fixture(scope="session")
def files(small_run: SimpleNamespace) -> ReportFiles:
    """The pages of the small run."""
    lines = list(read_journal(small_run.directory / "journal.jsonl"))
    scenario = next(line.scenario for line in lines if line.body.get("operation") == "getBooking")
    cited = [line.n for line in lines if line.scenario == scenario and line.kind is Kind.EXCHANGE][:3]
    finding = {
        "criterion": "DP-NOT-02",
        "headline": "The clinic's calendar shows Anna's visit twice",
        "expected": "exactly one visit, Tue 24 Nov 09:00",
        "observed": "two visits (ids 4411 and 4412)",
        "evidence": f"journal lines {cited[0]}–{cited[-1]}",
        "next": "look at how it recognises booking 55021",
        "lines": cited,
        "scenario": "The same news arrives twice",
    }
    (known,) = [one for one in results_by_scenario(small_run.directory / "allure-results") if "same_news" in one]
    scenarios = [{"id": known, "name": "The same news arrives twice", "outcome": "failed", "seconds": 0.4}]
    criterion = {"id": "DP-NOT-02", "level": "required", "area": "notifications", "outcome": "failed"}
    criterion |= {"title": "handles a notification once", "blame": "partner"}
    verdict = {
        "verdict": "not accepted",
        "partner": {"name": "Klinika Plus", "version": "3.1"},
        "criteria": [{**criterion, "scenarios": scenarios, "findings": [finding]}],
        "assembly": "self",
    }
    return build_all(small_run.directory, verdict, html=True, on_progress=lambda _: None)


class Visit:
    """A page that is open, and what it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.troubles: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def open(self, path: Path) -> Page:
        """Open a file and wait until it has come to rest."""
        self.page.goto(path.as_uri())
        self.page.wait_for_load_state("networkidle")
        return self.page

    def outside(self) -> list[str]:
        """Requests that left the page."""
        return [url for url in self.asked if not url.startswith(ON_THE_PAGE)]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A fresh page."""
    with browser.new_context() as context:
        yield Visit(context.new_page())


def report_of(files: ReportFiles) -> Path:
    """The Allure page, where it could be made."""
    if files.report is None:
        absent(files.without_report or "no Allure page")
    return files.report.path  # type: ignore[union-attr]


def test_the_second_night_shows_the_first(small_run: SimpleNamespace, files: ReportFiles, tmp_path: Path) -> None:
    """Allure keeps what each run showed in one file, and its page holds what earlier ones did."""
    report_of(files)  # where Allure cannot be had, nothing more can be seen
    kept, results = tmp_path / "nights.allure.jsonl", small_run.directory / "allure-results"
    pages = [
        build_allure_page(
            results, tmp_path / f"{night}.html", cache=cache_directory(), on_progress=lambda _: None, history=kept
        )
        for night in (1, 2)
    ]
    held = [one.path.read_text().count('d("data/history/') for one in pages if isinstance(one, AllurePage)]

    assert held == [0, 1]
    assert len(kept.read_text().splitlines()) == 2


def test_a_finding_a_step_and_an_exchange_can_be_read_in_allure(files: ReportFiles, visit: Visit) -> None:
    """From the tree to the failing scenario, its finding, its steps and an exchange; and no request leaves the page."""
    page = visit.open(report_of(files))

    page.get_by_text("The same news arrives twice").first.click()
    expect(page.get_by_text("DP-NOT-02 The clinic's calendar shows Anna's visit twice").first).to_be_visible()
    step = page.get_by_text("When the clinic is told about Anna's visit again").first
    expect(step).to_be_visible()
    step.click()
    page.get_by_text("getBooking 200 (81 ms)").first.click()
    expect(page.get_by_text("curl").first).to_be_visible()

    assert visit.outside() == []
    assert visit.troubles == []


def test_allure_shows_what_is_not_proven_and_the_run_s_surroundings(files: ReportFiles, visit: Visit) -> None:
    """The environment of the run stands in the page."""
    page = visit.open(report_of(files))

    expect(page.get_by_text("Klinika Plus 3.1").first).to_be_visible()
    assert visit.outside() == []


def test_a_criterion_leads_from_allure_to_its_row_on_the_verdict_page(files: ReportFiles, visit: Visit) -> None:
    """The link of a scenario opens the page beside the report, at the criterion."""
    page = visit.open(report_of(files))

    page.get_by_text("The same news arrives twice").first.click()
    page.get_by_text("DP-NOT-02 handles a notification once").first.click()

    expect(page.locator("tr:target")).to_contain_text("DP-NOT-02")
    assert visit.outside() == []


def test_a_scenario_leads_from_the_verdict_page_to_its_steps_in_allure(files: ReportFiles, visit: Visit) -> None:
    """The link opens the very result: what Allure calls it is not documented, so it is tried."""
    assert report_of(files)
    page = visit.open(files.verdict_page)

    page.get_by_role("link", name="The same news arrives twice").click()

    expect(page.get_by_text("DP-NOT-02 The clinic's calendar shows Anna's visit twice").first).to_be_visible()
    expect(page.get_by_text("When the clinic is told about Anna's visit again").first).to_be_visible()
    assert visit.outside() == []


def test_nothing_can_leave_the_allure_page(files: ReportFiles, visit: Visit) -> None:
    """Even a script that tries to reach a host is stopped by the browser."""
    page = visit.open(report_of(files))

    outcome = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'went out', error => 'stopped')")

    assert outcome == "stopped"
    assert visit.outside() == []


def test_a_finding_leads_to_its_evidence_on_the_verdict_page(files: ReportFiles, visit: Visit) -> None:
    """Verdict, finding and next step can be read; a click leads to the journal line; no request leaves the page."""
    page = visit.open(files.verdict_page)

    expect(page.get_by_role("heading", level=1, name="Not accepted", exact=True)).to_be_visible()
    finding = page.get_by_role("article").filter(has_text="shows Anna's visit twice")
    expect(finding).to_contain_text("look at how it recognises booking 55021")
    finding.get_by_role("link", name="journal line").first.click()
    line = page.locator("article.line:target")
    expect(line).to_be_in_viewport()
    expect(line).to_contain_text("55021")

    assert visit.outside() == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_verdict_page_fits_a_phone_and_a_desk(files: ReportFiles, browser: Browser, width: int) -> None:
    """Nothing has to be scrolled sideways."""
    with browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=True) as context:
        page = Visit(context.new_page()).open(files.verdict_page)

        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_verdict_page_is_readable_without_scripts(files: ReportFiles, browser: Browser) -> None:
    """With scripts switched off everything is there."""
    with browser.new_context(java_script_enabled=False) as context:
        page = Visit(context.new_page()).open(files.verdict_page)

        expect(page.get_by_role("row").filter(has_text="DP-NOT-02")).to_contain_text("failed")


def test_allure_s_page_holds_every_result(files: ReportFiles, small_run: SimpleNamespace) -> None:
    """As many as there are in the directory."""
    assert report_of(files)
    assert files.report is not None
    assert files.report.results == len(list(small_run.directory.glob("allure-results/*-result.json"))) == 8
    assert json.loads((small_run.directory / "allure-results" / "categories.json").read_text())
