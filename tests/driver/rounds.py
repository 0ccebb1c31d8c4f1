"""Rounds of histories against a partner system at an address, with a sandbox of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.assembly import Base, RunOptions, assemble
from harness.config import Waits
from harness.driver.stage import Stage
from harness.playing import Worker
from harness.scenarios import read_scenarios

SCENARIO = next(one for one in read_scenarios() if one.path.endswith("histories.feature"))
SHORT = Waits(change_s=2, news_push_s=2, recovery_s=8, settled_s=0.3)
"""The reference stub acts within milliseconds: what has not come in seconds does not come."""


@contextmanager
def staged(url: str, folder: Path, *, seed: int, histories: int = 1, length: int = 10) -> Iterator[Stage]:
    """A stage at which the system there plays histories as any vendor's would; the journal is left in ``folder``."""
    options = RunOptions(
        scenarios=(SCENARIO,),
        scope={"criteria": ["DP-RES-04"], "areas": []},
        partner_url=url,
        seed=seed,
        waits=SHORT,
        histories=histories,
        history_length=length,
    )
    with (
        assemble(options, Base.draw(), folder / "journal.jsonl", lambda _: None) as ready,
        Worker(ready.settings, "test") as worker,
        worker.stage(SCENARIO, SCENARIO.id) as stage,
    ):
        yield stage
