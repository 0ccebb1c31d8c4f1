"""What goes to and from Docplanner: the recording gateway by itself, and undoing what was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.typed import typed_settings
from harness.later import later

if TYPE_CHECKING:
    from harness.cli.cleanup import CleanupRequest, clean_up
    from harness.cli.gateway import GatewayRequest, serve_gateway
else:
    CleanupRequest = later("harness.cli.cleanup", "CleanupRequest")
    clean_up = later("harness.cli.cleanup", "clean_up")
    GatewayRequest = later("harness.cli.gateway", "GatewayRequest")
    serve_gateway = later("harness.cli.gateway", "serve_gateway")

__all__ = ["commands"]

commands = typer.Typer()


@commands.command("gateway")
def gateway_command(
    to: Annotated[
        str, typer.Option("--to", metavar="DOMAIN|URL", help="A marketplace, or where its sandbox listens.")
    ] = "http://127.0.0.1:8300",
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="The partner's notification endpoint; left out: it has none.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port for the partner's calls; 0 for any.")] = 8500,
    notification_port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port for Docplanner's messages; 0 for any.")
    ] = 8501,
    listen: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    public_url: Annotated[
        str | None, typer.Option(metavar="URL", help="How the partner system reaches the first port, if not by that.")
    ] = None,
    notification_url: Annotated[
        str | None, typer.Option(metavar="URL", help="How Docplanner reaches the second port, without a path.")
    ] = None,
    ca: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An authority to trust beside the machine's own, in PEM.")
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The gateway's own certificate with its key, in PEM; left out: plain HTTP."),
    ] = None,
    journal: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the exchanges go. Default: below reports/out/gateway.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the addresses as one JSON object, and no more.")
    ] = False,
) -> None:
    """Stand between a partner system and Docplanner, both ways, and write down what goes through, redacted.

    Everything arrives as it was sent. Nothing is sent anywhere but to the two places named here.
    """
    request = GatewayRequest(
        to, endpoint, port, notification_port, listen, public_url, notification_url, ca, certificate, journal
    )
    raise typer.Exit(serve_gateway(request, as_json=as_json))


@commands.command("cleanup")
def cleanup_command(
    context: typer.Context,
    journals: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[JOURNAL]...", help="Journals of writes; left out: all below .acceptance/writes."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings. Default: acceptance.toml here, if any; or none.")
    ] = None,
    where: Annotated[
        str | None,
        typer.Option("--at", metavar="URL|DOMAIN", help="Where Docplanner is. Default: as set, else as journals say."),
    ] = None,
    credentials_file: Annotated[  # noqa: ARG001 - which options were typed is read from the context
        Path | None,
        typer.Option(help="JSON with client_id and client_secret, readable by you alone; else as set for a run."),
    ] = None,
    partner: Annotated[  # noqa: ARG001 - as above
        str | None,
        typer.Option(metavar="URL", help="The clinic's system, which is given its working time back; else as set."),
    ] = None,
    settle: Annotated[float, typer.Option(min=0.0, help="Seconds that a change may take to show.")] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a journal.")] = False,
) -> None:
    """Undo what earlier runs wrote to Docplanner and did not take back, and verify it by reading.

    Address, credentials, the tester's phone and certificates are those of [docplanner] in acceptance.toml, as for a
    run; ACCEPTANCE_CLIENT_ID, ACCEPTANCE_CLIENT_SECRET and ACCEPTANCE_TESTER_PHONE go before it. A journal about
    another Docplanner or API client is named, with what to give. Only what those runs wrote is undone, and visits of
    testers (phones, apart by blanks). The clinic's system gets back the working time that it had, by --partner or by
    who sits at the terminal. What cannot be undone is listed, with why.

    Exit codes: 0 everything as before, 1 something is left, 2 it cannot be known, 64 usage.
    """
    asked = CleanupRequest(tuple(journals or ()), where, settle, config, typed_settings(context))
    raise typer.Exit(clean_up(asked, as_json=as_json))
