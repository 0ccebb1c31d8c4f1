"""The contract files, read once each, and the references inside them followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar, cast

import yaml

from harness.contract.json_value import JsonObject, JsonValue, object_of
from harness.errors import BrokenHarness

__all__ = ["API", "PARTNER", "SANDBOX", "LazyMapping", "contract_text", "document", "resolved"]

API = "openapi.yaml"
"""What Docplanner offers."""
PARTNER = "partner-control.yaml"
"""What a run asks of a partner system."""
SANDBOX = "sandbox-control.yaml"
"""How a run steers the embedded sandbox."""

Key = TypeVar("Key")
Value = TypeVar("Value")


def contract_text(name: str) -> str:
    """The text of a file of the contract."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


@cache
def document(name: str) -> JsonObject:
    """A contract file as data. Shared by all who ask: never to be changed."""
    return cast("JsonObject", yaml.load(contract_text(name), Loader=yaml.CSafeLoader))


def resolved(whole: Mapping[str, JsonValue], node: JsonValue) -> Mapping[str, JsonValue]:
    """The object that ``node`` is, or refers to within ``whole``."""
    here = object_of(node)
    while isinstance(reference := here.get("$ref"), str):
        here = whole
        for part in reference.removeprefix("#/").split("/"):
            if part not in here:
                message = f"A contract refers to {reference}, which it does not hold."
                raise BrokenHarness(message)
            here = object_of(here[part])
    return here


class LazyMapping(Mapping[Key, Value], Generic[Key, Value]):
    """A read-only mapping that is made when it is first looked into."""

    def __init__(self, make: Callable[[], Mapping[Key, Value]]) -> None:
        self._make = make
        self._made: Mapping[Key, Value] | None = None

    def _content(self) -> Mapping[Key, Value]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, key: Key) -> Value:
        return self._content()[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._content())

    def __len__(self) -> int:
        return len(self._content())

    def __contains__(self, key: object) -> bool:
        return key in self._content()
