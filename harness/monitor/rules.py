"""When an endpoint fails, and when people are told. Pure.

Source: behaviour.md, "Endpoint monitoring": any answer but a 5XX counts as working; three failures in a row raise one
alert. One more letter says that it works again, and none comes in between.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from harness.contract.limits import LOWEST_FAILING_STATUS, PING_FAILURES_BEFORE_ALERT, REALTIME_ANSWER_S

__all__ = ["Occasion", "Ping", "Standing", "after"]


@dataclass(frozen=True, slots=True)
class Ping:
    """One ping: ``status`` of the answer, None where none came; ``took_ms`` until it came or was given up."""

    at: datetime
    status: int | None
    took_ms: float
    trouble: str = ""
    """Why no answer came."""

    @property
    def works(self) -> bool:
        """Whether Docplanner counts it as working."""
        return self.status is not None and self.status < LOWEST_FAILING_STATUS

    @property
    def denies(self) -> bool:
        """Whether a real-time question at that moment would have kept the patient from booking.

        Answers must come within 5 s; what is not 2xx blocks. A ping is no question, so only what holds for any request
        counts: no answer, a 5XX, or one that came too late.
        """
        return not self.works or self.took_ms > REALTIME_ANSWER_S * 1000


class Occasion(enum.StrEnum):
    """Why people are told."""

    FAILS = "fails"
    WORKS_AGAIN = "works again"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an endpoint stands: ``failures`` in a row, and whether people were told of them."""

    failures: int = 0
    alerted: bool = False
    failing_since: datetime | None = None

    @property
    def left(self) -> int:
        """How many more failures in a row raise the alert; 0 where it was raised."""
        return 0 if self.alerted else max(PING_FAILURES_BEFORE_ALERT - self.failures, 0)


def after(standing: Standing, ping: Ping) -> tuple[Standing, Occasion | None]:
    """Where the endpoint stands after one more ping, and whether people are told of it."""
    if ping.works:
        return Standing(), Occasion.WORKS_AGAIN if standing.alerted else None
    failures = standing.failures + 1
    since = standing.failing_since or ping.at
    due = failures >= PING_FAILURES_BEFORE_ALERT and not standing.alerted
    return Standing(failures, standing.alerted or due, since), Occasion.FAILS if due else None
