"""What ``acceptance call`` may do where: reading anywhere, writing only where nobody can be hurt."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import httpx

from harness.contract.operations import Operation
from harness.errors import ConfigurationError
from harness.loopback import is_own_machine

__all__ = ["CONSUMING", "check_allowed"]

CONSUMING = frozenset({"pullNotification", "pullMultipleNotification", "releaseNotifications"})
"""What takes notifications away from the partner system, a GET or not: what is pulled is gone."""


def check_allowed(
    operation: Operation, params: Mapping[str, str], base: httpx.URL, *, write: bool, facilities: Collection[str]
) -> None:
    """Refuse what was not asked for, and what could touch a clinic that was not named.

    Raises:
        ConfigurationError: says what would allow it, or that nothing does.
    """
    changes = operation.writes or operation.id in CONSUMING
    if not changes:
        return
    if not write:
        what = "takes notifications out of the queue" if operation.id in CONSUMING else "changes something"
        message = f"{operation.id} {what}."
        raise ConfigurationError(message, hint="Add --write if that is meant.")
    if is_own_machine(base.host):
        return
    if operation.id in CONSUMING:
        message = f"{operation.id} is for an embedded sandbox alone: {base.host} belongs to the partner system."
        raise ConfigurationError(message, hint="Let the partner system pull or release its own notifications.")
    facility = params.get("facility_id")
    if facility is None or facility not in facilities:
        message = f"{operation.id} would write to facility {facility} at {base.host}, which is not allowed."
        raise ConfigurationError(message, hint=f"Add --allow-facility {facility} if it is a clinic made for tests.")
