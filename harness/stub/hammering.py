"""A deliberate mistake that needs more than a line: knocking on at a Docplanner that has said when to come back."""

from __future__ import annotations

import httpx

__all__ = ["Hammering"]

TOO_MANY = 429
TIMES = 8


class Hammering(httpx.BaseTransport):
    """Sends a request again at once while it is refused with 429, eight times at most."""

    def __init__(self, inner: httpx.BaseTransport | None) -> None:
        self._inner = inner or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` until it gets through."""
        answer = self._inner.handle_request(request)
        for _ in range(TIMES):
            if answer.status_code != TOO_MANY:
                break
            answer.read()
            answer = self._inner.handle_request(request)
        return answer

    def close(self) -> None:
        """Close what is beneath."""
        self._inner.close()
