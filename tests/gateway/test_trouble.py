"""Trouble on either side: whose it was is said, and nothing hangs."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack

import pytest
from gateway.wires import OK, Between, Caller, Talk, answers, ask, between, far_end

from harness.contract.json_value import object_of
from harness.errors import ConfigurationError, PortTaken
from harness.gateway.server import serve
from harness.gateway.settings import GatewaySettings
from harness.recorder.journal import MemoryJournal
from harness.recorder.redaction import Redactor

GET = b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"


def redactor() -> Redactor:
    """One that knows nothing yet."""
    return Redactor((), patient_key=b"k" * 32, own_phone_block="500")


def cut(talk: Talk) -> None:
    """Read the request and close without a word."""
    talk.request()


def silent(talk: Talk) -> None:
    """Read the request and never answer."""
    talk.request()
    talk.socket.recv(1)


def within_head(talk: Talk) -> None:
    """Close in the middle of the answer's head."""
    talk.request()
    talk.send(b"HTTP/1.1 200 OK\r\nContent-")


def reset(talk: Talk) -> None:
    """Reset the connection."""
    talk.request()
    talk.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    talk.socket.close()


@pytest.mark.parametrize(
    ("behaviour", "status", "reason"),
    [(cut, 502, "reset"), (within_head, 502, "reset"), (reset, 502, "reset"), (silent, 504, "timeout")],
)
def test_a_far_side_that_does_not_answer_is_told_as_such(behaviour: object, status: int, reason: str) -> None:
    """With a status and a header of our own; in the journal nobody has answered anything."""
    with between(behaviour, answer_s=0.2) as made:  # type: ignore[arg-type]
        back = ask(made.port, POST)

        assert back.startswith(b"HTTP/1.1 %d Gateway\r\n" % status)
        assert f"X-Acceptance-Gateway: {reason}\r\n".encode() in back
        body = made.line().body
        assert body["status"] is None
        assert body["breaches"] == []
        assert object_of(body["gateway"])["answered"] == status
        assert str(body["error"]).startswith("the far side ")


def test_a_far_side_that_is_not_there_is_told_as_such() -> None:
    """It is no breach of anybody."""
    with between(answers()) as made:
        pass
    closed = made.far.port
    journal = MemoryJournal()
    settings = GatewaySettings(docplanner=f"http://127.0.0.1:{closed}")
    with serve(settings, journal=journal, redactor=redactor()) as gateway:
        back = ask(int(gateway.base_url.rpartition(":")[2]), GET)

    assert b"X-Acceptance-Gateway: unreachable\r\n" in back
    assert journal.lines[0].body["status"] is None
    assert f"http://127.0.0.1:{closed} cannot be reached" in str(journal.lines[0].body["error"])


def test_head_is_answered_by_us_without_a_body() -> None:
    """As every HEAD."""
    with between(cut) as made:
        back = ask(made.port, b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")

    assert back.startswith(b"HTTP/1.1 502 ")
    assert back.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "begun",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\nlarge\r\n",
    ],
)
def test_an_answer_that_breaks_off_breaks_off_for_the_caller_too(begun: bytes) -> None:
    """It must not look whole; nothing is compared with the contract."""

    def break_off(talk: Talk) -> None:
        talk.request()
        talk.send(begun)

    with between(break_off) as made, Caller(made.port) as caller:
        caller.send(b"GET /api/v3/integration/facilities HTTP/1.1\r\nHost: x\r\n\r\n")
        back = caller.rest()

        assert b"first" in back
        assert not back.endswith(b"0\r\n\r\n")
        body = made.line().body
        assert body["status"] == 200
        assert "answer" in str(body["error"])
        assert body["breaches"] == []


def test_a_caller_that_goes_away_takes_its_request_with_it() -> None:
    """The far side sees its connection close, and the journal says who left."""
    asked, left = threading.Event(), threading.Event()

    def watch(talk: Talk) -> None:
        talk.request()
        asked.set()
        if talk.socket.recv(1) == b"":
            left.set()

    with between(watch) as made:
        with Caller(made.port) as caller:
            caller.send(GET)
            assert asked.wait(10)
        assert left.wait(10)
        _until_written(made)

        assert "closed before there was an answer" in str(made.line().body["error"])


def test_a_caller_that_goes_away_within_its_request_takes_it_with_it() -> None:
    """The far side never sees a whole request."""
    asked, left = threading.Event(), threading.Event()

    def watch(talk: Talk) -> None:
        talk.head()
        asked.set()
        while talk.socket.recv(100):
            pass
        left.set()

    with between(watch) as made:
        with Caller(made.port) as caller:
            caller.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
            assert asked.wait(10)
        assert left.wait(10)
        _until_written(made)

        assert made.line().body["status"] is None


def test_a_body_that_becomes_nonsense_under_way_is_refused_in_our_own_name() -> None:
    """The far side's connection is cut: it never sees the end of the request."""
    asked, left = threading.Event(), threading.Event()

    def watch(talk: Talk) -> None:
        talk.head()
        asked.set()
        while talk.socket.recv(100):
            pass
        left.set()

    with between(watch) as made, Caller(made.port) as caller:
        caller.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        assert asked.wait(10)
        caller.send(b"nonsense\r\n")

        assert caller.rest().startswith(b"HTTP/1.1 400 Gateway\r\n")
        assert left.wait(10)


def test_a_far_side_may_answer_before_it_has_read_everything() -> None:
    """Its answer reaches the caller, although the rest of the request goes nowhere."""

    def refuse(talk: Talk) -> None:
        talk.head()
        talk.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with between(refuse) as made, Caller(made.port) as caller:
        caller.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n" + b"a" * 100_000)

        assert caller.until(b"\r\n\r\n").startswith(b"HTTP/1.1 413 Too Large\r\n")


def test_a_slow_far_side_holds_up_nobody_else() -> None:
    """Its caller waits alone."""
    go = threading.Event()

    def one_slow(talk: Talk) -> None:
        while whole := talk.request():
            if whole.startswith(b"GET /slow"):
                go.wait(10)
            talk.send(OK)

    with between(one_slow) as made, Caller(made.port) as slow:
        slow.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        assert ask(made.port, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")).endswith(b"ok")
        go.set()

        assert slow.until(b"ok")


def test_a_caller_that_reads_slowly_holds_the_far_side_back() -> None:
    """Not all of a large answer is taken in while nobody reads it."""
    size = 64 * 1024 * 1024
    sent = 0
    stuck = threading.Event()

    def pour(talk: Talk) -> None:
        nonlocal sent
        talk.request()
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        talk.socket.settimeout(0.5)
        try:
            while sent < size:
                sent += talk.socket.send(b"x" * 65536)
        except TimeoutError:
            stuck.set()

    with between(pour) as made, Caller(made.port) as caller:
        caller.send(GET)

        assert stuck.wait(10)
        assert sent < size / 2


def test_a_connection_on_which_nothing_comes_is_closed() -> None:
    """After the time that is set for it."""
    with between(answers(), idle_s=0.1) as made, Caller(made.port) as caller:
        assert caller.rest() == b""


def test_what_is_under_way_at_the_end_comes_to_its_end() -> None:
    """New connections are refused meanwhile, idle ones closed."""
    asked, go = threading.Event(), threading.Event()

    def wait(talk: Talk) -> None:
        while talk.request():
            asked.set()
            go.wait(10)
            talk.send(OK)

    with far_end(wait) as far:
        journal = MemoryJournal()
        serving = serve(
            GatewaySettings(docplanner=f"http://localhost:{far.port}"), journal=journal, redactor=redactor()
        )
        gateway = serving.__enter__()
        port = int(gateway.base_url.rpartition(":")[2])
        with Caller(port) as idle, Caller(port) as busy:
            busy.send(GET)
            assert asked.wait(10)
            stopping = threading.Thread(target=serving.__exit__, args=(None, None, None))
            stopping.start()
            assert idle.rest() == b""
            with pytest.raises(OSError, match=r"refused|reset"):
                ask(port, GET)
            go.set()
            assert busy.rest().endswith(b"ok")
            stopping.join(10)

    assert not stopping.is_alive()
    assert journal.lines[0].body["status"] == 200


def test_what_does_not_come_to_its_end_is_cut() -> None:
    """After the time that is set for it; the journal says so."""
    with ExitStack() as callers, between(silent, stop_s=0.1) as made:
        callers.enter_context(Caller(made.port)).send(GET)
        assert made.far.came.acquire(timeout=10)
    assert made.line().body["error"] == "the gateway was stopped"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x",
        "https://",
        "https://u:p@x",
        "https://x/api",
        "https://x?a=1",
        "x",
        "http://example.com",
        "https://x:y",
    ],
)
def test_a_target_that_cannot_be_meant_is_refused(url: str) -> None:
    """Also one that would carry secrets unprotected over the network."""
    with pytest.raises(ConfigurationError):
        GatewaySettings(docplanner=url).target()


def test_the_gateway_does_not_send_to_itself() -> None:
    """Which would never end."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = GatewaySettings(docplanner=f"http://127.0.0.1:{port}", port=port)
        with pytest.raises(PortTaken), serve(settings, journal=MemoryJournal(), redactor=redactor()):
            pass
    with (
        pytest.raises(ConfigurationError, match="itself"),
        serve(settings, journal=MemoryJournal(), redactor=redactor()),
    ):
        pass


def _until_written(made: Between) -> None:
    """The gateway writes once both sides are gone."""
    deadline = time.monotonic() + 10
    waiting = threading.Event()
    while not made.journal.lines and time.monotonic() < deadline:
        waiting.wait(0.01)
