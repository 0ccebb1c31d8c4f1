"""Whatever a correct message holds, it arrives as it was sent, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from gateway.wires import Between, Caller, Talk, between
from hypothesis import given
from hypothesis import strategies as st

TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
OWN = {"connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "upgrade"}
OWN |= {"transfer-encoding", "content-length", "host", "expect"}

names = st.text(TOKEN, min_size=1, max_size=12).filter(lambda one: one.lower() not in OWN).map(str.encode)
visible = st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters="\x7f")
values = st.lists(st.text(visible.filter(lambda one: not 0x7F <= ord(one) < 0x80), max_size=8), max_size=3).map(
    lambda words: " ".join(word for word in words if word).encode("latin-1")
)
headers = st.lists(st.tuples(names, values), max_size=6)
targets = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=40).map(
    lambda rest: f"/{rest}".encode()
)
methods = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=8).filter(
    lambda one: one not in {"CONNECT", "HEAD"}
)
bodies = st.lists(st.binary(min_size=1, max_size=300), max_size=4)
statuses = st.integers(200, 599).filter(lambda one: one not in {204, 304})
reasons = st.text("abcXYZ -'", max_size=12).map(lambda one: one.strip().encode())


@dataclass
class Said:
    """What the far side answers next."""

    answer: bytes = b""


SAID = Said()


def framed(pieces: list[bytes], *, chunked: bool) -> tuple[bytes, bytes]:
    """A header and a body by which the end can be told."""
    if chunked:
        cut = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
        return b"Transfer-Encoding: chunked\r\n", cut + b"0\r\n\r\n"
    whole = b"".join(pieces)
    return b"Content-Length: %d\r\n" % len(whole), whole


def lines(pairs: list[tuple[bytes, bytes]]) -> bytes:
    """Headers as they stand in a message."""
    return b"".join(b"%b: %b\r\n" % pair for pair in pairs)


@pytest.fixture(scope="module")
def made() -> Iterator[Between]:
    """One gateway for all examples."""

    def say(talk: Talk) -> None:
        while talk.request():
            talk.send(SAID.answer)

    with between(say) as running:
        yield running


@given(methods, targets, headers, bodies, st.booleans(), statuses, reasons, headers, bodies, st.booleans())
def test_a_message_arrives_as_it_was_sent(
    made: Between,
    method: str,
    target: bytes,
    sent: list[tuple[bytes, bytes]],
    body: list[bytes],
    chunked: bool,
    status: int,
    reason: bytes,
    told: list[tuple[bytes, bytes]],
    back: list[bytes],
    back_chunked: bool,
) -> None:
    """Method, target, headers in their order, body; status, reason, headers in their order, body."""
    framing, framed_body = framed(body, chunked=chunked)
    back_framing, framed_back = framed(back, chunked=back_chunked)
    SAID.answer = b"HTTP/1.1 %d %b\r\n%b%b\r\n%b" % (status, reason, lines(told), back_framing, framed_back)
    request = b"%b %b HTTP/1.1\r\nHost: x\r\n%b%b\r\n%b" % (method.encode(), target, lines(sent), framing, framed_body)

    with Caller(made.port) as caller:
        caller.send(request)
        head = caller.until(b"\r\n\r\n")
        got = b""
        if back_chunked:
            while (size := int(caller.until(b"\r\n"), 16)) > 0:
                while len(caller.kept) < size + 2:
                    caller.kept += caller.socket.recv(65536)
                got, caller.kept = got + caller.kept[:size], caller.kept[size + 2 :]
        else:
            while len(caller.kept) < len(b"".join(back)):
                caller.kept += caller.socket.recv(65536)
            got = caller.kept

    there, _, there_body = made.far.requests[-1].partition(b"\r\n\r\n")
    status_line, *_ = head.split(b"\r\n")
    assert there == b"%b %b HTTP/1.1\r\nHost: localhost:%d\r\n%b%b" % (
        method.encode(),
        target,
        made.far.port,
        lines(sent),
        framing[:-2],
    )
    assert _plain(there_body, chunked=chunked) == b"".join(body)
    assert status_line == b"HTTP/1.1 %d %b" % (status, reason)
    # the gateway itself may write where an answer of chunks ends
    assert head.startswith(status_line + b"\r\n" + lines(told))
    assert got == b"".join(back)


def _plain(body: bytes, *, chunked: bool) -> bytes:
    if not chunked:
        return body
    plain = b""
    while (size := int(body.partition(b"\r\n")[0], 16)) > 0:
        rest = body.partition(b"\r\n")[2]
        plain, body = plain + rest[:size], rest[size + 2 :]
    return plain
