"""Journal lines as people read them: one title and one text a line, the same in Allure and on the verdict page."""

from __future__ import annotations

import json
from collections.abc import Mapping

from harness.contract.control import SANDBOX_CONTROL
from harness.recorder.line import Channel, Kind, Line
from harness.recorder.rendering import as_curl, as_text

__all__ = ["TRAFFIC", "text_of", "title_of"]

TRAFFIC = frozenset({Kind.EXCHANGE, Kind.NOTIFICATION_TRY})
"""Kinds of line that show what went over the wire."""

PEOPLE = {"docplanner": "Docplanner"}


def title_of(line: Line) -> str:
    """The line in a few words, ``bookSlot 200 (81 ms)  partner → Docplanner, journal line 17``."""
    return f"{_headline(line)}, journal line {line.n}"


def text_of(line: Line) -> str:
    """The whole line: for an exchange what went to and fro, and how to repeat it with curl; else its fields."""
    if line.kind in TRAFFIC and "method" in line.body:
        parts = [as_text(line.body), as_curl(line.body)]
        return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"
    return _fields(line.body)


def _headline(line: Line) -> str:  # noqa: PLR0911 - one sentence a kind of line
    body = line.body
    match line.kind:
        case Kind.EXCHANGE:
            called = _word(body, "operation") or f"{_word(body, 'method')} {_word(body, 'url')}".strip() or "exchange"
            return f"{called} {_answer(body)}  {_parties(line)}"
        case Kind.NOTIFICATION_TRY:
            number = body.get("try")
            which = f", try {number}" if number else ""
            return f"{_word(body, 'event') or 'notification'} {_answer(body)}{which}  Docplanner → partner"
        case Kind.ACT:
            words = _word(body, "words") or _word(body, "verb") or "act"
            return f"{words}: {_word(body, 'state') or 'noted'}"
        case Kind.LOOK:
            return f"look at {_word(body, 'side') or 'both sides'}: {_word(body, 'what') or 'something'}"
        case Kind.WAIT:
            return f"wait for {_word(body, 'check')}: {_word(body, 'outcome')}"
        case Kind.FINDING:
            return f"finding {_word(body, 'criterion')}: {_word(body, 'headline')}"
        case _:
            state = _word(body, "state")
            return f"{line.kind.value} {state}".strip()


def _answer(body: Mapping[str, object]) -> str:
    status = body.get("status")
    said = str(status) if status is not None else "no answer"
    took = body.get("took_ms")
    return f"{said} ({took:.0f} ms)" if isinstance(took, int | float) else said


def _parties(line: Line) -> str:
    sender = PEOPLE.get(line.actor.value, line.actor.value)
    receiver = "Docplanner"
    if line.channel is Channel.NOTIFICATION:
        receiver = "partner"
    elif line.channel is Channel.CONTROL:
        receiver = "sandbox" if line.body.get("operation") in SANDBOX_CONTROL.operations else "partner"
    return f"{sender} → {receiver}"


def _word(body: Mapping[str, object], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""


def _fields(body: Mapping[str, object]) -> str:
    """One field a paragraph: short values on the line of their name, records below it."""
    parts = []
    for key, value in body.items():
        if value is None or value in ("", []):
            continue
        if isinstance(value, dict | list):
            parts.append(f"{key}\n{json.dumps(value, ensure_ascii=False, indent=2)}")
        elif isinstance(value, str) and "\n" in value:
            parts.append(f"{key}\n{value}")
        else:
            parts.append(f"{key}  {value}")
    return "\n".join(parts) + "\n" if parts else ""
