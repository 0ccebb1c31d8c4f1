"""The way from a scenario of the verdict to its result in the Allure page beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

__all__ = ["SCENARIO_LABEL", "results_by_scenario"]

SCENARIO_LABEL = "scenario"
"""The label by which a result tells whose it is: the scenario's id in journal and verdict."""


def results_by_scenario(results: Path) -> Mapping[str, str]:
    """What stands behind ``report.html#`` for each scenario in ``results``, the directory of Allure's results.

    Allure's page calls a result by the MD5 of its uuid [seen: version 3].
    """
    found = {}
    for path in sorted(results.glob("*-result.json")):
        result = json.loads(path.read_text(encoding="utf-8"))
        named = (one["value"] for one in result.get("labels") or () if one.get("name") == SCENARIO_LABEL)
        scenario = next(named, None)
        if scenario is not None:
            found[scenario] = hashlib.md5(str(result["uuid"]).encode(), usedforsecurity=False).hexdigest()
    return found
