"""``audit.html``: every difference between the two sides of a clinic, on one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reports.frame import render

__all__ = ["render_audit_page", "write_audit_page"]

HEADINGS = {0: "Both sides are equal", 1: "The two sides differ", 2: "Not all could be read"}
TONES = {0: "accepted", 1: "not-accepted", 2: "not-proven"}


def write_audit_page(record: Mapping[str, Any], destination: Path) -> Path:
    """Write the page for ``record`` (the content of ``audit.json``).

    Raises:
        OSError: ``destination`` cannot be written.
    """
    destination.write_text(render_audit_page(record), encoding="utf-8")
    return destination


def render_audit_page(record: Mapping[str, Any]) -> str:
    """The page as HTML; patients stand in it as masks alone."""
    code = record["exit_code"]
    return render("audit.html.j2", record=record, heading=HEADINGS[code], tone=TONES[code])
