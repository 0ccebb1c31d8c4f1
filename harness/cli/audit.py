"""``acceptance audit``: a real clinic compared on both sides, by reading alone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import typer
from rich.console import Console

from harness.audit.comparing import Difference, compare
from harness.audit.reading import Reader, ReadOnly, window_of
from harness.audit.sides import Clinic
from harness.cli.call import api_base, credentials_for
from harness.cli.configured import configured
from harness.cli.options import read_token
from harness.client.calls import Endpoint
from harness.clock import SystemClock
from harness.contract.marketplaces import MARKETPLACES
from harness.errors import ConfigurationError, OutputUnusable
from harness.partner.http import HttpPartner
from harness.recorder.patients import PatientMask
from harness.safety.session import reading
from reports.audit_page import write_audit_page

__all__ = ["AuditRequest", "audit", "audited"]

USER_AGENT = "docplanner-acceptance"
TIMEOUT_S = 60.0
EQUAL, DIFFERENT, UNREAD = 0, 1, 2
SCHEMA = "docplanner-acceptance/audit/1"


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """The options as they were typed."""

    where: str
    """An address or a marketplace."""
    partner: str | None
    partner_token_file: Path | None
    credentials_file: Path | None
    facilities: tuple[str, ...]
    days: int
    marketplace: str | None
    config: Path | None
    output: Path | None


def audit(request: AuditRequest, *, as_json: bool) -> int:
    """Read both sides and tell every difference; 0 none, 1 some, 2 where something could not be read.

    Raises:
        ConfigurationError: an option or a credential cannot be used; all such options are named.
        DocplannerError: what Docplanner shares cannot be read.
        PartnerError: the partner system does not answer.
    """
    record = audited(request)
    text = json.dumps(record, ensure_ascii=False, indent=2)
    page = _kept(request.output, record, text) if request.output else None
    typer.echo(text if as_json else "\n".join(_told(record, page)))
    return int(record["exit_code"])


def audited(request: AuditRequest) -> dict[str, Any]:
    """What an audit found, as it stands in ``audit.json``. Patients are masked with a key that is not kept.

    Raises:
        ConfigurationError: an option or a credential cannot be used.
        DocplannerError: what Docplanner shares cannot be read.
        PartnerError: the partner system does not answer.
    """
    effective = configured(request.config, {})
    partner_url = request.partner or effective["partner.url"]
    base = api_base(request.where)
    marketplace = request.marketplace or _marketplace(base)
    mistakes: list[str] = []
    if partner_url is None:
        mistakes.append("--partner is missing: where the clinic's system serves the control contract.")
    if marketplace is None or marketplace not in MARKETPLACES:
        mistakes.append(f"--marketplace: expected one of {', '.join(MARKETPLACES)}; its time zone says what a day is.")
    file = request.partner_token_file or effective["partner.token_file"]
    token = read_token(Path(str(file)) if file else None, mistakes)
    if mistakes:
        raise ConfigurationError("\n  ".join(["the options cannot be used:", *mistakes]))
    credentials = credentials_for(base, request.credentials_file)
    endpoint = Endpoint(f"{str(base).rstrip('/')}/api/v3/integration", credentials, USER_AGENT)
    clock, zone = SystemClock(), MARKETPLACES[str(marketplace)].time_zone
    since, till = window_of(clock.now(), zone, request.days)
    console = Console(stderr=True, highlight=False)
    with ExitStack() as parts:
        status = parts.enter_context(console.status("reading both sides")) if console.is_terminal else None
        api = parts.enter_context(reading(endpoint, httpx.HTTPTransport, clock))
        partner = HttpPartner(
            str(partner_url), token=token, transport=ReadOnly(httpx.HTTPTransport()), timeout_s=TIMEOUT_S
        )
        parts.callback(partner.close)
        mask = PatientMask(secrets.token_bytes(32), "")
        say = (lambda text: status.update(f"{text} …")) if status else (lambda _: None)
        health = partner.health()
        clinic = Reader(api, partner, mask, zone, since, till, request.facilities, say).read()
    system = f"{health.system.name} {health.system.version}"
    return _record(clinic, compare(clinic), system=system, docplanner=str(base), client_id=credentials.client_id)


def _marketplace(base: httpx.URL) -> str | None:
    return next((one for one in MARKETPLACES if base.host == f"www.{one}"), None)


def _record(
    clinic: Clinic, found: Sequence[Difference], *, system: str, docplanner: str, client_id: str
) -> dict[str, Any]:
    code = UNREAD if clinic.unread else DIFFERENT if found else EQUAL
    areas = {one.area for one in found}
    return {
        "schema": SCHEMA,
        "exit_code": code,
        "made_at": SystemClock().now().isoformat(timespec="seconds"),
        "system": system,
        "docplanner": docplanner,
        "client_id": client_id,
        "since": clinic.since.isoformat(),
        "till": clinic.till.isoformat(),
        "time_zone": clinic.time_zone,
        "read": {
            "facilities": sum(one.kind == "facility" for one in clinic.visible),
            "doctors": sum(one.kind == "doctor" for one in clinic.visible),
            "calendars": len(clinic.calendars),
            "services": sum(one.kind == "service" for one in clinic.visible),
            "enabled": sum(one.docplanner.enabled for one in clinic.calendars),
            "with_slots": sum(bool(one.docplanner.offers) for one in clinic.calendars),
            "visits_docplanner": sum(v.booked for one in clinic.calendars for v in one.docplanner.visits),
            "visits_partner": sum(v.booked for one in clinic.calendars for v in one.partner.visits),
            "breaks_docplanner": sum(len(one.docplanner.breaks) for one in clinic.calendars),
        },
        "areas": {
            name: "different" if name in areas else "not read" if clinic.unread else "equal"
            for name in ("mapping", "profile", "slots", "visits", "breaks")
        },
        "unread": [asdict(one) for one in clinic.unread],
        "differences": [asdict(one) for one in found],
    }


def _kept(directory: Path, record: Mapping[str, Any], text: str) -> Path:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "audit.json").write_text(text + "\n", encoding="utf-8")
        return write_audit_page(record, directory / "audit.html")
    except OSError as error:
        message = f"{directory} cannot be written ({error.strerror})."
        raise OutputUnusable(message, hint="Name another directory with --output.") from error


def _told(record: Mapping[str, Any], page: Path | None) -> Sequence[str]:
    read, found = record["read"], record["differences"]
    said = {EQUAL: "EQUAL", DIFFERENT: "DIFFERENT", UNREAD: "NOT ALL COULD BE READ"}[record["exit_code"]]
    lines = [
        said,
        f"{record['system']} against {record['docplanner']}, {record['since'][:10]} to {record['till'][:10]}",
        f"{read['calendars']} calendars, {read['visits_docplanner']} and {read['visits_partner']} visits",
        "Nothing was written",
    ]
    for one in record["unread"]:
        lines += ["", f"not read   {one['what']}, {one['side']}: {one['why']}"]
    for one in found:
        lines += [
            "",
            f"{one['area']:<10} {one['what']}",
            f"  where      {one['where']}",
            f"  docplanner {one['docplanner']}",
            f"  clinic     {one['partner']}",
            f"  next       {one['acts']}: {one['next']}",
        ]
    if found:
        lines += ["", f"{len(found)} difference{'' if len(found) == 1 else 's'}"]
    if page:
        lines += ["", f"Page: {page}"]
    return lines
