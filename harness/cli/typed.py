"""Options that several commands have, and which settings were typed: one left out must not hide what the file says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.config.catalogue import SETTINGS

__all__ = ["Jobs", "typed_settings"]

Jobs = Annotated[
    int,
    typer.Option(
        min=1,
        max=32,
        help="How many scenarios run at a time. Default: 8 with the reference clinic, else 4.",
        show_default=False,
    ),
]


def typed_settings(context: typer.Context) -> dict[str, object]:
    """What stands on the command line, by the names of the settings."""
    typed: dict[str, object] = {}
    for one in SETTINGS:
        source = context.get_parameter_source(one.parameter) if one.parameter in context.params else None
        if source is not None and source.name == "COMMANDLINE":
            value = context.params[one.parameter]
            typed[one.name] = str(value) if isinstance(value, Path) else value
    return typed
