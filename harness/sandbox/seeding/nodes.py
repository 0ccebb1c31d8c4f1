"""YAML with the line of every value, and all that is wrong with it gathered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches

import yaml

__all__ = ["Block", "Problems", "Value", "parse"]

NOTHING = "nothing"


@dataclass(slots=True)
class Problems:
    """All that is wrong with one file, each with its line and field."""

    told: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, where: str, expected: str, seen: object, remedy: str = "") -> None:
        """One more: what was expected at ``where``, and what was seen."""
        said = f"line {line}: {where}: expected {expected}, saw {seen}"
        self.told.append((line, f"{said}; {remedy}" if remedy else said))

    def lines(self) -> list[str]:
        """In the order of the file."""
        return [text for _, text in sorted(self.told, key=lambda one: one[0])]


@dataclass(frozen=True, slots=True)
class Value:
    """One node, its line (from 1), and the path that leads to it."""

    node: yaml.Node | None
    line: int
    where: str
    problems: Problems

    @property
    def seen(self) -> str:
        """The node in words."""
        if self.node is None:
            return NOTHING
        if isinstance(self.node, yaml.ScalarNode):
            return repr(self.node.value)
        return "a list" if isinstance(self.node, yaml.SequenceNode) else "a table"

    def wrong(self, expected: str, remedy: str = "") -> None:
        """Note that it is something else."""
        self.problems.add(self.line, self.where, expected, self.seen, remedy)

    def text(self) -> str:
        """A text that is not empty; noted and empty where it is none."""
        if isinstance(self.node, yaml.ScalarNode) and self.node.value.strip() and not self.node.tag.endswith(":null"):
            return str(self.node.value)
        self.wrong("a text")
        return ""

    def whole(self, least: int, most: int) -> int:
        """A whole number within bounds; noted and ``least`` where it is none."""
        told = self.node.value if isinstance(self.node, yaml.ScalarNode) else ""
        if re.fullmatch(r"\d{1,9}", str(told)) and least <= int(told) <= most:
            return int(told)
        self.wrong(f"a whole number from {least} to {most}")
        return least

    def flag(self) -> bool:
        """True or false."""
        told = str(self.node.value).lower() if isinstance(self.node, yaml.ScalarNode) else ""
        if told not in {"true", "false"}:
            self.wrong("true or false")
        return told == "true"

    def one_of(self, known: tuple[str, ...]) -> str:
        """One of these words; noted and the first where it is none of them."""
        told = str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""
        if told in known:
            return told
        self.wrong(f"one of {', '.join(known)}", near(told, known))
        return known[0]

    def clock(self) -> time:
        """A time of day such as 09:30."""
        told = str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""
        found = re.fullmatch(r"(\d{1,2}):(\d{2})", told)
        if found and int(found[1]) <= 23 and int(found[2]) <= 59:  # noqa: PLR2004 - hours and minutes
            return time(int(found[1]), int(found[2]))
        self.wrong("a time such as 09:30")
        return time()

    def day(self) -> date | int:
        """A date, or in how many days from today (``+1``)."""
        told = str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""
        if re.fullmatch(r"[+-]?\d{1,4}", told):
            return int(told)
        try:
            return date.fromisoformat(told)
        except ValueError:
            self.wrong("a day such as 2026-11-24, or +1 for tomorrow")
            return 0

    def each(self) -> Iterator[Value]:
        """The members of a list; noted and none where it is no list."""
        if self.node is None:
            return
        if not isinstance(self.node, yaml.SequenceNode):
            self.wrong("a list")
            return
        for place, one in enumerate(self.node.value, start=1):
            yield Value(one, one.start_mark.line + 1, f"{self.where}[{place}]", self.problems)

    def block(self, known: tuple[str, ...]) -> Block:
        """The fields of a table; unknown and doubled ones are noted."""
        fields: dict[str, Value] = {}
        if not isinstance(self.node, yaml.MappingNode):
            self.wrong("a table")
            return Block(self, fields)
        for key, value in self.node.value:
            name, line = str(key.value), key.start_mark.line + 1
            where = f"{self.where}.{name}" if self.where else name
            if name not in known:
                self.problems.add(line, where, f"one of {', '.join(known)}", f"{name!r}", near(name, known))
            elif name in fields:
                self.problems.add(line, where, "each field once", "it twice")
            else:
                fields[name] = Value(value, line, where, self.problems)
        return Block(self, fields)


@dataclass(frozen=True, slots=True)
class Block:
    """A table's fields."""

    value: Value
    fields: dict[str, Value]

    def get(self, name: str) -> Value | None:
        """The field, if it is there."""
        return self.fields.get(name)

    def need(self, name: str) -> Value:
        """The field; a value of nothing, at the table's line, where it is missing: whoever reads it notes that."""
        where = f"{self.value.where}.{name}" if self.value.where else name
        return self.fields.get(name) or Value(None, self.value.line, where, self.value.problems)

    def each(self, name: str) -> Iterator[Value]:
        """The members of the field's list; none where it is missing."""
        found = self.fields.get(name)
        if found is not None:
            yield from found.each()

    def text(self, name: str, usual: str = "") -> str:
        """The field's text, or ``usual`` where it is missing."""
        found = self.fields.get(name)
        return found.text() if found else usual


def parse(text: str, problems: Problems) -> Value:
    """The file's outermost value; what is no YAML is noted."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.told.append((line, f"line {line}: this is no YAML: {error.problem}"))
        return Value(yaml.MappingNode("tag:yaml.org,2002:map", []), line, "", problems)
    except yaml.YAMLError as error:
        problems.told.append((1, f"line 1: this is no YAML: {error}"))
        return Value(yaml.MappingNode("tag:yaml.org,2002:map", []), 1, "", problems)
    return Value(node, 1, "", problems)


def near(told: str, known: tuple[str, ...]) -> str:
    """The remedy where a known word is near."""
    found = get_close_matches(told, known, n=1)
    return f"did you mean {found[0]}?" if found else ""
