"""From the settings of one or more partner systems to files with which their nights begin by themselves."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from harness.schedules.kind import Kind

__all__ = ["Scheduled", "Told", "files_for"]

UNFIT = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One partner system, by the file of its settings."""

    config: Path

    @property
    def name(self) -> str:
        """Letters, figures and dashes: fit for units, jobs and caches."""
        return UNFIT.sub("-", self.config.stem).strip("-").lower() or "acceptance"

    @property
    def log(self) -> Path:
        """Where cron keeps what a night said."""
        return Path("reports/out") / f"nightly-{self.name}.log"

    @property
    def secret(self) -> str:
        """The variable of the CI that holds the token of its control contract."""
        return f"ACCEPTANCE_TOKEN_{self.name.replace('-', '_').upper()}"


@dataclass(frozen=True, slots=True)
class Told:
    """What the templates are made from. ``at`` is in the time of whoever begins the night."""

    configs: Sequence[Path]
    at: time
    directory: Path
    """Where the night is played, and where its history stays."""
    command: Path
    """The program, with its whole path: a schedule has another PATH."""

    @property
    def systems(self) -> tuple[Scheduled, ...]:
        """In the order of the files."""
        return tuple(Scheduled(one) for one in self.configs)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the systems."""
        return tuple(one.name for one in self.systems)

    @property
    def hour(self) -> int:
        """Of the day."""
        return self.at.hour

    @property
    def minute(self) -> int:
        """Of the hour."""
        return self.at.minute


def files_for(kind: Kind, told: Told) -> Mapping[str, str]:
    """The files, by name."""
    match kind:
        case Kind.CRON:
            return {"acceptance.cron": _made("cron", told)}
        case Kind.SYSTEMD:
            return {
                f"acceptance-{one.name}.{unit}": _made(unit, told, one)
                for one in told.systems
                for unit in ("service", "timer")
            }
        case Kind.GITHUB:
            return {"acceptance.yml": _made("github", told)}
        case Kind.GITLAB:
            return {".gitlab-ci.yml": _made("gitlab", told)}


def _made(template: str, told: Told, one: Scheduled | None = None) -> str:
    return TEMPLATES.get_template(f"{template}.jinja").render(told=told, one=one)


def _quoted(value: object) -> str:
    """One word of a shell, in a crontab, where ``%`` would end the line."""
    return shlex.quote(str(value)).replace("%", r"\%")


def _escaped(value: object) -> str:
    """One word of a systemd unit."""
    text = str(value).replace("\\", "\\\\").replace("%", "%%").replace("$", "$$").replace('"', '\\"')
    return f'"{text}"' if re.search(r"[\s'\"]", text) else text


def _bare(value: object) -> str:
    """The rest of a line of a systemd unit, where quotes would count."""
    return str(value).replace("%", "%%")


def _json(value: object) -> str:
    """A text in YAML, whatever stands in it."""
    return json.dumps(str(value), ensure_ascii=False)


TEMPLATES = Environment(
    loader=PackageLoader("harness.schedules"),
    autoescape=False,  # noqa: S701 - no HTML; each filter quotes for its own file
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)
TEMPLATES.filters.update(quoted=_quoted, escaped=_escaped, bare=_bare, json=_json)
