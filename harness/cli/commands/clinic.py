"""A real clinic: audited by reading alone, and activated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.later import later

if TYPE_CHECKING:
    from harness.audit.activation import Request, Way
    from harness.cli.activation import ActivationRequest, activation
    from harness.cli.audit import AuditRequest, audit
else:
    Request = later("harness.audit.activation", "Request")
    Way = later("harness.audit.activation", "Way")
    ActivationRequest = later("harness.cli.activation", "ActivationRequest")
    activation = later("harness.cli.activation", "activation")
    AuditRequest = later("harness.cli.audit", "AuditRequest")
    audit = later("harness.cli.audit", "audit")

__all__ = ["commands"]

commands = typer.Typer()


@commands.command("audit")
def audit_command(
    where: Annotated[
        str, typer.Option("--at", metavar="URL|DOMAIN", help="Where Docplanner is: a marketplace, or an address.")
    ],
    partner: Annotated[
        str | None, typer.Option(metavar="URL", help="The clinic's system, by its control contract.")
    ] = None,
    partner_token_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File with its token (or set ACCEPTANCE_PARTNER_TOKEN).")
    ] = None,
    credentials_file: Annotated[
        Path | None,
        typer.Option(help="JSON with client_id and client_secret, readable by you alone; else from the environment."),
    ] = None,
    facility: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only this one; may be repeated.")] = None,
    days: Annotated[int, typer.Option(min=1, max=84, help="How many days, from tomorrow on.")] = 28,
    marketplace: Annotated[
        str | None, typer.Option(metavar="DOMAIN", help="Whose time zone it has, where --at is an address.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings: partner.url and its token. Default: acceptance.toml.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write audit.json and a page, audit.html, there.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print audit.json, and nothing else, to stdout.")] = False,
) -> None:
    """Compare a real clinic on both sides, by reading alone: whether its initial synchronisation succeeded.

    Mapping, profile, slots against working time, visits both ways, breaks. Nothing but GET is sent to either side, and
    the token call; patients are masked. Credentials of production are allowed here, and here alone.

    Exit codes: 0 both sides equal, 1 they differ, 2 not all could be read, 64 usage or configuration.
    """
    asked = AuditRequest(
        where, partner, partner_token_file, credentials_file, tuple(facility or ()), days, marketplace, config, output
    )
    raise typer.Exit(audit(asked, as_json=as_json))


@commands.command("activation")
def activation_command(
    asked_by: Annotated[
        str, typer.Option("--asked-by", help="Who asks for the credentials: clinic or provider.")
    ] = "provider",
    audit_file: Annotated[
        Path | None, typer.Option("--audit", metavar="FILE", help="audit.json of `acceptance audit --output DIR`.")
    ] = None,
    mail: Annotated[
        Path | None, typer.Option(metavar="FILE.eml", help="Write the provider's request for credentials, as a draft.")
    ] = None,
    software: Annotated[str, typer.Option(help="Your software's name, for the letter.")] = "",
    clinic: Annotated[str, typer.Option(help="The clinic's name, for the letter.")] = "",
    representative: Annotated[
        str, typer.Option(metavar="ADDRESS", help="The clinic's representative, who is put in CC.")
    ] = "",
    facility: Annotated[str, typer.Option(metavar="ID", help="The clinic's id at Docplanner, if known.")] = "",
    marketplace: Annotated[str, typer.Option(metavar="DOMAIN", help="The clinic's marketplace.")] = "",
    callback_url: Annotated[str, typer.Option(metavar="URL", help="Its notification endpoint, for PUSH.")] = "",
    sender: Annotated[str, typer.Option("--from", metavar="ADDRESS", help="From whom the letter comes.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the draft that is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List what has to be done for a clinic to go live, ticked as far as an audit has seen it.

    There are two ways to credentials: the clinic asks its Customer Success specialist, or you ask by mail with the
    clinic in copy. Nothing is sent: the letter is a draft.

    Exit codes: 0 all is done, 1 something is open, 2 some cannot be known from here, 64 usage.
    """
    if asked_by not in {"clinic", "provider"}:
        raise typer.BadParameter("expected clinic or provider", param_hint="--asked-by")
    request = Request(
        software=software,
        clinic=clinic,
        representative=representative,
        facility=facility,
        marketplace=marketplace,
        callback_url=callback_url,
        sender=sender,
    )
    raise typer.Exit(activation(ActivationRequest(Way(asked_by), audit_file, mail, request, force), as_json=as_json))
