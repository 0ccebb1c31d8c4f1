"""How a partner system learns where Docplanner is, by itself or by who operates it, and how news will reach it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from harness.assembly.options import RunOptions, Say
from harness.errors import ConfigurationError, PartnerRefused, PersonSkipped, Unsupported
from harness.marketplace.news import NewsFeed
from harness.partner.port import Connection, Health, PartnerSystem
from harness.vocabulary import Delivery

__all__ = ["Controlled", "chosen_delivery", "connect", "read_mapping"]

NOT_SHOWN = "that of this API client"
"""In place of a real secret: who operates the system has it."""


class Controlled(Protocol):
    """What tells of token calls: the embedded sandbox, or the gateway."""

    @property
    def control_url(self) -> str:
        """Its control API."""
        ...

    @property
    def control_token(self) -> str:
        """The key to it."""
        ...


def chosen_delivery(wanted: Delivery | None, health: Health) -> Delivery:
    """How news reaches the partner system: as asked, else by push where it has it.

    Raises:
        ConfigurationError: it declares no such thing, or push without an endpoint.
    """
    declared = {kind for kind in ("push", "pull") if health.can(kind)}
    if not declared:
        message = f"{health.system.name} declares neither push nor pull, so no news could reach it."
        raise ConfigurationError(message, hint="Declare what it has in the answer to GET /health.")
    if wanted is None:
        chosen = Delivery.PUSH if "push" in declared else Delivery.PULL
    else:
        chosen = wanted
        needed = {"push", "pull"} if wanted is Delivery.BOTH else {str(wanted)}
        if missing := sorted(needed - declared):
            message = f"{health.system.name} does not declare {' and '.join(missing)}, which --delivery {wanted} needs."
            raise ConfigurationError(message, hint=f"It declares: {', '.join(sorted(declared))}.")
    if chosen is not Delivery.PULL and not health.callback_url:
        message = f"{health.system.name} declares push, but its health names no callback_url."
        hint = "Say in GET /health where it takes notifications, or use --delivery pull."
        raise ConfigurationError(message, hint=hint)
    return chosen


def connect(
    partner: PartnerSystem, health: Health, connection: Connection, options: RunOptions, at: Controlled, say: Say
) -> None:
    """Tell the partner system where Docplanner is; where nobody can, wait for who configures it.

    Raises:
        ConfigurationError: nobody configured it in time.
        PartnerError: it refused.
    """
    shown = _without_secrets(connection) if options.real else connection
    if health.can("connect") or options.people:
        say("telling it where Docplanner is")
        try:
            partner.connect(shown if options.people else connection)
        except Unsupported:
            _wait_for_first_call(options, shown, at, say)
    else:
        _wait_for_first_call(options, shown, at, say)


def read_mapping(import_mapping: Callable[[], int], say: Say) -> bool:
    """Whether the partner read what Docplanner shares; one that cannot is judged by the scenarios about mapping."""
    say("asking it to read what Docplanner shares")
    try:
        import_mapping()
    except (PartnerRefused, PersonSkipped):
        return False
    return True


def _without_secrets(connection: Connection) -> Connection:
    """Those of a real API client are its owner's: they appear on no screen."""
    key = NOT_SHOWN if connection.callback_api_key else None
    return replace(connection, client_secret=NOT_SHOWN, callback_api_key=key)


def _wait_for_first_call(options: RunOptions, connection: Connection, at: Controlled, say: Say) -> None:
    """Show what to configure, and wait until the partner has asked for its first token."""
    rows = {
        "API base address": connection.api_base_url,
        "token address": connection.token_url,
        "client id": connection.client_id,
        "client secret": connection.client_secret,
        "delivery": connection.delivery,
        "marketplace": f"{connection.marketplace} ({connection.time_zone})",
    }
    if connection.callback_api_key:
        rows["notifications carry"] = f"{connection.callback_api_key_header}: {connection.callback_api_key}"
    told = "\n".join(f"    {name:<20} {value}" for name, value in rows.items())
    sys.stderr.write(f"The partner system cannot be connected by the run. Configure it with:\n{told}\n")
    say("waiting for its first token call")
    with NewsFeed(at.control_url, token=at.control_token) as news:
        if not news.wait_for("token", timedelta(seconds=options.connect_timeout_s)):
            message = f"No token call came within {options.connect_timeout_s:.0f} s."
            raise ConfigurationError(message, hint="Configure the partner system with the values printed above.")
