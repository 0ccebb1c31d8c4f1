"""``acceptance cleanup``: undo what earlier runs left at Docplanner, and say what could not be undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import typer

from harness.cli.call import api_base, credentials_of, endpoint_at
from harness.cli.call_guard import DIRECTORY
from harness.cli.configured import configured
from harness.cli.docplanner import Told, told_of
from harness.cli.giving_back import give_back
from harness.clock import SystemClock
from harness.config.reading import Effective
from harness.errors import ConfigurationError, DocplannerError
from harness.safety.guard import origin_of
from harness.safety.session import tidy
from harness.safety.undo import Report
from harness.safety.writes import Writes, read_writes, unfinished

__all__ = ["CleanupRequest", "Undone", "clean_up", "not_ours", "say", "undone"]

EXIT_CLEAN, EXIT_LEFT, EXIT_UNKNOWN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class CleanupRequest:
    """The options of ``acceptance cleanup`` as they were typed."""

    journals: tuple[Path, ...]
    """Empty for all below ``.acceptance/writes`` that are not finished."""
    where: str | None
    """An address or a marketplace; None for that of the settings, else for the one that each journal is about."""
    settle_s: float
    config: Path | None = None
    typed: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of undoing one journal."""

    path: Path
    report: Report
    trouble: str | None = None
    """Why it cannot be known what is left."""
    asked: bool = True
    """Whether Docplanner was asked at all."""

    @property
    def clean(self) -> bool:
        """Whether everything is as before."""
        return self.report.clean and self.trouble is None

    @property
    def exit_code(self) -> int:
        """Of the command."""
        return EXIT_UNKNOWN if self.trouble else EXIT_CLEAN if self.report.clean else EXIT_LEFT

    def as_json(self) -> dict[str, object]:
        """One object of ``--json``."""
        return {"journal": str(self.path), "clean": self.clean, "trouble": self.trouble, **asdict(self.report)}

    def words(self) -> str:
        """The same for people."""
        known = "AS BEFORE" if self.report.clean else "SOMETHING IS LEFT"
        lines = [f"{'NOBODY KNOWS' if self.trouble else known}  {self.path}"]
        lines += [f"  undone      {one}" for one in self.report.undone]
        lines += [f"  cancelled   visit {one} remains as a cancelled one" for one in self.report.cancelled]
        lines += [f"  left        {one}" for one in self.report.left]
        if self.trouble:
            again = " Run it again once that is over." if self.asked else ""
            lines.append(f"  trouble     {self.trouble}{again}")
        elif self.report.left:
            told = "What is left was not undone: look at it in the Docplanner calendar, or run this again later."
            lines.append(f"  {told}")
        return "\n".join(lines)


def clean_up(asked: CleanupRequest, *, as_json: bool) -> int:
    """Undo each journal; 0 where everything is as before, 1 where something is left, 2 where it cannot be known.

    Journals about another Docplanner or API client are named, with what to give.

    Raises:
        ConfigurationError: a journal or the settings cannot be used, or all journals are about others.
    """
    paths = list(asked.journals) or unfinished(DIRECTORY)
    effective = configured(asked.config, asked.typed)
    told = _told(effective, asked) if paths else None
    found = [_one(path, told, asked, effective) for path in paths if told]
    if found and not any(one.asked for one in found):
        raise ConfigurationError("\n  ".join(str(one.trouble) for one in found))
    if as_json:
        typer.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(one.words() for one in found) or "Nothing to undo: no run left anything behind.")
    return max((one.exit_code for one in found), default=EXIT_CLEAN)


def undone(
    writes: Writes, told: Told, base: httpx.URL, *, settle: timedelta, say: Callable[[str], None] = lambda _: None
) -> Undone:
    """Undo one journal, which must be about the API client at ``base``; ``say`` is told what goes on.

    Raises:
        ConfigurationError: what is told of that Docplanner is not enough.
    """
    if told.client is None:
        raise ConfigurationError("Nothing is undone without credentials.")
    endpoint, report = endpoint_at(base, credentials_of(base, told.client)), Report()
    clock = SystemClock()
    try:
        tidy(endpoint, told.transport, writes, clock=clock, phones=told.phones, settle=settle, report=report, say=say)
    except DocplannerError as error:
        return Undone(writes.path, report, str(error))
    return Undone(writes.path, report)


def not_ours(writes: Writes, origin: str, client_id: str) -> str | None:
    """Why the journal cannot be undone at ``origin`` by that API client, and what to give; None where it can."""
    begun = writes.begun
    if begun is None:
        return f"{writes.path} does not say what it is about."
    if begun.origin != origin:
        return (
            f"{writes.path} is about API client {begun.client_id} at {begun.origin}, not {origin}. "
            f"Give --at {begun.origin}, with the credentials of that one."
        )
    if begun.client_id != client_id:
        return (
            f"{writes.path} is about API client {begun.client_id}, not {client_id}. Give the credentials of that one."
        )
    return None


def _told(effective: Effective, asked: CleanupRequest) -> Told:
    mistakes: list[str] = []
    told = told_of(effective, mistakes, at=asked.where)
    if mistakes:
        raise ConfigurationError("\n  ".join(["nothing can be undone:", *mistakes]))
    return told


def _one(path: Path, told: Told, asked: CleanupRequest, effective: Effective) -> Undone:
    writes = read_writes(path)
    base = told.base or api_base(writes.begun.origin if writes.begun else "")
    client_id = told.client.client_id if told.client else ""
    if other := not_ours(writes, origin_of(base), client_id):
        return Undone(path, Report(), other, asked=False)
    writes = give_back(writes, effective, say)
    return undone(writes, told, base, settle=timedelta(seconds=asked.settle_s))


def say(what: str) -> None:
    """What goes on, beside the result."""
    typer.echo(what, err=True)
