"""The deliberate mistakes: named, described, each one switch in one place."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from harness.errors import UnknownName
from harness.stub.defects import DEFECTS, Defects
from harness.verdict.criteria import CRITERIA

STUB = Path(__file__).parents[2] / "harness" / "stub"
SWITCH = re.compile(r'defects\.on\(\s*"([^"]+)"')


def test_every_defect_is_one_switch_in_one_place() -> None:
    """No copy of the code, and no defect without effect."""
    found = Counter(name for path in STUB.rglob("*.py") for name in SWITCH.findall(path.read_text()))
    found.pop("...", None)

    assert found == dict.fromkeys(DEFECTS, 1)


def test_every_defect_is_meant_for_a_criterion_that_exists() -> None:
    """And says in words what is wrong."""
    for one in DEFECTS.values():
        assert one.criterion in CRITERIA
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", one.name)
        assert one.summary
        assert one.description.endswith(".")


def test_the_honest_stub_has_none() -> None:
    """Without a name nothing is switched on."""
    assert not any(Defects().on(name) for name in DEFECTS)


def test_a_defect_that_does_not_exist_is_named_with_its_likes() -> None:
    """So that a slip of the pen is found at once."""
    with pytest.raises(UnknownName, match=r"no defect 'emptied-days'.*emptied-day-kept"):
        Defects(["emptied-days"])
