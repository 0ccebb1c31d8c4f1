"""The web application: routes, the control API's token, refusals as JSON."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from harness.stub.http.control import ROUTES, Answer, Asked, Handle
from harness.stub.http.endpoint import PATH, take
from harness.stub.http.lacking import refuse_what_is_lacking
from harness.stub.refusals import Refusal
from harness.stub.system import ClinicSystem

__all__ = ["application"]

LOGGER = logging.getLogger(__name__)
PINGED = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
WORDS = {404: "not_found", 405: "not_allowed"}


def application(system: ClinicSystem, callback_url: Callable[[], str]) -> Starlette:
    """The control contract and the endpoint; ``callback_url`` is known once the socket is open."""

    def control(path: str, handlers: Mapping[str, Handle]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if not _token_fits(system.settings.token, request):
                return _response(_error(401, "unauthorized", "The control API wants its bearer token."))
            handle = handlers["GET" if request.method == "HEAD" else request.method]
            asked = Asked(system, callback_url(), request.path_params, request.query_params, await request.body())
            return _response(await run_in_threadpool(_handled, path, handle, asked))

        return answer

    async def notified(request: Request) -> Response:
        content = await request.body()
        return _response(await run_in_threadpool(take, system, request.method, request.headers, content))

    routes = [Route(path, control(path, handlers), methods=list(handlers)) for path, handlers in ROUTES.items()]
    routes.append(Route(PATH, notified, methods=PINGED))
    return Starlette(routes=routes, exception_handlers={HTTPException: _not_routed})


def _handled(path: str, handle: Handle, asked: Asked) -> Answer:
    try:
        refuse_what_is_lacking(path, asked.system.settings.without)
        return handle(asked)
    except Refusal as refusal:
        return _error(refusal.status, refusal.error, str(refusal))
    except Exception:  # the run is told in the contract's words, the log has the rest
        LOGGER.exception("a control call failed")
        return _error(500, "invalid", "The reference clinic failed; its log says why.")


async def _not_routed(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    told = error.detail if isinstance(error, HTTPException) else "failed"
    return _response(_error(status, WORDS.get(status, "invalid"), told))


def _token_fits(token: str | None, request: Request) -> bool:
    if token is None:
        return True
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    return scheme.casefold() == "bearer" and secrets.compare_digest(sent.encode(), token.encode())


def _error(status: int, error: str, message: str) -> Answer:
    return Answer(status, {"error": error, "message": message})


def _response(answer: Answer) -> Response:
    if answer.body is None:
        return Response(status_code=answer.status)
    return Response(orjson.dumps(answer.body), answer.status, media_type="application/json")
