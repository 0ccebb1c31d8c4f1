"""``acceptance cleanup``: undo what earlier runs left at Docplanner, and say what could not be undone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import typer

from harness.cli.call import api_base, credentials_for, endpoint_at
from harness.cli.call_guard import DIRECTORY, tester_phones
from harness.clock import SystemClock
from harness.errors import ConfigurationError, DocplannerError
from harness.safety.session import tidy
from harness.safety.undo import Report
from harness.safety.writes import read_writes, unfinished

__all__ = ["CleanupRequest", "clean_up"]

EXIT_CLEAN, EXIT_LEFT, EXIT_UNKNOWN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class CleanupRequest:
    """The options of ``acceptance cleanup`` as they were typed."""

    journals: tuple[Path, ...]
    """Empty for all below ``.acceptance/writes`` that are not finished."""
    where: str | None
    """An address or a marketplace; None for the one that each journal is about."""
    credentials_file: Path | None
    settle_s: float


def clean_up(asked: CleanupRequest, *, as_json: bool) -> int:
    """Undo each journal; 0 where everything is as before, 1 where something is left, 2 where it cannot be known.

    Raises:
        ConfigurationError: a journal or the credentials cannot be used.
    """
    journals = list(asked.journals) or unfinished(DIRECTORY)
    told: list[dict[str, object]] = []
    codes = [EXIT_CLEAN]
    for path in journals:
        report, trouble = _one(path, asked)
        codes.append(EXIT_UNKNOWN if trouble else EXIT_CLEAN if report.clean else EXIT_LEFT)
        told.append({"journal": str(path), "clean": report.clean and not trouble, "trouble": trouble, **asdict(report)})
        if not as_json:
            typer.echo(_words(path, report, trouble))
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif not journals:
        typer.echo("Nothing to undo: no run left anything behind.")
    return max(codes)


def _one(path: Path, asked: CleanupRequest) -> tuple[Report, str | None]:
    writes = read_writes(path)
    origin = writes.begun.origin if writes.begun else ""
    base = api_base(asked.where or origin)
    credentials = credentials_for(base, asked.credentials_file)
    if writes.begun and credentials.client_id != writes.begun.client_id:
        message = f"{path} is about API client {writes.begun.client_id}, not {credentials.client_id}."
        raise ConfigurationError(message, hint="Give the credentials of that one.")
    endpoint = endpoint_at(base, credentials)
    phones = tester_phones()
    clock, report, settle = SystemClock(), Report(), timedelta(seconds=asked.settle_s)
    try:
        tidy(endpoint, httpx.HTTPTransport, writes, clock=clock, phones=phones, settle=settle, report=report)
    except DocplannerError as error:
        return report, str(error)
    return report, None


def _words(path: Path, report: Report, trouble: str | None) -> str:
    headline = "NOBODY KNOWS" if trouble else "AS BEFORE" if report.clean else "SOMETHING IS LEFT"
    lines = [f"{headline}  {path}"]
    lines += [f"  undone      {one}" for one in report.undone]
    lines += [f"  cancelled   visit {one} remains as a cancelled one" for one in report.cancelled]
    lines += [f"  left        {one}" for one in report.left]
    if trouble:
        lines.append(f"  trouble     {trouble} Run it again once that is over.")
    elif report.left:
        lines.append("  What is left was not undone: look at it in the Docplanner calendar, or run this again later.")
    return "\n".join(lines)
