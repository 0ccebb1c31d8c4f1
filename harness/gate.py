"""Hands the settings of a run to its worker processes, over loopback, once they are known.

Workers can so be started while the parts of the run still start: a worker imports what it needs and then waits at the
gate. Once it is ready to play it waits there for its turn. The settings hold secrets; they never touch a disk. A worker
whose run was killed ends as well: what it did afterwards nobody would undo.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import socket
import threading
from types import TracebackType
from typing import Self

import msgspec

from harness.config import RunSettings
from harness.errors import BrokenHarness, ConfigurationError

__all__ = ["EXIT_LEFT", "GATE_VARIABLE", "Gate", "await_turn", "end_with_run", "pass_gate"]

GATE_VARIABLE = "ACCEPTANCE_GATE"
"""Environment variable in which a worker finds the gate's port and key."""
HOST = "127.0.0.1"
KEY_BYTES = 16
TURN, STAY, GO = b"turn", b"stay", b"go"
"""What a worker asks for after the key, where it has its settings: its turn, or to be told when the run ends. And what
it is told of its turn."""
EXIT_LEFT = 70
"""Of a worker whose run is no more."""


class Gate:
    """Closed until :meth:`open`, and nobody's turn until :meth:`begin`.

    Use as a context manager; whoever still waits at its end is sent away.
    """

    def __init__(self) -> None:
        self._key = secrets.token_hex(KEY_BYTES)
        self._listener = socket.create_server((HOST, 0))
        self._decided, self._turn, self._ended = threading.Event(), threading.Event(), threading.Event()
        self._settings, self._go = b"", b""
        threading.Thread(target=self._accept, name="gate", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._decided.set()
        self._turn.set()
        self._ended.set()
        self._listener.close()

    @property
    def address(self) -> str:
        """What a worker must find in :data:`GATE_VARIABLE`."""
        return f"{self._listener.getsockname()[1]}:{self._key}"

    def open(self, settings: RunSettings) -> None:
        """Everybody who waits, or comes later, is given ``settings``."""
        self._settings = msgspec.json.encode(settings)
        self._decided.set()

    def begin(self) -> None:
        """It is the turn of everybody who waits for theirs, or comes later."""
        self._go = GO
        self._turn.set()

    def _accept(self) -> None:
        while True:
            try:
                visitor, _ = self._listener.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._serve, args=(visitor,), daemon=True).start()

    def _serve(self, visitor: socket.socket) -> None:
        with visitor:
            key, _, asked = visitor.recv(4 * KEY_BYTES).partition(b" ")
            if hmac.compare_digest(key, self._key.encode()):
                awaited = {TURN: self._turn, STAY: self._ended}.get(asked, self._decided)
                awaited.wait()
                visitor.sendall({TURN: self._go, STAY: b""}.get(asked, self._settings))


def pass_gate() -> RunSettings:
    """The settings of the run that this process works for; waits until they are known.

    Raises:
        ConfigurationError: this process was not started by a run.
        BrokenHarness: the run ended before it began.
    """
    return msgspec.json.decode(_asked(b""), type=RunSettings)


def await_turn() -> None:
    """Wait until it is this process's turn to play.

    Raises:
        ConfigurationError: this process was not started by a run.
        BrokenHarness: the run ended before that.
    """
    _asked(TURN)


def end_with_run() -> None:
    """From now on this process ends at once when its run does, however that comes.

    Raises:
        ConfigurationError: this process was not started by a run.
    """
    gate = _at_the_gate(STAY)

    def stay() -> None:
        with gate, contextlib.suppress(OSError):
            gate.recv(1)
        os._exit(EXIT_LEFT)

    threading.Thread(target=stay, name="stay", daemon=True).start()


def _asked(what: bytes) -> bytes:
    with _at_the_gate(what) as gate:
        received = b"".join(iter(lambda: gate.recv(65536), b""))
    if not received:
        message = "The run ended before this worker could begin."
        raise BrokenHarness(message)
    return received


def _at_the_gate(what: bytes) -> socket.socket:
    address = os.environ.get(GATE_VARIABLE)
    if address is None:
        message = "Scenarios are run by `acceptance run`; the project's own tests by `pytest`."
        raise ConfigurationError(message)
    port, _, key = address.partition(":")
    gate = socket.create_connection((HOST, int(port)))
    gate.sendall(key.encode() + b" " + what)
    return gate
