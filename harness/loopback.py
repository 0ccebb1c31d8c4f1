"""Whether an address is this machine's own."""

from __future__ import annotations

import ipaddress

__all__ = ["is_own_machine"]


def is_own_machine(host: str) -> bool:
    """Whether the host is this machine, where only an embedded sandbox can be meant."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
