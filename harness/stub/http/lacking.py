"""A clinic that lacks capabilities: what it does not declare it refuses with 501, or does all the same.

The second is what a run must not take for the first. Source: partner-control.yaml, the description.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from harness.errors import UnknownName
from harness.stub.refusals import Refusal

__all__ = ["CAPABILITIES", "known_capabilities", "refuse_what_is_lacking", "unsupported"]

CAPABILITIES = (
    "reset",
    "connect",
    "push",
    "pull",
    "realtime",
    "breaks",
    "insurances",
    "services",
    "confirm",
    "presence",
    "move_across_addresses",
    "activity",
    "pause",
    "clock",
)
"""Everything that the control contract knows, and that the clinic can do."""

BY_PATH: Mapping[str, str] = {
    "/reset": "reset",
    "/connection": "connect",
    "/pull": "pull",
    "/activity": "activity",
    "/integration": "pause",
    "/clock": "clock",
    "/calendars/{address_id}/offer": "services",
    "/calendars/{address_id}/appointments/{appointment_id}/confirm": "confirm",
    "/calendars/{address_id}/appointments/{appointment_id}/presence": "presence",
    "/calendars/{address_id}/breaks": "breaks",
    "/calendars/{address_id}/breaks/{break_id}": "breaks",
}
"""What is asked for by each path. A move to another address is told by its body alone."""


def refuse_what_is_lacking(path: str, lacking: Collection[str]) -> None:
    """Nothing where the clinic has what ``path`` asks for.

    Raises:
        Refusal: it lacks it.
    """
    capability = BY_PATH.get(path)
    if capability is not None and capability in lacking:
        raise unsupported(capability)


def unsupported(capability: str) -> Refusal:
    """The system lacks the capability."""
    return Refusal(501, "unsupported", f"This system has no {capability}.")


def known_capabilities(names: Iterable[str]) -> None:
    """Nothing where each of ``names`` is one.

    Raises:
        UnknownName: some are not.
    """
    if strange := sorted(set(names) - set(CAPABILITIES)):
        raise UnknownName(f"There is no capability {', '.join(strange)}.", hint=f"Known: {', '.join(CAPABILITIES)}.")
