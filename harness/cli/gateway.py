"""``acceptance gateway``: the recording gateway by hand, with what goes through told as it happens."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import typer

from harness.assembly import Base
from harness.cli.until import until_interrupted
from harness.clock import SystemClock
from harness.contract.marketplaces import MARKETPLACES
from harness.errors import OutputUnusable
from harness.gateway.kept import Passed
from harness.gateway.server import serve
from harness.gateway.settings import GatewaySettings
from harness.recorder.journal import JournalFile
from harness.recorder.redaction import Redactor

__all__ = ["GatewayRequest", "serve_gateway"]

DIRECTORY = Path("reports/out/gateway")
WAYS = {"partner": "partner → Docplanner", "docplanner": "Docplanner → partner"}


@dataclass(frozen=True, slots=True)
class GatewayRequest:
    """The options of ``acceptance gateway`` as they were typed."""

    to: str
    endpoint: str | None
    port: int
    notification_port: int
    listen: str
    public_url: str | None
    notification_url: str | None
    ca: Path | None
    certificate: Path | None
    journal: Path | None


def serve_gateway(request: GatewayRequest, *, as_json: bool) -> int:
    """Serve until interrupted; what is under way then comes to its end.

    Raises:
        ConfigurationError: an address, a file or a port cannot be used.
    """
    base = Base.draw()
    settings = GatewaySettings(
        docplanner=f"https://www.{request.to}" if request.to in MARKETPLACES else request.to,
        partner=request.endpoint,
        host=request.listen,
        port=request.port,
        notification_port=request.notification_port,
        public_url=request.public_url,
        notification_public_url=request.notification_url,
        ca=request.ca,
        certificate=request.certificate,
    )
    path = _journal(request, base)
    # no phone is the harness's own here: every patient is masked
    redactor = Redactor((), patient_key=bytes.fromhex(base.patient_key), own_phone_block="")
    passed: Counter[str] = Counter()

    def noted(side: str, one: Passed) -> None:
        passed[side] += 1
        if not as_json:
            typer.echo(_told(side, one, redactor))

    with (
        JournalFile(path, run=base.run, process="gateway", redactor=redactor, clock=SystemClock()) as journal,
        serve(settings, journal=journal, redactor=redactor, noted=noted) as gateway,
    ):
        told = {
            "api_base_url": gateway.api_base_url,
            "token_url": gateway.token_url,
            "notification_url": gateway.notification_url,
            "to": settings.target().origin,
            "journal": str(path),
        }
        _announce(told, as_json=as_json)
        until_interrupted()
    if not as_json:
        typer.echo(f"{passed['partner']} calls and {passed['docplanner']} messages went through: {path}")
    return 0


def _journal(request: GatewayRequest, base: Base) -> Path:
    path = request.journal or DIRECTORY / f"{base.run}.jsonl"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The directory {path.parent} cannot be made: {error.strerror}."
        raise OutputUnusable(message, hint="Name another file with --journal.") from error
    return path


def _announce(told: dict[str, str | None], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told))
        return
    typer.echo("The recording gateway listens. Configure the partner system with the first two addresses")
    typer.echo("in place of Docplanner's, and Docplanner with the third in place of the partner's own.")
    for name, value in told.items():
        typer.echo(f"  {name:<16} {value or 'none: no --endpoint was named'}")
    typer.echo("Press Ctrl+C to stop.")


def _told(side: str, one: Passed, redactor: Redactor) -> str:
    ended = str(one.status) if one.status else f"no answer ({one.own.reason if one.own else one.broken})"
    asked = f"{one.method} {redactor.text(one.path)}"
    return f"{one.started_at:%H:%M:%S}Z {WAYS[side]}  {asked}  {ended}, {one.took_ms:.0f} ms"
