"""Notifications that wait to be pulled, or failed and can be released."""

from __future__ import annotations

from dataclasses import dataclass

from harness.client.calls import Calls, nothing
from harness.client.models import Pulled
from harness.client.outcome import Done, Outcome, Refused
from harness.client.reading import read_pulled
from harness.contract.json_value import object_of
from harness.contract.limits import MAX_PULL

__all__ = ["Notifications"]

NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Notifications:
    """The queue of the API client. What is pulled is gone from it."""

    calls: Calls

    def pull(self) -> Outcome[Pulled]:
        """The oldest notification that waits, if one does (pullNotification)."""
        outcome = self.calls.send("GET", ("notifications",), lambda answer: Pulled((dict(object_of(answer.json)),), 1))
        return _none_waiting(outcome)

    def pull_many(self, limit: int = MAX_PULL) -> Outcome[Pulled]:
        """Up to ``limit`` notifications, oldest first, and how many remain (pullMultipleNotification)."""
        path = ("notifications", "multiple")
        outcome = self.calls.send("GET", path, lambda answer: read_pulled(answer.json), query={"limit": str(limit)})
        return _none_waiting(outcome)

    def release(self) -> Outcome[None]:
        """Have what failed sent again; PUSH clients only, once an hour (releaseNotifications)."""
        return self.calls.send("POST", ("notifications", "release"), nothing)


def _none_waiting(outcome: Outcome[Pulled]) -> Outcome[Pulled]:
    if isinstance(outcome, Refused) and outcome.status == NOT_FOUND:
        return Done(Pulled((), 0))
    return outcome
