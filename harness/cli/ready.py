"""What is checked before a run, and by ``acceptance check``: all of it, at the same time where that saves some."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness.assembly import Assembled, RunOptions
from harness.clock import SystemClock
from harness.config import RealDocplanner, RunSettings
from harness.contract.marketplaces import MARKETPLACES
from harness.errors import ConfigurationError
from harness.partner.http import control_client
from harness.preflight.docplanner import docplanner_lines
from harness.preflight.embedded import embedded_lines, public_line
from harness.preflight.endpoint import Key, endpoint_lines
from harness.preflight.line import Line, stopping
from harness.preflight.machine import Place, machine_lines
from harness.preflight.partner import partner_lines
from harness.real.side import counted_reads, endpoint_of, transport_to

__all__ = ["NotReady", "before_the_parts", "merged", "once_connected", "refuse", "together"]

TIMEOUT_S = 10.0
"""How long one call may take."""

Check = Callable[[], Iterable[Line]]


class NotReady(ConfigurationError):
    """A check before the run found something in the way."""


def before_the_parts(options: RunOptions, output: Path, *others: Check) -> tuple[Line, ...]:
    """What can be known before anything is started: this machine, what is there by itself already, and ``others``."""
    where = "the gateway" if options.gateway else "the sandbox"
    places = [Place(where, options.listen, options.sandbox_port)]
    zone = MARKETPLACES[options.marketplace].time_zone
    checks: list[Check] = [lambda: machine_lines(zone, output, places, SystemClock())]
    if options.partner_url:
        url = options.partner_url
        checks.append(lambda: _partner(url, options.partner_token, None, _needed(options)))
    if options.real:
        real = options.real
        checks.append(lambda: _docplanner(real))
    return together((*checks, *others))


def once_connected(assembled: Assembled, options: RunOptions) -> tuple[Line, ...]:
    """What can be known when everything is started and connected. It reads, and pings the endpoint."""
    settings = assembled.settings
    checks: list[Check] = [] if settings.real else [lambda: embedded_lines(settings, SystemClock())]
    if (public := options.public_url) and not options.gateway:
        checks.append(lambda: (public_line(public),))
    key = None
    if settings.pushes and settings.callback_api_key:
        key = Key(settings.callback_api_key_header, settings.callback_api_key)
    if not settings.partner_url:
        checks.append(lambda: _endpoint(settings, key))
    else:
        checks.append(lambda: _partner(settings.partner_url, settings.partner_token, key))
    return together(checks)


def together(checks: Iterable[Check]) -> tuple[Line, ...]:
    """The lines of all checks, in their order; each is made, whatever the others say."""
    with ThreadPoolExecutor() as pool:
        return tuple(line for told in pool.map(lambda check: check(), checks) for line in told)


def merged(before: Iterable[Line], after: Iterable[Line]) -> tuple[Line, ...]:
    """All lines; of what was looked at twice those that came later."""
    later = tuple(after)
    again = {one.what for one in later}
    return (*(one for one in before if one.what not in again), *later)


def refuse(lines: Iterable[Line]) -> None:
    """Nothing where nothing is in the way.

    Raises:
        NotReady: something is; names all of it. What to do stands in the lines.
    """
    if found := stopping(lines):
        message = f"nothing was played; in the way: {', '.join(one.what for one in found)}."
        raise NotReady(message)


def _endpoint(settings: RunSettings, key: Key | None) -> tuple[Line, ...]:
    """Of a system that a person operates only the endpoint can be asked."""
    if not settings.pushes or not settings.callback_url:
        return ()
    with control_client("", token=None, timeout_s=TIMEOUT_S) as bare:
        return endpoint_lines(settings.callback_url, bare, key)


def _needed(options: RunOptions) -> frozenset[str]:
    """Capabilities without which the options cannot be met."""
    by_delivery = {"both": {"push", "pull"}, "push": {"push"}, "pull": {"pull"}}
    needed = by_delivery.get(str(options.delivery), set())
    return frozenset(needed | ({"clock"} if options.begin else set()))


def _docplanner(real: RealDocplanner) -> tuple[Line, ...]:
    clock = SystemClock()
    with counted_reads(real, clock) as reads:
        allowed = frozenset(real.facilities)
        return docplanner_lines(
            endpoint_of(real), transport_to(real, reads), allowed, clock, has_nin=real.nin is not None
        )


def _partner(url: str, token: str | None, key: Key | None, needed: frozenset[str] = frozenset()) -> tuple[Line, ...]:
    with (
        control_client(url, token=token, timeout_s=TIMEOUT_S) as http,
        control_client("", token=None, timeout_s=TIMEOUT_S) as bare,
    ):
        return partner_lines(http, bare, SystemClock(), key, needed)
