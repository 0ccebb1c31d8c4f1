"""Which part of the suite can see a defect, so that proving does not play everything every time."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["SHORT_WAITS", "narrowed_to"]

WHOLE: tuple[str, ...] = ()
JUDGED_OVER_MORE: Mapping[str, tuple[str, ...]] = {
    "DP-API-01": WHOLE,
    "DP-NOT-06": ("--criterion", "DP-NOT-06", "--delivery", "pull"),
    "DP-RES-04": ("--criterion", "DP-RES-04", "--histories", "16", "--history-length", "20"),
    "DP-SCH-10": ("--area", "schedule"),
}
"""Criteria that are judged over more than their own scenarios, and what must be played for them."""

SHORT_WAITS = ("--wait", "change_s=4", "--wait", "news_push_s=4")
"""The reference stub acts within milliseconds: what has not come in seconds does not come."""


def narrowed_to(criterion: str) -> tuple[str, ...]:
    """Options of ``acceptance run`` that play what can matter to ``criterion``."""
    return JUDGED_OVER_MORE.get(criterion, ("--criterion", criterion))
