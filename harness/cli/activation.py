"""``acceptance activation``: what has to be done for a clinic, ticked as far as an audit has seen it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typer

from harness.audit.activation import Request, State, Way, items, letter
from harness.errors import ConfigurationError, OutputUnusable

__all__ = ["ActivationRequest", "activation"]

SCHEMA = "docplanner-acceptance/audit/1"
TICKS = {State.DONE: "[x]", State.OPEN: "[ ]", State.UNKNOWN: "[?]"}
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")


@dataclass(frozen=True, slots=True)
class ActivationRequest:
    """The options as they were typed."""

    way: Way
    audit: Path | None
    mail: Path | None
    request: Request
    force: bool


def activation(asked: ActivationRequest, *, as_json: bool) -> int:
    """Print the list, and write the draft where it is wanted; 0 nothing is open, 1 something is, 2 some is not known.

    Raises:
        ConfigurationError: the audit is none, or something is missing for the draft; all of it is told at once.
        OutputUnusable: the draft is there already, or cannot be written.
    """
    found = _read(asked.audit) if asked.audit else None
    if asked.mail:
        _write(asked.mail, asked.request, force=asked.force)
    listed = items(asked.way, found)
    if as_json:
        told = {
            "way": asked.way,
            "items": [asdict(one) for one in listed],
            "mail": str(asked.mail) if asked.mail else None,
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for one in listed:
            typer.echo(f"{TICKS[one.state]} {one.what} ({one.who})")
            if one.seen:
                typer.echo(f"      {one.seen}")
        typer.echo("\n[x] seen to be so   [ ] seen not to be so   [?] not known from here")
        if asked.mail:
            typer.echo(f"The draft of the letter: {asked.mail}. Nothing was sent.")
    states = {one.state for one in listed}
    return 1 if State.OPEN in states else 2 if State.UNKNOWN in states else 0


def _read(path: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{path} cannot be read as JSON ({type(error).__name__})."
        raise ConfigurationError(message, hint="`acceptance audit --output DIR` writes audit.json there.") from error
    if not isinstance(told, dict) or told.get("schema") != SCHEMA:
        message = f"{path} is no audit: expected schema {SCHEMA}."
        raise ConfigurationError(message, hint="`acceptance audit --output DIR` writes audit.json there.")
    return told


def _write(path: Path, request: Request, *, force: bool) -> None:
    mistakes = [
        f"{option} is missing: the letter names it."
        for option, value in (("--software", request.software), ("--clinic", request.clinic))
        if not value.strip()
    ]
    for option, address, needed in (
        ("--representative", request.representative, True),
        ("--from", request.sender, False),
    ):
        if (needed or address) and not ADDRESS.fullmatch(address):
            mistakes.append(f"{option} takes an e-mail address, such as name@clinic.example; saw {address!r}.")
    if any("\n" in value or "\r" in value for value in asdict(request).values()):
        mistakes.append("A line of the letter's head cannot be broken in two.")
    if mistakes:
        raise ConfigurationError("\n  ".join(["the letter cannot be written:", *mistakes]))
    if path.exists() and not force:
        message = f"{path} is there already."
        raise OutputUnusable(message, hint="Name another file with --mail, or replace it with --force.")
    try:
        path.write_bytes(letter(request))
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror})."
        raise OutputUnusable(message, hint="Name another file with --mail.") from error
