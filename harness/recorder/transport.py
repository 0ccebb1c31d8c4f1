"""A transport that shows every exchange to a recorder."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import httpx

from harness.clock import Clock, SystemClock
from harness.recorder.exchange import Exchange

__all__ = ["RecordingTransport"]


class RecordingTransport(httpx.BaseTransport):
    """Sends by another transport and records what was sent and answered, an answer that never came included."""

    def __init__(
        self,
        inner: httpx.BaseTransport,
        record: Callable[[Exchange], None],
        operation_of: Callable[[httpx.Request], str | None],
        *,
        clock: Clock | None = None,
    ) -> None:
        """``record`` is called once an exchange, before the answer is handed on; an error of it goes to the caller."""
        self._inner = inner
        self._record = record
        self._operation_of = operation_of
        self._clock = clock or SystemClock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the inner transport, read to its end.

        Raises:
            httpx.TransportError: as the inner transport did; the exchange is recorded without a status.
        """
        body = request.read()
        started_at = self._clock.now()
        begun = perf_counter()

        def seen(response: httpx.Response | None, error: str | None) -> Exchange:
            return Exchange(
                method=request.method,
                url=str(request.url),
                operation=self._operation_of(request),
                request_headers=tuple(request.headers.multi_items()),
                request_body=body or None,
                status=response.status_code if response else None,
                response_headers=tuple(response.headers.multi_items()) if response else (),
                response_body=(response.content or None) if response else None,
                started_at=started_at,
                took_ms=(perf_counter() - begun) * 1000,
                error=error,
                breaches=(),
                injected=False,
            )

        try:
            response = self._inner.handle_request(request)
            response.request = request  # httpx names the request where the answer breaks off half-way
            response.read()
        except httpx.RequestError as error:
            self._record(seen(None, f"{type(error).__name__}: {error}".removesuffix(": ")))
            raise
        self._record(seen(response, None))
        return response

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()
