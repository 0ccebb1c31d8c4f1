"""``matrix.html``: the kill matrix, defect by criterion, on one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from harness.verdict.criteria import CRITERIA
from reports.frame import render

__all__ = ["render_matrix_page", "write_matrix_page"]

SIGNS = {"meant and red": "●", "red as well": "•", "meant and not red": "✗", "not red": "", "not played": ""}
MEANINGS = {
    "caught": "the criterion meant for it failed",
    "caught elsewhere": "other criteria failed, the one meant for it did not",
    "not caught": "nothing failed",
    "not judged": "its run could not be judged",
}


def write_matrix_page(record: Mapping[str, Any], destination: Path) -> Path:
    """Write the page for ``record`` (the content of ``matrix.json``).

    Raises:
        OSError: ``destination`` cannot be written.
    """
    destination.write_text(render_matrix_page(record), encoding="utf-8")
    return destination


def render_matrix_page(record: Mapping[str, Any]) -> str:
    """The page as HTML; each defect links to the page of its own run, beside it on the disk."""
    columns = [(area, [str(one) for one in names]) for area, names in groupby(record["criteria"], key=_area)]
    rows = [(area, list(defects)) for area, defects in groupby(record["defects"], key=lambda one: one["area"])]
    return render(
        "matrix.html.j2",
        record=record,
        columns=columns,
        rows=rows,
        titles={name: one.title for name, one in CRITERIA.items()},
        signs=SIGNS,
        meanings=MEANINGS,
    )


def _area(criterion: str) -> str:
    return str(CRITERIA[criterion].area) if criterion in CRITERIA else "unknown"
