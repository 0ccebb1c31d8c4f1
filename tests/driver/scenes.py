"""A scene without systems: what a desk or an expectation needs to stand on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from harness.clock import ManualClock
from harness.config import RunSettings, Waits
from harness.driver.days import Days
from harness.driver.scene import Scene
from harness.recorder.journal import MemoryJournal
from harness.recorder.line import Line
from harness.recorder.redaction import Redactor

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
REDACTOR = Redactor((), patient_key=b"key of the run", own_phone_block="604")


class NoNews:
    """Nothing ever happens, and waiting for it moves the clock."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock

    def mark(self) -> int:
        """Where the news stands."""
        return 0

    def wait(self, after: int, timeout: timedelta) -> bool:
        """Nothing came."""
        del after
        self._clock.advance(timeout)
        return False


def settings(capabilities: Sequence[str] = (), *, delivery: str = "push") -> RunSettings:
    """A run against a system with these capabilities."""
    return RunSettings(
        run="r",
        assembly="partner",
        marketplace="znanylekarz.pl",
        time_zone="Europe/Warsaw",
        locale="pl_PL",
        profile="documented",
        clock_ahead_s=0.0,
        delivery=delivery,
        seed=1,
        id_base=1,
        pace_s=0.0,
        waits=Waits(),
        journal="",
        only=(),
        narrowed=False,
        facilities=(),
        partner_url="",
        partner_token=None,
        capabilities=tuple(capabilities),
        pull_interval_s=1.0,
        client_id="c",
        control_url="",
        control_token="",
        callback_api_key=None,
        secrets=(),
        patient_key="",
        phone_block="604",
    )


def scene_of(told: RunSettings, *, now: datetime = NOON) -> tuple[Scene, ManualClock, Sequence[Line]]:
    """The scene, its clock, and the lines that its journal comes to have."""
    clock = ManualClock(now)
    journal = MemoryJournal(run="r", process="p", redactor=REDACTOR, clock=clock)
    scene = Scene(
        scenario="s",
        criterion="DP-BOK-01",
        settings=told,
        journal=journal,
        clock=clock,
        news=NoNews(clock),
        days=Days(now, ZoneInfo(told.time_zone)),
        idle=lambda: True,
        redact=lambda one: one,
        advance=clock.advance,
    )
    return scene, clock, journal.lines
