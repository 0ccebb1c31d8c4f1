"""What ``acceptance call`` may do where: reading anywhere, writing only where nobody can be hurt."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from harness.client.calls import Endpoint
from harness.clock import SystemClock
from harness.contract.operations import Operation
from harness.errors import ConfigurationError
from harness.loopback import is_own_machine
from harness.safety.guard import CONSUMING, Asked, Scope, check, origin_of
from harness.safety.single import Noter, noted_call

__all__ = ["DIRECTORY", "allowed_scope", "tester_phones", "way_to"]

DIRECTORY = Path(".acceptance/writes")
"""Where runs and calls keep their journals of writes."""
PHONE_VARIABLE = "ACCEPTANCE_TESTER_PHONE"


@dataclass(frozen=True, slots=True)
class Way:
    """By what a call is sent, and where it is noted; None where it is not."""

    journal: Path | None
    transport: httpx.BaseTransport


def tester_phones() -> frozenset[str]:
    """The tester's own, by the environment: what stands on a command line can be read by others."""
    return frozenset(os.environ.get(PHONE_VARIABLE, "").split())


def allowed_scope(
    operation: Operation, params: Mapping[str, str], base: httpx.URL, *, write: bool, facilities: Collection[str]
) -> Scope:
    """What the call's transport lets pass, once it is known that the call itself is within it.

    Where facilities are named it is treated as a real Docplanner, wherever it is.

    Raises:
        ConfigurationError: it was not asked for, or could touch a clinic that was not named; says what would allow it.
    """
    asked = Asked(operation, params)
    if asked.changes and not write:
        what = "takes notifications out of the queue" if operation.id in CONSUMING else "changes something"
        message = f"{operation.id} {what}."
        raise ConfigurationError(message, hint="Add --write if that is meant.")
    scope = Scope(
        origin_of(base),
        facilities=frozenset(facilities if write else ()),
        embedded=write and is_own_machine(base.host) and not facilities,
    )
    check(asked, scope)
    return scope


@contextmanager
def way_to(endpoint: Endpoint, scope: Scope, asked: Asked, time_zone: str, *, keep: bool) -> Iterator[Way]:
    """How the call is sent: what changes a real Docplanner is noted first, so that ``acceptance cleanup`` undoes it.

    Raises:
        NotAllowed: something was written there before and is not taken back yet.
        DocplannerError: what the calendar shows cannot be read, so nothing could be put back.
    """
    if scope.embedded or not asked.changes:
        yield Way(None, httpx.HTTPTransport())
        return
    noter = Noter(endpoint, httpx.HTTPTransport, scope, DIRECTORY, time_zone, tester_phones(), SystemClock(), keep=keep)
    with noted_call(noter, asked) as noted:
        yield Way(noted.journal, noted.wrap(httpx.HTTPTransport()))
