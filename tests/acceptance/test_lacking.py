"""A partner system without optional capabilities: not applicable where it refuses, not proven where it does them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from runs import LONG, Ran, run

from harness.errors import UnknownName
from harness.stub.server import serve
from harness.stub.settings import StubSettings

BY_CAPABILITY = {
    "breaks": ("DP-SCH-04", "DP-SCH-05"),
    "clock": ("DP-SCH-11",),
    "confirm": ("DP-BOK-13",),
    "move_across_addresses": ("DP-BOK-08",),
    "presence": ("DP-BOK-14",),
    "pull": ("DP-NOT-06",),
    "services": ("DP-ACT-04",),
}
"""Capabilities that a call of the control contract asks for, and the criteria that hang on them."""
UNASKED = {"insurances": ("DP-MAP-03", "DP-SCH-08"), "realtime": ("DP-RTB-01", "DP-RTB-02", "DP-RTB-03")}
"""Capabilities that no call asks for."""
SOON = ("clock", "presence", "realtime")
"""Enough by day: asked for without and with a visit, and not asked for."""


def played(directory: Path, stub: StubSettings, criteria: Sequence[str]) -> Ran:
    """The scenarios of these criteria, against that stub."""
    chosen = [part for one in criteria for part in ("--criterion", one)]
    with serve(stub) as running:
        return run(directory, "--partner", running.control_url, *chosen, "--wait", "settled_s=1", "--jobs", "1")


@pytest.mark.parametrize("row", sorted(BY_CAPABILITY) if LONG else ["clock"])
def test_what_is_done_undeclared_is_not_proven(row: str, tmp_path: Path) -> None:
    """It would be judged by nobody: the partner is told to declare it."""
    done = played(tmp_path / "out", StubSettings(undeclared=(row,)), BY_CAPABILITY[row])

    for name in BY_CAPABILITY[row]:
        found = done.criterion(name)
        assert (found["outcome"], found["reason"], found["blame"]) == ("not proven", "precondition unmet", "partner")
        assert all("declare it" in one["reason"] for one in found["scenarios"])


def test_every_lack_that_is_refused_is_not_applicable(tmp_path: Path) -> None:
    """With every optional capability lacking at once; none of them is passed."""
    lacking = BY_CAPABILITY | UNASKED
    criteria = [name for one, names in lacking.items() if LONG or one in SOON for name in names]

    done = played(tmp_path / "out", StubSettings(without=tuple(lacking)), criteria)

    assert {name: done.criterion(name)["outcome"] for name in criteria} == dict.fromkeys(criteria, "not applicable")
    unasked = {name for names in UNASKED.values() for name in names}
    assert all("501 unsupported" in done.criterion(name)["reason"] for name in criteria if name not in unasked)


def test_a_capability_that_there_is_not_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(UnknownName, match="no capability telepathy"), serve(StubSettings(without=("telepathy",))):
        pass
