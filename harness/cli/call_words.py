"""From the words of ``acceptance call`` to a request: ``name=value``, ``name:=json``, ``@file``. Pure but for the file.

A name that is a parameter of the path or the query goes there, all others into the body; ``a.b`` is ``b`` within ``a``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import orjson

from harness.contract.documents import API, document, resolved
from harness.contract.exchange_check import check_request
from harness.contract.json_value import JsonObject, JsonValue, array_of, object_of, text_of
from harness.contract.operations import OPERATIONS, Operation
from harness.errors import ConfigurationError, UnknownName

__all__ = ["Parameter", "Request", "body_fields", "operation_named", "parameters_of", "read_words"]

EXAMPLES = {
    ("string", "date-time"): "2026-11-24T09:00:00+01:00",
    ("string", "date"): "2026-11-24",
    ("integer", None): "30",
    ("number", None): "120.5",
    ("boolean", None): "true",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the path or the query, or a field of the body. ``kind`` is its JSON type in a reader's words."""

    name: str
    place: str
    """``path``, ``query`` or ``body``."""
    required: bool
    kind: str
    example: str
    allowed: tuple[str, ...] = ()


@dataclass(slots=True)
class Request:
    """What is sent: all parameters decoded, the body None where there is none."""

    operation: Operation
    params: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: JsonObject | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the path, not encoded yet."""
        names = self.operation.template.strip("/").split("/")
        return tuple(self.params[one[1:-1]] if one.startswith("{") else one for one in names)


def operation_named(name: str) -> Operation:
    """The operation of that id.

    Raises:
        UnknownName: there is none; with the nearest.
    """
    for known, operation in OPERATIONS.items():
        if known.casefold() == name.casefold():
            return operation
    near = get_close_matches(name, list(OPERATIONS), n=3, cutoff=0.5)
    like = f" Did you mean {' or '.join(near)}?" if near else ""
    message = f"The API has no operation {name!r}.{like}"
    raise UnknownName(message, hint="See `acceptance call --list`.")


def parameters_of(operation: Operation) -> tuple[Parameter, ...]:
    """What its path and query take, in the contract's order."""
    whole = document(API)
    found = [resolved(whole, one) for one in array_of(operation.definition["parameters"])]
    return tuple(
        _parameter(text_of(one["name"]), text_of(one["in"]), one.get("required") is True, one["schema"])
        for one in found
        if one["in"] in {"path", "query"}
    )


def body_fields(operation: Operation) -> tuple[Parameter, ...]:
    """The fields of its body, those of objects within as ``outer.inner``; none where it has no body."""
    content = object_of(object_of(operation.definition.get("requestBody")).get("content"))
    schema = next((object_of(one)["schema"] for one in content.values()), None)
    return tuple(_fields(schema, "")) if schema is not None else ()


def read_words(operation: Operation, words: Iterable[str]) -> Request:
    """The request that ``words`` describe, checked against the contract.

    Raises:
        ConfigurationError: names everything that is missing, unknown or of another kind.
    """
    request = Request(operation)
    mistakes: list[str] = []
    places = {one.name: one for one in parameters_of(operation)}
    fields = {one.name: one for one in body_fields(operation)}
    for word in words:
        _place(request, word, places, fields, mistakes)
    for one in places.values():
        given = request.params if one.place == "path" else request.query
        if one.required and not given.get(one.name):
            mistakes.append(f"{one.name} is missing: {one.kind}, such as {one.name}={one.example}")
    if object_of(operation.definition.get("requestBody")).get("required") is True and request.body is None:
        request.body = {}
    if not mistakes:
        raw = None if request.body is None else orjson.dumps(request.body)
        mistakes += check_request(operation.id, request.query, raw, params=request.params)
    if mistakes:
        text = "\n  ".join([f"{operation.id} cannot be called so:", *mistakes])
        raise ConfigurationError(text, hint=f"\nSee `acceptance call {operation.id} --describe`.")
    return request


def _place(
    request: Request,
    word: str,
    places: Mapping[str, Parameter],
    fields: Mapping[str, Parameter],
    mistakes: list[str],
) -> None:
    if word.startswith("@"):
        _read_file(request, Path(word[1:]), mistakes)
        return
    name, equals, text = word.partition("=")
    as_json = name.endswith(":")
    name = name.removesuffix(":")
    if not equals or not name:
        mistakes.append(f"{word!r} is not of the form name=value, name:=json or @file")
        return
    if name in places:
        given = request.params if places[name].place == "path" else request.query
        given[name] = text
        return
    outer = name.partition(".")[0]
    if not any(known.partition(".")[0] == outer for known in fields):
        near = get_close_matches(name, [*places, *fields], n=3, cutoff=0.5) or [*places, *fields]
        mistakes.append(f"{name} is no parameter of {request.operation.id}: there are {', '.join(near) or 'none'}")
        return
    value: JsonValue = text
    if as_json:
        try:
            value = orjson.loads(text)
        except ValueError:
            mistakes.append(f"{name}: expected JSON after :=, saw {text!r}")
            return
    elif name in fields:
        value = _as_kind(fields[name].kind, text)
    if request.body is None:
        request.body = {}
    _set(request.body, name.split("."), value)


def _read_file(request: Request, path: Path, mistakes: list[str]) -> None:
    try:
        read = orjson.loads(path.read_bytes())
    except OSError as error:
        mistakes.append(f"{path} cannot be read: {error.strerror}")
    except ValueError:
        mistakes.append(f"{path} does not hold JSON")
    else:
        if isinstance(read, dict):
            request.body = {**(request.body or {}), **read}
        else:
            mistakes.append(f"{path} must hold a JSON object")


def _set(body: JsonObject, path: list[str], value: JsonValue) -> None:
    for part in path[:-1]:
        inner = body.get(part)
        if not isinstance(inner, dict):
            inner = body[part] = {}
        body = inner
    body[path[-1]] = value


def _as_kind(kind: str, text: str) -> JsonValue:
    """The value that the text means under a field of that kind; the text itself where it means none."""
    if kind == "boolean" and text in {"true", "false"}:
        return text == "true"
    with suppress(ValueError):
        if kind == "integer":
            return int(text)
        if kind == "number":
            return float(text)
    return text


def _fields(schema: JsonValue, before: str) -> Iterable[Parameter]:
    whole = document(API)
    node = resolved(whole, schema)
    parts = [node, *(resolved(whole, one) for one in array_of(node.get("allOf")))]
    for part in parts:
        required = set(array_of(part.get("required")))
        for name, inner in object_of(part.get("properties")).items():
            kind = resolved(whole, inner)
            if kind.get("type") == "object" or "properties" in kind:
                yield from _fields(inner, f"{before}{name}.")
            else:
                yield _parameter(f"{before}{name}", "body", name in required, inner)


def _parameter(name: str, place: str, required: bool, schema: JsonValue) -> Parameter:
    kind = resolved(document(API), schema)
    inner = resolved(document(API), kind["items"]) if "items" in kind else kind
    word, form = text_of(kind.get("type")) or "string", kind.get("format")
    allowed = tuple(str(one) for one in array_of(inner.get("enum")))
    example = EXAMPLES.get((word, form if isinstance(form, str) else None)) or (allowed[0] if allowed else "123")
    return Parameter(name, place, required, f"{word} ({form})" if form else word, example, allowed)
