"""JSON as a type: what contracts are read into and what journal lines carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

__all__ = ["JsonObject", "JsonValue", "array_of", "object_of", "text_of"]

JsonValue: TypeAlias = bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"] | None
"""Anything that JSON can say."""

JsonObject: TypeAlias = dict[str, JsonValue]


def object_of(value: JsonValue) -> Mapping[str, JsonValue]:
    """``value`` where it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def array_of(value: JsonValue) -> list[JsonValue]:
    """``value`` where it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: JsonValue) -> str:
    """``value`` where it is a string, else an empty one."""
    return value if isinstance(value, str) else ""
