"""``acceptance bundle``, ``verify`` and ``diff``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from harness.cli.output import DEFAULT_OUTPUT, LATEST
from harness.errors import ConfigurationError, OutputUnusable
from harness.evidence.bundle import bundle_of
from harness.evidence.comparison import Difference, compare
from harness.evidence.contents import sum_of
from harness.evidence.letter import letter_with
from harness.evidence.signing import PublicKey, SigningKey
from harness.evidence.source import Evidence
from harness.evidence.verification import Proof, Verification, verify

__all__ = ["BundleRequest", "diff_runs", "make_bundle", "verify_bundle"]

EXIT_CODES = {Proof.HOLDS: 0, Proof.BROKEN: 1, Proof.UNKNOWN: 2}
MARKS = {Proof.HOLDS: "✓", Proof.BROKEN: "✗", Proof.UNKNOWN: "?"}
HEAVY_LETTER = 15_000_000
"""Bytes beyond which many mail servers take no letter."""
LIMITS = "What this cannot show: that the journal tells the truth. For that the run is repeated."


@dataclass(frozen=True, slots=True)
class BundleRequest:
    """The options of ``acceptance bundle`` as they were typed."""

    directory: Path | None
    output: Path | None
    sign_key: Path | None
    mail: Path | None
    to: str
    sender: str
    force: bool


def make_bundle(request: BundleRequest, *, as_json: bool) -> int:
    """Write the bundle and, where asked for, the letter; 0.

    Raises:
        ConfigurationError: there is no such run, or the key cannot be used.
        OutputUnusable: a file is in the way, or cannot be written.
    """
    directory = (request.directory or DEFAULT_OUTPUT / LATEST).resolve()
    key = SigningKey.read(request.sign_key) if request.sign_key else None
    bundle, verdict = bundle_of(directory, key=key)
    path = request.output or Path(f"acceptance-{verdict.get('run')}.zip")
    _write(path, bundle, force=request.force)
    letter = letter_with(bundle, path.name, verdict, to=request.to, sender=request.sender)
    if request.mail:
        _write(request.mail, letter, force=request.force)
    told = {
        "bundle": str(path),
        "bytes": len(bundle),
        "sha256": sum_of(bundle),
        "verdict": verdict.get("verdict"),
        "signed_by": key.public.fingerprint if key else None,
        "letter": str(request.mail) if request.mail else None,
    }
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return 0
    typer.echo(f"Bundle:  {path} ({len(bundle) / 1e6:.1f} MB, SHA-256 {told['sha256']})")
    if key:
        typer.echo(f"Signed:  by the key {key.public.fingerprint}; tell the specialist this in person")
    if request.mail:
        typer.echo(f"Letter:  {request.mail}, a draft to {request.to}: open it, read it, send it")
        if len(letter) > HEAVY_LETTER:
            typer.echo(f"         It has {len(letter) / 1e6:.0f} MB: many mail servers take less.")
    typer.echo(f"Check:   acceptance verify {path}")
    return 0


def verify_bundle(path: Path, public_key: Path | None, *, as_json: bool) -> int:
    """Print every check; the exit code of the worst.

    Raises:
        ConfigurationError: the file, or the key, cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror})."
        raise ConfigurationError(message, hint="Name a bundle that `acceptance bundle` made.") from error
    found = verify(data, public_key=PublicKey.read(public_key) if public_key else None)
    if as_json:
        typer.echo(json.dumps(_as_json(path, found), ensure_ascii=False, indent=2))
        return EXIT_CODES[found.proof]
    for one in found.checks:
        typer.echo(f"{MARKS[one.proof]} {one.name}: {one.said}")
        if one.next:
            typer.echo(f"    next: {one.next}")
    words = {Proof.HOLDS: "VERIFIED", Proof.BROKEN: "REFUSED", Proof.UNKNOWN: "COULD NOT TELL"}
    run = f"run {found.manifest.run}, which says: {found.manifest.verdict}" if found.manifest else str(path)
    typer.echo(f"{words[found.proof]}: {run}")
    typer.echo(LIMITS)
    return EXIT_CODES[found.proof]


def diff_runs(a: Path, b: Path, *, as_json: bool) -> int:
    """Print how the runs differ; 0 where outcomes and behaviours are the same, else 1.

    Raises:
        ConfigurationError: one of them is no run.
    """
    found = compare(Evidence.of(a), Evidence.of(b))
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        return 0 if found.equal else 1
    typer.echo(f"A  {found.a}  ({a})")
    typer.echo(f"B  {found.b}  ({b})")
    parts = (
        ("Configured differently", found.configuration),
        ("Outcomes that differ", found.outcomes),
        ("How long changes took to arrive", found.latencies),
        ("Behaviours of the API that differ", found.behaviours),
        ("Seen in one run alone", found.not_called),
    )
    for title, differences in parts:
        _print(title, differences)
    typer.echo("")
    typer.echo("Outcomes and behaviours are the same." if found.equal else "The runs differ.")
    return 0 if found.equal else 1


def _print(title: str, differences: Sequence[Difference]) -> None:
    if not differences:
        return
    typer.echo(f"\n{title}:")
    for one in differences:
        typer.echo(f"  {one.what}")
        typer.echo(f"    A  {one.a}")
        typer.echo(f"    B  {one.b}")


def _as_json(path: Path, found: Verification) -> dict[str, object]:
    return {
        "schema": "docplanner-acceptance/verification/1",
        "file": str(path),
        "result": str(found.proof),
        "run": found.manifest.run if found.manifest else None,
        "verdict": found.manifest.verdict if found.manifest else None,
        "checks": [asdict(one) for one in found.checks],
    }


def _write(path: Path, data: bytes, *, force: bool) -> None:
    try:
        with path.open("wb" if force else "xb") as target:
            target.write(data)
    except FileExistsError as error:
        message = f"{path} is there already."
        raise OutputUnusable(message, hint="Name another file, or give --force to replace it.") from error
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror})."
        raise OutputUnusable(message, hint="Name a file in a directory that exists and is yours.") from error
