"""Operations of an OpenAPI file, and which of them a method and path mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from harness.contract.documents import resolved
from harness.contract.json_value import JsonObject, JsonValue, array_of, object_of, text_of

__all__ = ["Match", "Operation", "Routes", "operations_in"]

METHODS = ("get", "put", "post", "delete", "patch")
SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that an API can be asked."""

    id: str
    method: str
    template: str
    """Its path, such as ``/facilities/{facility_id}``."""
    tag: str
    summary: str
    success: tuple[int, ...]
    writes: bool
    """Whether it changes something: every method but GET."""
    documented: frozenset[int]
    """Statuses that the contract allows, those of its ``default`` answer included."""
    errors: Mapping[int, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """Names in the error catalogue, by status."""
    definition: JsonObject = field(default_factory=dict, repr=False, compare=False, hash=False)
    """The operation as the contract has it, with the parameters of its path; references not followed."""


@dataclass(frozen=True, slots=True)
class Match:
    """An operation, and what stood in the places of its path's parameters (percent-decoded)."""

    operation: Operation
    params: dict[str, str]


class Routes:
    """Finds the operation that a request means."""

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self._routes: dict[tuple[str, int], list[tuple[re.Pattern[str], Operation]]] = {}
        # A template without parameters goes before one with: /notifications/multiple is no notification's id.
        for operation in sorted(operations.values(), key=lambda one: one.template.count("{")):
            place = (operation.method, operation.template.count("/"))
            self._routes.setdefault(place, []).append((_pattern(operation.template), operation))

    def match(self, method: str, path: str) -> Match | None:
        """The operation behind ``method`` and ``path`` (percent-encoded, no query), or None where there is none."""
        for pattern, operation in self._routes.get((method.upper(), path.count("/")), ()):
            if found := pattern.fullmatch(path):
                return Match(operation, {name: unquote(value) for name, value in found.groupdict().items()})
        return None


def operations_in(
    whole: JsonObject, *, default: frozenset[int], always: frozenset[int] = frozenset()
) -> dict[str, Operation]:
    """The operations of an OpenAPI file by id.

    ``default`` are the statuses for which a ``default`` answer stands, ``always`` those that need not be listed.
    """
    return {operation.id: operation for operation in _operations(whole, default, always)}


def _operations(whole: JsonObject, default: frozenset[int], always: frozenset[int]) -> Iterator[Operation]:
    for template, item in object_of(whole["paths"]).items():
        shared = array_of(object_of(item).get("parameters"))
        for method in METHODS:
            if method not in object_of(item):
                continue
            definition = dict(object_of(object_of(item)[method]))
            definition["parameters"] = [*shared, *array_of(definition.get("parameters"))]
            responses = object_of(definition["responses"])
            listed = tuple(sorted(int(status) for status in responses if status != "default"))
            tags = array_of(definition.get("tags"))
            yield Operation(
                id=text_of(definition["operationId"]),
                method=method.upper(),
                template=template,
                tag=text_of(tags[0]) if tags else "",
                summary=text_of(definition.get("summary")),
                success=tuple(status for status in listed if status in SUCCESS),
                writes=method != "get",
                documented=always | frozenset(listed) | (default if "default" in responses else frozenset()),
                errors={status: names for status in listed if (names := _examples(whole, responses[str(status)]))},
                definition=definition,
            )


def _examples(whole: JsonObject, response: JsonValue) -> tuple[str, ...]:
    contents = object_of(resolved(whole, response).get("content"))
    return tuple(name for content in contents.values() for name in object_of(object_of(content).get("examples")))


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    # Text and parameter names take turns in what the split gives.
    return re.compile(
        "".join(f"(?P<{part}>[^/]+)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
    )
