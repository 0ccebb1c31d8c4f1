"""One listener of the gateway: every connection to it, request by request."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

import h11

from harness.gateway.heads import Own, refusal_of
from harness.gateway.kept import Passed
from harness.gateway.passing import FarSide, Gone, Passing, reply
from harness.gateway.settings import GatewaySettings, Target
from harness.gateway.stream import Stream

__all__ = ["Door"]

LINGER_S = 1.0
"""How long what still comes in is read away after our last answer."""


class Door:
    """Takes connections for one target. ``passed`` is told of every exchange once it is over."""

    def __init__(
        self, target: Target, settings: GatewaySettings, trust: ssl.SSLContext, passed: Callable[[Passed], None]
    ) -> None:
        self.target = target
        self._settings = settings
        self._trust = trust
        self._passed = passed
        self._open: dict[asyncio.Task[None], Stream] = {}
        self._busy: set[Stream] = set()
        self._closing = False

    def connection(self) -> Stream:
        """What the event loop makes for each connection."""
        return Stream(self._begin)

    def _begin(self, near: Stream) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(near))
        self._open[task] = near
        task.add_done_callback(lambda done: self._open.pop(done, None))

    async def close(self) -> None:
        """Let what is under way end, at most ``stop_s`` long; then nothing is open."""
        self._closing = True
        for near in list(self._open.values()):
            if near not in self._busy:
                near.abort()
        if self._open:
            await asyncio.wait(list(self._open), timeout=self._settings.stop_s)
        rest = list(self._open)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _serve(self, near: Stream) -> None:
        far = FarSide(self.target, self._settings, self._trust)
        http = h11.Connection(h11.SERVER)
        try:
            while await self._exchange(near, http, far) and not self._closing:
                http.start_next_cycle()
            await near.close(LINGER_S)
        except Gone:
            pass
        finally:
            self._busy.discard(near)
            near.abort()
            far.cut()

    async def _exchange(self, near: Stream, http: h11.Connection, far: FarSide) -> bool:
        """One exchange; whether another may follow on the connection."""
        try:
            request = await self._request(near, http)
        except h11.RemoteProtocolError as error:
            own = Own(error.error_status_hint, "nonsense", f"the request cannot be read: {error}")
            await reply(near, http, own, self._settings)
            return False
        if request is None:
            return False
        if refused := refusal_of(request, self.target):
            await reply(near, http, refused, self._settings, bare=request.method == b"HEAD")
            return False
        passed = Passed(
            method=request.method.decode("ascii"),
            path=request.target.decode("ascii"),
            started_at=datetime.now(UTC),
            request_headers=list(request.headers.raw_items()),
        )
        try:
            await Passing(near, http, far, self._settings).carry(request, self.target, passed)
        except Gone as gone:
            passed.broken = passed.broken or str(gone)
            raise
        except asyncio.CancelledError:
            passed.broken = "the gateway was stopped"
            raise
        finally:
            self._busy.discard(near)
            self._passed(passed)
        return (http.our_state, http.their_state) == (h11.DONE, h11.DONE)

    async def _request(self, near: Stream, http: h11.Connection) -> h11.Request | None:
        """The head of the next request; None where none comes."""
        within = self._settings.idle_s
        while True:
            event = http.next_event()
            if isinstance(event, h11.Request):
                self._busy.add(near)
                return event
            if event is not h11.NEED_DATA:
                return None
            try:
                data = await near.receive(within)
            except TimeoutError:
                return None
            within = self._settings.stall_s  # a head that has begun must come to its end
            if not data and near.over and not http.trailing_data[0]:
                return None
            http.receive_data(data)
