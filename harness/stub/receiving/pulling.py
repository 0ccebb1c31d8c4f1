"""Fetches notifications that wait at Docplanner. What is fetched is gone there, so it is stored before all else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from harness.client.outcome import Done
from harness.stub.importing import Upstream
from harness.stub.link import Link

__all__ = ["Puller", "drain"]

LOGGER = logging.getLogger(__name__)

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
        for one in outcome.value.notifications:
            take(one)
        if outcome.value.remaining == 0 or not outcome.value.notifications:
            return


class Puller:
    """Drains the queue every ``interval_s`` seconds, and at once when asked."""

    def __init__(self, link: Link, take: Take, interval_s: float) -> None:
        self._link = link
        self._take = take
        self._interval_s = interval_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="puller", daemon=True)

    def start(self) -> None:
        """Start polling."""
        self._thread.start()

    def stop(self) -> None:
        """Stop polling; waits for a poll that is under way."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        while not self._stopped.wait(self._interval_s):
            try:
                drain(self._link, self._take)
            except Upstream as trouble:
                LOGGER.info("%s", trouble)
