"""What ``acceptance call`` may do where: reading anywhere, writing only where nobody can be hurt."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import httpx

from harness.contract.operations import Operation
from harness.errors import ConfigurationError
from harness.loopback import is_own_machine
from harness.safety.guard import CONSUMING, Asked, Scope, check, origin_of

__all__ = ["allowed_scope"]


def allowed_scope(
    operation: Operation, params: Mapping[str, str], base: httpx.URL, *, write: bool, facilities: Collection[str]
) -> Scope:
    """What the call's transport lets pass, once it is known that the call itself is within it.

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
        embedded=write and is_own_machine(base.host),
    )
    check(asked, scope)
    return scope
