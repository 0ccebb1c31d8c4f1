"""``acceptance check``: what can be known before a run, in seconds, by reading alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict

import typer

from harness.cli.options import PreparedRun
from harness.clock import SystemClock
from harness.partner.http import control_client
from harness.preflight.line import Line, Status
from harness.preflight.partner import partner_lines
from harness.stub import process as stub_process

__all__ = ["check"]

TIMEOUT_S = 10.0
EXIT_READY, EXIT_CONFIGURATION = 0, 64


def check(prepared: PreparedRun, *, configuration: str, as_json: bool) -> int:
    """Look, print, and answer the exit code; ``configuration`` says where the settings came from."""
    options = prepared.options
    with ExitStack() as parts:
        url = options.partner_url or parts.enter_context(stub_process.started(options.defects))()
        http = parts.enter_context(control_client(url, token=options.partner_token, timeout_s=TIMEOUT_S))
        bare = parts.enter_context(control_client("", token=None, timeout_s=TIMEOUT_S))
        lines = (Line("configuration", Status.OK, configuration), *partner_lines(http, bare, SystemClock()))
    failed = any(line.status is Status.FAILED for line in lines)
    code = EXIT_CONFIGURATION if failed else EXIT_READY
    if as_json:
        told = {"assembly": options.assembly, "exit_code": code, "lines": [asdict(line) for line in lines]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_told(lines, failed=failed)))
    return code


def _told(lines: Sequence[Line], *, failed: bool) -> list[str]:
    unknown = any(line.status is Status.UNKNOWN for line in lines)
    well = "NOTHING IS IN THE WAY" + (", AS FAR AS IT COULD BE TOLD" if unknown else "")
    told = ["NOT READY" if failed else well]
    for line in lines:
        told.append(f"{line.status:<15} {line.what:<38} {line.seen}")
        told += [f"{'':<15} next: {line.remedy}"] if line.remedy else []
    return told
