"""The gateway sends to one place alone, and both sides of it agree about where each message ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gateway.wires import OK, Between, Caller, Talk, answers, ask, between

POST = b"POST /x HTTP/1.1\r\nHost: x\r\n"
SECOND = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def made() -> Iterator[Between]:
    """A gateway whose far side answers everything."""
    with between(answers(), stall_s=5.0) as running:
        yield running


REFUSED = {
    "CONNECT": b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
    "absolute form": b"GET http://example.com/x HTTP/1.1\r\nHost: example.com\r\n\r\n",
    "absolute form of the target": b"GET https://localhost/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a target without its slash": b"GET x HTTP/1.1\r\nHost: x\r\n\r\n",
    "a target that is a user": b"GET @example.com/x HTTP/1.1\r\nHost: x\r\n\r\n",
    "the asterisk": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "no Host": b"GET /x HTTP/1.1\r\n\r\n",
    "two Hosts": b"GET /x HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "length and chunks": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SECOND,
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 60\r\n\r\nabc" + SECOND,
    "two lengths in one": POST + b"Content-Length: 3, 60\r\n\r\nabc" + SECOND,
    "a length with a sign": POST + b"Content-Length: +3\r\n\r\nabc" + SECOND,
    "a length below nothing": POST + b"Content-Length: -3\r\n\r\nabc" + SECOND,
    "a length in hex": POST + b"Content-Length: 0x3\r\n\r\nabc" + SECOND,
    "another coding": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "a coding nobody knows": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND,
    "chunks twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "a blank before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "chunks in HTTP/1.0": b"POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "a chunk's size in words": POST + b"Transfer-Encoding: chunked\r\n\r\nlarge\r\nabc\r\n0\r\n\r\n" + SECOND,
    "a chunk's size with a sign": POST + b"Transfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n" + SECOND,
    "a chunk's size with 0x": POST + b"Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n" + SECOND,
    "a chunk's size beyond numbers": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\nabc" + SECOND,
    "a chunk longer than its size": POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n" + SECOND,
    "a control character": b"GET /x HTTP/1.1\r\nHost: x\r\nX-A: a\x00b\r\n\r\n",
    "a bare return": b"GET /x HTTP/1.1\r\nHost: x\r\nX-A: a\rX-B: b\r\n\r\n",
    "a blank in the target": b"GET /x y HTTP/1.1\r\nHost: x\r\n\r\n",
    "a name that is none": b"GET /x HTTP/1.1\r\nHost: x\r\nX A: b\r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n",
    "a head without end": b"GET /x HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 200_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_mean_two_things_is_refused_in_our_own_name(made: Between, name: str) -> None:
    """With a 4xx or 501 that says so, once; nothing of it becomes a request to the far side."""
    before = len(made.far.requests)

    back = ask(made.port, REFUSED[name])

    assert back.startswith((b"HTTP/1.1 4", b"HTTP/1.1 501 "))
    assert b"X-Acceptance-Gateway: " in back
    assert back.count(b"HTTP/1.1 ") == 1
    assert len(made.far.requests) == before


@pytest.mark.parametrize("host", [b"example.com", b"169.254.169.254", b"x:1@y", b"", b"localhost:1"])
def test_whatever_host_is_named_the_target_is_asked(made: Between, host: bytes) -> None:
    """By its own name."""
    back = ask(made.port, b"GET //example.com/x HTTP/1.1\r\nConnection: close\r\nHost: " + host + b"\r\n\r\n")

    assert back.endswith(b"ok")
    head = b"GET //example.com/x HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % made.far.port
    assert made.far.requests[-1] == head


def test_a_redirect_is_handed_on_and_not_followed() -> None:
    """Where it leads is the caller's affair."""
    redirect = b"HTTP/1.1 302 Found\r\nLocation: http://example.com/\r\nContent-Length: 0\r\n\r\n"
    with between(answers(redirect)) as made, Caller(made.port) as caller:
        caller.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

        assert caller.until(b"\r\n\r\n") == redirect
        assert made.far.connections == 1


def test_headers_that_forward_or_override_change_nothing(made: Between) -> None:
    """They go on as they are."""
    asked = b"X-Forwarded-Host: example.com\r\nX-HTTP-Method-Override: DELETE\r\nForwarded: host=example.com\r\n"

    ask(made.port, b"GET /x HTTP/1.1\r\nHost: x\r\n" + asked + b"Connection: close\r\n\r\n")

    assert made.far.requests[-1] == b"GET /x HTTP/1.1\r\nHost: localhost:%d\r\n" % made.far.port + asked + b"\r\n"


def test_a_folded_header_goes_on_in_one_line(made: Between) -> None:
    """So that nobody reads its second line as a header of its own."""
    ask(made.port, b"GET /x HTTP/1.1\r\nHost: x\r\nX-A: a\r\n Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n")

    assert b"\r\nX-A: a Transfer-Encoding: chunked\r\n\r\n" in made.far.requests[-1]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nX A: b\r\n\r\nok",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nok",
    ],
)
def test_an_answer_that_is_no_http_becomes_a_502_of_our_own(answer: bytes) -> None:
    """Which names neither the partner nor Docplanner as its author."""
    with between(answers(answer)) as made, Caller(made.port) as caller:
        caller.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        back = caller.rest()

        assert back.startswith(b"HTTP/1.1 502 Gateway\r\n")
        assert b"X-Acceptance-Gateway: " in back
        assert made.line().body["status"] is None


def test_a_second_answer_that_nobody_asked_for_is_given_to_nobody() -> None:
    """What a far side sends too much never becomes the answer to the next request."""

    def too_much(talk: Talk) -> None:
        while talk.request():
            talk.send(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")

    with between(too_much) as made, Caller(made.port) as caller:
        for _ in range(3):
            caller.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert caller.until(b"\r\n\r\nok")
            assert b"evil" not in caller.kept
