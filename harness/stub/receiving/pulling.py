"""Fetches notifications that wait at Docplanner. What is fetched is gone there, so it is stored before all else."""

from __future__ import annotations

from collections.abc import Callable

from harness.client.outcome import Done
from harness.stub.importing import Upstream
from harness.stub.link import Link

__all__ = ["drain"]

FEW = 10
Take = Callable[[object], None]


def drain(link: Link, take: Take) -> None:
    """Fetch notifications until none waits; ``take`` keeps one.

    Raises:
        Upstream: Docplanner refused or did not answer.
    """
    while True:
        outcome = link.api.notifications.pull_many()
        if not isinstance(outcome, Done):
            message = f"notifications could not be pulled: {outcome}"
            raise Upstream(message)
        batch = outcome.value.notifications
        for one in batch[:FEW] if link.defects.on("pulled-batches-cut") else batch:
            take(one)
        if outcome.value.remaining == 0 or not outcome.value.notifications:
            return
