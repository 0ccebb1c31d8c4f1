"""``acceptance schedule``: prints or writes what begins the nights."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path

import typer

from harness.errors import ConfigurationError, OutputUnusable
from harness.schedules.kind import Kind
from harness.schedules.schedules import Told, files_for

__all__ = ["ScheduleRequest", "schedule"]

DEFAULT_CONFIG = Path("acceptance.toml")


@dataclass(frozen=True, slots=True)
class ScheduleRequest:
    """What was typed."""

    kind: Kind
    configs: Sequence[Path]
    at: str
    directory: Path
    output: Path | None
    force: bool


def schedule(request: ScheduleRequest, *, as_json: bool) -> None:
    """Print the files, or write them.

    Raises:
        ConfigurationError: the time is none, or two files of settings would have one name; all of it is told at once.
        OutputUnusable: a file is there already, or cannot be written.
    """
    configs = list(request.configs) or [DEFAULT_CONFIG]
    mistakes: list[str] = []
    at = _time(request.at, mistakes)
    command = Path(shutil.which("acceptance") or sys.argv[0]).resolve()
    told = Told(configs, at, request.directory.resolve(), command)
    if twice := sorted({one for one in told.names if told.names.count(one) > 1}):
        mistakes.append(f"--config: expected files of different names; {', '.join(twice)} comes twice.")
    if mistakes:
        raise ConfigurationError("\n  ".join(["the options cannot be used:", *mistakes]))
    for missing in (one for one in configs if not (request.directory / one).is_file()):
        typer.echo(f"{missing} is not there yet: `acceptance init --config {missing}` writes it.", err=True)
    files = files_for(request.kind, told)
    if as_json:
        typer.echo(json.dumps(files, ensure_ascii=False, indent=2))
    elif request.output is None:
        typer.echo("\n".join(files.values()), nl=False)
    if request.output is not None:
        written = _written(files, request.output, force=request.force)
        if not as_json:
            typer.echo("\n".join(f"Wrote {one}" for one in written))


def _time(text: str, mistakes: list[str]) -> time:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0)
    except ValueError:
        mistakes.append(f"--at takes an hour and a minute, such as 02:30, not {text!r}.")
        return time()


def _written(files: Mapping[str, str], directory: Path, *, force: bool) -> list[Path]:
    places = [(directory / name, text) for name, text in files.items()]
    if there := [str(path) for path, _ in places if path.exists() and not force]:
        message = f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already."
        raise OutputUnusable(message, hint="Name another directory with --output, or replace with --force.")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for path, text in places:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{directory} cannot be written ({error.strerror})."
        raise OutputUnusable(message, hint="Name another directory with --output.") from error
    return [path for path, _ in places]
