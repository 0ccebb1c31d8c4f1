"""Deliberate mistakes that need more than a line: what a Docplanner that is full is answered with."""

from __future__ import annotations

import httpx

__all__ = ["Hammering", "HasteTakenForDone", "LimitTakenForRefusal"]

TOO_MANY = 429
FOR_GOOD = 400
NO_CONTENT = 204
WITHOUT_BODY = frozenset({"DELETE", "PATCH"})
"""What is answered with no body: cancelled visits, breaks that are moved or freed, emptied days."""
MOVE = "/move"
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


class LimitTakenForRefusal(httpx.BaseTransport):
    """Takes a 429 for a refusal for good."""

    def __init__(self, inner: httpx.BaseTransport | None) -> None:
        self._inner = inner or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` once, and hand on a limit as a refusal."""
        answer = self._inner.handle_request(request)
        if answer.status_code == TOO_MANY:
            answer.read()
            answer = httpx.Response(FOR_GOOD, headers=answer.headers, content=answer.content, request=request)
        return answer

    def close(self) -> None:
        """Close what is beneath."""
        self._inner.close()


class HasteTakenForDone(httpx.BaseTransport):
    """Takes a 429 for done where nothing that the clinic lacks is expected: the status is not looked at."""

    def __init__(self, inner: httpx.BaseTransport | None) -> None:
        self._inner = inner or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` once, and hand on a limit as if nothing were to be said."""
        answer = self._inner.handle_request(request)
        moves = request.url.path.endswith(MOVE)
        if answer.status_code == TOO_MANY and (moves or request.method in WITHOUT_BODY):
            answer.read()
            same = {"Location": request.url.path.removesuffix(MOVE)} if moves else {}
            answer = httpx.Response(NO_CONTENT, headers=same, request=request)
        return answer

    def close(self) -> None:
        """Close what is beneath."""
        self._inner.close()
