"""The catalogue of criteria: what acceptance means, read once from ``criteria.toml``."""

from __future__ import annotations

import enum
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["CRITERIA", "Area", "Assembly", "Criterion", "Level"]


class Area(enum.StrEnum):
    """What a criterion is about; each has a folder of features."""

    ACCESS = "access"
    MAPPING = "mapping"
    BOOKINGS = "bookings"
    SCHEDULE = "schedule"
    ACTIVATION = "activation"
    NOTIFICATIONS = "notifications"
    REALTIME = "realtime"
    RESILIENCE = "resilience"
    MONITORING = "monitoring"
    METHODS = "methods"


class Level(enum.StrEnum):
    """How much a criterion decides."""

    REQUIRED = "required"
    """Follows from a required flow or a documented rule."""
    CONDITIONAL = "conditional"
    """Required where the partner declares the capability."""
    ADVISED = "advised"
    """Reported, never decisive."""


class Assembly(enum.StrEnum):
    """How a run is put together."""

    SELF = "self"
    PARTNER = "partner"
    LIVE = "live"
    API = "api"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that the partner system must do. ``title`` completes "the partner system ..."."""

    id: str
    title: str
    area: Area
    level: Level
    capability: str | None
    assemblies: tuple[Assembly, ...]
    source: str
    methods: tuple[str, ...]
    why: str


@cache
def _load() -> Mapping[str, Criterion]:
    text = files("harness.verdict").joinpath("criteria.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["criterion"]
    criteria = [
        Criterion(
            id=row["id"],
            title=row["title"],
            area=Area(row["area"]),
            level=Level(row["level"]),
            capability=row.get("capability"),
            assemblies=tuple(Assembly(one) for one in row["assemblies"]),
            source=row["source"],
            methods=tuple(row["methods"]),
            why=row["why"],
        )
        for row in rows
    ]
    return MappingProxyType({one.id: one for one in criteria})


class _Catalogue(Mapping[str, Criterion]):
    """Read from the file at its first use: importing it costs nothing."""

    def __getitem__(self, name: str) -> Criterion:
        return _load()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_load())

    def __len__(self) -> int:
        return len(_load())


CRITERIA: Mapping[str, Criterion] = _Catalogue()
"""Every criterion by its id, in the order of the catalogue."""
