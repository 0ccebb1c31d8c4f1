"""``acceptance check``: what can be known before a run, in seconds, by reading alone."""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import httpx
import typer

from harness.assembly import Base, RunOptions, assemble
from harness.cli.call import api_base, api_client, credentials_of, endpoint_at
from harness.cli.configured import configured, requested
from harness.cli.options import PreparedRun, request_run
from harness.cli.output import DEFAULT_OUTPUT
from harness.cli.ready import before_the_parts, merged, once_connected
from harness.clock import MovableClock, SystemClock
from harness.errors import ConfigurationError, HarnessError
from harness.gateway.settings import GatewaySettings
from harness.partner.http import control_client
from harness.preflight.docplanner import docplanner_lines
from harness.preflight.gateway import gateway_lines
from harness.preflight.line import Line, Status, stopping
from harness.preflight.machine import machine_lines
from harness.preflight.partner import callback_of
from harness.recorder.journal import MemoryJournal
from harness.recorder.redaction import Redactor
from harness.sandbox.http.control import CONTROL_PATH
from harness.sandbox.http.server import serve
from harness.sandbox.settings import SandboxSettings

__all__ = ["CheckRequest", "check"]

EXIT_READY, EXIT_CONFIGURATION = 0, 64
TIMEOUT_S = 10.0
USUAL_ZONE = "Europe/Warsaw"
"""Looked up where the settings that name a marketplace cannot be read."""


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """The options of ``acceptance check`` as they were typed."""

    config: Path | None
    typed: Mapping[str, object]
    docplanner: str | None = None
    """The address or the marketplace of a Docplanner that is not embedded; None where only an embedded one is meant."""
    credentials_file: Path | None = None
    facilities: tuple[str, ...] = ()
    """Ids of those there that may be written to."""
    ca: Path | None = None
    """Certificates of an authority to trust beside the machine's own, in PEM."""


def check(asked: CheckRequest, *, as_json: bool) -> int:
    """Look, print, and answer the exit code. Every check is made that can be, whatever the others say."""
    try:
        prepared, where = _prepared(asked)
    except ConfigurationError as error:
        assembly, lines = None, (*_mistakes(error), *machine_lines(USUAL_ZONE, DEFAULT_OUTPUT, (), SystemClock()))
    else:
        assembly = prepared.options.assembly
        output = prepared.output.chosen or DEFAULT_OUTPUT
        lines = (Line("configuration", Status.OK, where), *_lines(prepared.options, output, asked))
    failed = bool(stopping(lines))
    code = EXIT_CONFIGURATION if failed else EXIT_READY
    if as_json:
        told = {"assembly": assembly, "exit_code": code, "lines": [asdict(line) for line in lines]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_told(lines, failed=failed)))
    return code


def _prepared(asked: CheckRequest) -> tuple[PreparedRun, str]:
    effective = configured(asked.config, asked.typed)
    prepared = request_run(requested(effective, areas=(), criteria=(), defects=(), settings=(), waits=()))
    return prepared, str(effective.file) if effective.file else "no file"


def _mistakes(error: ConfigurationError) -> list[Line]:
    """One line a mistake; the first line of many only says that there are some."""
    first, *others = str(error).splitlines()
    return [
        Line("configuration", Status.TROUBLE, one.strip(), "Mend it, and check again.") for one in others or [first]
    ]


def _lines(options: RunOptions, output: Path, asked: CheckRequest) -> tuple[Line, ...]:
    """What is there by itself is left as it is; else stub and sandbox are started and connected, as a run does."""
    if options.real:  # its system is not connected by looking: nothing is written, and nobody is asked
        return before_the_parts(options, output)
    before = before_the_parts(options, output, lambda: _docplanner(asked))
    gateway = _gateway(options, asked) if options.gateway else ()
    if options.partner_url or asked.docplanner:
        return (*before, *gateway)
    with tempfile.TemporaryDirectory(prefix="acceptance-") as private, ExitStack() as parts:
        alone = replace(options, scenarios=(), gateway=False)
        journal = Path(private) / "journal.jsonl"
        try:
            assembled = parts.enter_context(assemble(alone, Base.draw(), journal, lambda _: None))
        except HarnessError as error:
            return (*before, *gateway, Line("system", Status.TROUBLE, str(error), "Tell the makers of the harness."))
        return merged((*before, *gateway), once_connected(assembled, alone))


def _docplanner(asked: CheckRequest) -> tuple[Line, ...]:
    """What is seen of a Docplanner that is not embedded, by reading alone."""
    if asked.docplanner is None:
        return ()
    try:
        base = api_base(asked.docplanner)
        client = api_client(asked.credentials_file)
        endpoint = endpoint_at(base, credentials_of(base, client))
        trust = GatewaySettings(docplanner=str(base), ca=asked.ca).trust()
    except ConfigurationError as error:
        return (Line("Docplanner", Status.TROUBLE, error.args[0], error.hint),)
    return docplanner_lines(
        endpoint,
        lambda: httpx.HTTPTransport(verify=trust),
        frozenset(asked.facilities),
        SystemClock(),
        has_nin=client.tester_nin is not None,
    )


def _gateway(options: RunOptions, asked: CheckRequest) -> tuple[Line, ...]:
    """Between Docplanner, or a sandbox of this check's own, and the partner system's endpoint, where that is known."""
    redactor = Redactor((), patient_key=secrets.token_bytes(32), own_phone_block="")
    callback = None
    if options.partner_url:
        with control_client(options.partner_url, token=options.partner_token, timeout_s=TIMEOUT_S) as http:
            callback = callback_of(http)
    settings = SandboxSettings(marketplace=options.marketplace, clinics=1, lookalike_clinics=0)
    with ExitStack() as parts:
        if asked.docplanner:
            try:
                docplanner = str(api_base(asked.docplanner))
            except ConfigurationError:
                return (Line("gateway", Status.NOT_ASKED, "there is no address of Docplanner"),)
        else:
            serving = serve(settings, journal=MemoryJournal(), clock=MovableClock(), redactor=redactor)
            docplanner = parts.enter_context(serving).control_url.removesuffix(CONTROL_PATH)
        told = GatewaySettings(
            docplanner=docplanner,
            partner=callback,
            host=options.listen,
            port=options.sandbox_port,
            public_url=options.public_url,
            ca=asked.ca,
        )
        return gateway_lines(told, redactor)


def _told(lines: Sequence[Line], *, failed: bool) -> list[str]:
    unknown = any(line.status is Status.UNKNOWN for line in lines)
    well = "NOTHING IS IN THE WAY" + (", AS FAR AS IT COULD BE TOLD" if unknown else "")
    told = ["NOT READY" if failed else well]
    for line in lines:
        told.append(f"{line.status:<15} {line.what:<38} {line.seen}")
        told += [f"{'':<15} next: {line.remedy}"] if line.remedy else []
    return told
