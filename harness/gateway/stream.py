"""One connection as bytes: what comes in is held back once there is too much of it, and so is what goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

__all__ = ["Lost", "Stream"]

HIGH = 256 * 1024
"""Bytes that wait to be read at most, before the other side must wait."""


class Lost(Exception):
    """The connection is gone."""


class Stream(asyncio.Protocol):
    """One TCP or TLS connection. Belongs to its event loop; one task reads, one writes."""

    def __init__(self, opened: Callable[[Stream], None] | None = None) -> None:
        self._opened = opened
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._reading = True
        self._readable: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None
        self.over = False
        """Whether the other side sends no more."""
        self.on_over: Callable[[], None] | None = None
        """Called once, when that becomes known."""

    @property
    def waiting(self) -> bool:
        """Whether bytes have come that nobody has read."""
        return bool(self._received)

    # -- what the event loop calls ---------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = cast("asyncio.Transport", transport)
        if self._opened is not None:
            self._opened(self)

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self._received += data
        if len(self._received) > HIGH and self._reading and self._transport is not None:
            self._transport.pause_reading()
            self._reading = False
        _wake(self._readable)

    def eof_received(self) -> None:
        """The other side sends no more: for both of ours that is the end of the connection."""
        self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing goes any more."""
        del exc
        self._end()

    def pause_writing(self) -> None:
        """The other side reads more slowly than we write."""
        self._writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """It has caught up."""
        _wake(self._writable)
        self._writable = None

    # -- what the gateway calls ------------------------------------------------------------------------------------

    async def receive(self, within_s: float) -> bytes:
        """What has come in since; empty where no more can come.

        Raises:
            TimeoutError: nothing came in that time.
        """
        if not self._received and not self.over:
            self._readable = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(within_s):
                    await self._readable
            finally:
                self._readable = None
        data = bytes(self._received)
        self._received.clear()
        if not self._reading and self._transport is not None and not self.over:
            self._transport.resume_reading()
            self._reading = True
        return data

    async def send(self, data: bytes, within_s: float) -> None:
        """Send, and wait while the other side is slower than we are.

        Raises:
            Lost: the connection is gone.
            TimeoutError: the other side took nothing in that time.
        """
        if self.over or self._transport is None or self._transport.is_closing():
            raise Lost
        if data:
            self._transport.write(data)
        if self._writable is not None:
            async with asyncio.timeout(within_s):
                await asyncio.shield(self._writable)
            if self.over:
                raise Lost

    async def close(self, within_s: float) -> None:
        """Close once what was sent has gone; what still comes is read away, so that no reset overtakes the answer."""
        transport = self._transport
        if transport is None or self.over:
            self.abort()
            return
        try:
            if transport.can_write_eof():
                transport.write_eof()
                async with asyncio.timeout(within_s):
                    while await self.receive(within_s):
                        pass
        except (TimeoutError, OSError):
            pass
        transport.close()

    def abort(self) -> None:
        """Cut the connection."""
        if self._transport is not None:
            self._transport.abort()
        self._end()

    def _end(self) -> None:
        if self.over:
            return
        self.over = True
        _wake(self._readable)
        _wake(self._writable)
        if self.on_over is not None:
            self.on_over()


def _wake(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)
