"""What goes through the gateway arrives as it was sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from gateway.wires import OK, Between, Caller, Talk, answers, ask, between

CLOSE = b"Connection: close\r\n\r\n"


@pytest.fixture(scope="module")
def echo() -> Iterator[Between]:
    """A far side that answers each request with what its path says it should."""
    with between(by_path) as made:
        yield made


def by_path(talk: Talk) -> None:
    """Answer each path in its own way."""
    while whole := talk.request():
        path = whole.split(b" ", 2)[1].partition(b"?")[0]
        talk.send(BY_PATH.get(path, OK))


BY_PATH = {
    b"/head": b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
    b"/empty": b"HTTP/1.1 204 No Content\r\nX-Left: 1\r\n\r\n",
    b"/unchanged": b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 99\r\n\r\n',
    b"/reason": b"HTTP/1.1 418 Short And Stout\r\nContent-Length: 0\r\n\r\n",
    b"/twice": b"HTTP/1.1 200 OK\r\nX-One: a\r\nx-ONE: b\r\nSet-Cookie: c\r\nSet-Cookie: d\r\n"
    b"Content-Length: 0\r\n\r\n",
    b"/chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n"
    b"3\r\nabc\r\n4\r\ndefg\r\n0\r\nX-T: end\r\n\r\n",
    b"/both": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    b"/hop": b"HTTP/1.1 200 OK\r\nConnection: X-Private\r\nKeep-Alive: timeout=5\r\nX-Private: 1\r\nX-Public: 2\r\n"
    b"Content-Length: 0\r\n\r\n",
}


def sent(made: Between, request: bytes) -> tuple[bytes, bytes]:
    """What the far side was sent for ``request``, and what came back."""
    back = ask(made.port, request)
    return made.far.requests[-1], back


def test_a_request_keeps_method_path_query_and_the_case_and_order_of_its_headers(echo: Between) -> None:
    """Nothing is decoded, sorted or made pretty; the Host is the far side's."""
    request = (
        b"PATCH /a%2Fb/%C5%82//c/../d;x=1?start=2026-11-24T10%3A00%3A00%2B01%3A00&a=&a=2?&b HTTP/1.1\r\n"
        b"hOst: gateway.example\r\nX-B: 2\r\nx-A: 1\r\nX-b: \xc5\x82 3\r\nAuthorization: Bearer abcdefgh\r\n" + CLOSE
    )

    there, back = sent(echo, request)

    host = b"Host: localhost:%d\r\n" % echo.far.port
    assert there == request.replace(b"hOst: gateway.example\r\n", host).replace(b"Connection: close\r\n", b"")
    assert back == OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


def test_headers_of_one_connection_stay_on_it(echo: Between) -> None:
    """Those that Connection names too, but never what says where a message ends."""
    request = (
        b"POST /x HTTP/1.1\r\nHost: x\r\nConnection: close, X-Mine, Content-Length, Host\r\nX-Mine: 1\r\n"
        b"TE: trailers\r\nProxy-Authorization: Basic eA==\r\nUpgrade: websocket\r\nKeep-Alive: 5\r\nX-Yours: 2\r\n"
        b"Content-Length: 3\r\n\r\nabc"
    )

    there, _ = sent(echo, request)

    assert there == b"POST /x HTTP/1.1\r\nHost: localhost:%d\r\nX-Yours: 2\r\nContent-Length: 3\r\n\r\nabc" % (
        echo.far.port
    )


@pytest.mark.parametrize(
    ("path", "status_line", "kept"),
    [
        (b"/empty", b"HTTP/1.1 204 No Content\r\n", b"X-Left: 1\r\n"),
        (b"/unchanged", b"HTTP/1.1 304 Not Modified\r\n", b"Content-Length: 99\r\n"),
        (b"/reason", b"HTTP/1.1 418 Short And Stout\r\n", b"Content-Length: 0\r\n"),
        (b"/twice", b"HTTP/1.1 200 OK\r\n", b"X-One: a\r\nx-ONE: b\r\nSet-Cookie: c\r\nSet-Cookie: d\r\n"),
    ],
)
def test_an_answer_keeps_status_reason_and_headers_however_often_they_come(
    echo: Between, path: bytes, status_line: bytes, kept: bytes
) -> None:
    """Without a body where there is none; two requests go over one connection."""
    with Caller(echo.port) as caller:
        for _ in range(2):
            caller.send(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path)
            head = caller.until(b"\r\n\r\n")

            assert head.startswith(status_line)
            assert kept in head
            assert caller.kept == b""


def test_the_answer_to_head_has_no_body_and_keeps_its_length(echo: Between) -> None:
    """The connection can be used again."""
    with Caller(echo.port) as caller:
        for _ in range(2):
            caller.send(b"HEAD /head HTTP/1.1\r\nHost: x\r\n\r\n")

            assert b"Content-Length: 5000\r\n" in caller.until(b"\r\n\r\n")
            assert caller.kept == b""


def test_chunks_arrive_with_their_trailers(echo: Between) -> None:
    """The body is the same; how it is cut may differ."""
    _, back = sent(echo, b"GET /chunks HTTP/1.1\r\nHost: x\r\n" + CLOSE)

    assert back.endswith(b"3\r\nabc\r\n4\r\ndefg\r\n0\r\nX-T: end\r\n\r\n")


def test_a_chunked_request_stays_chunked(echo: Between) -> None:
    """With its trailers."""
    there, _ = sent(
        echo,
        b"POST /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5;note=1\r\nhello\r\n0\r\n\r\n",
    )

    assert there.endswith(b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")


def test_an_answer_whose_end_is_told_in_two_ways_goes_on_by_chunks_alone(echo: Between) -> None:
    """Otherwise the two sides of a connection could disagree about what is an answer."""
    _, back = sent(echo, b"GET /both HTTP/1.1\r\nHost: x\r\n" + CLOSE)

    assert b"content-length" not in back.lower()
    assert back.endswith(b"3\r\nabc\r\n0\r\n\r\n")


def test_headers_of_the_far_connection_stay_there(echo: Between) -> None:
    """Those that its Connection names too."""
    _, back = sent(echo, b"GET /hop HTTP/1.1\r\nHost: x\r\n" + CLOSE)

    assert b"X-Public: 2\r\n" in back
    assert b"X-Private" not in back
    assert b"Keep-Alive" not in back


def test_a_caller_of_http_1_0_gets_the_body_without_chunks(echo: Between) -> None:
    """Which it could not read."""
    _, back = sent(echo, b"GET /chunks HTTP/1.0\r\n\r\n")

    assert back.endswith(b"\r\n\r\nabcdefg")


def test_one_connection_of_the_caller_uses_one_connection_to_the_far_side() -> None:
    """Kept alive as long as both may."""
    with between(answers()) as made, Caller(made.port) as caller:
        for _ in range(3):
            caller.send(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na")
            caller.until(b"\r\n\r\nok")

        assert made.far.connections == 1


def test_requests_sent_before_the_answers_are_answered_in_order() -> None:
    """As HTTP/1.1 has it."""

    def number(talk: Talk) -> None:
        while whole := talk.request():
            talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + whole[5:6])

    with between(number) as made, Caller(made.port) as caller:
        caller.send(b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % one for one in range(5)))

        assert [caller.until(b"\r\n\r\n%d" % one)[-1:] for one in range(5)] == [b"0", b"1", b"2", b"3", b"4"]


def test_a_connection_that_the_far_side_closed_is_replaced_without_a_word() -> None:
    """Nothing was under way on it."""

    def once(talk: Talk) -> None:
        talk.request()
        talk.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")

    with between(once) as made, Caller(made.port) as caller:
        for _ in range(3):
            caller.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"connection: close" not in caller.until(b"\r\n\r\nok").lower()

        assert made.far.connections == 3


def test_who_asks_whether_to_go_on_is_told_by_the_far_side() -> None:
    """The body is not sent before it said so."""

    def wait(talk: Talk) -> None:
        head = talk.head()
        assert b"Expect: 100-continue" in head
        assert talk.kept == b""
        talk.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + talk.body(head))

    with between(wait) as made, Caller(made.port) as caller:
        caller.send(b"PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        assert caller.until(b"\r\n\r\n").startswith(b"HTTP/1.1 100 Continue\r\n")
        caller.send(b"hello")

        assert caller.until(b"hello").startswith(b"HTTP/1.1 200 OK\r\n")


def test_who_asks_whether_to_go_on_may_be_refused_at_once() -> None:
    """And sends no body at all."""

    def refuse(talk: Talk) -> None:
        talk.head()
        talk.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")

    with between(refuse) as made, Caller(made.port) as caller:
        caller.send(b"PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")

        assert caller.rest().startswith(b"HTTP/1.1 413 Too Large\r\n")


def test_a_message_goes_on_while_it_comes_in() -> None:
    """Each piece before the next one is sent, in both directions."""
    there, go = threading.Event(), threading.Event()

    def piecewise(talk: Talk) -> None:
        talk.head()
        while b"first" not in talk.kept:
            talk.kept += talk.socket.recv(100)
        there.set()
        while b"second" not in talk.kept:
            talk.kept += talk.socket.recv(100)
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nthird")
        go.wait(10)
        talk.send(b"fourth")

    with between(piecewise) as made, Caller(made.port) as caller:
        caller.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nfirst")
        assert there.wait(10)
        caller.send(b"second")
        assert caller.until(b"third")
        go.set()

        assert caller.until(b"fourth")


def test_large_bodies_go_through_both_ways() -> None:
    """Eight megabytes, of which no copy is kept."""
    large = bytes(range(256)) * 4096 * 8

    def mirror(talk: Talk) -> None:
        head = talk.head()
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(large) + talk.body(head))

    with between(mirror) as made:
        head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(large)
        back = ask(made.port, head + large)

        assert back.endswith(large)
        assert str(made.line().body["request"]).count("bytes, too long") == 1


def test_many_callers_are_served_at_once() -> None:
    """Thirty wait together for a far side that answers when all have come."""
    number = 30
    all_there = threading.Barrier(number)

    def together(talk: Talk) -> None:
        whole = talk.request()
        all_there.wait(10)
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + whole[5:7])

    with between(together) as made:
        back: dict[int, bytes] = {}

        def call(one: int) -> None:
            back[one] = ask(made.port, b"GET /%02d HTTP/1.1\r\nHost: x\r\n" % one + CLOSE)

        threads = [threading.Thread(target=call, args=(one,)) for one in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [back[one][-2:] for one in range(number)] == [b"%02d" % one for one in range(number)]
