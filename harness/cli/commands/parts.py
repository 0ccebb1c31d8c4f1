"""The parts by themselves: the embedded sandbox, the reference stub, one call of the API."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.later import later

if TYPE_CHECKING:
    from harness.cli.call import CallRequest, call
    from harness.cli.call_list import print_operation, print_operations
    from harness.cli.parts import print_seed_file, serve_sandbox, serve_stub
else:
    CallRequest = later("harness.cli.call", "CallRequest")
    call = later("harness.cli.call", "call")
    print_operation = later("harness.cli.call_list", "print_operation")
    print_operations = later("harness.cli.call_list", "print_operations")
    print_seed_file = later("harness.cli.parts", "print_seed_file")
    serve_sandbox = later("harness.cli.parts", "serve_sandbox")
    serve_stub = later("harness.cli.parts", "serve_stub")

__all__ = ["commands"]

commands = typer.Typer()


@commands.command("call")
def call_command(
    operation: Annotated[str | None, typer.Argument(metavar="[OPERATION]", help="Such as getFacilities.")] = None,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE]...", help="Parameters; name:=JSON; a.b=value; @file for a whole body."),
    ] = None,
    where: Annotated[
        str,
        typer.Option(
            "--at", metavar="URL|DOMAIN", envvar="ACCEPTANCE_DOCPLANNER", help="A sandbox's address, or a marketplace."
        ),
    ] = "http://127.0.0.1:8300",
    credentials_file: Annotated[
        Path | None,
        typer.Option(help="JSON with client_id and client_secret, readable by you alone; else from the environment."),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Allow an operation that changes something.")] = False,
    allow_facility: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="A facility that may be written to. What is written there can be undone."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="What is written is meant to stay: `acceptance cleanup` does not undo it.")
    ] = False,
    marketplace: Annotated[
        str | None, typer.Option(metavar="DOMAIN", help="Whose time zone its days have, if the address does not tell.")
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="List all operations.")] = False,
    describe: Annotated[bool, typer.Option("--describe", help="Say what the operation takes and answers.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make one call of the Docplanner API and print the exchange, redacted, with its curl.

    A write to a facility that was named is noted before it is sent, and `acceptance cleanup` undoes it.

    Client id and secret come from ACCEPTANCE_CLIENT_ID and ACCEPTANCE_CLIENT_SECRET, or from a file.

    Exit codes: 0 carried out, 1 refused by the API, 2 nobody knows, 64 usage.
    """
    if listing or operation is None:
        print_operations(as_json=as_json)
        return
    if describe:
        print_operation(operation, as_json=as_json)
        return
    facilities = tuple(allow_facility or ())
    asked = CallRequest(operation, tuple(words or ()), where, credentials_file, write, facilities, keep, marketplace)
    raise typer.Exit(call(asked, as_json=as_json))


@commands.command("stub")
def stub_command(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any.")] = 8400,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    defect: Annotated[list[str] | None, typer.Option(help="A deliberate defect; may be repeated.")] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="CAPABILITY", help="Lack it: not declared, and refused with 501; may be repeated."),
    ] = None,
    undeclared: Annotated[
        list[str] | None,
        typer.Option(metavar="CAPABILITY", help="Have it and do not declare it, as no system should; may be repeated."),
    ] = None,
    database: Annotated[Path | None, typer.Option(help="SQLite file; left out: one that is gone at the end.")] = None,
    token_file: Annotated[Path | None, typer.Option(help="File with the bearer token that control calls need.")] = None,
    pull_interval: Annotated[float, typer.Option(min=0.05, help="Seconds between two polls.")] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the addresses as one JSON object.")] = False,
) -> None:
    """Serve the reference stub: a small partner system behind the partner control contract."""
    raise typer.Exit(
        serve_stub(
            port=port,
            host=host,
            defects=tuple(defect or ()),
            without=tuple(without or ()),
            undeclared=tuple(undeclared or ()),
            database=database,
            token_file=token_file,
            pull_interval_s=pull_interval,
            as_json=as_json,
        )
    )


@commands.command("sandbox")
def sandbox_command(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any.")] = 8300,
    listen: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    public_url: Annotated[str | None, typer.Option(metavar="URL", help="How others reach it, if not by that.")] = None,
    marketplace: Annotated[str, typer.Option(metavar="DOMAIN", help="Whose language and time zone it has.")] = (
        "znanylekarz.pl"
    ),
    profile: Annotated[
        str, typer.Option(help="How the sandbox does what is open: documented, observed, or harsh (all at its worst).")
    ] = "documented",
    seed: Annotated[int, typer.Option(help="Seed of names and orders.")] = 1,
    clinics: Annotated[int, typer.Option(min=1, max=5000, help="How many clinics there are, of two doctors each.")] = 3,
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Keep everything in this file over restarts and kills: visits with their patients, and credentials. "
            "Only its owner can read it. --clinics, --seed and --profile hold for the first start alone.",
        ),
    ] = None,
    seed_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Furnish it from this YAML file in place of invented clinics; docs/seed-file.md describes it.",
        ),
    ] = None,
    seed_file_example: Annotated[
        bool, typer.Option("--seed-file-example", help="Print a seed file to begin with, and end.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print addresses and credentials as JSON.")] = False,
) -> None:
    """Serve the embedded Docplanner sandbox; addresses and credentials are printed.

    So is the link of its desk: pages on which you book, move and cancel as a patient or the doctor, and see what was
    told and called. It is for a browser on this machine, and logs in whoever has it.

    Credentials are new at each start, but with --state: then they stay those of the file.
    """
    if seed_file_example:
        print_seed_file()
        return
    raise typer.Exit(
        serve_sandbox(
            port=port,
            listen=listen,
            public_url=public_url,
            marketplace=marketplace,
            profile=profile,
            seed=seed,
            clinics=clinics,
            state=state,
            seed_file=seed_file,
            as_json=as_json,
        )
    )
