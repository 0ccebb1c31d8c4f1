"""Settings put together: defaults, the file, the environment, the command line; the later goes before the earlier."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from harness.config.catalogue import BY_NAME, PREFIX, SECTIONS, SETTINGS, TOKEN_VARIABLE, Setting
from harness.config.credentials import BESIDE, SECRET_VARIABLE
from harness.config.values import Unfit, from_text, read_value, shown
from harness.errors import ConfigurationError

__all__ = ["Effective", "Held", "Names", "load"]

HEADER = re.compile(r"^\s*\[\s*([^\[\]]+?)\s*\]")
ENTRY = re.compile(r"""^\s*([\w\-."' ]+?)\s*=""")
SECRET_WORDS = ("token", "secret", "password", "key", *BESIDE)
NEAR = 0.5
DEFAULT = "default"

Names = Mapping[str, Collection[str]]
"""Which names there are, by the setting that takes one of them."""
Complaints = Callable[[Mapping[str, object]], Iterable[str]]
"""What is wrong with a table, one sentence each."""


@dataclass(frozen=True, slots=True)
class Held:
    """A value, and where it came from: ``default``, file and line, a variable, or an option."""

    value: object
    source: str = DEFAULT


@dataclass(frozen=True, slots=True)
class Effective:
    """Every setting by its name; ``file`` is None where none was read."""

    file: Path | None
    settings: Mapping[str, Held]

    def __getitem__(self, name: str) -> object:
        return self.settings[name].value


@dataclass(slots=True)
class _Reading:
    names: Names
    complaints: Mapping[str, Complaints]
    mistakes: list[str] = field(default_factory=list)
    held: dict[str, Held] = field(default_factory=dict)

    def take(self, setting: Setting, raw: object, where: str) -> None:
        choices = self.names.get(setting.name, ())
        try:
            value = read_value(setting, raw, choices)
        except Unfit as unfit:
            near = get_close_matches(str(raw), choices, n=1, cutoff=NEAR)
            remedy = f"Did you mean {near[0]}?" if near else f"Such as {_example(setting)}."
            self.mistakes.append(f"{where}  {setting.name}: expected {unfit}; saw {shown(setting, raw)}. {remedy}")
            return
        wrong = self.complaints[setting.name](value) if isinstance(value, dict) and self.complaints else ()
        told = [f"{where}  {setting.name}: {one}" for one in wrong]
        self.mistakes += told
        if not told:
            self.held[setting.name] = Held(value, where)


def load(
    file: Path | None,
    environ: Mapping[str, str],
    typed: Mapping[str, object],
    names: Names,
    complaints: Mapping[str, Complaints] | None = None,
) -> Effective:
    """Everything that holds; ``typed`` are values of options by the names of their settings, taken as they are.

    Raises:
        ConfigurationError: the file cannot be read, or names every mistake of file and environment, one a line.
    """
    reading = _Reading(names, complaints or {})
    reading.held.update({one.name: Held(one.default) for one in SETTINGS})
    if file is not None:
        _read_file(file, reading)
    _read_environment(environ, reading)
    if reading.mistakes:
        raise ConfigurationError("\n  ".join(["the configuration cannot be used:", *reading.mistakes]))
    for name, value in typed.items():
        reading.held[name] = Held(value, BY_NAME[name].option)
    return Effective(file, reading.held)


def _read_file(file: Path, reading: _Reading) -> None:
    try:
        text = file.read_text(encoding="utf-8")
        told = tomllib.loads(text)
    except OSError as error:
        reading.mistakes.append(f"{file}  cannot be read: {error.strerror}. `acceptance init` writes one.")
        return
    except ValueError as error:  # a UnicodeDecodeError too, whose text would show bytes of the file
        why = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "not UTF-8"
        reading.mistakes.append(f"{file}  expected TOML; saw {why}. Mend it, or let `acceptance init` write one.")
        return
    lines = lines_of(text)

    def where(name: str) -> str:
        line = lines.get(name) or lines.get(name.partition(".")[0])
        return f"{file}:{line}" if line else str(file)

    for section, content in told.items():
        if section not in SECTIONS:
            reading.mistakes.append(f"{where(section)}  {_unknown(section, SECTIONS, 'section')}")
        elif not isinstance(content, dict):
            reading.mistakes.append(f"{where(section)}  {section}: expected a table, [{section}]; saw a value.")
        else:
            for key, raw in content.items():
                name = f"{section}.{key}"
                if name in BY_NAME:
                    reading.take(BY_NAME[name], raw, where(name))
                else:
                    reading.mistakes.append(f"{where(name)}  {_unknown(name, BY_NAME, 'setting')}")


def _read_environment(environ: Mapping[str, str], reading: _Reading) -> None:
    known = {one.variable: one for one in SETTINGS}
    for variable, text in environ.items():
        if variable in known:
            if text:
                reading.take(known[variable], from_text(known[variable], text), variable)
        elif variable != TOKEN_VARIABLE and variable.startswith(tuple(f"{PREFIX}{one.upper()}_" for one in SECTIONS)):
            reading.mistakes.append(_unknown(variable, known, "variable"))


def _unknown(name: str, there: Iterable[str], what: str) -> str:
    """Never with the value: it may be a secret that somebody put in the wrong place."""
    if what == "setting" and any(word in name for word in SECRET_WORDS) and not get_close_matches(name, there, 1, 0.9):
        instead = SECRET_VARIABLE if name.startswith("docplanner.") else TOKEN_VARIABLE
        instead = BESIDE.get(name.partition(".")[2], instead)
        return f"{name}: expected no secret in this file; saw one, or its name. Set {instead} instead."
    near = get_close_matches(name, list(there), n=1, cutoff=NEAR)
    remedy = f"Did you mean {near[0]}?" if near else f"There are {', '.join(there)}."
    return f"{name}: expected a {what} that exists; saw another. {remedy}"


def _example(setting: Setting) -> str:
    return f"{setting.key} = {shown(setting, setting.example)}"


def lines_of(text: str) -> dict[str, int]:
    """The line, from 1, on which each table and each entry stands; the library that reads TOML does not tell."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            table = _plain(header[1])
            found.setdefault(table, number)
        elif entry := ENTRY.match(line):
            found.setdefault(f"{table}.{_plain(entry[1])}".removeprefix("."), number)
    return found


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
