"""The gateway as a server, in a thread of its own: a port for the partner's calls, one for Docplanner's messages."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial

import uvicorn

from harness.errors import BrokenHarness, ConfigurationError, PortTaken
from harness.gateway.control import application
from harness.gateway.door import Door
from harness.gateway.kept import Passed
from harness.gateway.recording import API_PATH, TOKEN_PATH, Recording
from harness.gateway.settings import GatewaySettings, Target
from harness.recorder.journal import Journal
from harness.recorder.redaction import Redactor
from harness.sandbox.http.news import News

if sys.platform == "win32":
    new_event_loop = asyncio.new_event_loop
else:
    from uvloop import new_event_loop

__all__ = ["RunningGateway", "serve"]

LOOPBACK = "127.0.0.1"
START_S = 20.0
BACKLOG = 256

Noted = Callable[[str, Passed], None]
"""Is told of every exchange, and on which side it came in: ``partner`` or ``docplanner``."""


@dataclass(frozen=True, slots=True)
class RunningGateway:
    """Where the gateway listens. The token does not show in a repr."""

    base_url: str
    """In place of Docplanner's own, for the partner."""
    notification_url: str | None
    """In place of the partner's own endpoint, for Docplanner; None where it has none."""
    control_url: str
    control_token: str = field(repr=False)

    @property
    def api_base_url(self) -> str:
        """Up to and including ``/api/v3/integration``."""
        return f"{self.base_url}{API_PATH}"

    @property
    def token_url(self) -> str:
        """Where access tokens are had."""
        return f"{self.base_url}{TOKEN_PATH}"


class _Gateway:
    """What runs in the thread."""

    def __init__(
        self,
        settings: GatewaySettings,
        journal: Journal,
        redactor: Redactor,
        noted: Noted | None,
        *,
        beside_sandbox: bool,
    ) -> None:
        self.settings = settings
        self.token = secrets.token_urlsafe(24)
        self.started = threading.Event()
        self.trouble: BaseException | None = None
        self._noted = noted
        self._beside_sandbox = beside_sandbox
        self._target, self._endpoint = settings.target(), settings.endpoint()
        self._trust, self._identity = settings.trust(), settings.identity()
        self._journal = journal
        self._redactor = redactor
        redactor.add_secret(self.token)
        with ExitStack() as opened:
            self.calls = opened.enter_context(_listen(settings.host, settings.port))
            second = _listen(settings.host, settings.notification_port) if self._endpoint else None
            self.messages = opened.enter_context(second) if second else None
            self.control = opened.enter_context(_listen(LOOPBACK, 0))
            self._no_loop()
            self.listeners = opened.pop_all()

    def run(self) -> None:
        """Serve until :meth:`stop`."""
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            try:
                runner.run(self._serve())
            except BaseException as trouble:  # noqa: BLE001 - told to who waits for the start
                self.trouble = trouble
            finally:
                self.started.set()

    def stop(self) -> None:
        """End; from any thread."""
        with contextlib.suppress(RuntimeError, AttributeError):  # it may have ended, or never begun
            self._loop.call_soon_threadsafe(self._stopped.set)

    async def _serve(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        news = News()
        recording = Recording(
            self._journal,
            self._redactor,
            lambda what, address, operation, status: news.add(
                what, address_id=address, operation=operation, status=status
            ),
            beside_sandbox=self._beside_sandbox,
        )
        doors = [await self._open("partner", self.calls, self._target, recording.call)]
        if self.messages is not None and self._endpoint is not None:
            doors.append(await self._open("docplanner", self.messages, self._endpoint, recording.message))
        control = uvicorn.Server(
            uvicorn.Config(
                application(news, partial(self._state, recording), recording.belongs, self.token),
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=1,
            )
        )
        serving = asyncio.create_task(control.serve(sockets=[self.control]))
        self.started.set()
        await self._stopped.wait()
        for listening, _ in doors:
            listening.close()
        await asyncio.gather(*(door.close() for _, door in doors))
        news.close()
        control.should_exit = True
        await serving

    async def _open(
        self, side: str, listener: socket.socket, target: Target, record: Callable[[Target, Passed], None]
    ) -> tuple[asyncio.Server, Door]:
        def passed(one: Passed) -> None:
            record(target, one)
            if self._noted is not None:
                self._noted(side, one)

        door = Door(target, self.settings, self._trust, passed)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(door.connection, sock=listener, ssl=self._identity, backlog=BACKLOG)
        return server, door

    def _state(self, recording: Recording) -> dict[str, object]:
        return {
            "docplanner": self._target.origin,
            "partner": self._endpoint.origin + self._endpoint.path if self._endpoint else None,
            "recorded": recording.written,
            "lost": recording.lost,
        }

    def _no_loop(self) -> None:
        """Refuse to send to ourselves.

        Raises:
            ConfigurationError: a target is one of our own ports.
        """
        own = {one.getsockname()[1] for one in (self.calls, self.messages) if one}
        for target in (self._target, self._endpoint):
            if target is not None and target.port in own and target.host in {"localhost", LOOPBACK, self.settings.host}:
                message = f"The gateway would send to itself: {target.origin}."
                raise ConfigurationError(message, hint="Name the far side, not the gateway's own address.")


@contextmanager
def serve(
    settings: GatewaySettings,
    *,
    journal: Journal,
    redactor: Redactor,
    noted: Noted | None = None,
    beside_sandbox: bool = False,
) -> Iterator[RunningGateway]:
    """Serve until the block ends; what is under way then may come to its end. ``redactor`` learns what is secret.

    ``beside_sandbox`` marks what is written as told twice: the embedded sandbox writes its own lines of it.

    Raises:
        ConfigurationError: a target or a certificate cannot be used.
        PortTaken: another program listens there.
    """
    gateway = _Gateway(settings, journal, redactor, noted, beside_sandbox=beside_sandbox)
    thread = threading.Thread(target=gateway.run, name="gateway", daemon=True)
    thread.start()
    try:
        if not gateway.started.wait(START_S) or gateway.trouble is not None:
            message = "The gateway did not start."
            raise BrokenHarness(message) from gateway.trouble
        scheme = "https" if settings.certificate else "http"
        here = f"{scheme}://{_reachable(settings.host)}"
        endpoint = settings.endpoint()
        told = settings.notification_public_url
        yield RunningGateway(
            base_url=(settings.public_url or f"{here}:{gateway.calls.getsockname()[1]}").rstrip("/"),
            notification_url=(told or f"{here}:{gateway.messages.getsockname()[1]}").rstrip("/") + endpoint.path
            if gateway.messages and endpoint
            else None,
            control_url=f"http://{LOOPBACK}:{gateway.control.getsockname()[1]}",
            control_token=gateway.token,
        )
    finally:
        gateway.stop()
        thread.join(settings.stop_s + START_S)
        gateway.listeners.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        message = f"The gateway cannot listen on {host}:{port} ({error.strerror})."
        raise PortTaken(message, hint="Choose another port, or 0 for any that is free.") from error


def _reachable(host: str) -> str:
    if host in {"0.0.0.0", "", "::"}:  # noqa: S104 - compared, not bound
        return LOOPBACK
    return f"[{host}]" if ":" in host else host
