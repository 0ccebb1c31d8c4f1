"""Runs with one deliberate defect of the stub each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from runs import run

from harness.proof.narrowing import SHORT_WAITS, narrowed_to
from harness.stub.defects import DEFECTS, Defect

NOT_ACCEPTED = 1


def defects_of(areas: Iterable[str], *, most: int = 1) -> pytest.MarkDecorator:
    """A test for a defect each of ``most`` criteria of the areas.

    A run with a defect takes seconds: who waits for the tests sees some of each flow, ``acceptance prove`` sees all.
    """
    wanted = set(areas)
    by_criterion = {one.criterion: one for one in reversed(DEFECTS.values()) if one.area in wanted}
    chosen = list(by_criterion.values())[::-1][:most]
    assert chosen, "the stub has no such defects"
    return pytest.mark.parametrize("defect", chosen, ids=[one.name for one in chosen])


def assert_caught(defect: Defect, directory: Path) -> None:
    """The criterion meant for the defect is red, with a finding that says what to do next."""
    done = run(directory, "--defect", defect.name, *narrowed_to(defect.criterion), "--jobs", "1", *SHORT_WAITS)

    row = done.criterion(defect.criterion)
    assert row["outcome"] == "failed", done.out
    finding = row["findings"][0]
    assert all(finding[part] for part in ("headline", "expected", "observed", "evidence", "next"))
    assert done.verdict["causes"][0]["cause"].startswith(defect.cause)
    assert row["level"] == "advised" or done.code == NOT_ACCEPTED
    assert done.verdict["verdict"] != "accepted"
