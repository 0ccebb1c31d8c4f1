"""Trouble that a run makes for a calendar or an API client. Pure.

Messages are doubled, held, dropped, late, or in another order; calls fail, are refused, cut or slow; lists leave a
booking out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from harness.contract.events import EVENTS
from harness.contract.operations import OPERATIONS

__all__ = ["EFFECTS", "LATE", "LIST", "Fault", "Faults", "nonsense"]

LATE = frozenset({"hold", "delay", "reorder"})
"""Effects that keep messages back: until the fault is removed, for ``delay_s``, until ``count`` have come."""
OF_MESSAGES = frozenset({"duplicate", "drop"}) | LATE
OF_CALLS = frozenset({"fail", "cut", "slow", "limit"})
OF_READS = OF_CALLS | {"omit"}
EFFECTS = {"message": OF_MESSAGES, "write": OF_CALLS, "read": OF_READS}
LIST = "getBookings"
"""The operation whose answers leave a booking out."""
LONGEST_SLOW_S = 60.0
"""A slow answer takes real seconds; a delayed message those of the sandbox's clock."""


@dataclass(slots=True)
class Fault:
    """``left`` says for how many more messages or calls; ``operation``, ``address_id``, ``client_id`` None mean any."""

    id: str
    address_id: str | None
    target: str
    effect: str
    operation: str | None = None
    when: str = "before"
    status: int = 503
    delay_s: float = 0.0
    left: int = 1
    fired: int = 0
    held: list[str] = field(default_factory=list)
    """Ids of the notifications that it holds back."""
    cause: int | None = None
    scenario: str | None = None
    client_id: str | None = None
    booking_id: str | None = None
    """The booking that lists leave out."""

    def meets(self, address_id: str | None, client_id: str, target: str, operation: str) -> bool:
        """Whether the message or call is one that it is for."""
        return (
            self.left > 0
            and self.target == target
            and self.operation in {None, operation}
            and self.address_id in {None, address_id}
            and self.client_id in {None, client_id}
        )


class Faults:
    """What is armed now."""

    def __init__(self) -> None:
        self.armed: dict[str, Fault] = {}

    def arm(self, fault: Fault) -> None:
        """From now on."""
        self.armed[fault.id] = fault

    def every(self) -> list[Fault]:
        """All that are armed or hold something."""
        return list(self.armed.values())

    def disarm(self, fault_id: str) -> Fault | None:
        """It is over; what it held is the caller's to send."""
        return self.armed.pop(fault_id, None)

    def fire(self, address_id: str | None, client_id: str, target: str, operation: str) -> Fault | None:
        """The trouble that this message or call meets, counted; None for none. What was armed first comes first."""
        for fault in self.armed.values():
            if fault.meets(address_id, client_id, target, operation):
                fault.left -= 1
                fault.fired += 1
                return fault
        return None


def nonsense(fault: Fault) -> list[str]:
    """Why the fault could never do what it says, a sentence for each reason; nothing where it makes sense."""
    return [*_of_the_effect(fault), *_of_the_operation(fault), *_of_the_numbers(fault)]


def _of_the_effect(fault: Fault) -> Iterator[str]:
    if fault.address_id is None and fault.client_id is None:
        yield "address_id or client_id: name the calendar, the API client, or both"
    if fault.effect not in EFFECTS[fault.target]:
        allowed = ", ".join(sorted(EFFECTS[fault.target]))
        yield f"effect: {fault.effect} is no trouble for a {fault.target}; there are {allowed}"
    if fault.when == "after" and fault.effect not in {"fail", "cut", "slow"}:
        yield f"when: {fault.effect} has no after, only calls that fail, are cut or slow have"
    if fault.effect == "omit" and fault.booking_id is None:
        yield "booking_id: name the booking that lists leave out"
    if fault.effect != "omit" and fault.booking_id is not None:
        yield f"booking_id: is for omit, not for {fault.effect}"


def _of_the_operation(fault: Fault) -> Iterator[str]:
    name = fault.operation
    if fault.effect == "omit" and name not in {None, LIST}:
        yield f"operation: omit is about {LIST}, not {name}"
    if name is None:
        return
    known = list(EVENTS) if fault.target == "message" else list(OPERATIONS)
    if name not in known:
        near = " or ".join(get_close_matches(name, known, n=3, cutoff=0.5) or known[:5])
        what = "event" if fault.target == "message" else "operation"
        yield f"operation: there is no {what} {name}; did you mean {near}?"
    elif fault.target != "message":
        operation = OPERATIONS[name]
        if operation.writes is not (fault.target == "write"):
            yield f"operation: {name} is no {fault.target}"
        if fault.address_id is not None and "{address_id}" not in operation.template:
            yield f"operation: {name} is about no calendar; name client_id in place of address_id"


def _of_the_numbers(fault: Fault) -> Iterator[str]:
    if fault.left < 1:
        yield "count: expected 1 or more"
    if fault.effect == "reorder" and fault.left < 2:  # noqa: PLR2004 - one alone has no order
        yield "count: expected 2 or more messages to bring into another order"
    if fault.effect == "fail" and not 500 <= fault.status <= 599:  # noqa: PLR2004 - a failure of the server
        yield f"status: expected 500 to 599 for fail, not {fault.status}; 429 is the effect limit"
    if fault.effect in {"slow", "delay"} and fault.delay_s <= 0:
        yield f"delay_s: expected the seconds that {fault.effect} lasts"
    if fault.effect == "slow" and fault.delay_s > LONGEST_SLOW_S:
        yield f"delay_s: expected {LONGEST_SLOW_S:g} seconds at most for slow"
