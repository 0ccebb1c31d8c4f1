"""Reads that met trouble are repeated; writes never are.

A write may have taken place although its answer was lost, and Docplanner has no idempotency key: only who knows what
the write was for can look whether it happened. Source: behaviour.md, "Access".
"""

from __future__ import annotations

import httpx
import stamina

__all__ = ["RetryingTransport"]

ATTEMPTS = 4
FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 2.0
GIVE_UP_S = 45.0
"""No further try after so many seconds since the first one began."""
LOWEST_TROUBLE = 500


class _Trouble(Exception):
    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


class RetryingTransport(httpx.BaseTransport):
    """Sends a GET up to four times while it ends in a transport error or a 5xx; hands on how the last one ended."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``, and again where that is safe."""
        if request.method != "GET":
            return self._inner.handle_request(request)
        try:
            for attempt in stamina.retry_context(
                on=(httpx.TransportError, _Trouble),
                attempts=ATTEMPTS,
                timeout=GIVE_UP_S,
                wait_initial=FIRST_WAIT_S,
                wait_max=LONGEST_WAIT_S,
                wait_jitter=FIRST_WAIT_S,
            ):
                with attempt:
                    answer = self._try(request)
        except _Trouble as trouble:
            return trouble.answer
        return answer

    def _try(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        if answer.status_code >= LOWEST_TROUBLE:
            answer.read()
            raise _Trouble(answer)
        return answer

    def close(self) -> None:
        """Close what is beneath."""
        self._inner.close()
