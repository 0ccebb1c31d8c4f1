"""Which part of the suite can see a defect, so that proving does not play everything every time."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["PATIENT_WAITS", "SHORT_WAITS", "narrowed_to", "needed_beside"]

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


PATIENT_WAITS = ("--wait", "change_s=30", "--wait", "news_push_s=30")
"""For a run that is played once more, alone: on a busy machine even milliseconds can take seconds."""
SELECTING = ("--criterion", "--area")


def needed_beside(criterion: str) -> tuple[str, ...]:
    """Options without which the whole suite shows nothing of ``criterion``: how news goes, how many histories."""
    options = JUDGED_OVER_MORE.get(criterion, WHOLE)
    pairs = zip(options[::2], options[1::2], strict=True)
    return tuple(part for pair in pairs if pair[0] not in SELECTING for part in pair)


def narrowed_to(criterion: str) -> tuple[str, ...]:
    """Options of ``acceptance run`` that play what can matter to ``criterion``."""
    return JUDGED_OVER_MORE.get(criterion, ("--criterion", criterion))
