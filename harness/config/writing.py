"""A commented, complete ``acceptance.toml``: every setting stands in it, those that nobody set as comments."""

from __future__ import annotations

import json
from collections.abc import Mapping

from harness.config.catalogue import SECTIONS, SETTINGS, Kind, Setting

__all__ = ["written"]

ABOUT = """\
# What `acceptance run` and `acceptance check` are told. Options go before variables, variables before this file.
# What stands behind # is not set. Secrets never stand here. `acceptance config` prints what holds, and from where.
"""


def written(values: Mapping[str, object]) -> str:
    """The file's text; ``values`` by the names of the settings, None where not set."""
    parts = [ABOUT]
    for section, about in SECTIONS.items():
        parts.append(f"\n# {about}\n[{section}]\n")
        parts += [_entry(one, values.get(one.name)) for one in SETTINGS if one.section == section]
    return "".join(parts)


def _entry(setting: Setting, value: object) -> str:
    about = f"# {setting.about} {setting.variable}{', ' + setting.option if setting.option else ''}\n"
    if setting.kind is Kind.TABLE:
        return about + _table(setting, value)
    if value is None:
        return f"{about}# {setting.key} = {_toml(setting.example)}\n"
    return f"{about}{setting.key} = {_toml(value)}\n"


def _table(setting: Setting, value: object) -> str:
    entries = value if isinstance(value, dict) else {}
    if not entries:
        return f"# {setting.key} = {_toml(setting.example)}\n"
    return f"{setting.key} = {_toml(entries)}\n"


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml(name)} = {_toml(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(_toml(one) for one in value)}]"
    # a JSON string is a TOML string, but for this one character
    return json.dumps(value, ensure_ascii=False, default=str).replace("\x7f", "\\u007f")
