"""One exchange on its way: the request to the far side and the answer back, each while it comes in."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from time import perf_counter

import h11

from harness.gateway.heads import Own, answer_headers, own_answer, request_headers
from harness.gateway.kept import Passed
from harness.gateway.settings import GatewaySettings, Target
from harness.gateway.stream import Lost, Stream

__all__ = ["FarSide", "Gone", "Passing", "reply"]

SWITCHING = 101


class Gone(Exception):
    """Who asked is no longer there, or sent what cannot be passed on."""


class Failed(Exception):
    """The far side cannot be asked, or does not answer; ``own`` is what is answered in its place."""

    def __init__(self, own: Own) -> None:
        super().__init__(own.words)
        self.own = own


class FarSide:
    """The connection to the target that belongs to one connection from this side; opened when it is needed."""

    def __init__(self, target: Target, settings: GatewaySettings, trust: ssl.SSLContext) -> None:
        self._target = target
        self._settings = settings
        self._trust = trust if target.scheme == "https" else None
        self._stream: Stream | None = None
        self._http = h11.Connection(h11.CLIENT)

    async def open(self) -> tuple[Stream, h11.Connection]:
        """A connection on which a request may be sent: the last one where nothing is wrong with it, or else a new one.

        Raises:
            Failed: there is none to be had.
        """
        if self._stream is not None:
            if self._http.our_state is h11.IDLE and not self._stream.over and not self._stream.waiting:
                return self._stream, self._http
            self.cut()
        where = self._target
        try:
            async with asyncio.timeout(self._settings.connect_s):
                _, self._stream = await asyncio.get_running_loop().create_connection(
                    Stream,
                    where.host,
                    where.port,
                    ssl=self._trust,
                    server_hostname=where.host if self._trust else None,
                )
        except TimeoutError as error:
            words = f"{where.origin} took no connection within {self._settings.connect_s:g} s"
            raise Failed(Own(504, "connect-timeout", words)) from error
        except ssl.SSLError as error:
            words = f"the certificate or TLS of {where.origin} is not in order ({error.reason or type(error).__name__})"
            raise Failed(Own(502, "tls", words)) from error
        except OSError as error:
            words = f"{where.origin} cannot be reached ({error.strerror or type(error).__name__})"
            raise Failed(Own(502, "unreachable", words)) from error
        self._http = h11.Connection(h11.CLIENT)
        return self._stream, self._http

    def settle(self) -> None:
        """After an exchange: keep the connection where both sides may go on with it, and nothing is left over."""
        states = self._http.our_state, self._http.their_state
        if states == (h11.DONE, h11.DONE) and not self._http.trailing_data[0]:
            self._http.start_next_cycle()
        else:
            self.cut()

    def cut(self) -> None:
        """Cut the connection."""
        if self._stream is not None:
            self._stream.abort()
            self._stream = None


class Passing:
    """Carries one exchange between ``near``, who asked, and the far side."""

    def __init__(self, near: Stream, http: h11.Connection, far: FarSide, settings: GatewaySettings) -> None:
        self._near = near
        self._http = http
        self._far = far
        self._settings = settings
        self._answered = False

    async def carry(self, request: h11.Request, target: Target, passed: Passed) -> None:
        """Carry the exchange, and note in ``passed`` what went through.

        Raises:
            Gone: who asked is no longer there, or must be cut off; nothing more can be done for them.
        """
        begun = perf_counter()
        body: asyncio.Task[None] | None = None
        self._near.on_over = self._far.cut  # who no longer waits for the answer needs none
        try:
            stream, out = await self._far.open()
            if self._near.over:  # it may have gone while the far side was sought
                raise Gone("the connection was closed before there was an answer")
            head = h11.Request(method=request.method, target=request.target, headers=request_headers(request, target))
            first = out.send(head) or b""
            rest, finished = self._there_already(out, passed)
            await self._to_far(stream, first + rest)
            if not finished:
                body = asyncio.create_task(self._send_body(stream, out, passed))
            sent = perf_counter()
            await self._answer(stream, out, passed, body, sent)
        except Failed as failed:
            await self._fail(failed.own, passed)
        except h11.RemoteProtocolError as error:
            # the far side's are caught where it is read: this is the body of who asked
            await self._fail(Own(400, "body", f"the body of the request cannot be read: {error}"), passed)
        finally:
            self._near.on_over = None
            passed.took_ms = (perf_counter() - begun) * 1000
            if body is not None:
                body.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await body
            self._far.settle()

    # -- the request -----------------------------------------------------------------------------------------------

    def _there_already(self, out: h11.Connection, passed: Passed) -> tuple[bytes, bool]:
        """As much of the body as has come in with the head, and whether that was all."""
        pieces: list[bytes] = []
        while True:
            event = self._http.next_event()
            if isinstance(event, h11.Data):
                passed.request.add(event.data)
                pieces.append(out.send(event) or b"")
            elif isinstance(event, h11.EndOfMessage):
                pieces.append(out.send(h11.EndOfMessage(headers=list(event.headers.raw_items()))) or b"")
                return b"".join(pieces), True
            else:
                return b"".join(pieces), False

    async def _send_body(self, stream: Stream, out: h11.Connection, passed: Passed) -> None:
        """The rest of the body, while it comes in. Ends without a word where the far side takes no more: it may answer.

        Raises:
            Gone: who asked sent no more of it.
            h11.RemoteProtocolError: what they sent cannot be read.
        """
        finished = False
        while not finished:
            try:
                data = await self._near.receive(self._settings.stall_s)
            except TimeoutError as error:
                raise Gone("the request did not come to its end") from error
            self._http.receive_data(data)
            if not data and self._http.their_state is h11.SEND_BODY:
                raise Gone("the connection was closed before the request was at its end")
            rest, finished = self._there_already(out, passed)
            try:
                await stream.send(rest, self._settings.stall_s)
            except (Lost, TimeoutError):
                return

    async def _to_far(self, stream: Stream, data: bytes) -> None:
        try:
            await stream.send(data, self._settings.stall_s)
        except Lost as error:
            raise self._no_answer() from error
        except TimeoutError as error:
            raise Failed(Own(504, "stalled", "the far side takes no more of the request")) from error

    # -- the answer ------------------------------------------------------------------------------------------------

    async def _answer(
        self, stream: Stream, out: h11.Connection, passed: Passed, body: asyncio.Task[None] | None, sent: float
    ) -> None:
        while True:
            event = await self._next(stream, out, body)
            if isinstance(event, h11.InformationalResponse):
                if event.status_code == SWITCHING:
                    raise Failed(Own(502, "upgrade", "the far side changed the protocol, which nobody asked for"))
                await self._to_near(self._http.send(_informational(event)) or b"")
            elif isinstance(event, h11.Response):
                passed.far_ms = (perf_counter() - sent) * 1000
                passed.status = event.status_code
                passed.answer_headers = list(event.headers.raw_items())
                self._answered = True
                pieces = [self._http.send(_response(event)) or b""]
                await self._body(stream, out, passed, body, pieces)
                return
            else:
                raise self._no_answer()

    async def _body(
        self, stream: Stream, out: h11.Connection, passed: Passed, body: asyncio.Task[None] | None, pieces: list[bytes]
    ) -> None:
        """The body of the answer; what has come at once goes on at once."""
        while True:
            try:
                event = self._event(out)
            except Failed:
                await self._to_near(b"".join(pieces))
                raise
            if event is h11.NEED_DATA:
                await self._to_near(b"".join(pieces))
                pieces.clear()
                await self._fill(stream, out, body)
            elif isinstance(event, h11.Data):
                passed.answer.add(event.data)
                pieces.append(self._http.send(event) or b"")
            elif isinstance(event, h11.EndOfMessage):
                trailers = list(event.headers.raw_items()) if self._http.their_http_version != b"1.0" else []
                pieces.append(self._http.send(h11.EndOfMessage(headers=trailers)) or b"")
                await self._to_near(b"".join(pieces))
                return
            else:
                raise self._no_answer()

    async def _next(
        self, stream: Stream, out: h11.Connection, body: asyncio.Task[None] | None
    ) -> type[h11.NEED_DATA | h11.PAUSED] | h11.Event:
        while (event := self._event(out)) is h11.NEED_DATA:
            await self._fill(stream, out, body)
        return event

    def _event(self, out: h11.Connection) -> type[h11.NEED_DATA | h11.PAUSED] | h11.Event:
        try:
            return out.next_event()
        except h11.RemoteProtocolError as error:
            if out.trailing_data[1]:
                raise self._no_answer() from error  # it ended where more was to come
            raise Failed(Own(502, "nonsense", f"the far side answered what is no HTTP: {error}")) from error

    async def _fill(self, stream: Stream, out: h11.Connection, body: asyncio.Task[None] | None) -> None:
        """More of the answer; trouble with the rest of the request comes up here."""
        within = self._settings.stall_s if self._answered else self._settings.answer_s
        reading = asyncio.ensure_future(stream.receive(within)) if body is not None else None
        if body is not None and reading is not None:
            await asyncio.wait({reading, body}, return_when=asyncio.FIRST_COMPLETED)
            if body.done() and (trouble := body.exception()) is not None:
                reading.cancel()
                raise trouble
        try:
            data = await (reading if reading is not None else stream.receive(within))
        except TimeoutError as error:
            words = f"the far side gave no answer within {within:g} s"
            raise Failed(Own(504, "timeout", words)) from error
        try:
            out.receive_data(data)
        except RuntimeError:  # after its end; there is nothing more to read
            return

    async def _to_near(self, data: bytes) -> None:
        try:
            await self._near.send(data, self._settings.stall_s)
        except (Lost, TimeoutError) as error:
            raise Gone("the connection was closed before the answer had gone") from error

    def _no_answer(self) -> Failed:
        how = "within its answer" if self._answered else "without an answer"
        return Failed(Own(502, "reset", f"the far side closed the connection {how}"))

    async def _fail(self, own: Own, passed: Passed) -> None:
        """Say what went wrong in the far side's place; where its answer had begun, cut instead.

        Raises:
            Gone: who asked is not there, or must see that the answer broke off.
        """
        if self._near.over:
            raise Gone("the connection was closed before there was an answer")
        if self._answered:
            passed.broken = own.words
            raise Gone(own.words)
        passed.own = own
        await reply(self._near, self._http, own, self._settings, bare=passed.method == "HEAD")


async def reply(near: Stream, http: h11.Connection, own: Own, settings: GatewaySettings, *, bare: bool = False) -> None:
    """Answer in our own name, ``bare`` without a body; the connection is of no use afterwards.

    Raises:
        Gone: who asked is no longer there.
    """
    answer, body = own_answer(own)
    events: list[h11.Event] = [answer, *([] if bare else [h11.Data(data=body)]), h11.EndOfMessage()]
    try:
        await near.send(b"".join(http.send(event) or b"" for event in events), settings.stall_s)
    except (Lost, TimeoutError) as error:
        raise Gone("the connection was closed before the answer had gone") from error


def _informational(event: h11.InformationalResponse) -> h11.InformationalResponse:
    return h11.InformationalResponse(status_code=event.status_code, headers=answer_headers(event), reason=event.reason)


def _response(event: h11.Response) -> h11.Response:
    return h11.Response(status_code=event.status_code, headers=answer_headers(event), reason=event.reason)
