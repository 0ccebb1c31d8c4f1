"""``worlds.html``: what became of a run in each of many worlds, on one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reports.frame import render

__all__ = ["render_worlds_page", "write_worlds_page"]


def write_worlds_page(record: Mapping[str, Any], destination: Path) -> Path:
    """Write the page for ``record`` (the content of ``worlds.json``).

    Raises:
        OSError: ``destination`` cannot be written.
    """
    destination.write_text(render_worlds_page(record), encoding="utf-8")
    return destination


def render_worlds_page(record: Mapping[str, Any]) -> str:
    """The page as HTML, what was not accepted first; each world links to the page of its own run beside it."""
    worlds = sorted(record["worlds"], key=lambda one: one["exit_code"] == 0)
    return render("worlds.html.j2", record=record, worlds=worlds, total=len(worlds))
