"""Makes every file that people read from a run that is over.

Called by ``acceptance run`` and ``acceptance report build``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from harness.cache import cache_directory
from reports.allure_links import results_by_scenario
from reports.allure_page import AllurePage, AllureUnavailable, build_allure_page
from reports.allure_tool import ToolUnavailable, allure_tool
from reports.environment import write_environment
from reports.junit import write_junit
from reports.protocol import PROTOCOL, Protocol
from reports.verdict_page import write_verdict_page

__all__ = ["LATER", "ReportFiles", "build_all", "fetch_tools"]

LATER = "Make it later with `acceptance report build`."

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """What was made. ``report`` is None where no Allure page was wanted, or as ``without_report`` says."""

    verdict_page: Path
    junit: Path
    report: AllurePage | None
    without_report: str | None
    """Why the Allure page was not made, what would change that, and how to make it later."""

    @property
    def to_open(self) -> Path:
        """The page to open first."""
        return self.report.path if self.report else self.verdict_page


def build_all(
    output_dir: Path,
    verdict: Mapping[str, object],
    *,
    html: bool,
    on_progress: Progress,
    protocol: Protocol | None = None,
    allure_history: Path | None = None,
    cache: Path | None = None,
) -> ReportFiles:
    """Write ``verdict.html``, ``protocol.json``, ``junit.xml`` and, with ``html``, ``report.html`` into ``output_dir``.

    ``output_dir`` holds ``journal.jsonl`` and ``allure-results/``; either may be missing. Without ``protocol`` the one
    that is there stays. ``allure_history`` is a file to which Allure adds the run, and from which its trends come.
    Only the Allure page can fail to appear: it needs Node.js and, the first time, a network.

    Raises:
        OSError: ``output_dir`` cannot be written.
    """
    told = protocol or Protocol.of(output_dir)
    results = output_dir / "allure-results"
    if results.is_dir():
        write_environment(results, verdict)
    with ThreadPoolExecutor(1) as beside:  # Allure is a program of its own: our pages are written meanwhile
        making = html and beside.submit(
            build_allure_page,
            results,
            output_dir / "report.html",
            cache=cache or cache_directory(),
            on_progress=on_progress,
            verdict=verdict,
            history=allure_history,
        )
        page = _verdict_page(output_dir, verdict, told)
        junit = write_junit(verdict, output_dir / "junit.xml")
    if not making:
        return ReportFiles(page, junit, None, None)
    match making.result():
        case AllurePage() as made:
            # once more: now there is something to lead to
            _verdict_page(output_dir, verdict, replace(told, allure=results_by_scenario(results)))
            return ReportFiles(page, junit, made, None)
        case AllureUnavailable(reason, remedy):
            return ReportFiles(page, junit, None, " ".join(part for part in (reason, remedy, LATER) if part))


def _verdict_page(output_dir: Path, verdict: Mapping[str, object], protocol: Protocol) -> Path:
    (output_dir / PROTOCOL).write_bytes(protocol.encoded())
    return write_verdict_page(verdict, output_dir / "journal.jsonl", output_dir / "verdict.html", protocol=protocol)


def fetch_tools(*, on_progress: Progress, cache: Path | None = None) -> str | None:
    """Fetch what the Allure page needs ahead of time, for instance while the scenarios run; None, or why it failed.

    Safe beside :func:`build_all` in this process or another.
    """
    try:
        allure_tool(cache or cache_directory(), on_progress=on_progress)
    except ToolUnavailable as missing:
        return str(missing)
    return None
