"""One's own system: the configuration of runs against it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.later import later

if TYPE_CHECKING:
    from harness.cli.configured import print_configuration, write_first
else:
    print_configuration = later("harness.cli.configured", "print_configuration")
    write_first = later("harness.cli.configured", "write_first")

__all__ = ["commands"]

commands = typer.Typer()


@commands.command("init")
def init_command(
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file. Default: acceptance.toml here.")
    ] = None,
    answers: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting, such as partner.url=URL; may be repeated."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; what was not set has its default.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
) -> None:
    """Ask a few questions and write acceptance.toml: every setting, with what it means.

    Secrets do not belong in it; they are never asked for. Answers may come from a pipe.

    Exit codes: 0 written, 64 an answer does not fit, or the file is there already.
    """
    write_first(config, answers or (), yes=yes, force=force)


@commands.command("config")
def config_command(
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file. Default: acceptance.toml here, if any.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print the settings that hold, and where each came from; secrets are masked.

    Exit codes: 0 sound, 64 it cannot be used: every mistake is named.
    """
    print_configuration(config, as_json=as_json)
