"""The Allure report as one file that opens from a disk, and cannot reach the network.

Allure ends with 0 and an empty page when its settings are wrong, so what stands in the page is counted afterwards.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reports.allure_tool import ToolUnavailable, allure_tool, call
from reports.categories import category_records

__all__ = ["AllurePage", "AllureUnavailable", "build_allure_page", "without_analytics"]

GENERATE_S = 120.0
RUNS_KEPT = 60
"""Of Allure's own history, 90 kB each."""

ANALYTICS = re.compile(
    r'<script async src="https://www\.googletagmanager\.com/gtag/js\?id=[^"]*"></script>\s*<script>(?:(?!</script>).)*?gtag\((?:(?!</script>).)*</script>',
    re.DOTALL,
)
"""Allure's page tells Google of each opening; no setting stops it."""

LOADED_FROM_OUTSIDE = re.compile(
    r"<(?:script|img|iframe|link|source)\b[^>]*?\b(?:src|href)\s*=\s*[\"']?(?:https?:)?//[^>]*>", re.IGNORECASE
)

NO_NETWORK = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline' 'unsafe-eval' data: blob:; style-src 'unsafe-inline' data: blob:; "
    "img-src data: blob:; font-src data:; media-src data: blob:; connect-src data: blob:; frame-src data: blob:; "
    "worker-src data: blob:; form-action 'none'\">"
)
"""Even what we overlook cannot leave the page: the browser itself forbids it."""

WAY_TO_VERDICT = """<style>[data-testid="test-result-meta-link"] { cursor: pointer }</style>
    <script>
      addEventListener("click", (click) => {
        const link = click.target.closest('[data-testid="test-result-meta-link"]');
        const criterion = link && /^DP-[A-Z]{3}-[0-9]{2}/.exec(link.textContent.trim());
        if (criterion) location.href = `verdict.html#${criterion[0]}`;
      });
    </script>
"""
"""Allure follows no link to a file beside the page; a scenario's criteria lead to their rows on the verdict page."""

RESULT = re.compile(r'\bd\("data/test-results/[^"]+\.json"')


@dataclass(frozen=True, slots=True)
class AllurePage:
    """A page that was made."""

    path: Path
    results: int
    took_s: float


@dataclass(frozen=True, slots=True)
class AllureUnavailable:
    """Why there is no page, and what would change that."""

    reason: str
    remedy: str


def build_allure_page(
    results: Path,
    destination: Path,
    *,
    cache: Path,
    on_progress: Callable[[str], None],
    name: str = "Docplanner acceptance",
    verdict: Mapping[str, object] | None = None,
    history: Path | None = None,
) -> AllurePage | AllureUnavailable:
    """Make ``destination`` (one HTML file) from the directory ``results``; Allure itself is kept in ``cache``.

    The causes in ``verdict`` (the content of ``verdict.json``) become categories. To ``history`` the run is added; what
    stands there already becomes the page's trends.

    Never raises for want of Node.js, network or results; a run ends with its verdict page all the same.
    """
    begun = time.monotonic()
    expected = sum(1 for _ in results.glob("*-result.json"))
    if not expected:
        return AllureUnavailable(f"{results} holds no results.", "Run `acceptance run` first.")
    try:
        tool = allure_tool(cache, on_progress=on_progress)
        on_progress("making the Allure report")
        with tempfile.TemporaryDirectory(prefix="allure-") as scratch:
            page = without_analytics(
                _generate(
                    tool.command, results, Path(scratch), _settings(name, category_records(verdict or {}), history)
                )
            )
    except ToolUnavailable as missing:
        return AllureUnavailable(missing.reason, missing.remedy)
    shown = len(RESULT.findall(page))
    if shown != expected:
        return AllureUnavailable(
            f"Allure made a page of {shown} results from {expected}.",
            "Please report it together with the directory allure-results.",
        )
    try:
        unfinished = destination.with_suffix(".html.part")
        unfinished.write_text(page, encoding="utf-8")
        unfinished.replace(destination)
    except OSError as trouble:
        return AllureUnavailable(f"{destination} cannot be written: {trouble}.", "Make room, or choose --output.")
    return AllurePage(destination, expected, time.monotonic() - begun)


def without_analytics(page: str) -> str:
    """The page without Allure's analytics, and forbidden to load anything from anywhere.

    Raises:
        ToolUnavailable: the page is not as this version of Allure makes it; it is better not shown than shown chatty.
    """
    quiet, removed = ANALYTICS.subn("", page)
    if removed != 1:
        raise ToolUnavailable(
            f"Allure's page holds {removed} analytics scripts where exactly one was expected.",
            "The pinned version of Allure was changed: read reports/allure_page.py.",
        )
    left = LOADED_FROM_OUTSIDE.search(quiet)
    if left:
        raise ToolUnavailable(
            f"Allure's page would load from the network: {left[0][:120]}",
            "The pinned version of Allure was changed: read reports/allure_page.py.",
        )
    return quiet.replace("<head>", f"<head>\n    {NO_NETWORK}\n    {WAY_TO_VERDICT}", 1)


def _settings(name: str, categories: list[dict[str, object]], history: Path | None) -> dict[str, object]:
    kept = {"historyPath": str(history.resolve()), "appendHistory": True, "historyLimit": RUNS_KEPT} if history else {}
    options = {"singleFile": True, "reportLanguage": "en", "groupBy": ["epic", "feature", "story"]}
    return {"name": name, "categories": categories, "plugins": {"awesome": {"options": options}}, **kept}


def _generate(command: tuple[str, ...], results: Path, scratch: Path, told: Mapping[str, object]) -> str:
    settings = scratch / "allurerc.json"
    output = scratch / "report"
    settings.write_text(json.dumps({**told, "output": str(output)}), encoding="utf-8")
    arguments = ["generate", str(results.resolve()), "--config", str(settings), "--cwd", str(scratch)]
    said = call([*command, *arguments], within_s=GENERATE_S)
    page = output / "index.html"
    if not page.is_file():
        raise ToolUnavailable(f"Allure made no page: {said.strip()[-300:] or 'it said nothing'}", "")
    return page.read_text(encoding="utf-8")
