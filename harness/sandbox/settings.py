"""What a sandbox is started with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["SandboxSettings"]


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """``id_base`` is where ids begin; ``own_phone_block`` the digits by which invented phones are known."""

    marketplace: str = "znanylekarz.pl"
    seed: int = 1
    id_base: int = 1_000_000
    host: str = "127.0.0.1"
    port: int = 0
    """0 for any that is free."""
    public_url: str | None = None
    """How others reach the sandbox, where that is not host and port."""
    clinics: int = 2
    lookalike_clinics: int = 1
    ungranted_clinics: int = 1
    """Clinics that exist and are not shared with the first API client."""
    profile: str = "documented"
    """The named set of values for what is open; see :mod:`harness.sandbox.profiles`."""
    changed: Mapping[str, object] = field(default_factory=dict)
    """Values in place of the named set's own."""
    slots_delay_s: float | None = None
    """In place of the named set's own."""
    own_phone_block: str = "50000"
