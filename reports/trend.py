"""What the picture over the nights is drawn from: each night's verdict, and how many criteria ended how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Night"]


@dataclass(frozen=True, slots=True)
class Night:
    """One run of the suite; ``counts`` are criteria by outcome."""

    at: datetime
    verdict: str
    counts: Mapping[str, int]
