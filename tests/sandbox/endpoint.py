"""A partner's endpoint for notifications: real HTTP, answering what a test tells it to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from typing import Any

LONGEST_WAIT_S = 10


@dataclass
class Received:
    """One POST."""

    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """What it told."""
        told: dict[str, Any] = json.loads(self.raw)
        return told


@dataclass
class Endpoint:
    """``statuses`` are answered in order, then 204."""

    statuses: list[int] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    url: str = ""
    body: bytes = b""
    pause_s: float = 0.0
    """How long it takes to answer."""
    news: Condition = field(default_factory=Condition)

    def answer(self, one: Received) -> tuple[int, bytes]:
        """Remember it; the status and body to answer."""
        with self.news:
            self.received.append(one)
            self.news.notify_all()
            status = self.statuses.pop(0) if self.statuses else 204
        # an event that nobody sets: waits without keeping others from being answered
        Event().wait(self.pause_s)
        return status, self.body

    def wait(self, count: int) -> list[dict[str, Any]]:
        """What was told, once so many have come."""
        with self.news:
            came = self.news.wait_for(lambda: len(self.received) >= count, LONGEST_WAIT_S)
        assert came, f"{len(self.received)} of {count} came"
        return [one.body for one in self.received]

    def forget(self) -> None:
        """Begin anew."""
        with self.news:
            self.received.clear()
            self.statuses.clear()
            self.body = b""
            self.pause_s = 0.0


@contextmanager
def listening() -> Iterator[Endpoint]:
    """An endpoint that answers until the block ends."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            named = {name.lower(): value for name, value in self.headers.items()}
            status, body = endpoint.answer(Received(named, raw))
            with suppress(ConnectionError):  # who asked may have stopped waiting
                self.tell(status, body)

        def tell(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{server.server_port}/docplanner"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
