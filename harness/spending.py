"""Where the time of a scenario goes: waiting for the systems under test, asking them, writing down, and the rest.

What is none of these is the harness's own computing. One account a worker process; what other threads spend is not the
scenario's time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Literal

import httpx

from harness.operator.port import Answer, Operator, Question, Task
from harness.partner.http import to_partner
from harness.recorder.journal import Journal
from harness.recorder.line import Actor, Channel, Kind
from harness.recorder.redaction import Clean
from harness.waiting import News

__all__ = ["Spending", "SpendingJournal", "SpendingNews", "SpendingOperator", "SpendingTransport"]

Purpose = Literal["waiting", "asking", "writing"]
PURPOSES: tuple[Purpose, ...] = ("waiting", "asking", "writing")


class Spending:
    """An account, in seconds, of the thread that made it."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._spent: dict[Purpose, float] = dict.fromkeys(PURPOSES, 0.0)

    @contextmanager
    def on(self, purpose: Purpose) -> Iterator[None]:
        """What is done within the block is done for ``purpose``. Blocks never stand within each other."""
        started = time.perf_counter()
        try:
            yield
        finally:
            if threading.get_ident() == self._thread:
                self._spent[purpose] += time.perf_counter() - started

    def close(self) -> Mapping[str, float]:
        """What was spent since the last time, by purpose: ``waiting_s``, ``asking_s``, ``writing_s``."""
        spent = {f"{purpose}_s": round(seconds, 3) for purpose, seconds in self._spent.items()}
        self._spent = dict.fromkeys(PURPOSES, 0.0)
        return spent


class SpendingJournal:
    """A journal whose writing is put down to the account."""

    def __init__(self, inner: Journal, spending: Spending) -> None:
        self._inner = inner
        self._spending = spending

    def write(
        self,
        kind: Kind,
        body: Mapping[str, object] | Clean,
        *,
        actor: Actor,
        channel: Channel | None = None,
        scenario: str | None = None,
        cause: int | None = None,
        address: str | None = None,
    ) -> int:
        """As :meth:`harness.recorder.journal.Journal.write`."""
        with self._spending.on("writing"):
            return self._inner.write(
                kind, body, actor=actor, channel=channel, scenario=scenario, cause=cause, address=address
            )


class SpendingOperator:
    """A person, asking whom is waiting for the system that they operate."""

    def __init__(self, inner: Operator, spending: Spending) -> None:
        self._inner = inner
        self._spending = spending

    def do(self, task: Task) -> Answer:
        """As :meth:`harness.operator.port.Operator.do`."""
        with self._spending.on("waiting"):
            return self._inner.do(task)

    def look(self, question: Question) -> Answer:
        """As :meth:`harness.operator.port.Operator.look`."""
        with self._spending.on("waiting"):
            return self._inner.look(question)


class SpendingNews:
    """News, the waiting for which is put down to the account."""

    def __init__(self, inner: News, spending: Spending) -> None:
        self._inner = inner
        self._spending = spending

    def mark(self) -> int:
        """As :meth:`harness.waiting.News.mark`."""
        return self._inner.mark()

    def wait(self, after: int, timeout: timedelta) -> bool:
        """As :meth:`harness.waiting.News.wait`."""
        with self._spending.on("waiting"):
            return self._inner.wait(after, timeout)


class SpendingTransport(httpx.BaseTransport):
    """HTTP whose exchanges are put down to the account."""

    def __init__(self, spending: Spending) -> None:
        self._inner = to_partner()
        self._spending = spending

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, read to its end."""
        with self._spending.on("asking"):
            response = self._inner.handle_request(request)
            response.read()
            return response

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
