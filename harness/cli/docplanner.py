"""The Docplanner that is not embedded, as the commands are told of it: typed, by the environment, or by the file."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from pathlib import Path

import httpx

from harness.cli.call import api_base
from harness.cli.call_guard import tester_phones
from harness.config.credentials import ApiClient, find_credentials
from harness.config.reading import Effective
from harness.errors import ConfigurationError
from harness.later import later
from harness.trust import trusting

__all__ = ["Told", "text_of", "told_of"]


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of it. The tester's phones do not show in a repr."""

    base: httpx.URL | None
    """Where it is; None where nothing says it."""
    client: ApiClient | None
    facilities: tuple[str, ...]
    """Ids of those that may be written to."""
    phones: frozenset[str]
    """The tester's."""
    trust: ssl.SSLContext | None
    """How its certificate is verified; None where the file of certificates cannot be used."""

    def transport(self) -> httpx.BaseTransport:
        """A new connection to it; it goes into a guard."""
        return httpx.HTTPTransport(verify=self.trust or True)

    def __repr__(self) -> str:
        return f"Told(base={self.base!r}, client={self.client!r}, facilities={self.facilities!r})"


def told_of(effective: Effective, mistakes: list[str], *, at: str | None = None) -> Told:
    """Everything that is told; ``at`` is where it is by what was typed.

    What is wrong or missing is added to ``mistakes``; where it is, which clinics and whose phone may be left out.
    """
    where = at or text_of(effective, "docplanner.at")
    base = trust = None
    try:
        base = api_base(where) if where else None
    except ConfigurationError as error:
        mistakes.append(f"docplanner.at: {error}")
    file = text_of(effective, "docplanner.ca_file")
    try:
        trust = trusting(Path(file) if file else None)
    except ConfigurationError as error:
        mistakes.append(f"docplanner.ca_file: {error}")
    return Told(
        base=base,
        client=_client(effective, mistakes),
        facilities=tuple(str(effective["docplanner.facilities"] or "").split()),
        phones=_phones(effective),
        trust=trust,
    )


def text_of(effective: Effective, name: str) -> str | None:
    """The setting; None where it is not told."""
    value = effective[name]
    return str(value) if value else None


def _client(effective: Effective, mistakes: list[str]) -> ApiClient | None:
    """What was typed goes before the environment, and that before the file."""
    held = effective.settings["docplanner.credentials_file"]
    file = Path(str(held.value)) if held.value else None
    service = text_of(effective, "docplanner.credentials_keyring")
    keyring, typed = later("keyring", "get_password"), held.source.startswith("--")
    return find_credentials(os.environ, file, service, keyring, mistakes, file_first=typed)


def _phones(effective: Effective) -> frozenset[str]:
    """Those of the environment; else the one of the file."""
    held = effective.settings["docplanner.tester_phone"]
    own = frozenset({str(held.value)} if held.value else ())
    return own if held.source.startswith("ACCEPTANCE_") else tester_phones() or own
