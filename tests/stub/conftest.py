"""Repeated reads take no time here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stamina


@pytest.fixture(autouse=True)
def quick_repetition() -> Iterator[None]:
    """As often as in real life, without the waits."""
    with stamina.set_testing(True, attempts=4):
        yield
