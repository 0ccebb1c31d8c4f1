"""The program: every command, and errors told in plain words with the exit code of their kind."""

from __future__ import annotations

import logging
import sys
from importlib.metadata import version
from typing import Annotated

import typer
from typer.exceptions import TyperException

from harness.cache import keep_bytecode
from harness.cli.commands import clinic, evidence, nights, own, parts, suite, traffic
from harness.errors import ConfigurationError, HarnessError

__all__ = ["app", "main"]

EXIT_USAGE = 64
EXIT_BROKEN = 70

app = typer.Typer(
    name="acceptance",
    help="Acceptance and blackbox tests for integrations with the Docplanner Integrations API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for subject in (suite, own, evidence, nights, clinic, parts, traffic):
    app.add_typer(subject.commands)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"acceptance {version('docplanner-acceptance')}")
        raise typer.Exit


@app.callback()
def _common(
    show: Annotated[  # noqa: ARG001 - it acts while options are read
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Acceptance and blackbox tests for integrations with the Docplanner Integrations API."""
    logging.getLogger("stamina").setLevel(logging.ERROR)  # repeated reads are everyday; what comes of them is told


def main() -> None:
    """The console script: errors of ours are told in plain words, with the exit code of their kind."""
    keep_bytecode()
    try:
        # by itself the library ends with 1 or 2, which say something of the system under test
        sys.exit(app(prog_name="acceptance", standalone_mode=False))
    except TyperException as error:
        if callable(show := getattr(error, "show", None)):
            show()  # with the usage of the command
        else:
            sys.stderr.write(f"acceptance: {error}\n")
        sys.exit(EXIT_USAGE)
    except typer.Abort:
        sys.stderr.write("acceptance: the answers ended before the questions did.\n")
        sys.exit(EXIT_USAGE)
    except ConfigurationError as error:
        sys.stderr.write(f"acceptance: {error}\n")
        sys.exit(EXIT_USAGE)
    except HarnessError as error:
        sys.stderr.write(f"acceptance: {error}\n")
        sys.exit(EXIT_BROKEN)
