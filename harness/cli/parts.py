"""``acceptance stub``, ``acceptance sandbox`` and ``acceptance defects``: the parts by themselves."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urljoin

import typer
from rich.console import Console
from rich.table import Table

from harness.assembly import Base
from harness.cli.options import known, read_token
from harness.cli.until import until_interrupted
from harness.clock import MovableClock, SystemClock
from harness.contract.marketplaces import MARKETPLACES
from harness.desk.app import Desk
from harness.errors import ConfigurationError
from harness.recorder.journal import MemoryJournal
from harness.recorder.redaction import Redactor
from harness.sandbox.http.server import serve
from harness.sandbox.profiles import PROFILES
from harness.sandbox.seeding.furnish import checked_seed, furnish
from harness.sandbox.seeding.seed import EXAMPLE
from harness.sandbox.settings import SandboxSettings
from harness.sandbox.state_file import StateFile
from harness.stub.defects import DEFECTS
from harness.stub.http.lacking import CAPABILITIES

__all__ = ["print_defects", "serve_sandbox", "serve_stub"]

LONG_START_S = 2.0
"""Who waits for longer is told for what."""


def print_defects(*, as_json: bool) -> None:
    """Print every deliberate defect with the criterion that must catch it."""
    if as_json:
        rows = [
            {"name": one.name, "area": one.area, "criterion": one.criterion, "summary": one.summary}
            for one in DEFECTS.values()
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Defect", "Caught by", "What is wrong"):
        table.add_column(heading, overflow="fold")
    for one in DEFECTS.values():
        table.add_row(one.name, one.criterion, one.summary)
    Console().print(table)
    typer.echo("\nTry one:  acceptance run --defect NAME")


def serve_stub(
    *,
    port: int,
    host: str,
    defects: tuple[str, ...],
    without: tuple[str, ...],
    undeclared: tuple[str, ...],
    database: Path | None,
    token_file: Path | None,
    pull_interval_s: float,
    as_json: bool,
) -> int:
    """Serve the reference stub, in a process of its own, until interrupted; its exit code."""
    mistakes = [*known("defect", defects, DEFECTS), *known("capability", (*without, *undeclared), CAPABILITIES)]
    read_token(token_file, mistakes)
    if mistakes:
        raise ConfigurationError("\n  ".join(["the options cannot be used:", *mistakes]))
    command = [sys.executable, "-m", "harness.stub", "--host", host, "--port", str(port)]
    command += ["--pull-interval", str(pull_interval_s), *(part for one in defects for part in ("--defect", one))]
    command += [part for one in without for part in ("--without", one)]
    command += [part for one in undeclared for part in ("--undeclared", one)]
    command += ["--database", str(database)] if database else []
    command += ["--token-file", str(token_file)] if token_file else []
    command += ["--json"] if as_json else []
    process = subprocess.Popen(command)  # noqa: S603 - our own module
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    signal.signal(signal.SIGINT, lambda *_: process.terminate())
    return process.wait()


def print_seed_file() -> None:
    """Print a seed file to begin with."""
    typer.echo(EXAMPLE.read_text(encoding="utf-8"), nl=False)


def serve_sandbox(
    *,
    port: int,
    listen: str,
    public_url: str | None,
    marketplace: str,
    profile: str,
    seed: int,
    clinics: int,
    state: Path | None,
    seed_file: Path | None,
    as_json: bool,
) -> int:
    """Serve the embedded sandbox until interrupted."""
    mistakes = [*known("marketplace", [marketplace], MARKETPLACES), *known("profile", [profile], PROFILES)]
    if mistakes:
        raise ConfigurationError("\n  ".join(["the options cannot be used:", *mistakes]))
    base = Base.draw()
    settings = SandboxSettings(
        marketplace=marketplace,
        profile=profile,
        seed=seed,
        id_base=base.id_base,
        host=listen,
        port=port,
        public_url=public_url,
        clinics=0 if seed_file else clinics,
        lookalike_clinics=0 if seed_file else 1,
        ungranted_clinics=0 if seed_file else 1,
        own_phone_block=base.phone_block,
    )
    clock = MovableClock(SystemClock())
    seeded = checked_seed(seed_file, settings, clock) if seed_file else None
    redactor = Redactor((), patient_key=bytes.fromhex(base.patient_key), own_phone_block=base.phone_block)
    journal = MemoryJournal(run=base.run, process="sandbox", redactor=redactor, clock=clock)
    desk = Desk(lambda: list(journal.lines))
    with ExitStack() as stack:
        slow = threading.Timer(LONG_START_S, typer.echo, [f"Still making {clinics} clinics ..."], {"err": True})
        stack.callback(slow.cancel)
        slow.start()
        file = stack.enter_context(StateFile(state)) if state else None
        sandbox = stack.enter_context(
            serve(
                settings,
                journal=journal,
                clock=clock,
                redactor=redactor,
                desk=desk.open,
                file=file,
                furnish=partial(furnish, seed=seeded) if seeded else None,
            )
        )
        slow.cancel()
        told = {
            "desk": urljoin(sandbox.control_url, desk.link_path),
            "api_base_url": sandbox.api_base_url,
            "token_url": sandbox.token_url,
            "control_url": sandbox.control_url,
            "control_token": sandbox.control_token,
            "client_id": sandbox.client_id,
            "client_secret": sandbox.client_secret,
            "marketplace": marketplace,
            "profile": sandbox.state.behaviour.profile,
            "time_zone": MARKETPLACES[marketplace].time_zone,
        }
        _tell("The embedded Docplanner sandbox listens.", told, as_json=as_json)
        until_interrupted()
    return 0


def _tell(headline: str, values: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(values))
        return
    typer.echo(headline)
    for name, value in values.items():
        typer.echo(f"  {name:<14} {value}")
    typer.echo("Press Ctrl+C to stop.")
