"""The reference system is killed in the middle of histories, and goes on from its database."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from driver.rounds import staged
from runs import LONG

from harness.driver.stage import Stage
from harness.errors import PartnerUnreachable

HISTORIES, LENGTH = (24, 20) if LONG else (3, 14)
"""One of three is played apart, and so with a system that stops."""
TRIES = 5


@dataclass
class Killable:
    """The stub in a process, which is killed where it should stop and started again on the same database and port."""

    database: Path
    url: str = ""
    kills: int = 0
    stage: Stage | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def begin(self) -> None:
        """Start it, and wait until it listens."""
        port = httpx.URL(self.url).port if self.url else 0
        command = [sys.executable, "-m", "harness.stub", "--json", "--until-stdin-closes"]
        command += ["--database", str(self.database), "--port", str(port)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self.url = json.loads(self.process.stdout.readline())["control_url"]

    def end(self) -> None:
        """Kill it: nothing that it does is finished."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def stop(self) -> None:
        """It is killed with whatever was under way, and there again at once."""
        self.end()
        self.begin()
        self.kills += 1
        assert self.stage is not None
        partner = self.stage.system.partner
        for _ in range(TRIES):  # connections to the one that was killed are of no use any more
            try:
                partner.set_clock(self.stage.time.scene.clock.now())
            except PartnerUnreachable:
                continue
            return

    def start(self) -> None:
        """It has started already."""


@contextmanager
def killable(folder: Path) -> Iterator[Killable]:
    """The stub, as long as the block lasts."""
    system = Killable(folder / "clinic.sqlite")
    system.begin()
    try:
        yield system
    finally:
        system.end()


def test_a_killed_system_ends_with_both_calendars_equal(tmp_path: Path) -> None:
    """Whatever was under way when it was killed: no visit is lost, none doubled."""
    with (
        killable(tmp_path) as system,
        staged(system.url, tmp_path, seed=3, histories=HISTORIES, length=LENGTH) as stage,
    ):
        system.stage = stage
        histories = replace(stage.histories, power=system)
        histories.expect_equal(histories.play(apart=True))

    assert system.kills >= HISTORIES // 3
