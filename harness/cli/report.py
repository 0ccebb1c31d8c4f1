"""``acceptance report build``: the pages of an earlier run, made again."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from harness.cli.meeting import told_anew
from harness.cli.options import known
from harness.cli.output import DEFAULT_OUTPUT, LATEST
from harness.config.reading import Effective
from harness.errors import ConfigurationError
from reports.build import build_all
from reports.language import AUTO, LANGUAGES
from reports.print_page import print_page
from reports.protocol import Protocol

__all__ = ["build_report"]

NAMES = {
    "verdict_page": "Verdict page:",
    "junit": "JUnit:",
    "allure_page": "Allure page:",
    "protocol": "Protocol:",
}


def build_report(directory: Path | None, effective: Effective, *, html: bool, pdf: bool, as_json: bool) -> int:
    """Make the pages; 0 where all could be made that were asked for, 1 where the Allure page could not.

    Raises:
        ConfigurationError: the directory is not that of a run, there is no such language, or no browser for the PDF.
    """
    path = directory or DEFAULT_OUTPUT / LATEST
    verdict_file = path / "verdict.json"
    if not verdict_file.is_file():
        message = f"{path} holds no verdict.json, so it is not the directory of a run."
        raise ConfigurationError(message, hint="Name the directory of a run, or run `acceptance run` first.")
    if mistakes := known("language", [str(effective["report.language"])], [*LANGUAGES, AUTO]):
        raise ConfigurationError("\n".join(mistakes))
    verdict = json.loads(verdict_file.read_text(encoding="utf-8"))
    protocol = told_anew(Protocol.of(path), effective, str(verdict.get("marketplace")))
    files = build_all(path.resolve(), verdict, html=html, on_progress=_say, protocol=protocol)
    made = {"verdict_page": files.verdict_page, "junit": files.junit}
    if files.report:
        made["allure_page"] = files.report.path
    if pdf:
        made["protocol"] = print_page(files.verdict_page, files.verdict_page.with_suffix(".pdf"))
    without = (files.without_report or "The Allure page could not be made.") if html and files.report is None else None
    if as_json:
        told = {"files": {name: str(one) for name, one in made.items()}, "without": without}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for name, one in made.items():
            typer.echo(f"{NAMES[name]:<13} {one}")
        if without:
            typer.echo(without, err=True)
    return 1 if without else 0


def _say(text: str) -> None:
    typer.echo(text, err=True)
