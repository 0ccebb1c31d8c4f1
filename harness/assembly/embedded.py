"""The assemblies with an embedded sandbox.

``self`` is the embedded sandbox with the reference stub, ``partner`` the embedded sandbox with a system that serves the
partner control contract. Everything is started here and stopped here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx

from harness.assembly.connecting import chosen_delivery, connect, read_mapping
from harness.assembly.options import Assembled, Base, RunOptions, Say
from harness.clock import MovableClock, SystemClock
from harness.config import RunSettings
from harness.contract.marketplaces import MARKETPLACES, Marketplace
from harness.errors import (
    ConfigurationError,
)
from harness.gateway import process as gateway_process
from harness.gateway.process import Told
from harness.gateway.server import RunningGateway
from harness.gateway.settings import GatewaySettings
from harness.manned import manned
from harness.marketplace.embedded import EmbeddedMarketplace
from harness.partner.http import HttpPartner, to_partner
from harness.partner.port import Connection, Health, PartnerSystem
from harness.recorder.journal import JournalFile
from harness.recorder.redaction import Redactor
from harness.sandbox.http.control import CONTROL_PATH
from harness.sandbox.http.server import RunningSandbox, serve
from harness.sandbox.settings import SandboxSettings
from harness.stub import process as stub_process
from harness.vocabulary import Delivery

__all__ = ["assemble_embedded"]

HEALTH_TIMEOUT_S = 10.0
LEAST_CLINICS = 2
API_KEY_HEADER = "X-Api-Key"
HISTORIES = "DP-RES-04"
LOOPBACK = "127.0.0.1"


@contextmanager
def assemble_embedded(options: RunOptions, base: Base, journal_path: Path, say: Say) -> Iterator[Assembled]:
    """Start everything, connect the partner system, and stop everything at the end.

    Raises:
        ConfigurationError: a port is taken, or the partner system lacks what the options ask for.
        PartnerError: the partner system is not there, or breaks the control contract.
    """
    marketplace = MARKETPLACES[options.marketplace]
    clock = MovableClock(SystemClock())
    if options.begin is not None:
        clock.set(options.begin)
    hidden = [base.callback_api_key, *([options.partner_token] if options.partner_token else [])]
    redactor = Redactor(hidden, patient_key=bytes.fromhex(base.patient_key), own_phone_block=base.phone_block)

    def journal(process: str) -> JournalFile:
        return JournalFile(
            journal_path, run=base.run, process=process, redactor=redactor, clock=SystemClock(), sandbox_clock=clock
        )

    with ExitStack() as parts:
        stub = parts.enter_context(stub_process.started(options.defects)) if options.assembly == "self" else None
        sandbox = parts.enter_context(
            serve(_sandbox_settings(options, base), journal=journal("sandbox"), clock=clock, redactor=redactor)
        )
        url = options.partner_url or (stub() if stub else "")
        docplanner = EmbeddedMarketplace(
            sandbox.control_url,
            token=sandbox.control_token,
            client_id=sandbox.client_id,
            transport=httpx.HTTPTransport(),
        )
        parts.callback(docplanner.close)
        partner: PartnerSystem
        if options.people:
            partner = manned(options.people, docplanner, sandbox.client_id, marketplace.zone, clock)
        else:
            partner = HttpPartner(url, token=options.partner_token, transport=to_partner(), timeout_s=120.0)
            parts.callback(partner.close)
        say("asking the partner system who it is")
        health = partner.health()
        delivery = chosen_delivery(options.delivery, health)
        _share_clock(options, clock, partner, health)
        settings = _settings(options, base, marketplace, sandbox, health, delivery, url, hidden, clock.offset)
        settings = replace(
            settings,
            facilities=tuple(clinic.id for clinic, granted in docplanner.estate() if sandbox.client_id in granted),
            journal=str(journal_path),
        )
        gateway = parts.enter_context(_gateway(options, settings, sandbox, health, base)) if options.gateway else None
        _connect(options, settings, marketplace, sandbox, gateway, health, partner, docplanner, base, say)
        settings = replace(settings, mapping_read=read_mapping(partner.import_mapping, say))
        yield Assembled(settings, health, journal("run"))


def _sandbox_settings(options: RunOptions, base: Base) -> SandboxSettings:
    rows = [(scenario, "lookalikes" in scenario.tags) for scenario in options.scenarios for _ in scenario.rows]
    return SandboxSettings(
        marketplace=options.marketplace,
        seed=options.seed,
        id_base=base.id_base,
        host=LOOPBACK if options.gateway else options.listen,
        port=0 if options.gateway else options.sandbox_port,
        public_url=options.public_url,
        clinics=max(LEAST_CLINICS, sum(not alike for _, alike in rows) + _clinics_of_histories(options)),
        lookalike_clinics=max(1, sum(alike for _, alike in rows)),
        profile=options.profile,
        changed=options.changed,
        own_phone_block=base.phone_block,
    )


def _gateway(
    options: RunOptions, settings: RunSettings, sandbox: RunningSandbox, health: Health, base: Base
) -> AbstractContextManager[RunningGateway]:
    """The gateway, in the sandbox's place for the partner and in the partner's place for the sandbox."""
    told = GatewaySettings(
        docplanner=sandbox.control_url.removesuffix(CONTROL_PATH),
        partner=health.callback_url if settings.pushes else None,
        host=options.listen,
        port=options.sandbox_port,
        public_url=options.public_url,
    )
    journal = Path(settings.journal)
    secrets = tuple(one for one in (*settings.secrets, base.callback_api_key) if one)
    return gateway_process.started(
        Told(told, journal, base.run, secrets, base.patient_key, base.phone_block, beside_sandbox=True)
    )


def _clinics_of_histories(options: RunOptions) -> int:
    """Each history is played at a clinic of its own; one of them may be played once more."""
    return options.histories + 1 if any(HISTORIES in one.criteria for one in options.scenarios) else 0


def _settings(
    options: RunOptions,
    base: Base,
    marketplace: Marketplace,
    sandbox: RunningSandbox,
    health: Health,
    delivery: Delivery,
    partner_url: str,
    hidden: list[str],
    ahead: timedelta,
) -> RunSettings:
    waits = options.waits
    if options.assembly == "self" and waits.settled_s == 0:
        waits = replace(waits, settled_s=SELF_SETTLED_S)
    return RunSettings(
        run=base.run,
        assembly=options.assembly,
        marketplace=marketplace.domain,
        time_zone=marketplace.time_zone,
        locale=marketplace.locale,
        profile=options.profile,
        clock_ahead_s=ahead.total_seconds(),
        delivery=str(delivery),
        seed=options.seed,
        id_base=base.id_base,
        pace_s=DOCUMENTED_PACE_S * options.jobs if options.pace == "documented" else 0.0,
        waits=waits,
        journal="",
        only=tuple(scenario.id for scenario in options.scenarios),
        narrowed=options.scope is not None,
        facilities=(),
        partner_url=partner_url,
        partner_token=options.partner_token,
        capabilities=health.capabilities,
        pull_interval_s=health.timing.pull_interval_s or 0.0,
        client_id=sandbox.client_id,
        control_url=sandbox.control_url,
        control_token=sandbox.control_token,
        callback_api_key=base.callback_api_key,
        callback_api_key_header=API_KEY_HEADER,
        secrets=(*hidden, sandbox.client_secret, sandbox.control_token),
        patient_key=base.patient_key,
        phone_block=base.phone_block,
        histories=options.histories,
        history_length=options.history_length,
        operator=options.desk,
        system=(health.system.name, health.system.version),
        callback_url=health.callback_url,
        played=options.played,
    )


SELF_SETTLED_S = 1.0
"""The reference stub's activity is exact, so a wait need not outlast it by much."""
DOCUMENTED_PACE_S = 4.0
"""Seconds between two triggers under ``--pace documented``: each may cost two writes; 40 a minute are allowed."""


def _connect(
    options: RunOptions,
    settings: RunSettings,
    marketplace: Marketplace,
    sandbox: RunningSandbox,
    gateway: RunningGateway | None,
    health: Health,
    partner: PartnerSystem,
    docplanner: EmbeddedMarketplace,
    base: Base,
    say: Say,
) -> None:
    docplanner.set_client(
        {
            "delivery": settings.delivery,
            "callback_url": (gateway.notification_url if gateway else health.callback_url) if settings.pushes else None,
            "callback_api_key": base.callback_api_key if settings.pushes else None,
            "callback_api_key_header": API_KEY_HEADER,
        }
    )
    if health.can("reset"):
        say("asking the partner system to forget earlier runs")
        partner.reset()
    connection = Connection(
        api_base_url=(gateway or sandbox).api_base_url,
        token_url=(gateway or sandbox).token_url,
        client_id=sandbox.client_id,
        client_secret=sandbox.client_secret,
        delivery=settings.delivery,
        marketplace=marketplace.domain,
        time_zone=marketplace.time_zone,
        callback_api_key=base.callback_api_key if settings.pushes else None,
        callback_api_key_header=API_KEY_HEADER,
    )
    connect(partner, health, connection, options, gateway or sandbox, say)


def _share_clock(options: RunOptions, clock: MovableClock, partner: PartnerSystem, health: Health) -> None:
    """Both sides have the same time from the beginning, where it is not the machine's."""
    if options.begin is None:
        return
    if not health.can("clock"):
        message = (
            f"{health.system.name} does not declare clock, which --begin needs: it must take another time for now."
        )
        raise ConfigurationError(message)
    partner.set_clock(clock.now())
