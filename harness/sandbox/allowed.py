"""Values compared with the types of a record's fields: each mistake a sentence that names what is allowed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import isfinite
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

__all__ = ["kinds_of", "read_values", "schema_of"]


@cache
def kinds_of(record: type) -> Mapping[str, Any]:
    """The fields of a dataclass with their types."""
    return MappingProxyType(get_type_hints(record, include_extras=True))


def read_values(record: type, values: Mapping[str, object]) -> tuple[dict[str, Any], list[str]]:
    """The values as the fields have them, and a sentence for each that does not fit or has no field."""
    kinds = kinds_of(record)
    clean: dict[str, Any] = {}
    mistakes = []
    for name, value in values.items():
        if name not in kinds:
            mistakes.append(f"{name}: there is no such setting; there are {', '.join(kinds)}")
            continue
        try:
            clean[name] = msgspec.convert(value, kinds[name])
        except msgspec.ValidationError:
            mistakes.append(f"{name}: expected {_words(kinds[name])}, not {value!r}")
        else:
            if isinstance(value, float) and not isfinite(value):
                mistakes.append(f"{name}: expected {_words(kinds[name])}, not {value!r}")
    return clean, mistakes


def schema_of(record: type) -> Mapping[str, Any]:
    """What each field may be, as JSON Schema."""
    return {name: msgspec.json.schema(kind) for name, kind in kinds_of(record).items()}


def _words(kind: Any) -> str:  # noqa: ANN401 - a type as the typing module shows one
    told = str(getattr(kind, "__name__", kind))
    if get_origin(kind) is Literal:
        told = " or ".join(str(one) for one in get_args(kind))
    elif kind is bool:
        told = "true or false"
    elif kind is str:
        told = "a text"
    elif get_origin(kind) is Annotated:
        inner, meta, *_ = get_args(kind)
        if get_origin(inner) is tuple:
            told = f"a list of {meta.max_length} at most, each {_words(get_args(inner)[0])}"
        else:
            told = f"a number from {meta.ge:,} to {meta.le:,}"
    return told
