"""What is tried again takes no time here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stamina

from harness.stub.receiving import handler
from harness.stub.sending import sender

PAUSE_S = 0.02


@pytest.fixture(autouse=True)
def quick_repetition() -> Iterator[None]:
    """As often as in real life, without the waits."""
    with stamina.set_testing(True, attempts=4):
        yield


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes and news are tried again as often as in real life, after an eighth of the pauses."""
    monkeypatch.setattr(sender, "FIRST_PAUSE_S", PAUSE_S)
    monkeypatch.setattr(handler, "FIRST_PAUSE_S", PAUSE_S)
