"""One's own system: the configuration of runs against it, and whether it serves the control contract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.typed import typed_settings
from harness.later import later

if TYPE_CHECKING:
    from harness.cli.check import CheckRequest, check
    from harness.cli.configured import print_configuration
    from harness.cli.conformance import PartnerCheck, check_partner
    from harness.cli.init import write_first
else:
    CheckRequest = later("harness.cli.check", "CheckRequest")
    check = later("harness.cli.check", "check")
    PartnerCheck = later("harness.cli.conformance", "PartnerCheck")
    check_partner = later("harness.cli.conformance", "check_partner")
    print_configuration = later("harness.cli.configured", "print_configuration")
    write_first = later("harness.cli.init", "write_first")

__all__ = ["commands"]

commands = typer.Typer()
partner_app = typer.Typer(help="Work with the system to test.", no_args_is_help=True, rich_markup_mode=None)
commands.add_typer(partner_app, name="partner")


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
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: the file that was written.")] = False,
) -> None:
    """Ask a few questions and write acceptance.toml: every setting, with what it means.

    Secrets do not belong in it; they are never asked for. Answers may come from a pipe.

    Exit codes: 0 written, 64 an answer does not fit, or the file is there already.
    """
    write_first(config, answers or (), yes=yes, force=force, as_json=as_json)


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


@commands.command("check")
def check_command(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings. Default: acceptance.toml here, if any; or none.")
    ] = None,
    partner: Annotated[  # noqa: ARG001 - which options were typed is read from the context
        str | None, typer.Option(metavar="URL", help="The system to check; left out: the reference stub.")
    ] = None,
    partner_token_file: Annotated[  # noqa: ARG001 - likewise
        Path | None, typer.Option(help="File with its token, readable by you alone (or set ACCEPTANCE_PARTNER_TOKEN).")
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="URL|DOMAIN",
            help="Check a Docplanner that is not embedded too: its address, or a marketplace.",
        ),
    ] = None,
    credentials_file: Annotated[
        Path | None,
        typer.Option(help="JSON with its client_id and client_secret, readable by you alone; else the environment's."),
    ] = None,
    allow_facility: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A facility there that may be written to; may be repeated.")
    ] = None,
    ca: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Certificates of an authority to trust too, in PEM.")
    ] = None,
    gateway: Annotated[  # noqa: ARG001 - likewise
        bool, typer.Option("--gateway", help="Check the recording gateway too.")
    ] = False,
    sandbox_port: Annotated[  # noqa: ARG001 - likewise
        int, typer.Option(min=0, max=65535, help="Port of the sandbox, or of the gateway before it; 0 for any.")
    ] = 0,
    output: Annotated[  # noqa: ARG001 - likewise
        Path | None, typer.Option(metavar="DIR", help="Where the report of a run would go.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say in seconds whether anything is in the way of a run: settings, machine, token, clocks, contract, endpoint.

    It only reads. A system of your own is left as it is; the reference stub is connected to a sandbox first. Every run
    checks the same before its first scenario. With --at it says what your API client sees at Docplanner, which of that
    may be written to, and what is left of its limits.

    Exit codes: 0 nothing is in the way, 64 something is.
    """
    facilities = tuple(allow_facility or ())
    asked = CheckRequest(config, typed_settings(context), where, credentials_file, facilities, ca)
    raise typer.Exit(check(asked, as_json=as_json))


@partner_app.command("check")
def partner_check_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where its control contract is.")],
    token_file: Annotated[
        Path | None, typer.Option(help="File with its token, readable by you alone (or set ACCEPTANCE_PARTNER_TOKEN).")
    ] = None,
    address: Annotated[
        str | None, typer.Option(metavar="ID", help="Docplanner's id of the calendar to ask for. Default: the first.")
    ] = None,
    write: Annotated[
        bool,
        typer.Option("--write", help="Ask what writes too: a visit and a break far off, taken back; import; sync."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say which operations of the partner control contract a system serves as it must.

    Without --write it only reads. With it a connected system may pass the visit and the break on to Docplanner.
    reset, connect and setClock are never called: a run does that.

    Exit codes: 0 all that was asked conforms, 1 something does not, 2 something could not be told, 64 usage.
    """
    raise typer.Exit(check_partner(PartnerCheck(url, token_file, address, write), as_json=as_json))
