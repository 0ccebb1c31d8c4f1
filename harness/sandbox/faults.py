"""Trouble that a run makes for one calendar: messages doubled, held, dropped; calls failed, cut, slowed. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Fault", "Faults"]

OF_MESSAGES = frozenset({"duplicate", "hold", "drop"})
OF_CALLS = frozenset({"fail", "cut", "slow"})


@dataclass(slots=True)
class Fault:
    """``left`` says for how many more messages or calls; ``operation`` None means any."""

    id: str
    address_id: str
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

    @property
    def makes_sense(self) -> bool:
        """Whether the effect is one of its target."""
        return self.effect in (OF_MESSAGES if self.target == "message" else OF_CALLS)


class Faults:
    """What is armed now."""

    def __init__(self) -> None:
        self._armed: dict[str, Fault] = {}

    def arm(self, fault: Fault) -> None:
        """From now on."""
        self._armed[fault.id] = fault

    def every(self) -> list[Fault]:
        """All that are armed or hold something."""
        return list(self._armed.values())

    def disarm(self, fault_id: str) -> Fault | None:
        """It is over; what it held is the caller's to send."""
        return self._armed.pop(fault_id, None)

    def fire(self, address_id: str | None, target: str, operation: str) -> Fault | None:
        """The trouble that this message or call meets, counted; None for none."""
        for fault in self._armed.values():
            if (
                fault.left > 0
                and fault.address_id == address_id
                and fault.target == target
                and fault.operation in {None, operation}
            ):
                fault.left -= 1
                fault.fired += 1
                return fault
        return None
