"""What a run asks its gateway: what has happened, and whether all is well. For this machine alone, with a token."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from harness.contract.checker import NOT_JSON, decoded
from harness.sandbox.http.news import News

__all__ = ["application"]

LONGEST_POLL_S = 30.0


def application(
    news: News, state: Callable[[], Mapping[str, object]], belongs: Callable[[str, str | None], None], token: str
) -> Starlette:
    """``GET /news`` as the embedded sandbox has it, ``GET /health``, and ``PUT /calendars/{address_id}``.

    The last one says to which scenario a calendar belongs from now on: ``{"scenario": "..."}``, or null for none.
    """

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
        about = request.query_params.getlist("address_id") or None
        return JSONResponse(await news.after(after, timeout_s, about))

    async def tell_health(request: Request) -> Response:
        if not allowed(request):
            return _refused(401, "unauthorized", "Send the control token as a bearer token.")
        return JSONResponse(dict(state()))

    async def take_calendar(request: Request) -> Response:
        if not allowed(request):
            return _refused(401, "unauthorized", "Send the control token as a bearer token.")
        told = decoded(await request.body())
        scenario = told.get("scenario") if isinstance(told, dict) else NOT_JSON
        if not isinstance(scenario, str | None):
            return _refused(422, "invalid", "scenario is a text, or null.")
        belongs(request.path_params["address_id"], scenario)
        return Response(status_code=204)

    return Starlette(
        routes=[
            Route("/news", tell_news),
            Route("/health", tell_health),
            Route("/calendars/{address_id}", take_calendar, methods=["PUT"]),
        ]
    )


def _refused(status: int, error: str, message: str) -> JSONResponse:
    return JSONResponse({"error": error, "message": message}, status)
