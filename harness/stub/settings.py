"""What the reference stub is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["NAME", "VERSION", "StubSettings"]

NAME = "Reference clinic"
VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class StubSettings:
    """``token`` is the bearer token that the control API wants, None for none; it does not show in a repr."""

    host: str = "127.0.0.1"
    port: int = 0
    """0 for any that is free."""
    defects: tuple[str, ...] = ()
    database: Path | None = None
    """None for a file that is removed at the end."""
    token: str | None = None
    pull_interval_s: float = 1.0
    """Between two polls, where notifications are pulled."""
    compare_interval_s: float = 0.0
    """Between two comparisons of every calendar; 0 for none but those asked for."""
    without: tuple[str, ...] = ()
    """Capabilities that it lacks: not declared, and refused with 501."""
    undeclared: tuple[str, ...] = ()
    """Capabilities that it does not declare and has all the same, which no partner system should."""
    http_timeout_s: float = 30.0
    """After how long a call to Docplanner is given up."""

    def __repr__(self) -> str:
        return f"StubSettings(host={self.host!r}, port={self.port!r}, defects={self.defects!r})"
