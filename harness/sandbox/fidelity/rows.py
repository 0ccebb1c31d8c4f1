"""The rows of the fidelity table, read from the ``.toml`` files beside this module.

A row's ``id`` begins with what it is about: ``operation``, ``event``, ``error`` and ``limit`` are followed by a name of
the contract, which also says what the row is called and where it is from; every other row is a rule, whose first word
is its area, and whose source is the place in behaviour.md where its quotes stand.
"""

from __future__ import annotations

import enum
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from harness.contract import limits
from harness.contract.catalogue import ERRORS
from harness.contract.documents import contract_text
from harness.contract.events import EVENTS
from harness.contract.operations import OPERATIONS
from harness.errors import BrokenHarness

__all__ = ["AREAS", "BEHAVIOUR", "Absent", "Fidelity", "Standing", "absent", "rows", "section_of"]

BEHAVIOUR = "behaviour.md"
"""The page of the contract that rules quote."""
AREAS = ("operation", "event", "access", "mapping", "calendars", "bookings", "notifications", "limit", "error")
"""What rows are about, in the order of the page; each has a file of its name."""


class Standing(enum.StrEnum):
    """How sure a behaviour is. The words are those of harness/contract/behaviour.md."""

    DOCUMENTED = "doc"
    OLD = "old"
    """Stated in an older version of the guide."""
    SEEN = "seen"
    """Observed by integrators on the sandbox."""
    ASSUMED = "assumed"
    """Ours, where the source says nothing."""
    OPEN = "open"
    """Not documented, or the texts disagree: a setting, and nothing that a scenario asserts."""


@dataclass(frozen=True, slots=True)
class Fidelity:
    """One behaviour of the sandbox."""

    id: str
    behaviour: str
    standing: Standing
    source: str
    """A file of the contract, and the section or name in it."""
    tests: tuple[str, ...]
    """Node ids, from the root of the project; with or without what stands in brackets."""
    quotes: tuple[str, ...] = ()
    """Words of behaviour.md."""
    setting: str | None = None
    """By which it is changed; a field of :class:`harness.sandbox.profiles.Behaviour`."""
    emulated: bool = True
    """False: the sandbox refuses in words of its own, and the tests hold that."""
    compared: str | None = None
    """The day on which it was last compared with the real sandbox."""

    @property
    def area(self) -> str:
        """What it is about, one of :data:`AREAS`."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Absent:
    """Something of Docplanner that the sandbox does not have, and what to do instead."""

    what: str
    instead: str
    quotes: tuple[str, ...] = ()


def section_of(quote: str) -> str:
    """The section of behaviour.md in which the words stand.

    Raises:
        ValueError: they stand nowhere there.
    """
    section = ""
    for line in contract_text(BEHAVIOUR).splitlines():
        if line.startswith("## "):
            section = re.split(r" \(", line.removeprefix("## "))[0]
        elif quote in line:
            return section
    message = f'{BEHAVIOUR} does not say "{quote}" within one line: quote what it says now.'
    raise ValueError(message)


@cache
def rows() -> tuple[Fidelity, ...]:
    """Every row, by area and in the order of the files.

    Raises:
        BrokenHarness: a row has no name, no source, or another's id; all of them at once.
    """
    found: list[Fidelity] = []
    mistakes: list[str] = []
    for area in AREAS:
        try:
            found += _read(area)
        except (KeyError, ValueError) as error:
            mistakes.append(f"{area}.toml: {error}")
    mistakes += [f"{name} is there {n} times" for name, n in Counter(one.id for one in found).items() if n > 1]
    if mistakes:
        raise BrokenHarness("The fidelity table cannot be read. " + "; ".join(mistakes) + ".")
    return tuple(found)


@cache
def absent() -> tuple[Absent, ...]:
    """What the sandbox does not have, from ``absent.toml``."""
    return tuple(
        Absent(row["what"], row["instead"], tuple(row.get("quotes", ()))) for row in _file("absent").get("row", ())
    )


def _read(area: str) -> Iterator[Fidelity]:
    content = _file(area)
    each = content.get("each", {})
    written = {row["id"]: row for row in content.get("row", ())}
    for name in _names(area):
        if (row := written.get(f"{area}.{name}")) is not None or each:
            row = row or {"id": f"{area}.{name}"}
            tests = [one.format(name=name) for one in each.get("tests", ())] if row.get("emulated", True) else []
            yield _row(area, {**row, "tests": [*tests, *row.get("tests", ())]})
    for row in written.values():
        if not _names(area):
            yield _row(area, row)
        elif row["id"].partition(".")[2] not in _names(area):
            raise ValueError(f"{row['id']}: the contract has no such {area}")


def _row(area: str, row: Mapping[str, Any]) -> Fidelity:
    number, _, name = str(row["id"]).partition(".")
    if number != area:
        raise ValueError(f"{row['id']} belongs to another file")
    quotes = _texts(row.get("quotes"))
    behaviour, source = _told(area, name) if _names(area) else ("", "")
    if not source:
        if not quotes:
            raise ValueError(f"{row['id']} quotes nothing")
        source = f"{BEHAVIOUR}, {section_of(quotes[0])}"
    for quote in quotes:
        section_of(quote)
    setting, compared = row.get("setting"), row.get("compared")
    return Fidelity(
        id=str(row["id"]),
        behaviour=str(row.get("behaviour", behaviour)),
        standing=Standing(str(row.get("standing", "doc"))),
        source=source,
        tests=_texts(row["tests"]),
        quotes=quotes,
        setting=str(setting) if setting else None,
        emulated=row.get("emulated") is not False,
        compared=str(compared) if compared else None,
    )


def _names(area: str) -> tuple[str, ...]:
    """The names that the contract has for rows of an area; () for rules, whose names are ours."""
    match area:
        case "operation":
            return tuple(OPERATIONS)
        case "event":
            return tuple(EVENTS)
        case "error":
            return tuple(ERRORS)
        case "limit":
            return tuple(limits.__all__)
    return ()


def _told(area: str, name: str) -> tuple[str, str]:
    """What the contract calls it, and where."""
    match area:
        case "operation":
            return OPERATIONS[name].summary, f"openapi.yaml, {name}"
        case "event":
            return EVENTS[name].when, f"openapi.yaml, {EVENTS[name].schema}"
        case "error":
            return f"{'/'.join(map(str, ERRORS[name].statuses))} {ERRORS[name].message}", f"openapi.yaml, {name}"
    return f"{getattr(limits, name)}", ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _file(name: str) -> dict[str, Any]:
    text = files("harness.sandbox.fidelity").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
