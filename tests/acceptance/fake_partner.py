"""A partner system of a few lines, for runs that must go wrong: it keeps what it was told, and misbehaves as asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

HEALTH = {
    "status": "ok",
    "system": {"name": "Fake", "version": "1"},
    "capabilities": ["connect", "pull"],
    "timing": {"pull_interval_s": 1},
}
DEAF = {"capabilities": ["connect", "push"], "callback_url": "http://127.0.0.1:9/news"}


@dataclass
class Fake:
    """What it was told, and how it misbehaves.

    ``html`` answers a page, ``leaky`` repeats its secrets in errors, ``deaf`` names an endpoint where nobody listens.
    """

    behaviour: str
    url: str = ""
    connection: dict[str, Any] = field(default_factory=dict)
    token: str = ""

    def secrets(self) -> list[str]:
        """Everything that must not be found in the output."""
        told = self.connection
        return [one for one in (told.get("client_secret"), self.token, told.get("callback_api_key")) if one]

    def fetch_token(self) -> None:
        """Get a token, and use it with the secrets in places where they do not belong."""
        told = self.connection
        form = {"grant_type": "client_credentials", "scope": "integration"}
        form |= {"client_id": told["client_id"], "client_secret": told["client_secret"]}
        self.token = httpx.post(told["token_url"], data=form).json()["access_token"]
        query = {"debug": told["client_secret"], "access_token": self.token}
        headers = {"Authorization": f"Bearer {self.token}"}
        httpx.get(f"{told['api_base_url']}/facilities", params=query, headers=headers)

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """The answer of the control contract, or something else."""
        if self.behaviour == "html":
            return 200, "<!doctype html><h1>It works!</h1>"
        if path == "/health":
            return 200, {"broken": {"status": "ok"}, "deaf": {**HEALTH, **DEAF}}.get(self.behaviour, HEALTH)
        if path == "/connection":
            self.connection = body
            return 204, None
        if path == "/mapping/import" and self.behaviour == "leaky":
            self.fetch_token()
            return 502, {
                "error": "upstream",
                "message": f"refused with {self.connection['client_secret']} {self.token}",
            }
        if path == "/mapping":
            return 200, {"items": []}
        return 502, {"error": "upstream", "message": f"{method} {path} with {' '.join(self.secrets())}"}


@contextmanager
def fake_partner(behaviour: str) -> Iterator[Fake]:
    """A fake that listens on loopback until the block ends."""
    fake = Fake(behaviour)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            """Nothing on stderr."""

        def _any(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, told = fake.answer(self.command, self.path.split("?")[0], json.loads(raw) if raw else {})
            content = b"" if told is None else told.encode() if isinstance(told, str) else json.dumps(told).encode()
            self.send_response(status)
            if content:
                self.send_header("content-type", "text/html" if isinstance(told, str) else "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = _any  # noqa: N815 - the names that http.server calls

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
