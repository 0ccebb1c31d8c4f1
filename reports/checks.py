"""What was checked before the first scenario, as far as it is worth a word."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["checks_to_tell"]

FIELDS = ("what", "status", "seen", "remedy")
WORTH_A_WORD = ("trouble", "warning", "could not tell")
"""The worst first."""


def checks_to_tell(verdict: Mapping[str, object]) -> list[dict[str, str]]:
    """The checks of ``verdict.json`` that were not well, the worst first; none from a version that made none."""
    told = verdict.get("checks")
    rows = [one for one in told if isinstance(one, Mapping)] if isinstance(told, list) else []
    found = [{name: str(one.get(name) or "") for name in FIELDS} for one in rows]
    worth = [one for one in found if one["status"] in WORTH_A_WORD]
    return sorted(worth, key=lambda one: WORTH_A_WORD.index(one["status"]))
