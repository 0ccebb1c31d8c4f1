"""What a body has against its contract, one readable sentence each.

A sentence tells where, what the contract wants and what was seen instead. Data of patients and credentials are never
quoted: there the sentence names the kind of value alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind as Kind

from harness.contract.schemas import INTEGER_TEXT, MOMENT, NUMBER_TEXT, Dialect, Validator

__all__ = ["MOST", "limited", "of_body", "place", "seen"]

MOST = 10
"""Sentences about one body; a thousand slots with the same mistake are told as ten and a number."""
LONGEST_QUOTE = 60
"""Characters of a value that is quoted."""
PRIVATE = frozenset({"patient", "phone", "surname", "email", "birth_date", "nin", "insurance_number", "comment"}) | {
    "access_token",
    "callback_api_key",
    "client_secret",
    "refresh_token",
}
"""Keys under which no value is quoted."""
KINDS = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
LIMITS = {"minimum": "or more", "maximum": "or less", "minLength": "or more characters"}
_KIND_OF = {str: "string", int: "number", float: "number", list: "array"}

Path = Sequence[str | int]


def of_body(where: str, validator: Validator, value: object, dialect: Dialect, *, within: Path = ()) -> Iterator[str]:
    """Everything that ``validator`` has against ``value``, which stands at ``within`` of the body named ``where``."""
    if validator.is_valid(value):
        return
    for error in validator.iter_errors(value):
        path = [*within, *error.instance_path]
        yield f"{place(where, path)}: {_objection(error, path, dialect)}"


def limited(breaches: Sequence[str]) -> tuple[str, ...]:
    """The first of ``breaches``, and how many more there are."""
    if len(breaches) <= MOST:
        return tuple(breaches)
    return (*breaches[:MOST], f"and {len(breaches) - MOST} more breaches")


def place(where: str, path: Path) -> str:
    """``request body, slots[0].start``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
    return f"{where}, {text}" if text else where


def seen(value: object, path: Path) -> str:
    """``value`` quoted where it is short and nobody's secret, else what kind of value it is."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str | int | float) and value != "":
        quoted = json.dumps(value, ensure_ascii=False)
        if PRIVATE.isdisjoint(path) and len(quoted) <= LONGEST_QUOTE + 2:
            return quoted
    return "an empty string" if value == "" else KINDS[_KIND_OF.get(type(value), "object")]


def _objection(error: jsonschema_rs.ValidationError, path: Path, dialect: Dialect) -> str:
    kind = error.kind
    match kind:
        case Kind.Required():
            return f"{kind.property} is missing"
        case Kind.AdditionalProperties():
            return f"unknown fields {', '.join(map(str, kind.unexpected))}"
        case Kind.UniqueItems():
            return "expected no item twice"
        case Kind.Format():
            wanted = dialect.moment_words(str(error.instance)) if kind.format == MOMENT else "a day such as 2026-11-24"
        case Kind.Type():
            wanted = " or ".join(words for word, words in KINDS.items() if word in kind.types)
        case Kind.Enum():
            wanted = "one of " + ", ".join(json.dumps(option, ensure_ascii=False) for option in kind.options)
        case Kind.Pattern():
            wanted = {INTEGER_TEXT: "an integer", NUMBER_TEXT: "a number"}[kind.pattern]
        case Kind.Minimum() | Kind.Maximum() | Kind.MinLength():
            wanted = f"{kind.limit} {LIMITS[kind.name]}"
        case _:
            wanted = "one of the forms that the contract allows"
    return f"expected {wanted}, saw {seen(error.instance, path)}"
