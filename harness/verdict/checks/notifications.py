"""Checks of how notifications are answered."""

from __future__ import annotations

from dataclasses import dataclass

from harness.verdict.finding import Problem
from harness.verdict.observation import AnswersSeen, ForgedAnswerSeen, PollingSeen, TriesSeen, TrySeen

__all__ = ["EndpointStands", "ForgedRefused", "NewsAccepted", "PolledOften"]

REFUSED = frozenset({401, 403})
SUCCESS = range(200, 300)
SERVER_ERROR = 500
LONGEST_POLL_S = 12 * 3600.0
"""A sixth of the 72 hours after which notifications are deleted; ours. Source: behaviour.md, "Notifications"."""
PATIENCE_S = 10.0
"""Seconds after which the embedded sandbox gives an answer up; ours, since the guide names no limit."""


@dataclass(frozen=True, slots=True)
class NewsAccepted:
    """Every notification that was pushed about the calendar was answered 2xx, within ``within_s`` seconds.

    With ``events`` only these count, and each of them must have been pushed.
    """

    events: tuple[str, ...] = ()
    within_s: float = PATIENCE_S

    def judge(self, seen: TriesSeen) -> Problem | None:
        """None where all were, and there was at least one."""
        pushed = [one for one in seen.tries if one.channel == "push" and (not self.events or one.event in self.events)]
        expected = f"every notification answered 2xx within {self.within_s:g} s"
        if not pushed:
            return Problem("No notification was pushed", expected, "none was sent")
        if never := sorted(set(self.events) - {one.event for one in pushed}):
            return Problem("Not every notification was pushed", expected, f"never sent: {', '.join(never)}")
        bad = [told for one in pushed if (told := self._against(one))]
        if not bad:
            return None
        return Problem(
            "Notifications were not accepted",
            expected,
            f"{len(bad)} of {len(pushed)} were not: {', '.join(bad[:3])}",
            "the endpoint must answer 2xx once it has stored the notification, and work it off afterwards",
        )

    def _against(self, one: TrySeen) -> str:
        if one.status is None:
            return f"{one.event} no answer"
        if one.status not in SUCCESS:
            return f"{one.event} {one.status}"
        seconds = (one.took_ms or 0) / 1000
        return f"{one.event} {one.status} after {seconds:.1f} s" if seconds > self.within_s else ""


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


@dataclass(frozen=True, slots=True)
class EndpointStands:
    """Whatever the endpoint was sent, it answered below 500."""

    def judge(self, seen: AnswersSeen) -> Problem | None:
        """None where it did."""
        bad = [(what, status) for what, status in seen.answers if status is None or status >= SERVER_ERROR]
        if not bad:
            return None
        told = ", ".join(f"{what} {'no answer' if status is None else status}" for what, status in bad[:4])
        return Problem(
            "The endpoint falls over",
            f"all {len(seen.answers)} requests answered below 500",
            f"{len(bad)} were not: {told}",
            "read what comes before anything is done with it, and answer 4xx where it makes no sense",
        )


@dataclass(frozen=True, slots=True)
class PolledOften:
    """Notifications are pulled far more often than they are deleted, after 72 hours: every ``most_s`` at least."""

    most_s: float = LONGEST_POLL_S

    def judge(self, seen: PollingSeen) -> Problem | None:
        """None where they are."""
        if seen.interval_s <= self.most_s:
            return None
        return Problem(
            "Notifications are pulled too seldom",
            f"at least every {self.most_s:.0f} s",
            f"every {seen.interval_s:.0f} s",
            "what is not pulled in 72 hours is deleted: a weekend must not be enough for that",
        )
