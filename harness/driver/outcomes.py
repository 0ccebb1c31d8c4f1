"""How a scenario ends where it neither passes nor fails: said by an exception, never by a bare skip."""

from __future__ import annotations

from typing import Literal

from harness.errors import (
    ContractBroken,
    DocplannerError,
    HarnessError,
    LimitSpent,
    NeedsSandbox,
    PartnerUnreachable,
    PersonError,
    PersonSkipped,
)

__all__ = ["UNPROVEN", "Blame", "NotApplicable", "NotProven", "Reason", "unproven"]

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
    """The scenario could not come to a judgement; ``reason`` and ``blame`` are words of the catalogue.

    Nobody is blamed (None) for what a person would not do, could not tell, or is said to have done, nor for a limit.
    """

    def __init__(self, detail: str, *, reason: Reason, blame: Blame | None) -> None:
        super().__init__(f"not proven ({reason}{f'; blame {blame}' if blame else ''}): {detail}")
        self.detail = detail
        self.reason: Reason = reason
        self.blame: Blame | None = blame


class NotApplicable(Exception):
    """The partner system lacks an optional capability."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"not applicable: {detail}")
        self.detail = detail


UNPROVEN = (PartnerUnreachable, ContractBroken, DocplannerError, PersonError, NeedsSandbox)
"""Errors of an act or a look after which nothing can be judged."""


def unproven(error: HarnessError, what: str = "") -> NotProven:
    """What such an error makes of the scenario; ``what`` was under way."""
    told = f"{what}: {error}" if what else str(error)
    match error:
        case PersonSkipped():
            return NotProven(told, reason="not run", blame=None)
        case NeedsSandbox():
            return NotProven(told, reason="needs the embedded sandbox", blame=None)
        case PersonError() | LimitSpent():
            return NotProven(told, reason="could not tell", blame=None)
        case DocplannerError():
            return NotProven(told, reason="could not tell", blame="docplanner")
        case _:
            return NotProven(told, reason="could not tell", blame="partner")
