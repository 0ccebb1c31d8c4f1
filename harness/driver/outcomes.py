"""How a scenario ends where it neither passes nor fails: said by an exception, never by a bare skip."""

from __future__ import annotations

from typing import Literal

__all__ = ["Blame", "NotApplicable", "NotProven", "Reason"]

Blame = Literal["configuration", "docplanner", "partner", "harness"]
Reason = Literal[
    "not run",
    "precondition unmet",
    "arrangement refused",
    "could not tell",
    "needs the embedded sandbox",
    "evidence missing",
]


class NotProven(Exception):
    """The scenario could not come to a judgement; ``reason`` and ``blame`` are words of the catalogue."""

    def __init__(self, detail: str, *, reason: Reason, blame: Blame) -> None:
        super().__init__(f"not proven ({reason}; blame {blame}): {detail}")
        self.detail = detail
        self.reason: Reason = reason
        self.blame: Blame = blame


class NotApplicable(Exception):
    """The partner system lacks an optional capability."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"not applicable: {detail}")
        self.detail = detail
