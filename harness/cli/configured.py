"""``acceptance.toml`` for the commands: found, read with the names that exist, printed."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import typer

from harness.cli.meeting import meeting_of
from harness.cli.options import PACES, RunRequest
from harness.cli.real import ASSEMBLIES, real_docplanner
from harness.config.catalogue import SETTINGS
from harness.config.reading import Effective, load
from harness.config.secret import Secret, find_token
from harness.contract.marketplaces import MARKETPLACES
from harness.errors import ConfigurationError
from harness.later import later
from harness.sandbox.profiles import PROFILES
from harness.vocabulary import Delivery
from reports.language import AUTO, LANGUAGES

__all__ = [
    "DEFAULT_FILE",
    "NAMES",
    "NO_FILE",
    "configured",
    "partner_token",
    "print_configuration",
    "requested",
    "unfit_settings",
]

T = TypeVar("T")

DEFAULT_FILE = Path("acceptance.toml")
NO_FILE = Path("none")
"""Names no file, and no variable counts either."""
WITH_THE_REFERENCE = 8
"""Scenarios at a time where nothing was said: all that have everything read then wait for the same reading."""
NAMES = {
    "sandbox.marketplace": tuple(MARKETPLACES),
    "sandbox.profile": tuple(PROFILES),
    "run.assembly": ASSEMBLIES,
    "run.pace": PACES,
    "run.delivery": tuple(Delivery),
    "report.language": (*LANGUAGES, AUTO),
}


def configured(file: Path | None, typed: Mapping[str, object]) -> Effective:
    """What holds: the file (``acceptance.toml`` here where none is named), the environment, what was typed.

    Raises:
        ConfigurationError: names every mistake.
    """
    if file == NO_FILE:
        return load(None, {}, typed, NAMES)
    found = file or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    return load(found, os.environ, typed, NAMES, {"sandbox.settings": unfit_settings})


def requested(
    effective: Effective,
    *,
    areas: Iterable[str],
    criteria: Iterable[str],
    defects: Iterable[str],
    settings: Iterable[str],
    waits: Iterable[str],
    confirmed_by: str | None = None,
) -> RunRequest:
    """What a run is asked for; what was typed goes after what was configured, and so before it."""
    table = _of(effective, "sandbox.settings", dict) or {}
    told = {one.key: effective.settings[one.name] for one in SETTINGS if one.section == "waits"}
    delivery = _of(effective, "run.delivery", str)
    seed = _of(effective, "run.seed", int)
    return RunRequest(
        areas=tuple(areas),
        criteria=tuple(criteria),
        partner=_of(effective, "partner.url", str),
        partner_token_file=_path(effective, "partner.token_file"),
        token_keyring=_of(effective, "partner.token_keyring", str),
        token_file_typed=effective.settings["partner.token_file"].source.startswith("--"),
        delivery=Delivery(delivery) if delivery else None,
        marketplace=str(effective["sandbox.marketplace"]),
        profile=str(effective["sandbox.profile"]),
        settings=(*(f"{name}={json.dumps(value)}" for name, value in table.items()), *settings),
        begin=_of(effective, "run.begin", str),
        seed=random.SystemRandom().randrange(1_000_000) if seed is None else seed,
        jobs=_jobs(effective),
        pace=str(effective["run.pace"]),
        waits=(*(f"{key}={held.value}" for key, held in told.items() if held.source != "default"), *waits),
        defects=tuple(defects),
        sandbox_port=_of(effective, "sandbox.port", int) or 0,
        listen=str(effective["sandbox.listen"]),
        public_url=_of(effective, "sandbox.public_url", str),
        gateway=bool(effective["sandbox.gateway"]),
        output=_path(effective, "run.output"),
        histories=_of(effective, "run.histories", int) or 1,
        most_writes=_of(effective, "run.most_writes", int) or 1,
        history_length=_of(effective, "run.history_length", int) or 1,
        language=str(effective["report.language"]),
        meeting=meeting_of(effective),
        real=real_docplanner(effective, confirmed_by),
        assembly=_of(effective, "run.assembly", str),
    )


def partner_token(effective: Effective, environ: Mapping[str, str], mistakes: list[str]) -> Secret | None:
    """That of the partner's control contract, and where it came from; what is wrong is added to ``mistakes``."""
    service = _of(effective, "partner.token_keyring", str)
    file = _path(effective, "partner.token_file")
    return find_token(environ, file, service, later("keyring", "get_password"), mistakes)


def print_configuration(file: Path | None, *, as_json: bool) -> None:
    """Every setting, its value and where it came from; of the token only where it came from.

    Raises:
        ConfigurationError: names every mistake.
    """
    effective = configured(file, {})
    mistakes: list[str] = []
    token = partner_token(effective, {} if file == NO_FILE else os.environ, mistakes)
    if mistakes:
        raise ConfigurationError("\n  ".join(["the configuration cannot be used:", *mistakes]))
    rows = {name: {"value": held.value, "source": held.source} for name, held in effective.settings.items()}
    rows["partner token"] = {"value": "***" if token else None, "source": token.source if token else "nowhere"}
    if as_json:
        told = {"file": str(effective.file) if effective.file else None, "settings": rows}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    typer.echo(f"file: {effective.file or 'none'}")
    for name, row in rows.items():
        typer.echo(f"{name:<24} {json.dumps(row['value'], ensure_ascii=False):<34} {row['source']}")


def unfit_settings(table: Mapping[str, object]) -> list[str]:
    """What is wrong with settings of the embedded sandbox."""
    try:
        PROFILES["documented"].changed(dict(table))
    except ValueError as error:
        return [one for one in str(error).split("; ") if one]
    return []


def _jobs(effective: Effective) -> int:
    """How many scenarios at a time: the reference clinic bears more than is asked of a system that nobody knows."""
    held = effective.settings["run.jobs"]
    own = any(effective[name] is not None for name in ("partner.url", "run.assembly"))
    return WITH_THE_REFERENCE if held.source == "default" and not own else _of(effective, "run.jobs", int) or 1


def _of(effective: Effective, name: str, kind: type[T]) -> T | None:
    value = effective[name]
    return value if isinstance(value, kind) else None


def _path(effective: Effective, name: str) -> Path | None:
    value = effective[name]
    return Path(str(value)) if value is not None else None
