"""OpenAPI 3.0 schemas made into validators, as strict about date-times and as lenient about ids as the contract is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol, cast

import jsonschema_rs

from harness.contract.documents import resolved
from harness.contract.json_value import JsonObject, JsonValue, array_of, object_of, text_of

__all__ = [
    "API_DIALECT",
    "CONTROL_DIALECT",
    "INTEGER_TEXT",
    "MOMENT",
    "NUMBER_TEXT",
    "Dialect",
    "Validator",
    "is_api_date_time",
    "is_date",
    "validator",
]

KEPT = ("required", "enum", "minimum", "maximum", "minLength", "uniqueItems")
"""Keywords that mean the same in OpenAPI 3.0 and in JSON Schema; descriptions, defaults and the like are left out."""
REMEMBERED = 8192
"""Date-times that need not be read again: lists of slots and bookings repeat theirs."""
MOMENT = "moment"
DAY = "day"
"""Our names for the formats date-time and date, so that no validator of the library's own takes them."""
INTEGER_TEXT = r"^-?[0-9]+$"
NUMBER_TEXT = r"^-?[0-9]+(\.[0-9]+)?$"
OFFSET_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)
ANY_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([+-]\d\d:?\d\d|[Zz])", re.ASCII)
PLAIN_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
ALSO_NUMBERS = frozenset({"id", "phone", "nin", "license_number", "post_code"})
"""Strings for which the provider's own samples also show numbers. Source: behaviour.md, "Access", ids."""


class Validator(Protocol):
    """What :mod:`jsonschema_rs` makes of a schema."""

    def is_valid(self, instance: object) -> bool:
        """Whether the schema allows ``instance``."""
        ...

    def iter_errors(self, instance: object) -> Iterator[jsonschema_rs.ValidationError]:
        """Everything about ``instance`` that the schema does not allow."""
        ...


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to read a contract's schemas."""

    is_moment: Callable[[str], bool]
    """Whether a text is a date-time of the contract."""
    lenient: bool
    """Whether ids may be numbers, and numbers strings of digits."""

    def moment_words(self, seen: str) -> str:
        """What a date-time is, with what matters about ``seen``, which is none."""
        words = "an ISO 8601 date-time with an offset"
        if "." in seen:
            words += " and without fractions of a second"
        if self.is_moment(seen.replace(" ", "+")):
            words += " (its + percent-encoded as %2B)"
        return words


def is_api_date_time(text: str) -> bool:
    """Whether ``text`` is a date-time as Docplanner takes it: with an offset ``+hh:mm``, neither ``Z`` nor fractions.

    Source: behaviour.md, "Access".
    """
    return OFFSET_DATE_TIME.fullmatch(text) is not None and _is_moment(text)


@lru_cache(REMEMBERED)
def _is_moment(text: str) -> bool:
    return _parses(datetime.fromisoformat, text)


def is_date(text: str) -> bool:
    """Whether ``text`` is a day that exists, ``2026-11-24``."""
    return PLAIN_DATE.fullmatch(text) is not None and _parses(date.fromisoformat, text)


def _is_control_date_time(text: str) -> bool:
    if ANY_DATE_TIME.fullmatch(text) is None:
        return False
    # fromisoformat of Python 3.11 reads at most six digits of a second's fraction.
    return _parses(datetime.fromisoformat, re.sub(r"(\.\d{6})\d+", r"\1", text.upper()))


def _parses(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


API_DIALECT = Dialect(is_moment=is_api_date_time, lenient=True)
"""Docplanner's API. Source: behaviour.md, "Access"."""

CONTROL_DIALECT = Dialect(is_moment=_is_control_date_time, lenient=False)
"""Our own two contracts: "every date-time is ISO 8601 with an offset, every id is a string"."""


def validator(whole: Mapping[str, JsonValue], schema: JsonValue, dialect: Dialect) -> Validator:
    """A validator for ``schema``, which stands somewhere in the OpenAPI file ``whole``."""
    made = _converted(whole, schema, dialect, name="", nullable=False)
    formats = {MOMENT: dialect.is_moment, DAY: is_date}
    return cast("Validator", jsonschema_rs.Draft202012Validator(made, formats=formats, validate_formats=True))


def _converted(
    whole: Mapping[str, JsonValue], schema: JsonValue, dialect: Dialect, *, name: str, nullable: bool
) -> JsonObject:
    """``schema`` in JSON Schema's words; ``name`` is that of the property it is for. No contract refers in circles."""
    node = resolved(whole, schema)
    nullable = nullable or node.get("nullable") is True
    made: JsonObject = {keyword: node[keyword] for keyword in KEPT if keyword in node}
    if nullable and "enum" in made:
        made["enum"] = [*array_of(made["enum"]), None]
    made |= _typed(node, dialect, name=name, nullable=nullable)
    if "properties" in node:
        made["properties"] = {
            key: _converted(whole, value, dialect, name=key, nullable=False)
            for key, value in object_of(node["properties"]).items()
        }
    if "items" in node:
        made["items"] = _converted(whole, node["items"], dialect, name="", nullable=False)
    if "additionalProperties" in node:
        extra = node["additionalProperties"]
        made["additionalProperties"] = (
            extra if isinstance(extra, bool) else _converted(whole, extra, dialect, name="", nullable=False)
        )
    # A part of a nullable whole must let null pass too, whatever it says where it stands alone.
    for keyword, lets_null_pass in (("allOf", nullable), ("oneOf", False), ("anyOf", False)):
        if keyword in node:
            made[keyword] = [
                _converted(whole, part, dialect, name=name, nullable=lets_null_pass) for part in array_of(node[keyword])
            ]
    return made


def _typed(node: Mapping[str, JsonValue], dialect: Dialect, *, name: str, nullable: bool) -> JsonObject:
    kind = text_of(node.get("type"))
    if not kind:
        return {}
    made: JsonObject = {}
    kinds: list[JsonValue] = [kind]
    if kind == "string" and node.get("format") in {"date-time", "date"}:
        made["format"] = MOMENT if node["format"] == "date-time" else DAY
    elif dialect.lenient and kind == "string" and (name in ALSO_NUMBERS or name.endswith("_id")):
        kinds.append("integer")
    elif dialect.lenient and kind in {"integer", "number"}:
        kinds.append("string")
        made["pattern"] = INTEGER_TEXT if kind == "integer" else NUMBER_TEXT
    made["type"] = [*kinds, "null"] if nullable else kinds
    return made
