"""The assemblies on a Docplanner that is not embedded.

``api`` has the reference stub as the system, and nobody at the marketplace, or a person. ``live`` has the vendor's own
system, driven by the partner control contract or by a person, and people at the marketplace. In both the system's
calls go through the recording gateway, and behind it through the guard: each is noted before it is sent, and undone at
the end.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

from harness.assembly.connecting import chosen_delivery, connect, read_mapping
from harness.assembly.options import Assembled, Base, RunOptions, Say
from harness.assembly.parting import connected_directly, given_back
from harness.clock import Clock, SystemClock
from harness.config import RealDocplanner, RunSettings
from harness.contract.marketplaces import MARKETPLACES, Marketplace
from harness.errors import BrokenHarness
from harness.gateway import process as gateway_process
from harness.gateway.process import Told
from harness.gateway.server import RunningGateway
from harness.gateway.settings import GatewaySettings
from harness.manned import manned
from harness.marketplace.port import Lease
from harness.partner.http import HttpPartner, to_partner
from harness.partner.port import Connection, Health, Partner
from harness.real.reading import DocplannerReading
from harness.real.side import HOLD, counted_reads, endpoint_of, transport_to
from harness.real.unmanned import Unmanned
from harness.recorder.journal import JournalFile
from harness.recorder.redaction import Redactor
from harness.safety.door import opened
from harness.safety.estate import Confirmations, demanding
from harness.safety.reads import Reads
from harness.safety.session import Rules, confirmed_estate, reading, tidied_way
from harness.safety.undo import Report
from harness.stub import process as stub_process
from harness.vocabulary import Delivery, phone_key

__all__ = ["assemble_real"]

KEPT = Path(".acceptance")
"""Where journals of writes and confirmations are kept."""
SETTLE = timedelta(seconds=10)
"""How long what is undone may take to show."""
PARTNER_TIMEOUT_S = 120.0


@contextmanager
def assemble_real(options: RunOptions, base: Base, journal_path: Path, say: Say) -> Iterator[Assembled]:
    """Confirm what may be written to, note what is there, connect the system; undo everything at the end.

    Raises:
        ConfigurationError: nobody confirms the estate, an earlier run left something, or the system lacks what the
            options ask for.
        DocplannerError: Docplanner cannot be read.
        PartnerError: the partner system is not there, or breaks the control contract.
    """
    if options.real is None:
        raise BrokenHarness(f"The assembly {options.assembly} was asked for without a Docplanner.")
    real, clock, live = options.real, SystemClock(), options.assembly == "live"
    base = replace(base, phone_block=phone_key(real.phone))
    marketplace = MARKETPLACES[options.marketplace]
    endpoint = endpoint_of(real)
    rules = Rules(frozenset(real.facilities), frozenset({real.phone}), frozenset({real.email} if real.email else ()))
    hidden = tuple(one for one in (real.client_secret, real.callback_api_key, real.nin, options.partner_token) if one)
    redactor = Redactor(hidden, patient_key=bytes.fromhex(base.patient_key), own_phone_block=base.phone_block)
    writes = _new_journal(base.run)
    refused: list[str] = []
    with ExitStack() as parts:
        reads = parts.enter_context(counted_reads(real, clock))
        transport = transport_to(real, reads)  # what the system asks goes by it too
        say("reading what Docplanner shares")
        with reading(endpoint, transport, clock) as api:
            confirmations = Confirmations(KEPT / "estates.json")
            estate = confirmed_estate(api, endpoint, rules, confirmations, lambda text: _ask(text, real), clock)
            if real.nin:
                rules = replace(rules, nin=real.nin, nin_at=demanding(api, estate))
        partner, health, url = _system(options, real, marketplace, reads, clock, parts)
        delivery = chosen_delivery(options.delivery, health) if live else Delivery.PULL
        callback_api_key = None if delivery is Delivery.PULL else real.callback_api_key
        last = parts.enter_context(ExitStack())
        say("noting what the calendars show")
        way = parts.enter_context(
            tidied_way(
                endpoint,
                transport,
                estate,
                rules,
                run=base.run,
                time_zone=marketplace.time_zone,
                journal=writes,
                clock=clock,
                settle=SETTLE,
                tell=lambda report: _tell(report, refused, journal_path.parent),
            )
        )
        door = parts.enter_context(opened(way.transport, estate.origin, refused.append))
        gateway = parts.enter_context(_gateway(options, base, journal_path, door, health, delivery, hidden))
        connection = Connection(
            api_base_url=gateway.api_base_url,
            token_url=gateway.token_url,
            client_id=real.client_id,
            client_secret=real.client_secret,
            delivery=delivery,
            marketplace=marketplace.domain,
            time_zone=marketplace.time_zone,
            callback_api_key=callback_api_key,
            callback_api_key_header=real.callback_api_key_header,
        )
        if live and not options.people:
            connect_again = connected_directly(partner, connection, estate.origin, can=health.can("connect"))
            last.callback(connect_again)
        connect(partner, health, connection, options, gateway, say)
        if live:
            quiet = timedelta(seconds=options.waits.quiet_s)
            parts.callback(given_back(partner, writes, gateway, quiet, clock, say))
        if delivery is not Delivery.PULL:
            _say_where_news_goes(health, gateway, real)
        settings = RunSettings(
            run=base.run,
            assembly=options.assembly,
            marketplace=marketplace.domain,
            time_zone=marketplace.time_zone,
            locale=marketplace.locale,
            profile="",
            clock_ahead_s=0.0,
            delivery=str(delivery),
            seed=options.seed,
            id_base=base.id_base,
            pace_s=0.0,
            waits=options.waits,
            journal=str(journal_path),
            only=tuple(scenario.id for scenario in options.scenarios),
            narrowed=options.scope is not None,
            facilities=real.facilities,
            partner_url=url,
            partner_token=options.partner_token,
            capabilities=health.capabilities,
            pull_interval_s=health.timing.pull_interval_s or 0.0,
            client_id=real.client_id,
            control_url=gateway.control_url,
            control_token=gateway.control_token,
            callback_api_key=callback_api_key,
            callback_api_key_header=real.callback_api_key_header,
            secrets=(*hidden, gateway.control_token),
            patient_key=base.patient_key,
            phone_block=base.phone_block,
            mapping_read=read_mapping(partner.import_mapping, say),
            histories=options.histories,
            history_length=options.history_length,
            operator=options.desk,
            system=(health.system.name, health.system.version),
            callback_url=health.callback_url,
            played=options.played,
            real=real,
            writes=str(writes),
            most_writes=options.most_writes,
        )
        file = JournalFile(journal_path, run=base.run, process="run", redactor=redactor, clock=clock)
        yield Assembled(settings, health, file)


def _system(
    options: RunOptions, real: RealDocplanner, marketplace: Marketplace, reads: Reads, clock: Clock, parts: ExitStack
) -> tuple[Partner, Health, str]:
    """The system to test, who it says it is, and where it is driven; an empty address where a person operates it."""
    if options.people:
        api = parts.enter_context(reading(endpoint_of(real), transport_to(real, reads, HOLD), clock))
        there = Unmanned(DocplannerReading(api), real.client_id, _no_lease)
        operated = manned(options.people, there, real.client_id, marketplace.zone, clock)
        return operated, operated.health(), ""
    stub = None if options.partner_url else parts.enter_context(stub_process.started(options.defects))
    url = options.partner_url or (stub() if stub else "")
    driven = HttpPartner(url, token=options.partner_token, transport=to_partner(), timeout_s=PARTNER_TIMEOUT_S)
    parts.callback(driven.close)
    return driven, driven.health(), url


@contextmanager
def _gateway(
    options: RunOptions,
    base: Base,
    journal: Path,
    door: str,
    health: Health,
    delivery: Delivery,
    hidden: tuple[str, ...],
) -> Iterator[RunningGateway]:
    """Between the system and the door; where Docplanner was told its address, between Docplanner and the system too."""
    real = options.real
    through = delivery is not Delivery.PULL and real is not None and real.notification_port is not None
    told = GatewaySettings(
        docplanner=door,
        partner=health.callback_url if through else None,
        host=options.listen,
        port=options.sandbox_port,
        notification_port=(real.notification_port or 0) if real else 0,
        public_url=options.public_url,
    )
    start = Told(told, journal, base.run, hidden, base.patient_key, base.phone_block, beside_sandbox=False)
    with gateway_process.started(start) as running:
        yield running


def _say_where_news_goes(health: Health, gateway: RunningGateway, real: RealDocplanner) -> None:
    """Docplanner is told by its specialist where to send notifications, not by its API."""
    if real.notification_port is None:
        sys.stderr.write(f"Docplanner must push notifications to {health.callback_url}; they are not recorded.\n")
    else:
        sys.stderr.write(f"Docplanner must push notifications to {gateway.notification_url}, or what leads there.\n")


def _no_lease(scenario: str) -> Lease:
    raise BrokenHarness(f"{scenario}: a clinic is leased by who plays, not by who puts together.")


def _new_journal(run: str) -> Path:
    """A file of its own for each part of a run that was stopped and goes on."""
    first = KEPT / "writes" / f"{run}.jsonl"
    more = (first.with_name(f"{run}-{number}.jsonl") for number in itertools.count(2))
    return next(path for path in itertools.chain([first], more) if not path.exists())


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
