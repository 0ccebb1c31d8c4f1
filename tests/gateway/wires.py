"""Both ends of a gateway as bare sockets: what a far side was sent, what it answers, what comes back."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from harness.gateway.server import RunningGateway, serve
from harness.gateway.settings import GatewaySettings
from harness.recorder.journal import MemoryJournal
from harness.recorder.line import Kind, Line
from harness.recorder.redaction import Redactor

LONGEST_S = 10.0
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
CHUNKED = re.compile(rb"^transfer-encoding: *chunked", re.IGNORECASE | re.MULTILINE)

Behaviour = Callable[["Talk"], None]
"""What a far side does with one connection."""


@dataclass
class Talk:
    """One connection of a far side."""

    socket: socket.socket
    far: FarEnd
    kept: bytes = b""

    def head(self) -> bytes:
        """The head of the next request, its end included; empty where none comes."""
        while b"\r\n\r\n" not in self.kept:
            if not self._more():
                return b""
        head, _, self.kept = self.kept.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n"

    def body(self, head: bytes) -> bytes:
        """The body that belongs to ``head``, with its framing."""
        if length := LENGTH.search(head):
            while len(self.kept) < int(length[1]) and self._more():
                pass
            body, self.kept = self.kept[: int(length[1])], self.kept[int(length[1]) :]
            return body
        if CHUNKED.search(head):
            while b"0\r\n\r\n" not in self.kept and self._more():
                pass
            body, self.kept = self.kept, b""
            return body
        return b""

    def request(self) -> bytes:
        """The next request as it came, noted; empty where none comes."""
        head = self.head()
        if head:
            whole = head + self.body(head)
            self.far.requests.append(whole)
            self.far.came.release()
            return whole
        return b""

    def send(self, data: bytes) -> None:
        """Answer that."""
        self.socket.sendall(data)

    def _more(self) -> bool:
        data = self.socket.recv(65536)
        self.kept += data
        return bool(data)


@dataclass
class FarEnd:
    """A server that does what it is told."""

    behaviour: Behaviour
    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    came: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    connections: int = 0


def answers(answer: bytes = OK) -> Behaviour:
    """Answer every request with that."""

    def behave(talk: Talk) -> None:
        while talk.request():
            talk.send(answer)

    return behave


@contextmanager
def far_end(behaviour: Behaviour, context: ssl.SSLContext | None = None) -> Iterator[FarEnd]:
    """A far side on a port of its own."""
    far = FarEnd(behaviour)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    far.port = listener.getsockname()[1]

    def talk(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.settimeout(LONGEST_S)
            wrapped = context.wrap_socket(connection, server_side=True) if context else connection
            with wrapped:
                far.behaviour(Talk(wrapped, far))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            far.connections += 1
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield far
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@dataclass
class Between:
    """A gateway with a far side, and what it wrote down."""

    gateway: RunningGateway
    far: FarEnd
    journal: MemoryJournal

    @property
    def port(self) -> int:
        """Where the gateway takes calls."""
        return int(self.gateway.base_url.rpartition(":")[2])

    def line(self) -> Line:
        """The one exchange that was written; there may be no other."""
        found = [one for one in self.journal.lines if one.kind in {Kind.EXCHANGE, Kind.NOTIFICATION_TRY}]
        assert len(found) == 1, found
        return found[0]


@contextmanager
def between(
    behaviour: Behaviour, *, scheme: str = "http", context: ssl.SSLContext | None = None, **settings: float | Path
) -> Iterator[Between]:
    """A gateway before a far side that behaves so."""
    redactor = Redactor((), patient_key=b"k" * 32, own_phone_block="500")
    journal = MemoryJournal(redactor=redactor)
    with far_end(behaviour, context) as far:
        told = GatewaySettings(docplanner=f"{scheme}://localhost:{far.port}", **settings)  # type: ignore[arg-type]
        with serve(told, journal=journal, redactor=redactor) as gateway:
            yield Between(gateway, far, journal)


class Caller:
    """A client that sends bytes as they are. Use as a context manager."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=LONGEST_S)
        self.kept = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send that."""
        self.socket.sendall(data)

    def until(self, mark: bytes) -> bytes:
        """What comes, up to and with ``mark``."""
        while mark not in self.kept:
            data = self.socket.recv(65536)
            assert data, f"it ended before {mark!r}: {self.kept!r}"
            self.kept += data
        before, _, self.kept = self.kept.partition(mark)
        return before + mark

    def rest(self) -> bytes:
        """All that comes until the other side closes."""
        pieces = [self.kept]
        with contextlib.suppress(ConnectionResetError):
            while data := self.socket.recv(65536):
                pieces.append(data)
        return b"".join(pieces)


def ask(port: int, request: bytes) -> bytes:
    """All that comes back to ``request`` on a connection of its own, which it must ask to be closed."""
    with Caller(port) as caller:
        caller.send(request)
        return caller.rest()
