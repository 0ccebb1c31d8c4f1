"""Checks of how notifications are answered."""

from __future__ import annotations

from dataclasses import dataclass

from harness.verdict.finding import Problem
from harness.verdict.observation import ForgedAnswerSeen, TriesSeen, TrySeen

__all__ = ["ForgedRefused", "NewsAccepted"]

REFUSED = frozenset({401, 403})
SUCCESS = range(200, 300)
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
