"""How the API behaved in a run: for each operation its statuses, its refusals, and the form of what it answered.

Two runs of the same suite against two Docplanners differ here where the Docplanners do. Pure.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from harness.recorder.line import Channel, Kind, Line

__all__ = ["Behaviour", "behaviours"]

SUCCESS = range(200, 300)
DIGITS = re.compile(r"\d+")
KINDS = {str: "text", bool: "true or false", int: "number", float: "number", list: "list", dict: "object"}


@dataclass(slots=True)
class Behaviour:
    """What was seen of one operation, or of one event that was told (``event slot-booked``)."""

    calls: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    """Status and message of refused calls, numbers in the message left out."""
    fields: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The kinds of value of each field of successful answers; ``_items[].id`` for a field of each member of a list."""
    headers: set[str] = field(default_factory=set)
    """Names of headers that begin with ``x-``, and of Location and Retry-After."""


def behaviours(lines: Iterable[Line]) -> dict[str, Behaviour]:
    """What was seen of each operation; what the run broke on purpose is left out."""
    seen: dict[str, Behaviour] = defaultdict(Behaviour)
    for line in lines:
        body = line.body
        if line.kind is Kind.EXCHANGE and line.channel in {Channel.API, Channel.TOKEN} and not body.get("injected"):
            operation = body.get("operation")
            if isinstance(operation, str):
                _note(seen[operation], body)
        elif line.kind is Kind.NOTIFICATION_TRY:
            told = _told(body)
            if told is not None:
                event = seen[f"event {told.get('name')}"]
                event.calls += 1
                _note_fields(event, told)
    return dict(seen)


def _told(body: Mapping[str, object]) -> Mapping[str, object] | None:
    for holder in (body, body.get("request")):
        found = holder.get("json") if isinstance(holder, Mapping) else None
        if isinstance(found, Mapping) and isinstance(found.get("name"), str):
            return found
    return None


def _note(seen: Behaviour, body: Mapping[str, object]) -> None:
    status, answer = body.get("status"), body.get("response")
    answer = answer if isinstance(answer, Mapping) else {}
    seen.calls += 1
    seen.statuses[str(status) if status is not None else "no answer"] += 1
    headers = answer.get("headers")
    for name in headers if isinstance(headers, Mapping) else ():
        if str(name).lower().startswith("x-") or str(name).lower() in {"location", "retry-after"}:
            seen.headers.add(str(name).lower())
    told = answer.get("json")
    if isinstance(status, int) and status in SUCCESS:
        _note_fields(seen, told)
    elif isinstance(told, Mapping):
        seen.refusals[f"{status} {DIGITS.sub('N', str(told.get('message') or told.get('error') or ''))}"] += 1


def _note_fields(seen: Behaviour, told: object) -> None:
    for path, value in _walk("", told):
        seen.fields[path].add("null" if value is None else KINDS.get(type(value), type(value).__name__))


def _walk(path: str, value: object) -> Iterator[tuple[str, object]]:
    if path:
        yield path, value
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _walk(f"{path}.{name}" if path else str(name), part)
    elif isinstance(value, list):
        for part in value:
            yield from _walk(f"{path}[]", part)
