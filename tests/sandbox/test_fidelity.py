"""What the sandbox says about itself is complete, and true to its sources and tests."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from harness.contract import limits
from harness.contract.catalogue import ERRORS
from harness.contract.control import SANDBOX_CONTROL
from harness.contract.documents import contract_text
from harness.contract.events import EVENTS
from harness.contract.operations import OPERATIONS
from harness.sandbox.fidelity.page import PAGE, page
from harness.sandbox.fidelity.rows import BEHAVIOUR, Fidelity, Standing, absent, rows
from harness.sandbox.profiles import Behaviour

ROOT = Path(__file__).parents[2]
UNSURE = re.compile(r"\[(?:open|assumed)[^\]]*\]")
OF_A_PARTNER = ("- At activation: ", "- Activation of a clinic: ")
"""Lines of behaviour.md that say what a partner has to do, and nothing about what a sandbox does."""
OF_A_RUN = {
    *("CHANGE_S", "NEWS_PULL_EXTRA_S", "NEWS_PUSH_S", "QUIET_S", "RECOVERY_S", "WINDOW_DAYS"),
    *("TOKENS_PER_RUN", "WRITES_AFTER_LIMIT"),
    *("LOWEST_FAILING_STATUS", "PING_FAILURES_BEFORE_ALERT", "PING_INTERVAL_S"),
    *("MAX_REDELIVERIES", "RETRY_SCHEDULES_S", "TOKEN_LIFETIME_LONGEST_S"),
}
"""Numbers that are for a run, for monitoring, or one of several official ones: the sandbox keeps none of them."""


def ids(area: str) -> set[str]:
    """The names that rows of an area are about."""
    return {one.id.partition(".")[2] for one in rows() if one.area == area}


@cache
def collected() -> frozenset[str]:
    """Node ids of the tests in those files that rows name, with and without what stands in brackets."""
    named = sorted({test.partition("::")[0] for one in rows() for test in one.tests})
    assert [one for one in named if not (ROOT / one).is_file()] == [], "rows name files that are not there"
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", *named]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = [line for line in done.stdout.splitlines() if "::" in line]
    assert done.returncode == 0, done.stdout[-2000:]
    return frozenset(part for line in found for part in (line, line.partition("[")[0], line.rpartition("::")[0]))


def test_the_page_is_written_from_the_rows() -> None:
    """What a reader sees is what the tests below have judged."""
    assert PAGE.read_text(encoding="utf-8") == page(), "write it again: python -m harness.sandbox.fidelity.page"


def test_what_is_not_emulated_is_said_first() -> None:
    """Before anything that is."""
    titles = re.findall(r"^## (.+)$", page(), re.MULTILINE)

    assert titles[0] == "What is not emulated"
    assert absent()


def test_nothing_of_the_contract_lacks_a_row() -> None:
    """Every operation, event, refusal and number has one; a file of rows says where to write it."""
    assert ids("operation") == set(OPERATIONS)
    assert ids("event") == set(EVENTS)
    assert ids("error") == set(ERRORS)
    assert ids("limit") == set(limits.__all__) - OF_A_RUN


def test_every_setting_is_a_behaviour_of_the_table() -> None:
    """No setting without a word on how sure its default is, and no word on a setting that is not there."""
    settings = {one.setting for one in rows() if one.setting}

    assert settings == {one.name for one in fields(Behaviour)} - {"profile"}, (
        "write a row with this setting: harness/sandbox/fidelity"
    )


def test_every_setting_can_be_set_by_the_control_contract() -> None:
    """The settings of the contract are those of the sandbox."""
    schema = SANDBOX_CONTROL.operations["setSettings"].definition["requestBody"]
    assert "Settings" in str(schema)
    contract = (files("harness.contract") / "sandbox-control.yaml").read_text()
    part = contract[contract.index("    Settings:\n") : contract.index("    WorkPeriod:")]
    names = [one.name for one in fields(Behaviour)]

    assert re.findall(r"^ {8}(\w+): \{", part, re.MULTILINE) == [*names, "differs"]


@pytest.mark.parametrize("row", rows(), ids=lambda one: one.id)
def test_a_row_is_held_by_tests_that_there_are(row: Fidelity) -> None:
    """At least one, and each can be collected."""
    assert row.tests, f"{row.id} has no test"
    assert [one for one in row.tests if one not in collected()] == [], (
        "renamed? harness/sandbox/fidelity/*.toml name it"
    )


def test_what_is_tested_is_not_called_missing() -> None:
    """A refusal that a test calls forth is emulated."""
    reached = "tests/sandbox/test_catalogue.py::test_a_refusal_has_the_catalogues_words_and_status[{}]"
    rest = [one.id for one in rows() if not one.emulated and reached.format(one.id.partition(".")[2]) in collected()]

    assert rest == []


def test_whatever_is_not_sure_has_a_row() -> None:
    """Each statement of behaviour.md that is open or assumed is quoted, by a row that is not surer than it."""
    unsure = {one for row in rows() if row.standing in {Standing.OPEN, Standing.ASSUMED} for one in row.quotes}
    unsure |= {one for row in rows() if row.setting for one in row.quotes}
    unsure |= {one for missing in absent() for one in missing.quotes}

    rest = [one for one in statements() if UNSURE.search(one) and not any(_touches(quote, one) for quote in unsure)]
    assert rest == []


def test_every_line_of_the_behaviour_page_has_a_row() -> None:
    """Sure or not, a line about what the API does is quoted somewhere."""
    quotes = {one for row in rows() for one in row.quotes} | {one for missing in absent() for one in missing.quotes}

    assert [line for line in lines() if not any(quote in line for quote in quotes)] == []


def lines() -> list[str]:
    """The lines of behaviour.md that state something."""
    page_lines = contract_text(BEHAVIOUR).splitlines()
    return [line for line in page_lines if line.startswith("- ") and not line.startswith(OF_A_PARTNER)]


def statements() -> list[str]:
    """Sentences, each with the marks that belong to it: a mark may stand behind the full stop."""
    marked = (re.sub(r"\. (\[[a-z/,\[\] ]+\])", r" \1.", line) for line in lines())
    return [one for line in marked for one in re.split(r"(?<=[.;:]) (?=[A-Z`\"])", line)]


def _touches(quote: str, statement: str) -> bool:
    """Whether they share words: one holds the other, once the marks that were moved are left out."""
    bare_quote, bare = _bare(quote), _bare(statement)
    return bool(bare) and (bare_quote in bare or bare in bare_quote)


def _bare(text: str) -> str:
    return re.sub(r"[ .:;]+", " ", re.sub(r"\[[a-z/,\[\] ]+\]", "", text)).strip()
