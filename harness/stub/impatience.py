"""A deliberate mistake that needs more than a line: a slow answer is given up and taken for a refusal."""

from __future__ import annotations

import httpx

__all__ = ["SlowTakenForRefused"]

GIVEN_UP_S = 0.2
"""Shorter than in the field, as everything in a run is."""
REFUSED = 400


class SlowTakenForRefused(httpx.BaseTransport):
    """Gives a write up whose answer takes its time, and says that it was refused."""

    def __init__(self, inner: httpx.BaseTransport | None) -> None:
        self._inner = inner or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``, with little patience where it changes something."""
        if request.method != "GET":
            patience = {**request.extensions.get("timeout", {}), "read": GIVEN_UP_S}
            request.extensions = {**request.extensions, "timeout": patience}
        try:
            return self._inner.handle_request(request)
        except httpx.ReadTimeout:
            if request.method == "GET":
                raise
            return httpx.Response(REFUSED, request=request)

    def close(self) -> None:
        """Close what is beneath."""
        self._inner.close()
