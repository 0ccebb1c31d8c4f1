"""Checks of how notifications are answered."""

from __future__ import annotations

from dataclasses import dataclass

from harness.verdict.finding import Problem
from harness.verdict.observation import ForgedAnswerSeen, TriesSeen

__all__ = ["ForgedRefused", "NewsAccepted"]

REFUSED = frozenset({401, 403})
SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class NewsAccepted:
    """Every notification that was pushed about the calendar was answered 2xx."""

    def judge(self, seen: TriesSeen) -> Problem | None:
        """None where all were, and there was at least one."""
        pushed = [one for one in seen.tries if one.channel == "push"]
        expected = "every notification answered 2xx"
        if not pushed:
            return Problem("No notification was pushed", expected, "none was sent")
        refused = [one for one in pushed if one.status is None or one.status not in SUCCESS]
        if not refused:
            return None
        told = ", ".join(f"{one.event} {one.status or 'no answer'}" for one in refused[:3])
        return Problem(
            "Notifications were not accepted",
            expected,
            f"{len(refused)} of {len(pushed)} were not: {told}",
            "the endpoint must answer 2xx once it has stored the notification, and work it off afterwards",
        )


@dataclass(frozen=True, slots=True)
class ForgedRefused:
    """A notification with a wrong or missing key is answered 401 or 403."""

    def judge(self, seen: ForgedAnswerSeen) -> Problem | None:
        """None where it was."""
        if seen.status in REFUSED:
            return None
        return Problem(
            f"A notification with a {seen.key} key was not refused",
            "401 or 403",
            str(seen.status) if seen.status is not None else "no answer",
            "compare the agreed key before anything else is done with a notification",
        )
