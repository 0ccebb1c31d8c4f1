"""From what stands in a file or a variable to a value of the setting's kind, or to what was expected instead."""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

from harness.config.catalogue import Kind, Setting

__all__ = ["Unfit", "from_text", "read_value", "shown"]

LONGEST_SHOWN = 60
SWITCHES = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}


class Unfit(ValueError):
    """The value does not fit; the message says what was expected."""


def from_text(setting: Setting, text: str) -> object:
    """What a variable's text means, before it is looked at more closely; text that means nothing else stays text."""
    try:
        match setting.kind:
            case Kind.WHOLE:
                return int(text)
            case Kind.SECONDS:
                return float(text)
            case Kind.TABLE | Kind.ROWS:
                return json.loads(text)
            case Kind.SWITCH:
                return SWITCHES.get(text.lower(), text)
            case _:
                return text
    except ValueError:
        return text


def read_value(setting: Setting, raw: object, choices: Collection[str]) -> object:
    """The value.

    Raises:
        Unfit: it is another kind, or out of bounds.
    """
    if setting.kind is Kind.INSTANT and isinstance(raw, datetime):
        raw = raw.isoformat()
    if not _fits(setting, raw, choices):
        raise Unfit(expected(setting, choices))
    return float(raw) if setting.kind is Kind.SECONDS and isinstance(raw, int) else raw


def expected(setting: Setting, choices: Collection[str]) -> str:
    """What the setting takes, in words."""
    match setting.kind:
        case Kind.WHOLE if setting.least is not None:
            return f"a whole number from {setting.least:g} to {setting.most:g}"
        case Kind.CHOICE:
            return f"one of {', '.join(choices)}"
        case Kind.ROWS:
            return f"a list of tables with texts, each with some of {', '.join(setting.columns)}"
        case kind:
            return {
                Kind.WHOLE: "a whole number",
                Kind.SECONDS: "seconds, 0 or more",
                Kind.SWITCH: "true or false",
                Kind.TABLE: "a table of names and values",
                Kind.ADDRESS: "an http or https address without user name and password",
                Kind.INSTANT: "a time with its offset",
            }.get(kind, "a text")


def shown(setting: Setting, raw: object) -> str:
    """The value as a message may show it: short, and an address without what stands before its host."""
    text = json.dumps(raw, ensure_ascii=False, default=str)
    if setting.kind is Kind.ADDRESS and "@" in text:
        return "an address with a user name or password, not shown"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def _fits(setting: Setting, raw: object, choices: Collection[str]) -> bool:
    match setting.kind:
        case Kind.WHOLE:
            return isinstance(raw, int) and not isinstance(raw, bool) and _within(setting, raw)
        case Kind.SECONDS:
            return _is_number(raw) and _within(setting, raw)
        case Kind.SWITCH:
            return isinstance(raw, bool)
        case Kind.TABLE:
            return isinstance(raw, dict)
        case Kind.ROWS:
            return isinstance(raw, list) and all(_is_row(one, setting.columns) for one in raw)
        case kind:
            return isinstance(raw, str) and _text_fits(kind, raw, choices)


def _text_fits(kind: Kind, text: str, choices: Collection[str]) -> bool:
    match kind:
        case Kind.CHOICE:
            return text in choices
        case Kind.ADDRESS:
            return _is_address(text)
        case Kind.INSTANT:
            return _is_instant(text)
        case _:
            return bool(text.strip())


def _within(setting: Setting, number: object) -> bool:
    if not isinstance(number, int | float):
        return False
    above = setting.least is None or number >= setting.least
    return above and (setting.most is None or number <= setting.most)


def _is_row(raw: object, columns: Collection[str]) -> bool:
    return isinstance(raw, dict) and all(key in columns and isinstance(text, str) for key, text in raw.items())


def _is_number(raw: object) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in text and parts.port != 0
    except ValueError:
        return False


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
