"""One person for all worker processes: they ask over loopback, and are answered one after the other.

The address holds a key: whoever does not know it is not heard. Nothing of it touches a disk.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from multiprocessing.connection import Client, Connection, Listener
from types import TracebackType
from typing import Self

import msgspec

from harness.errors import OperatorGone
from harness.operator.port import Answer, Operator, Question, Task

__all__ = ["OperatorDesk", "RemoteOperator"]

HOST = "127.0.0.1"
GONE = b""
"""The answer where nobody answers any more."""


class _Asked(msgspec.Struct):
    task: Task | None = None
    question: Question | None = None


class OperatorDesk:
    """Lets other processes ask ``operator``. Use as a context manager."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator
        self._key = secrets.token_hex(16)
        self._listener = Listener((HOST, 0), authkey=self._key.encode())
        self._one_by_one = threading.Lock()
        self.gone: str | None = None
        """Why nobody answers any more; None while somebody does."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, name="operator", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()

    @property
    def address(self) -> str:
        """Where :class:`RemoteOperator` finds the desk, with its key."""
        return f"{self._listener.address[1]}:{self._key}"

    def _accept(self) -> None:
        while True:
            try:
                visitor = self._listener.accept()
            except OSError:  # closed
                return
            except Exception:  # noqa: BLE001, S112 - a stranger without the key is not heard, and stops nobody
                continue
            threading.Thread(target=self._serve, args=(visitor,), daemon=True).start()

    def _serve(self, visitor: Connection[bytes, bytes]) -> None:
        with visitor, contextlib.suppress(EOFError, OSError):
            while True:
                visitor.send_bytes(self._answer(msgspec.json.decode(visitor.recv_bytes(), type=_Asked)))

    def _answer(self, asked: _Asked) -> bytes:
        with self._one_by_one:
            if self.gone is None:
                try:
                    if asked.task:
                        return msgspec.json.encode(self._operator.do(asked.task))
                    if asked.question:
                        return msgspec.json.encode(self._operator.look(asked.question))
                except OperatorGone as gone:
                    self.gone = str(gone)
            return GONE


class RemoteOperator:
    """Asks the person at the desk of another process."""

    def __init__(self, address: str) -> None:
        port, _, key = address.partition(":")
        self._desk = Client((HOST, int(port)), authkey=key.encode())

    def close(self) -> None:
        """Leave."""
        self._desk.close()

    def do(self, task: Task) -> Answer:
        """Ask for the task."""
        return self._ask(_Asked(task=task))

    def look(self, question: Question) -> Answer:
        """Ask what is seen."""
        return self._ask(_Asked(question=question))

    def _ask(self, asked: _Asked) -> Answer:
        try:
            self._desk.send_bytes(msgspec.json.encode(asked))
            answer = self._desk.recv_bytes()
        except (EOFError, OSError) as error:
            message = "The process in which the person was asked has ended."
            raise OperatorGone(message) from error
        if answer == GONE:
            message = "Nobody answers any more."
            raise OperatorGone(message)
        return msgspec.json.decode(answer, type=Answer)
