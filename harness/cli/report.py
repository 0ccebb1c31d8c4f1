"""``acceptance report build``: the pages of an earlier run, made again."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from harness.cli.output import DEFAULT_OUTPUT, LATEST
from harness.errors import ConfigurationError
from reports.build import build_all

__all__ = ["build_report"]


def build_report(directory: Path | None) -> int:
    """Make the pages; 0 where all could be made, 64 where there is no run to make them of.

    Raises:
        ConfigurationError: the directory is not that of a run.
    """
    path = directory or DEFAULT_OUTPUT / LATEST
    verdict_file = path / "verdict.json"
    if not verdict_file.is_file():
        message = f"{path} holds no verdict.json, so it is not the directory of a run."
        raise ConfigurationError(message, hint="Name the directory of a run, or run `acceptance run` first.")
    verdict = json.loads(verdict_file.read_text(encoding="utf-8"))
    files = build_all(path.resolve(), verdict, html=True, on_progress=lambda text: typer.echo(text, err=True))
    typer.echo(f"Verdict page: {files.verdict_page}")
    if files.report is None:
        typer.echo(files.without_report or "The Allure page could not be made.", err=True)
        return 1
    typer.echo(f"Allure page:  {files.report.path}")
    return 0
