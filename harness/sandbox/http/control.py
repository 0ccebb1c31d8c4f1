"""The sandbox's control API: authorisation, the contract, the handler - in that order.

Serves ``harness/contract/sandbox-control.yaml``; a test compares every answer with it. The driver journals its own
acts, so nothing is journalled here but moves of the clock.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response

from harness.contract.control import SANDBOX_CONTROL
from harness.contract.json_value import JsonValue, object_of
from harness.sandbox.http.control_desk import Asked, Denied, Handler, Reply, as_denied
from harness.sandbox.refusals import Refusal

__all__ = ["CONTROL_PATH", "Control"]

CONTROL_PATH = "/control/v1"
OPEN_TO_ALL = "sandboxHealth"
EXACT = 2**53
"""Up to here every whole number is told back as it came, whoever reads it."""


class Control:
    """Answers control calls by the handlers of the desks."""

    def __init__(self, handlers: dict[str, Handler], token: str) -> None:
        self._handlers = handlers
        self._token = token

    async def handle(self, request: Request) -> Response:
        """One call."""
        path = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0]
        try:
            status, told = await self._answer(request, path.partition(CONTROL_PATH)[2])
        except Refusal as refusal:
            denied = as_denied(refusal)
            status, told = denied.status, denied.body
        except Denied as denied:
            status, told = denied.status, denied.body
        if told is None:
            return Response(status_code=status)
        return Response(orjson.dumps(told), status, {"content-type": "application/json"})

    async def _answer(self, request: Request, path: str) -> Reply:
        found = SANDBOX_CONTROL.match(request.method, path)
        if found is None:
            raise Denied(404, "not_found", f"There is no {request.method} {path} in the control contract.")
        operation = found.operation.id
        if operation != OPEN_TO_ALL:
            self._authorise(request)
        return await self.perform(operation, request, found.params, await request.body())

    async def perform(self, operation: str, request: Request, params: Mapping[str, str], raw: bytes) -> Reply:
        """What ``operation`` does, for whoever was let in; ``request`` names its cause and its range.

        Raises:
            Denied: the request breaks the contract, or cannot be done.
            Refusal: the rules forbid it.
        """
        if breaches := SANDBOX_CONTROL.check_request(operation, raw or None):
            raise Denied(422, "invalid", "; ".join(breaches))
        body = dict(object_of(orjson.loads(raw))) if raw.strip() else {}
        if inexact := next(_inexact(body), ""):
            raise Denied(422, "invalid", f"{inexact}: expected a number that can be kept exactly, below 2^53")
        return await self._handlers[operation](Asked(request, params, body))

    def _authorise(self, request: Request) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            raise Denied(401, "unauthorized", "Send the control token as a bearer token; it is printed at the start.")


def _inexact(told: JsonValue, name: str = "") -> Iterator[str]:
    """The fields with a number that would come back as another one."""
    if isinstance(told, Mapping):
        for key, one in told.items():
            yield from _inexact(one, f"{name}.{key}" if name else key)
    elif isinstance(told, list):
        for place, one in enumerate(told):
            yield from _inexact(one, f"{name}[{place}]")
    elif isinstance(told, int | float) and abs(told) >= EXACT:
        yield name
