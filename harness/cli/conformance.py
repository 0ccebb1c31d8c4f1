"""``acceptance partner check``: the partner control contract, operation by operation."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import typer

from harness.clock import SystemClock
from harness.config.secret import find_token
from harness.contract.marketplaces import is_docplanner
from harness.errors import ConfigurationError
from harness.later import later
from harness.partner.conformance import Asked, conformance
from harness.partner.conformity import Conformity, Row
from harness.partner.http import control_client

__all__ = ["PartnerCheck", "check_partner"]

TIMEOUT_S = 20.0
EXIT_CONFORMS, EXIT_NOT, EXIT_UNKNOWN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class PartnerCheck:
    """The options of ``acceptance partner check`` as they were typed."""

    url: str
    token_file: Path | None
    address: str | None
    write: bool


def check_partner(asked: PartnerCheck, *, as_json: bool) -> int:
    """Ask, print, and answer the exit code.

    Raises:
        ConfigurationError: the address or the token cannot be used.
    """
    mistakes: list[str] = []
    environ = {} if asked.token_file else os.environ
    token = find_token(environ, asked.token_file, None, later("keyring", "get_password"), mistakes)
    mistakes += _unfit(asked.url)
    if mistakes:
        raise ConfigurationError("\n  ".join(["the check cannot begin:", *mistakes]))
    with control_client(asked.url, token=token.value if token else None, timeout_s=TIMEOUT_S) as client:
        rows = conformance(Asked(client, SystemClock().now(), asked.write, asked.address))
    count = Counter(row.outcome for row in rows)
    code = EXIT_NOT if count[Conformity.FAILED] else EXIT_UNKNOWN if count[Conformity.UNKNOWN] else EXIT_CONFORMS
    if as_json:
        told = {"url": asked.url, "exit_code": code, "operations": [asdict(row) for row in rows]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_told(rows, code, count)))
    return code


def _unfit(url: str) -> list[str]:
    """What is wrong with the address; Docplanner itself is never asked, as it would be past the guard."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or "@" in url:
        return ["The URL takes an address such as http://127.0.0.1:8400, without user name and password."]
    if is_docplanner(host):
        return [f"{host} is Docplanner. Name the address of your own system's control contract."]
    return []


def _told(rows: Sequence[Row], code: int, count: Counter[Conformity]) -> list[str]:
    said = {EXIT_CONFORMS: "CONFORMS, AS FAR AS IT WAS ASKED", EXIT_NOT: "DOES NOT CONFORM"}.get(code, "COULD NOT TELL")
    lines = [said, ", ".join(f"{number} {outcome}" for outcome, number in count.items()), ""]
    for row in rows:
        lines.append(f"{row.outcome:<15} {row.operation:<20} {row.method:<7}{row.path}{'  (writes)' * row.writes}")
        if row.outcome in {Conformity.FAILED, Conformity.UNKNOWN}:
            lines += [f"    expected  {row.expected}", f"    seen      {row.seen}", f"    next      {row.follow}"]
    return lines
