"""One sandbox for the tests of a file, and what holds in all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sandbox.served import Place, Served, breaches, served

from harness.recorder.line import Kind


@pytest.fixture(scope="module")
def docplanner() -> Iterator[Served]:
    """The sandbox of the file's tests."""
    with served() as running:
        yield running


@pytest.fixture
def place(docplanner: Served) -> Iterator[Place]:
    """A calendar that no other test has; what was said about it must be by the contract."""
    written = len(docplanner.journal.lines)
    yield docplanner.place()
    lines = list(docplanner.journal.lines)[written:]
    broken = [(one.body, told) for one in lines if one.kind is Kind.EXCHANGE and (told := breaches(one))]
    broken += [(one.body, one.body["breaches"]) for one in lines if one.body.get("breaches") and one.body.get("event")]
    assert broken == []
