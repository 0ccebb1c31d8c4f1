"""Which certificates are believed: the machine's own, and those of an authority that the user names."""

from __future__ import annotations

import ssl
from pathlib import Path

from harness.errors import ConfigurationError

__all__ = ["trusting"]


def trusting(ca: Path | None) -> ssl.SSLContext:
    """How a far side's certificate is verified; ``ca`` is a file in PEM.

    Raises:
        ConfigurationError: it holds no certificates.
    """
    context = ssl.create_default_context()
    if ca is not None:
        try:
            context.load_verify_locations(cafile=ca)
        except (OSError, ssl.SSLError) as error:
            message = f"{ca} holds no certificates that can be trusted ({error})."
            raise ConfigurationError(message, hint="It must be a file in PEM.") from error
    return context
