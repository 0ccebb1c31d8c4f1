"""What stands beside Allure's results: the environment of the run, and the categories by blame."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Mapping
from pathlib import Path

from reports.categories import category_records
from reports.verdict_record import VerdictRecord

__all__ = ["environment_properties", "write_environment"]


def write_environment(results: Path, verdict: Mapping[str, object]) -> None:
    """Write ``environment.properties`` and ``categories.json`` into Allure's results directory.

    Raises:
        OSError: the directory cannot be written.
    """
    results.mkdir(parents=True, exist_ok=True)
    (results / "environment.properties").write_text(environment_properties(verdict), encoding="utf-8")
    categories = json.dumps(category_records(verdict), indent=2, ensure_ascii=False)
    (results / "categories.json").write_text(categories + "\n", encoding="utf-8")


def environment_properties(verdict: Mapping[str, object]) -> str:
    """The run's circumstances in the form of Java's properties files; what is not known is left out."""
    record = VerdictRecord.read(verdict)
    known = {
        "Verdict": record.verdict,
        "Partner system": f"{record.partner_name} {record.partner_version}".strip(),
        "Assembly": record.assembly,
        "Marketplace": record.marketplace,
        "Profile": record.profile,
        "Delivery": record.delivery,
        "Seed": record.seed,
        "Scope": record.scope or "everything",
        "Harness": record.harness_version,
        "Python": platform.python_version(),
    }
    lines = [f"{_escaped(name, key=True)} = {_escaped(value)}" for name, value in known.items() if value]
    return "\n".join(lines) + "\n"


def _escaped(text: str, *, key: bool = False) -> str:
    """One line: a backslash and a line's end would mean something else to a reader of properties."""
    flat = " ".join(text.replace("\\", "\\\\").split())
    return re.sub(r"([ =:])", r"\\\1", flat) if key else flat
