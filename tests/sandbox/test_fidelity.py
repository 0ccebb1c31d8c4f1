"""What the sandbox says about itself is complete, and true to its sources."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib.resources import files

from harness.contract.control import SANDBOX_CONTROL
from harness.sandbox.fidelity import FIDELITY, Standing
from harness.sandbox.profiles import Behaviour


def test_every_setting_is_a_behaviour_of_the_table() -> None:
    """No setting without a word on how sure its default is, and no word on a setting that is not there."""
    settings = [one.setting for one in FIDELITY if one.setting]

    assert sorted(settings) == sorted(one.name for one in fields(Behaviour))


def test_every_setting_can_be_set_by_the_control_contract() -> None:
    """The settings of the contract are those of the sandbox."""
    schema = SANDBOX_CONTROL.operations["setSettings"].definition["requestBody"]
    assert "Settings" in str(schema)
    contract = (files("harness.contract") / "sandbox-control.yaml").read_text()
    part = contract[contract.index("    Settings:\n") : contract.index("    WorkPeriod:")]

    assert re.findall(r"^ {8}(\w+): \{", part, re.MULTILINE) == [one.name for one in fields(Behaviour)]


def test_every_row_names_a_section_of_the_behaviour_page_and_a_standing_known_there() -> None:
    """A reader finds the source."""
    page = (files("harness.contract") / "behaviour.md").read_text()
    sections = re.findall(r"^## (\w+)", page, re.MULTILINE)

    assert {one.section for one in FIDELITY} <= set(sections)
    assert all(f"[{one.value}]" in page for one in Standing)
    assert len({one.behaviour for one in FIDELITY}) == len(FIDELITY)
