"""What a gateway is told: where it listens, where it sends, how long it waits."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from harness.errors import ConfigurationError
from harness.loopback import is_own_machine
from harness.trust import trusting

__all__ = ["GatewaySettings", "Target"]

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """The one place to which a listener of the gateway sends."""

    scheme: str
    host: str
    port: int
    path: str
    """The only path that is passed on; empty for any."""

    @classmethod
    def of(cls, url: str, *, one_path: bool) -> Target:
        """The target that ``url`` names; with ``one_path`` nothing beside its path is passed on.

        Raises:
            ConfigurationError: it is no address of a server, or names more than one.
        """
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in PORTS or not parts.hostname or port == -1 or parts.username or parts.fragment:
            message = f"{url!r} is no address to which the gateway could send."
            raise ConfigurationError(message, hint="It looks like https://www.znanylekarz.pl, without credentials.")
        if (parts.query or parts.path not in {"", "/"}) and not one_path:
            message = f"{url!r} holds a path; the gateway passes on whatever path is asked for."
            raise ConfigurationError(message, hint=f"Name {parts.scheme}://{parts.netloc} alone.")
        path = (parts.path or "/") if one_path else ""
        return cls(parts.scheme, parts.hostname, port or PORTS[parts.scheme], path)

    @property
    def authority(self) -> str:
        """Its value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Its address without a path."""
        return f"{self.scheme}://{self.authority}"


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """Everything about one gateway. Times are seconds."""

    docplanner: str
    """Where the partner's calls go, such as ``https://www.znanylekarz.pl``."""
    partner: str | None = None
    """The partner's notification endpoint, such as ``https://clinic.example/docplanner``; None where it has none."""
    host: str = "127.0.0.1"
    port: int = 0
    """On which the partner's calls are taken; 0 for any."""
    notification_port: int = 0
    """On which Docplanner's messages are taken; 0 for any."""
    public_url: str | None = None
    """How the partner reaches the first port, if not by host and port."""
    notification_public_url: str | None = None
    """How Docplanner reaches the second one."""
    ca: Path | None = None
    """Certificates of an authority to trust beside the machine's own, in PEM."""
    certificate: Path | None = None
    """Our own, with its key, in PEM; None to speak plain HTTP to who calls us."""
    connect_s: float = 10.0
    answer_s: float = 60.0
    """From the end of a request until its answer begins."""
    stall_s: float = 60.0
    """Between two pieces of one message."""
    idle_s: float = 75.0
    """Between two requests on one connection."""
    stop_s: float = 5.0
    """What is under way when the gateway stops may end within that."""

    def target(self) -> Target:
        """Where the partner's calls go.

        Raises:
            ConfigurationError: it is no such address, or would carry secrets unprotected over the network.
        """
        target = Target.of(self.docplanner, one_path=False)
        if target.scheme == "http" and not is_own_machine(target.host):
            message = f"{self.docplanner} would carry credentials and patients unprotected over the network."
            raise ConfigurationError(message, hint="Use https://.")
        return target

    def endpoint(self) -> Target | None:
        """Where Docplanner's messages go, if anywhere.

        Raises:
            ConfigurationError: it is no such address.
        """
        return None if self.partner is None else Target.of(self.partner, one_path=True)

    def trust(self) -> ssl.SSLContext:
        """How the far side's certificate is verified.

        Raises:
            ConfigurationError: the file holds no certificates.
        """
        return trusting(self.ca)

    def identity(self) -> ssl.SSLContext | None:
        """With what certificate we answer, if with any.

        Raises:
            ConfigurationError: the file holds no certificate with its key.
        """
        if self.certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            context.load_cert_chain(self.certificate)
        except (OSError, ssl.SSLError) as error:
            message = f"{self.certificate} holds no certificate with its private key ({error})."
            raise ConfigurationError(message, hint="It must be one file in PEM with both.") from error
        return context
