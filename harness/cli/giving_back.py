"""The working time that a run left in the clinic's system: given back through its control contract, or by a person."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from harness.cli.configured import partner_token
from harness.clock import SystemClock
from harness.config.reading import Effective
from harness.errors import ConfigurationError
from harness.operator.asking import have_done
from harness.operator.port import Operator, Task, Who
from harness.operator.terminal import TerminalOperator
from harness.partner.http import HttpPartner, to_partner
from harness.safety.schedules import HoldsSchedules, put_back
from harness.safety.writes import WriteJournal, Writes, read_writes
from harness.vocabulary import AddressId, Period

__all__ = ["ByHand", "give_back"]

TIMEOUT_S = 120.0


def give_back(writes: Writes, effective: Effective, say: Callable[[str], None]) -> Writes:
    """What is left of the journal once the system has back what it can be given, by ``partner.url`` or by a person.

    Raises:
        ConfigurationError: the token of the control contract cannot be had.
    """
    if not writes.scheduled:
        return writes
    zone = ZoneInfo(writes.begun.time_zone if writes.begun else "UTC")
    if url := effective["partner.url"]:
        driven = HttpPartner(str(url), token=_token(effective), transport=to_partner(), timeout_s=TIMEOUT_S)
        try:
            return _given(driven, writes, say)
        finally:
            driven.close()
    if sys.stdin.isatty():
        return _given(ByHand(TerminalOperator(getpass.getuser(), zone=zone)), writes, say)
    return writes


@dataclass(frozen=True, slots=True)
class ByHand:
    """The clinic's system, whose working time a person sets."""

    operator: Operator

    def set_schedule(self, address: AddressId, days: Sequence[date], periods: Sequence[Period]) -> None:
        """Ask for it."""
        named = ", ".join(f"{day:%a %d %b}" for day in days)
        rows = "".join(f"\n    {one.start:%a %d %b %H:%M}-{one.end:%H:%M}" for one in periods)
        words = f"As staff: let the working time of address {address} on {named} be: {rows or 'none'}"
        details: dict[str, object] = {
            "address_id": address,
            "days": [day.isoformat() for day in days],
            "periods": [{"start": one.start.isoformat(), "end": one.end.isoformat()} for one in periods],
        }
        have_done(self.operator, Task(Who.STAFF, words, "set_schedule", details))


def _given(system: HoldsSchedules, writes: Writes, say: Callable[[str], None]) -> Writes:
    notes = WriteJournal(writes.path)
    try:
        for one in put_back(system, writes, notes, SystemClock(), say):
            say(f"not given back: {one}")
    finally:
        notes.close()
    return read_writes(writes.path)


def _token(effective: Effective) -> str | None:
    mistakes: list[str] = []
    found = partner_token(effective, os.environ, mistakes)
    if mistakes:
        raise ConfigurationError("\n  ".join(["the clinic's system cannot be driven:", *mistakes]))
    return found.value if found else None
