"""The assembly ``api``: the reference stub against a Docplanner that is not embedded, and nobody at the marketplace.

What the stub sends goes through the recording gateway, and behind it through the guard: it is noted before it is
sent, and undone once the stub is stopped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import httpx

from harness.assembly.options import Assembled, Base, RunOptions, Say
from harness.clock import SystemClock
from harness.config import RealDocplanner, RunSettings
from harness.contract.marketplaces import MARKETPLACES
from harness.errors import BrokenHarness
from harness.gateway import process as gateway_process
from harness.gateway.process import Told
from harness.gateway.settings import GatewaySettings
from harness.partner.http import HttpPartner
from harness.partner.port import Connection
from harness.real.side import endpoint_of, transport_to
from harness.recorder.journal import JournalFile
from harness.recorder.redaction import Redactor
from harness.safety.door import opened
from harness.safety.estate import Confirmations
from harness.safety.session import Rules, confirmed_estate, reading, tidied_way
from harness.safety.undo import Report
from harness.stub import process as stub_process
from harness.vocabulary import Delivery, phone_key

__all__ = ["assemble_api"]

KEPT = Path(".acceptance")
"""Where journals of writes and confirmations are kept."""
SETTLE = timedelta(seconds=10)
"""How long what is undone may take to show."""
PARTNER_TIMEOUT_S = 120.0


@contextmanager
def assemble_api(options: RunOptions, base: Base, journal_path: Path, say: Say) -> Iterator[Assembled]:
    """Confirm what may be written to, note what is there, start stub and gateway; undo everything at the end.

    Raises:
        ConfigurationError: nobody confirms the estate, or an earlier run left something.
        DocplannerError: Docplanner cannot be read.
    """
    if options.real is None:
        raise BrokenHarness("The assembly api was asked for without a Docplanner.")
    real, clock = options.real, SystemClock()
    base = replace(base, phone_block=phone_key(real.phone))
    marketplace = MARKETPLACES[options.marketplace]
    endpoint, transport = endpoint_of(real), transport_to(real)
    rules = Rules(frozenset(real.facilities), frozenset({real.phone}), frozenset({real.email} if real.email else ()))
    redactor = Redactor(
        [real.client_secret], patient_key=bytes.fromhex(base.patient_key), own_phone_block=base.phone_block
    )
    refused: list[str] = []
    with ExitStack() as parts:
        say("reading what Docplanner shares")
        with reading(endpoint, transport, clock) as api:
            confirmations = Confirmations(KEPT / "estates.json")
            estate = confirmed_estate(api, endpoint, rules, confirmations, lambda text: _ask(text, real), clock)
        say("noting what the calendars show")
        way = parts.enter_context(
            tidied_way(
                endpoint,
                transport,
                estate,
                rules,
                run=base.run,
                time_zone=marketplace.time_zone,
                journal=KEPT / "writes" / f"{base.run}.jsonl",
                clock=clock,
                settle=SETTLE,
                tell=lambda report: _tell(report, refused, journal_path.parent),
            )
        )
        door = parts.enter_context(opened(way.transport, estate.origin, refused.append))
        told = GatewaySettings(docplanner=door)
        gateway = parts.enter_context(
            gateway_process.started(
                Told(
                    told,
                    journal_path,
                    base.run,
                    (real.client_secret,),
                    base.patient_key,
                    base.phone_block,
                    beside_sandbox=False,
                )
            )
        )
        url = parts.enter_context(stub_process.started(options.defects))()
        partner = HttpPartner(url, token=None, transport=httpx.HTTPTransport(), timeout_s=PARTNER_TIMEOUT_S)
        parts.callback(partner.close)
        health = partner.health()
        say("telling the reference stub where Docplanner is")
        partner.connect(
            Connection(
                api_base_url=gateway.api_base_url,
                token_url=gateway.token_url,
                client_id=real.client_id,
                client_secret=real.client_secret,
                delivery=Delivery.PULL,
                marketplace=marketplace.domain,
                time_zone=marketplace.time_zone,
            )
        )
        say("asking it to read what Docplanner shares")
        partner.import_mapping()
        settings = RunSettings(
            run=base.run,
            assembly=options.assembly,
            marketplace=marketplace.domain,
            time_zone=marketplace.time_zone,
            locale=marketplace.locale,
            profile="",
            clock_ahead_s=0.0,
            delivery=str(Delivery.PULL),
            seed=options.seed,
            id_base=base.id_base,
            pace_s=0.0,
            waits=options.waits,
            journal=str(journal_path),
            only=tuple(scenario.id for scenario in options.scenarios),
            narrowed=options.scope is not None,
            facilities=real.facilities,
            partner_url=url,
            partner_token=None,
            capabilities=health.capabilities,
            pull_interval_s=health.timing.pull_interval_s or 0.0,
            client_id=real.client_id,
            control_url=gateway.control_url,
            control_token=gateway.control_token,
            callback_api_key=None,
            secrets=(real.client_secret, gateway.control_token),
            patient_key=base.patient_key,
            phone_block=base.phone_block,
            histories=options.histories,
            history_length=options.history_length,
            system=(health.system.name, health.system.version),
            real=real,
        )
        file = JournalFile(journal_path, run=base.run, process="run", redactor=redactor, clock=clock)
        yield Assembled(settings, health, file)


def _ask(text: str, real: RealDocplanner) -> str | None:
    """Show what may be written to; who confirms it, where somebody does."""
    sys.stderr.write(f"{text}\n")
    return real.confirmed_by or None


def _tell(report: Report, refused: Sequence[str], directory: Path) -> None:
    """What was undone, what is left, and what the guard did not let pass."""
    told = {"clean": report.clean, **asdict(report), "refused": list(refused)}
    (directory / "cleanup.json").write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if refused:
        sys.stderr.write(f"The guard let {len(refused)} requests of the system not pass, such as: {refused[0]}\n")
    if not report.clean:
        sys.stderr.write("".join(f"left at Docplanner: {one}\n" for one in report.left))
        sys.stderr.write("Run `acceptance cleanup` again later.\n")
