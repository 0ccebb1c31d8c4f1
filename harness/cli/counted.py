"""``acceptance run --with RUN``: what an accepted run on the embedded sandbox has proven counts in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from harness.cli.options import PreparedRun
from harness.cli.output import DEFAULT_OUTPUT
from harness.errors import ConfigurationError
from harness.partner.port import SystemName
from harness.recorder.journal import read_journal
from harness.verdict.counted import told_of, why_not
from harness.verdict.judge import judge

__all__ = ["check_same", "counting"]


def counting(prepared: PreparedRun, name: str) -> PreparedRun:
    """The run, with what the run ``name`` (an id below reports/out, or a directory) has proven.

    Its verdict is computed from its journal again: a verdict.json can be written by hand.

    Raises:
        ConfigurationError: there is no such run, it counts for none, or this one plays on the embedded sandbox.
    """
    if prepared.options.real is None:
        message = "--with is for a run on a real Docplanner: the embedded sandbox can prove everything itself."
        raise ConfigurationError(message)
    directory = Path(name) if Path(name).is_dir() else DEFAULT_OUTPUT / name
    try:
        verdict = judge(read_journal(directory / "journal.jsonl"))
    except (OSError, ValueError) as error:
        message = f"{name} is no run: its journal cannot be judged ({error})."
        raise ConfigurationError(message, hint="Name a run's id below reports/out, or its directory.") from error
    if reason := why_not(verdict):
        message = f"{name} cannot count: {reason}."
        raise ConfigurationError(message, hint="Run `acceptance run --partner URL` with the same system first.")
    return replace(prepared, counted=told_of(verdict))


def check_same(counted: Mapping[str, object], system: SystemName) -> None:
    """Whether the other run was of the same system.

    Raises:
        ConfigurationError: it was of another name or version.
    """
    there = counted.get("partner")
    there = there if isinstance(there, Mapping) else {}
    if (there.get("name"), there.get("version")) != (system.name, system.version):
        message = (
            f"The run to count is of {there.get('name')} {there.get('version')}, not {system.name} {system.version}."
        )
        raise ConfigurationError(message, hint="Only a run of the same system in the same version counts.")
