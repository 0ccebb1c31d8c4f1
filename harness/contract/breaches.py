"""What a body has against its contract, one readable sentence each.

A sentence tells where, what the contract wants and what was seen instead. Data of patients and credentials are never
quoted: there the sentence names the kind of value alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import jsonschema_rs

from harness.contract.schemas import INTEGER_TEXT, NUMBER_TEXT, Dialect, Validator

__all__ = ["MOST", "limited", "of_body", "place", "seen"]

MOST = 10
"""Sentences about one body; a thousand slots with the same mistake are told as ten and a number."""
LONGEST_QUOTE = 60
"""Characters of a value that is quoted."""
PRIVATE = frozenset(
    {
        "access_token", "birth_date", "callback_api_key", "client_secret", "comment", "email", "insurance_number", "nin",
        "patient", "phone", "refresh_token", "surname",
    }
)  # fmt: skip
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
    match value:
        case None | bool():
            return json.dumps(value)
        case str() if not value:
            return "an empty string"
        case str() | int() | float() if PRIVATE.isdisjoint(path) and len(quoted := _quoted(value)) <= LONGEST_QUOTE + 2:
            return quoted
        case str():
            return KINDS["string"]
        case int() | float():
            return KINDS["number"]
        case list():
            return KINDS["array"]
        case _:
            return KINDS["object"]


def _quoted(value: str | float) -> str:
    return json.dumps(value, ensure_ascii=False)


def _objection(error: jsonschema_rs.ValidationError, path: Path, dialect: Dialect) -> str:
    kind = error.kind
    names = jsonschema_rs.ValidationErrorKind
    match kind:
        case names.Required():
            return f"{kind.property} is missing"
        case names.AdditionalProperties():
            return f"unknown fields {', '.join(map(str, kind.unexpected))}"
        case names.UniqueItems():
            return "expected no item twice"
    return f"expected {_expectation(kind, dialect)}, saw {seen(error.instance, path)}"


def _expectation(kind: object, dialect: Dialect) -> str:
    names = jsonschema_rs.ValidationErrorKind
    match kind:
        case names.Type():
            return " or ".join(words for word, words in KINDS.items() if word in kind.types)
        case names.Enum():
            return "one of " + ", ".join(json.dumps(option, ensure_ascii=False) for option in kind.options)
        case names.Format():
            return dialect.date_time_words if kind.format == "moment" else "a day such as 2026-11-24"
        case names.Pattern():
            return {INTEGER_TEXT: "an integer", NUMBER_TEXT: "a number"}[kind.pattern]
        case names.Minimum():
            return f"{kind.limit} or more"
        case names.Maximum():
            return f"{kind.limit} or less"
        case names.MinLength():
            return f"{kind.limit} or more characters"
        case names.OneOfNotValid():
            return "one of the forms that the contract allows"
        case _:
            return f"what the contract says under {getattr(kind, 'name', 'another keyword')}"
