"""Which settings were typed: an option left out must not hide what the file says."""

from __future__ import annotations

from pathlib import Path

import typer

from harness.config.catalogue import SETTINGS

__all__ = ["typed_settings"]


def typed_settings(context: typer.Context) -> dict[str, object]:
    """What stands on the command line, by the names of the settings."""
    typed: dict[str, object] = {}
    for one in SETTINGS:
        source = context.get_parameter_source(one.parameter) if one.parameter in context.params else None
        if source is not None and source.name == "COMMANDLINE":
            value = context.params[one.parameter]
            typed[one.name] = str(value) if isinstance(value, Path) else value
    return typed
