"""A door on this machine to a real Docplanner, through the guard: what a partner system sends goes by no other way.

It stands behind the recording gateway. A request is taken whole, since only then it can be known what it means; what
the guard refuses is answered here, and Docplanner never sees it.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from harness.errors import BrokenHarness, HarnessError
from harness.recorder.exchange import GUARD_MARK

__all__ = ["opened"]

NOT_HANDED_ON = frozenset({"host", "connection", "keep-alive", "transfer-encoding", "content-length"})
"""Of one connection, or made anew for the next."""
ERROR = "application/vnd.error+docplanner+json"
"""How Docplanner says what is wrong. Source: behaviour.md."""
TIMEOUT = {"connect": 10.0, "read": 60.0, "write": 60.0, "pool": 60.0}
"""Seconds."""
START_S = 20.0
LOOPBACK = "127.0.0.1"

Told = Callable[[str], None]


@contextmanager
def opened(way: httpx.BaseTransport, origin: str, refused: Told) -> Iterator[str]:
    """The address of the door to ``origin``, until the block ends; ``refused`` is told what the guard let not pass.

    ``way`` is what :func:`harness.safety.session.noted_way` gives.

    Raises:
        BrokenHarness: it did not open.
    """
    listener = socket.create_server((LOOPBACK, 0), backlog=64)
    ready = threading.Event()
    door = _Door(way, origin, refused, ready)
    config = uvicorn.Config(door, log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="guard", daemon=True)
    thread.start()
    try:
        if not ready.wait(START_S):
            raise BrokenHarness("The guarded way to Docplanner did not open.")
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


class _Door:
    def __init__(self, way: httpx.BaseTransport, origin: str, refused: Told, ready: threading.Event) -> None:
        self._way = way
        self._origin = origin
        self._refused = refused
        self._ready = ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()
        answer = await run_in_threadpool(self._pass_on, scope, request.method, body)
        await answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
            self._ready.set()
        await send({"type": "lifespan.shutdown.complete"})

    def _pass_on(self, scope: Scope, method: str, body: bytes) -> Response:
        target = scope["raw_path"].decode("latin-1")
        if query := scope["query_string"].decode("latin-1"):
            target += f"?{query}"
        headers = [(name, value) for name, value in scope["headers"] if name.decode("latin-1") not in NOT_HANDED_ON]
        try:
            sent = httpx.Request(
                method, f"{self._origin}{target}", headers=headers, content=body, extensions={"timeout": TIMEOUT}
            )
            answer = self._way.handle_request(sent)
            content = answer.read() if answer.is_stream_consumed else b"".join(answer.iter_raw())
            answer.close()
        except HarnessError as error:
            self._refused(str(error))
            return _own(403, "refused", str(error))
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            return _own(502, "unreachable", f"Docplanner gave no answer ({type(error).__name__})")
        made = Response(content, answer.status_code)
        made.raw_headers = [
            *((name.lower(), value) for name, value in answer.headers.raw if not _left_out(name)),
            (b"content-length", str(len(content)).encode()),
        ]
        return made


def _left_out(name: bytes) -> bool:
    return name.decode("latin-1").lower() in NOT_HANDED_ON


def _own(status: int, reason: str, words: str) -> Response:
    body = json.dumps({"message": f"acceptance guard: {words}"})
    return Response(body, status, {GUARD_MARK: reason}, ERROR)
