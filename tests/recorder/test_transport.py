"""Exchanges recorded on their way, those without an answer included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from harness.clock import ManualClock
from harness.recorder.exchange import Exchange
from harness.recorder.transport import RecordingTransport

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Far(BaseHTTPRequestHandler):
    """Answers a POST with what was sent; breaks off in the middle at /cut, and at once at /gone."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer."""
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.close_connection = self.path in {"/gone", "/cut"}
        if self.path == "/gone":
            return
        self.send_response(201)
        self.send_header("Content-Length", str(len(sent) + (9 if self.path == "/cut" else 0)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def far() -> Iterator[str]:
    """The address of a server on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Far)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def client(inner: httpx.BaseTransport, record: Callable[[Exchange], None]) -> httpx.Client:
    """A client whose exchanges are recorded as bookSlot."""
    return httpx.Client(transport=RecordingTransport(inner, record, lambda _: "bookSlot", clock=ManualClock(NOON)))


def test_an_exchange_is_recorded_whole(far: str) -> None:
    """Both messages as they were, and the caller gets his answer all the same."""
    seen: list[Exchange] = []
    with client(httpx.HTTPTransport(), seen.append) as api:
        answer = api.post(
            f"{far}/?a=b%2Bc", content=iter([b"one", b"two"]), headers={"X-Note": "1", "Content-Length": "6"}
        )
        again = api.post(far, content=b"")
    assert (answer.status_code, answer.content) == (201, b"onetwo")
    assert again.content == b""
    one, two = seen
    assert (one.method, one.url, one.operation) == ("POST", f"{far}/?a=b%2Bc", "bookSlot")
    assert ("x-note", "1") in one.request_headers
    assert (one.request_body, one.status, one.response_body) == (b"onetwo", 201, b"onetwo")
    assert ("content-length", "6") in {(name.lower(), value) for name, value in one.response_headers}
    assert (one.started_at, one.error, one.breaches, one.injected) == (NOON, None, (), False)
    assert one.took_ms > 0
    assert (two.request_body, two.response_body) == (None, None)


@pytest.mark.parametrize("path", ["/gone", "/cut"])
def test_an_answer_that_breaks_off_is_recorded_without_a_status(far: str, path: str) -> None:
    """Nothing is known of what happened; the caller gets the error."""
    seen: list[Exchange] = []
    with client(httpx.HTTPTransport(), seen.append) as api, pytest.raises(httpx.RemoteProtocolError):
        api.post(far + path, content=b"x")
    (one,) = seen
    assert (one.status, one.response_body, one.response_headers) == (None, None, ())
    assert one.error is not None
    assert one.error.startswith("RemoteProtocolError: ")


def test_a_server_that_is_not_there_is_recorded(far: str) -> None:
    """The error's kind is told even where it has no words."""
    del far

    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("")

    seen: list[Exchange] = []
    with client(httpx.MockTransport(refuse), seen.append) as api, pytest.raises(httpx.ConnectTimeout):
        api.get("http://127.0.0.1:9/")
    assert [(one.status, one.error) for one in seen] == [(None, "ConnectTimeout")]


def test_a_streamed_answer_can_still_be_read(far: str) -> None:
    """Recording does not take the content from who streams it."""
    seen: list[Exchange] = []
    with client(httpx.HTTPTransport(), seen.append) as api, api.stream("POST", far, content=b"abc") as answer:
        assert b"".join(answer.iter_bytes()) == b"abc"
    assert seen[0].response_body == b"abc"


def test_the_inner_transport_is_closed() -> None:
    """Closing the client closes what it sends by."""
    closed: list[bool] = []

    class Inner(httpx.MockTransport):
        """Tells that it was closed."""

        def close(self) -> None:
            """Tell."""
            closed.append(True)

    client(Inner(lambda _: httpx.Response(200)), lambda _: None).close()
    assert closed == [True]
