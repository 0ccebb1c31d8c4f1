"""What to watch and whom to tell, from a TOML file. Secrets stand in the environment or in files of their own."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harness.contract.limits import PING_INTERVAL_S
from harness.errors import ConfigurationError

__all__ = ["EXAMPLE", "Endpoint", "Mail", "MonitorSettings", "Webhook", "read_settings"]

LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
METHODS = ("GET", "POST", "HEAD")
SECURITY = ("starttls", "tls", "none")
OTHERS = stat.S_IRWXG | stat.S_IRWXO

EXAMPLE = """\
# What `acceptance monitor` watches, and whom it tells.
interval_s = 300           # Docplanner pings every 5 minutes
timeout_s = 10

[[endpoint]]
name = "production"
url = "https://clinic.example/docplanner/notifications"
method = "POST"            # which one Docplanner uses is not documented: GET, POST or HEAD
realtime = true            # whether slot-booking and booking-moving are sent there
key_header = "X-Api-Key"   # left out where none is agreed
key_env = "ACCEPTANCE_ENDPOINT_KEY"  # or key_file = "..."

[mail]
host = "smtp.clinic.example"
port = 587
security = "starttls"      # or tls, or none on this machine alone
username = "monitor"
password_env = "ACCEPTANCE_SMTP_PASSWORD"  # or password_file = "..."
from = "monitor@clinic.example"
to = ["oncall@clinic.example"]

# [webhook]
# url_env = "ACCEPTANCE_WEBHOOK"   # or url = "https://..."
"""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A PUSH endpoint. ``key`` is sent in ``key_header`` where one is agreed; neither it nor the query is shown."""

    name: str
    url: str = field(repr=False)
    method: str = "POST"
    realtime: bool = False
    key_header: str = ""
    key: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """The address without what may be secret in it."""
        parts = urlsplit(self.url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server, and the letters' addresses."""

    host: str
    port: int
    security: str
    sender: str
    to: tuple[str, ...]
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    """Whom to trust besides the system's authorities."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where the same is posted as JSON. The address may be a secret."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MonitorSettings:
    """Everything that the monitor is told."""

    endpoints: tuple[Endpoint, ...]
    mail: Mail | None = None
    webhook: Webhook | None = None
    interval: timedelta = timedelta(seconds=PING_INTERVAL_S)
    timeout: timedelta = timedelta(seconds=10)


def read_settings(path: Path) -> MonitorSettings:
    """The settings in ``path``.

    Raises:
        ConfigurationError: the file cannot be read, or not used; all that is wrong with it is told at once.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror})."
        raise ConfigurationError(message, hint="`acceptance monitor --example` prints one to begin with.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not TOML: {error}."
        raise ConfigurationError(message, hint="`acceptance monitor --example` prints one to begin with.") from error
    reader = _Reader(path.parent)
    settings = reader.settings(told)
    if reader.wrong:
        message = "\n  ".join([f"{path} cannot be used:", *reader.wrong])
        raise ConfigurationError(message)
    return settings


class _Reader:
    """Reads fields, and gathers all that is wrong with them."""

    def __init__(self, beside: Path) -> None:
        self._beside = beside
        self.wrong: list[str] = []

    def settings(self, told: Mapping[str, Any]) -> MonitorSettings:
        self._only(told, "", {"interval_s", "timeout_s", "endpoint", "mail", "webhook"})
        endpoints = tuple(self._endpoints(told.get("endpoint")))
        mail, webhook = told.get("mail"), told.get("webhook")
        if mail is None and webhook is None:
            self.wrong.append("mail: nobody would be told; add [mail], or [webhook]")
        return MonitorSettings(
            endpoints,
            None if mail is None else self._mail(self._table(mail, "mail")),
            None if webhook is None else self._webhook(self._table(webhook, "webhook")),
            timedelta(seconds=self._number(told, "interval_s", PING_INTERVAL_S, 1, 86_400)),
            timedelta(seconds=self._number(told, "timeout_s", 10, 0.1, 60)),
        )

    def _endpoints(self, told: object) -> Iterator[Endpoint]:
        if not isinstance(told, list) or not told:
            self.wrong.append("endpoint: expected one or more [[endpoint]] tables, saw none")
            return
        names: set[str] = set()
        for place, one in enumerate(told, start=1):
            where = f"endpoint {place}."
            table = self._table(one, where[:-1])
            known = {"name", "url", "method", "realtime", "key_header", "key_env", "key_file"}
            self._only(table, where, known)
            name = self._text(table, "name", where)
            if name in names:
                self.wrong.append(f"{where}name: {name!r} is taken by another endpoint; give it one of its own")
            names.add(name)
            header = self._text(table, "key_header", where, needed=False)
            key = self._secret(table, "key", where, needed=bool(header))
            if key and not header:
                self.wrong.append(f"{where}key_header: expected the header in which the key is sent, saw none")
            yield Endpoint(
                name,
                self._url(table, where),
                self._one_of(table, "method", where, METHODS, "POST"),
                self._flag(table, "realtime", where),
                header,
                key,
            )

    def _mail(self, told: Mapping[str, Any]) -> Mail:
        where = "mail."
        known = {"host", "port", "security", "username", "password_env", "password_file", "from", "to", "ca_file"}
        self._only(told, where, known)
        host = self._text(told, "host", where)
        security = self._one_of(told, "security", where, SECURITY, "starttls")
        if security == "none" and host not in LOCAL:
            self.wrong.append("mail.security: none is for a server on this machine; expected starttls or tls")
        username = self._text(told, "username", where, needed=False)
        to = told.get("to")
        addresses = tuple(str(one) for one in (to if isinstance(to, list) else [to] if to else []))
        if not addresses or not all("@" in one for one in addresses):
            self.wrong.append(f"mail.to: expected one or more mail addresses, saw {to!r}")
        return Mail(
            host,
            int(self._number(told, "port", 465 if security == "tls" else 587, 1, 65_535, where)),
            security,
            self._text(told, "from", where),
            addresses,
            username,
            self._secret(told, "password", where, needed=bool(username)),
            self._text(told, "ca_file", where, needed=False),
        )

    def _webhook(self, told: Mapping[str, Any]) -> Webhook:
        self._only(told, "webhook.", {"url", "url_env"})
        if "url_env" not in told:
            return Webhook(self._url(told, "webhook."))
        url = os.environ.get(str(told["url_env"]), "")
        if not url:
            self.wrong.append(f"webhook.url_env: the environment has no {told['url_env']}")
        return Webhook(url)

    # -- fields ----------------------------------------------------------------------------------------------------

    def _table(self, told: object, where: str) -> Mapping[str, Any]:
        if isinstance(told, dict):
            return told
        self.wrong.append(f"{where}: expected a table, saw {told!r}")
        return {}

    def _only(self, told: Mapping[str, Any], where: str, known: set[str]) -> None:
        self.wrong += [
            f"{where}{name}: no such field; expected one of {', '.join(sorted(known))}"
            for name in sorted(told.keys() - known)
        ]

    def _text(self, told: Mapping[str, Any], name: str, where: str, *, needed: bool = True) -> str:
        value = told.get(name, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            self.wrong.append(f"{where}{name}: " + (f"expected a text, saw {value!r}" if name in told else "missing"))
            return ""
        return value

    def _flag(self, told: Mapping[str, Any], name: str, where: str) -> bool:
        value = told.get(name, False)
        if not isinstance(value, bool):
            self.wrong.append(f"{where}{name}: expected true or false, saw {value!r}")
        return value is True

    def _one_of(self, told: Mapping[str, Any], name: str, where: str, known: tuple[str, ...], usual: str) -> str:
        value = told.get(name, usual)
        if value not in known:
            self.wrong.append(f"{where}{name}: expected one of {', '.join(known)}, saw {value!r}")
            return usual
        return str(value)

    def _number(
        self, told: Mapping[str, Any], name: str, usual: float, least: float, most: float, where: str = ""
    ) -> float:
        value = told.get(name, usual)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.wrong.append(f"{where}{name}: expected a number from {least:g} to {most:g}, saw {value!r}")
            return usual
        return float(value)

    def _url(self, told: Mapping[str, Any], where: str) -> str:
        url = self._text(told, "url", where)
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
            self.wrong.append(f"{where}url: expected https://HOST/..., saw {url.partition('?')[0]!r}")
        elif url and parts.scheme == "http" and parts.hostname not in LOCAL:
            self.wrong.append(f"{where}url: http is for this machine alone; expected https")
        return url

    def _secret(self, told: Mapping[str, Any], name: str, where: str, *, needed: bool) -> str:
        variable, file = told.get(f"{name}_env"), told.get(f"{name}_file")
        if variable is not None:
            found = os.environ.get(str(variable), "")
            if not found:
                self.wrong.append(f"{where}{name}_env: the environment has no {variable}")
            return found
        if file is not None:
            return self._from_file(self._beside / str(file), f"{where}{name}_file")
        if needed:
            self.wrong.append(f"{where}{name}_env: missing; name the variable that has it, or {name}_file")
        return ""

    def _from_file(self, path: Path, where: str) -> str:
        try:
            if os.name == "posix" and path.stat().st_mode & OTHERS:
                self.wrong.append(f"{where}: {path} can be read by others; run `chmod 600 {path}`")
                return ""
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            self.wrong.append(f"{where}: {path} cannot be read ({error.strerror})")
            return ""
