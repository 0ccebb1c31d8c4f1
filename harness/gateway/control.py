"""What a run asks its gateway: what has happened, and whether all is well. For this machine alone, with a token."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from harness.sandbox.http.news import News

__all__ = ["application"]

LONGEST_POLL_S = 30.0


def application(news: News, state: Callable[[], Mapping[str, object]], token: str) -> Starlette:
    """``GET /news`` as the embedded sandbox has it, and ``GET /health``."""

    def allowed(request: Request) -> bool:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        return hmac.compare_digest(given.encode(), token.encode())

    async def tell_news(request: Request) -> Response:
        if not allowed(request):
            return _refused(401, "unauthorized", "Send the control token as a bearer token.")
        try:
            after = int(request.query_params.get("after", "0"))
            timeout_s = min(LONGEST_POLL_S, float(request.query_params.get("timeout_s", "0")))
        except ValueError:
            return _refused(422, "invalid", "after and timeout_s are numbers.")
        return JSONResponse(await news.after(after, timeout_s))

    async def tell_health(request: Request) -> Response:
        if not allowed(request):
            return _refused(401, "unauthorized", "Send the control token as a bearer token.")
        return JSONResponse(dict(state()))

    return Starlette(routes=[Route("/news", tell_news), Route("/health", tell_health)])


def _refused(status: int, error: str, message: str) -> JSONResponse:
    return JSONResponse({"error": error, "message": message}, status)
