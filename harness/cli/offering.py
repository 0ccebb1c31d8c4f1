"""What an earlier run left at a real Docplanner is offered to be undone when the next one begins."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta

import typer

from harness.cli.call_guard import DIRECTORY
from harness.cli.cleanup import not_ours, say, undone
from harness.cli.docplanner import told_of
from harness.cli.giving_back import give_back
from harness.config.reading import Effective
from harness.errors import ConfigurationError
from harness.safety.guard import origin_of
from harness.safety.pacing import spent
from harness.safety.writes import Writes, read_writes, unfinished

__all__ = ["undo_first"]

SETTLE = timedelta(seconds=10)
"""How long what is undone may take to show."""
EXIT_NOT_PROVEN = 2
"""Of a run that somebody left before it began. Source: criteria.md."""


def undo_first(effective: Effective, *, unasked: bool) -> None:
    """Show what is left, and undo it where somebody at the terminal agrees, or ``unasked``.

    Where nobody agrees, nothing is done: the run then says what is in its way.

    Raises:
        ConfigurationError: what is told of Docplanner is not enough, or something could not be undone.
        typer.Exit: somebody left at the question, or while it was undone.
    """
    try:
        _offer(effective, unasked=unasked)
    except typer.Abort as left:
        say("\nNothing was undone, and nothing was played.")
        raise typer.Exit(EXIT_NOT_PROVEN) from left
    except KeyboardInterrupt as left:
        say("\nInterrupted: some of it may not be undone yet, and nothing was played. Run `acceptance cleanup`.")
        raise typer.Exit(EXIT_NOT_PROVEN) from left


def _offer(effective: Effective, *, unasked: bool) -> None:
    mistakes: list[str] = []
    told = told_of(effective, mistakes)
    if mistakes or told.base is None or told.client is None:
        raise ConfigurationError("\n  ".join(["nothing can be undone:", *mistakes]))
    for writes in _left(origin_of(told.base), told.client.client_id):
        say(_words(writes))
        if not unasked and not (sys.stdin.isatty() and typer.confirm("Undo it now?", default=True, err=True)):
            return
        found = undone(give_back(writes, effective, say), told, told.base, settle=SETTLE, say=say)
        say(found.words())
        if not found.clean:
            raise ConfigurationError(
                "An earlier run could not be undone.", hint="Run `acceptance cleanup` again later."
            )


def _left(origin: str, client_id: str) -> Iterator[Writes]:
    """Journals about this Docplanner and API client that were not taken back, oldest first."""
    for path in unfinished(DIRECTORY):
        writes = read_writes(path)
        if not_ours(writes, origin, client_id) is None:
            yield writes


def _words(writes: Writes) -> str:
    begun = writes.begun
    since = f"{begun.at:%Y-%m-%d %H:%M} UTC" if begun else "an unknown time"
    days = len(writes.scheduled)
    also = f", and changed {days} days of working time in the clinic's system" if days else ""
    made = "1 write" if spent(writes) == 1 else f"{spent(writes)} writes"
    return f"A run of {since} made {made} to Docplanner{also}, and did not take back what it did ({writes.path})."
