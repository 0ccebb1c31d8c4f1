"""Where the time of the scenarios went."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from runs import run

from harness.spending import Spending


def test_the_parts_of_a_real_run_add_up(tmp_path: Path) -> None:
    """Waiting, asking, writing and computing are the whole; a system that must act is waited for."""
    done = run(tmp_path / "out", "--criterion", "DP-BOK-01", "--jobs", "1")

    spent = done.verdict["spent"]
    parts = [spent[name] for name in ("waiting_s", "asking_s", "writing_s", "computing_s")]
    assert sum(parts) == pytest.approx(spent["scenarios_s"], abs=0.01)
    assert all(part > 0 for part in parts)
    assert "Time in scenarios" in done.out
    assert "% waiting for the systems" in (done.directory / "verdict.html").read_text()
    assert json.loads((done.directory / "verdict.json").read_text())["spent"] == spent


def test_an_account_begins_anew_once_it_is_closed() -> None:
    """Each scenario has its own."""
    spending = Spending()
    with spending.on("writing"):
        pass

    assert set(spending.close()) == {"waiting_s", "asking_s", "writing_s"}
    assert spending.close() == {"waiting_s": 0.0, "asking_s": 0.0, "writing_s": 0.0}
