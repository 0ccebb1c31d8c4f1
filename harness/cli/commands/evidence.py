"""What a run leaves to others: bundles, their verification, and the comparison of two runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.later import later

if TYPE_CHECKING:
    from harness.cli.evidence import BundleRequest, diff_runs, make_bundle, verify_bundle
else:
    BundleRequest = later("harness.cli.evidence", "BundleRequest")
    diff_runs = later("harness.cli.evidence", "diff_runs")
    make_bundle = later("harness.cli.evidence", "make_bundle")
    verify_bundle = later("harness.cli.evidence", "verify_bundle")

__all__ = ["commands"]

commands = typer.Typer()


@commands.command("bundle")
def bundle_command(
    run_directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="The run's directory; left out: reports/out/latest.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The zip to write. Default: acceptance-RUN.zip, here.")
    ] = None,
    sign_key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Sign with this Ed25519 key, PEM or OpenSSH; its passphrase from ACCEPTANCE_KEY_PASSPHRASE.",
        ),
    ] = None,
    mail: Annotated[
        Path | None, typer.Option(metavar="FILE.eml", help="Write the draft of a letter too, the bundle attached.")
    ] = None,
    to: Annotated[
        str, typer.Option(metavar="ADDRESS", help="To whom the letter goes: your Docplanner specialist.")
    ] = "integrations@docplanner.com",
    sender: Annotated[str, typer.Option("--from", metavar="ADDRESS", help="From whom the letter comes.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there already.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make one file of a run for the specialist: pages, verdict, journal, traffic, versions, and the sums of it all.

    Exit codes: 0 made, 64 there is no such run, or a file is in the way.
    """
    request = BundleRequest(run_directory, output, sign_key, mail, to, sender, force)
    raise typer.Exit(make_bundle(request, as_json=as_json))


@commands.command("verify")
def verify_command(
    bundle: Annotated[Path, typer.Argument(metavar="FILE", help="A bundle that `acceptance bundle` made.")],
    public_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The key that must have signed it, PEM or OpenSSH.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check a bundle without a network: nothing altered, and the verdict and its page follow from the journal.

    Exit codes: 0 all holds, 1 something does not, 2 something could not be told, 64 no such file.
    """
    raise typer.Exit(verify_bundle(bundle, public_key, as_json=as_json))


@commands.command("diff")
def diff_command(
    run_a: Annotated[Path, typer.Argument(metavar="RUN_A", help="A run's directory, or its bundle.")],
    run_b: Annotated[Path, typer.Argument(metavar="RUN_B", help="The one to compare with it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compare two runs: outcomes, latencies, and how the API behaved.

    Exit codes: 0 outcomes and behaviours are the same, 1 they differ, 64 no such run.
    """
    raise typer.Exit(diff_runs(run_a, run_b, as_json=as_json))
