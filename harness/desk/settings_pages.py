"""The settings, read off their record: a new one appears on the page by itself, with what its docstring says."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass, fields
from functools import cache
from typing import ClassVar, Literal, get_args, get_origin

from starlette.responses import Response

from harness.contract.json_value import JsonObject, JsonValue
from harness.desk.asking import Asking, Problem, see
from harness.desk.room import Room
from harness.sandbox.allowed import kinds_of
from harness.sandbox.profiles import PROFILES, Behaviour

__all__ = ["SettingsPages"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as a form shows it. ``options`` are what a choice offers; none where a value is typed."""

    name: str
    words: str
    options: tuple[str, ...]
    value: str


class SettingsPages(Room):
    """How the sandbox behaves where nothing is documented."""

    PATHS: ClassVar = {("GET", "/settings"): "settings", ("POST", "/settings"): "change"}

    async def settings(self, asking: Asking, problem: Problem | None = None) -> Response:
        """Every setting with its value and what it means; and the named sets."""
        behaviour = self._state.behaviour
        return self._paper.page(
            asking,
            "settings.html.j2",
            section="settings",
            problem=problem,
            profile=behaviour.profile,
            profiles=list(PROFILES),
            differs=behaviour.differs,
            settings=[one for one in described(behaviour) if one.name != "profile"],
        )

    async def change(self, asking: Asking) -> Response:
        """What differs from what holds; a named set begins anew."""
        behaviour = self._state.behaviour
        try:
            changed: JsonObject = {
                one.name: _read(behaviour, one.name, asking.text(one.name))
                for one in described(behaviour)
                if one.name in asking.typed and asking.text(one.name) != one.value
            }
            if asking.text("begin_anew"):
                changed = {"profile": asking.text("begin_anew")}
            await self._do(asking, "setSettings", {}, changed)
        except Problem as problem:
            return await self.settings(asking, problem)
        return see("/desk/settings?done=settings-changed")


def described(behaviour: Behaviour) -> list[Setting]:
    """Every setting with its present value."""
    words, kinds = _docstrings(Behaviour), kinds_of(Behaviour)
    return [
        Setting(one.name, words.get(one.name, ""), _options(kinds[one.name]), _written(getattr(behaviour, one.name)))
        for one in fields(behaviour)
    ]


def _options(kind: object) -> tuple[str, ...]:
    if kind is bool:
        return ("yes", "no")
    return tuple(str(one) for one in get_args(kind)) if get_origin(kind) is Literal else ()


def _written(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case tuple():
            return ", ".join(_written(one) for one in value)
        case _:
            return str(value)


def _read(behaviour: Behaviour, name: str, told: str) -> JsonValue:
    """What was typed, in the kind of the setting; what makes no sense is left for the rules to refuse."""
    kind, value = kinds_of(Behaviour)[name], getattr(behaviour, name)
    if isinstance(value, bool):
        return {"yes": True, "no": False}.get(told, told)
    if get_origin(kind) is Literal:
        return next((one for one in get_args(kind) if str(one) == told), told)
    if isinstance(value, tuple):
        return [_number(one.strip()) for one in told.split(",") if one.strip()]
    return _number(told)


def _number(told: str) -> JsonValue:
    try:
        return float(told)
    except ValueError:
        return told


@cache
def _docstrings(record: type) -> dict[str, str]:
    """What stands in a docstring below each field."""
    (definition,) = ast.parse(inspect.getsource(record)).body
    found: dict[str, str] = {}
    name = ""
    for node in definition.body if isinstance(definition, ast.ClassDef) else ():
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and name:
            found[name] = inspect.cleandoc(str(node.value.value)).replace("``", "").replace("\n", " ")
            name = ""
    return found
