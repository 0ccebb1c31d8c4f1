"""``acceptance criteria``: the catalogue, and which scenario covers what."""

from __future__ import annotations

import json
from collections import defaultdict

import typer
from rich.console import Console
from rich.table import Table

from harness.scenarios import read_scenarios
from harness.verdict.criteria import CRITERIA

__all__ = ["print_criteria"]


def print_criteria(*, as_json: bool) -> None:
    """Print every criterion with its level, capability and scenarios."""
    covering: dict[str, list[str]] = defaultdict(list)
    for scenario in read_scenarios():
        for criterion in scenario.criteria:
            covering[criterion].append(f"{scenario.feature}: {scenario.name}")
    if as_json:
        rows = [
            {
                "id": one.id,
                "title": one.title,
                "area": str(one.area),
                "level": str(one.level),
                "capability": one.capability,
                "source": one.source,
                "why": one.why,
                "scenarios": covering[one.id],
            }
            for one in CRITERIA.values()
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Criterion", "Level", "The partner system ...", "Scenarios"):
        table.add_column(heading, overflow="fold")
    for one in CRITERIA.values():
        level = f"{one.level} ({one.capability})" if one.capability else str(one.level)
        table.add_row(one.id, level, one.title, "\n".join(covering[one.id]))
    Console().print(table)
