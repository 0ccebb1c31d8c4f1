"""The status page of the endpoint monitor: one file that needs nothing else, and asks nothing of the network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reports.frame import render

__all__ = ["render_monitor_page", "write_monitor_page"]


def write_monitor_page(status: Mapping[str, Any], destination: Path) -> Path:
    """Write the page for ``status``; whoever reads it meanwhile sees the old one or the new one, never half of one.

    Raises:
        OSError: ``destination`` cannot be written.
    """
    made = destination.with_name(f".{destination.name}.new")
    made.write_text(render_monitor_page(status), encoding="utf-8")
    made.replace(destination)
    return destination


def render_monitor_page(status: Mapping[str, Any]) -> str:
    """The page as HTML. Its browser loads it again after each interval."""
    worst = [one["state"] for one in status["endpoints"]]
    state = next((name for name in ("alarm", "fails", "never pinged") if name in worst), "works")
    titles = {"alarm": "Alarm", "fails": "Failing", "never pinged": "Not known yet", "works": "All work"}
    return render("monitor.html.j2", status=status, state=state, title=titles[state])
