"""Deliberate mistakes of the reference stub, each a realistic one, and the criterion that must catch it.

They stand in ``defects.toml``; each is one switch in one place of the code: ``if defects.on("..."):``.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from harness.errors import UnknownName

__all__ = ["DEFECTS", "Defect", "Defects"]


@dataclass(frozen=True, slots=True)
class Defect:
    """A mistake that integrations make. ``criterion`` is the id meant to catch it."""

    name: str
    area: str
    criterion: str
    summary: str
    description: str
    cause: str = ""
    """The beginning of the word by which its findings must be explained; empty where nothing is asked."""


class Defects:
    """Which defects are switched on."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._on = frozenset(names)
        if unknown := sorted(self._on - DEFECTS.keys()):
            raise UnknownName("; ".join(_not_known(name) for name in unknown), hint="See acceptance defects.")

    def on(self, name: str) -> bool:
        """Whether the defect is switched on. A name that does not exist is a KeyError, also when it is off."""
        return DEFECTS[name].name in self._on


def _not_known(name: str) -> str:
    close = difflib.get_close_matches(name, DEFECTS, n=3, cutoff=0.4)
    return f"There is no defect {name!r}" + (f"; do you mean {' or '.join(close)}?" if close else ".")


def _read() -> Mapping[str, Defect]:
    text = files("harness.stub").joinpath("defects.toml").read_text(encoding="utf-8")
    return MappingProxyType({row["name"]: Defect(**row) for row in tomllib.loads(text)["defect"]})


DEFECTS: Mapping[str, Defect] = _read()
"""Every deliberate defect by its name, from ``defects.toml``."""
