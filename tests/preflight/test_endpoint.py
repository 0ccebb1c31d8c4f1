"""What a preflight tells of a notification endpoint: served over real HTTP, sound or broken in one way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_server

import httpx
import pytest

from harness.preflight.endpoint import Key, endpoint_lines
from harness.preflight.line import Line, Status

KEY = Key("X-Api-Key", "canary-key")
Asked = tuple[str, str | None, bytes]
WITH, WITHOUT = "notification endpoint", "notification endpoint, no key"


@contextmanager
def endpoint(answer: Callable[[str | None], int]) -> Iterator[tuple[str, list[Asked]]]:
    """An endpoint that answers by the key it is given; and everything that it was asked."""
    asked: list[Asked] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked.append((self.command, self.headers["X-Api-Key"], body))
            self.send_response(answer(self.headers["X-Api-Key"]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{listening.server_address[1]}/news", asked
        listening.shutdown()
        thread.join()


def lines(url: str, key: Key | None = KEY) -> dict[str, Line]:
    """The lines by what was checked."""
    with httpx.Client(trust_env=False) as http:
        told = endpoint_lines(url, http, key)
    assert KEY.value not in repr((told, key))
    return {line.what: line for line in told}


def statuses(told: dict[str, Line]) -> dict[str, Status]:
    """How each stands; what is not well says what to do."""
    assert all(line.remedy for line in told.values() if line.status in {Status.WARNING, Status.TROUBLE})
    return {what: line.status for what, line in told.items()}


def test_a_sound_endpoint() -> None:
    """It is asked twice, with nothing that could tell it anything."""
    with endpoint(lambda key: 400 if key == KEY.value else 401) as (url, asked):
        assert statuses(lines(url)) == {WITH: Status.OK, WITHOUT: Status.OK}

    assert asked == [("POST", KEY.value, b""), ("POST", None, b"")]


def test_no_key_is_agreed() -> None:
    """One ping, and one line."""
    with endpoint(lambda _: 204) as (url, asked):
        assert statuses(lines(url, None)) == {WITH: Status.OK}

    assert asked == [("POST", None, b"")]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda _: 500, {WITH: Status.WARNING, WITHOUT: Status.NOT_ASKED}),
        (lambda _: 403, {WITH: Status.TROUBLE, WITHOUT: Status.NOT_ASKED}),
        (lambda _: 204, {WITH: Status.OK, WITHOUT: Status.WARNING}),
    ],
    ids=["falls over", "refuses the key", "asks for no key"],
)
def test_a_broken_endpoint(answer: Callable[[str | None], int], expected: dict[str, Status]) -> None:
    """5xx is judged by a run; a key that is refused is in the way of one."""
    with endpoint(answer) as (url, _):
        assert statuses(lines(url)) == expected


def test_an_endpoint_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the connection, and is silent for longer than Docplanner waits."""
    monkeypatch.setattr("harness.preflight.endpoint.REALTIME_ANSWER_S", 0.2)
    with create_server(("127.0.0.1", 0)) as silent:
        told = lines(f"http://127.0.0.1:{silent.getsockname()[1]}/")

    assert statuses(told) == {WITH: Status.TROUBLE, WITHOUT: Status.NOT_ASKED}
    assert "within 0.2 s" in told[WITH].seen


def test_nobody_is_there() -> None:
    """A port on which nobody listens; an address that is none."""
    with create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    for url in (f"http://127.0.0.1:{port}/", "http://[::1", "news"):
        assert statuses(lines(url, None)) == {WITH: Status.TROUBLE}


@pytest.mark.parametrize("host", ["www.znanylekarz.pl", "ZNANYLEKARZ.PL", "www.doctoralia.com.br."])
def test_docplanner_itself_is_not_asked(host: str) -> None:
    """Whatever a system names as its endpoint."""
    told = endpoint_lines(f"https://{host}/x", httpx.Client(transport=httpx.MockTransport(_never)), KEY)

    assert [line.status for line in told] == [Status.TROUBLE]


def _never(request: httpx.Request) -> httpx.Response:
    pytest.fail(f"{request.url} was asked")
