"""The sandbox as a server: token service, Docplanner API and control API on one port, in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import request_response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from harness.clock import MovableClock
from harness.errors import BrokenHarness, ConfigurationError, PortTaken
from harness.recorder.journal import Journal
from harness.recorder.redaction import Redactor
from harness.sandbox.calendars import Calendars
from harness.sandbox.http.alarm import Alarm
from harness.sandbox.http.api import ABORT, Api
from harness.sandbox.http.asked import API_PATH
from harness.sandbox.http.control import CONTROL_PATH, Control
from harness.sandbox.http.control_addresses import AddressDesk
from harness.sandbox.http.control_calendars import CalendarDesk
from harness.sandbox.http.control_desk import Desk, Handler
from harness.sandbox.http.control_estate import EstateDesk
from harness.sandbox.http.control_messages import MessageDesk
from harness.sandbox.http.control_state import StateDesk, resume
from harness.sandbox.http.control_visits import VisitDesk
from harness.sandbox.http.news import News
from harness.sandbox.http.push import Push
from harness.sandbox.http.questions import Questions
from harness.sandbox.http.token import TOKEN_PATH, Tokens
from harness.sandbox.rows import load
from harness.sandbox.settings import SandboxSettings
from harness.sandbox.state import State
from harness.sandbox.state_file import StateFile

__all__ = ["DESK_PATH", "Inside", "RunningSandbox", "serve"]

DESK_PATH = "/desk"
"""Below it stand the pages for people, where the sandbox is served with them."""
ABOUT = "An embedded Docplanner sandbox of docplanner-acceptance. It is not Docplanner.\n"
START_S = 20.0
KEEP_ALIVE_S = 75
"""How long an idle connection stays open: as long as usual servers keep it."""


class Abortable(HttpToolsProtocol):
    """HTTP whose connection the application can close without an answer."""

    def on_message_begin(self) -> None:
        """A request begins: its scope says how to close the connection."""
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: {"close": self.transport.abort}}


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """Where the sandbox is, and the credentials of its first API client. Secrets do not show in a repr."""

    base_url: str
    """As the partner system reaches it."""
    control_url: str
    """As this machine reaches it."""
    control_token: str = field(repr=False)
    client_id: str
    client_secret: str = field(repr=False)
    state: State = field(repr=False)
    """For tests alone: everything else goes over HTTP."""

    @property
    def api_base_url(self) -> str:
        """Up to and including ``/api/v3/integration``."""
        return f"{self.base_url}{API_PATH}"

    @property
    def token_url(self) -> str:
        """Where access tokens are had."""
        return f"{self.base_url}{TOKEN_PATH}"


@dataclass(frozen=True, slots=True)
class Inside:
    """What pages for people speak with, on the server's own event loop."""

    state: State
    rules: Calendars
    news: News
    control: Control
    base_url: str
    """As the partner system reaches the sandbox."""


Pages = Callable[[Request], Awaitable[Response]]
"""Answers every request below :data:`DESK_PATH`."""


@contextmanager
def serve(
    settings: SandboxSettings,
    *,
    journal: Journal,
    clock: MovableClock,
    redactor: Redactor | None = None,
    desk: Callable[[Inside], Pages] | None = None,
    file: StateFile | None = None,
    furnish: Callable[[State, Calendars], None] | None = None,
) -> Iterator[RunningSandbox]:
    """Serve until the block ends. ``redactor`` learns every token that is made; ``desk`` makes the pages for people.

    ``file`` keeps everything; where it holds a sandbox already, that one is served, with its credentials. ``furnish``
    puts clinics into a new sandbox.

    Raises:
        PortTaken: another program listens there.
    """
    redactor = redactor or Redactor((), patient_key=secrets.token_bytes(32), own_phone_block=settings.own_phone_block)
    listener = _listen(settings)
    port = listener.getsockname()[1]
    state = State(settings, clock)
    token = secrets.token_urlsafe(24)
    if furnish is not None and (file is None or file.read() is None):
        furnish(state, Calendars(state))
    if file is not None:
        token = _kept(state, file, clock, token)
    for secret in (token, *_secrets(state)):
        redactor.add_secret(secret)
    here = f"http://{_reachable(settings.host)}:{port}"
    base_url = (settings.public_url or here).rstrip("/")
    app = _application(state, clock, journal, redactor, token)
    app.state.base_url, app.state.desk_maker = base_url, desk
    config = uvicorn.Config(
        _front(app),
        http=Abortable,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True)
    thread.start()
    try:
        if not app.state.ready.wait(START_S):
            message = "The embedded sandbox did not start."
            raise BrokenHarness(message)
        yield RunningSandbox(
            base_url=base_url,
            control_url=f"{here}{CONTROL_PATH}",
            control_token=token,
            client_id=state.first_client.id,
            client_secret=state.first_client.secret,
            state=state,
        )
    finally:
        with contextlib.suppress(RuntimeError, AttributeError):
            # it may have ended, or never begun
            app.state.loop.call_soon_threadsafe(app.state.news.close)
        server.should_exit = True
        thread.join(timeout=5)
        listener.close()


def _application(state: State, clock: MovableClock, journal: Journal, redactor: Redactor, token: str) -> Starlette:
    ready = threading.Event()
    rules = Calendars(state)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.loop = asyncio.get_running_loop()
        app.state.news = news = News()
        push = Push(state, journal, redactor, news)
        alarm = Alarm(clock)
        state.alarm = alarm.at
        state.push = push.send
        questions = Questions(state, rules, push)
        estate = EstateDesk(state, rules, clock, news, push)
        estate.alarm = alarm
        estate.journal, estate.redactor, estate.version = journal, redactor, version("docplanner-acceptance")
        calendars = CalendarDesk(state, rules, clock, news, push)
        messages = MessageDesk(state, rules, clock, news, push)
        calendars.questions = messages.questions = questions
        whole = StateDesk(state, rules, clock, news, push)
        whole.alarm, whole.redactor = alarm, redactor
        others = [VisitDesk(state, rules, clock, news, push), AddressDesk(state, rules, clock, news, push)]
        desks: list[Desk] = [estate, calendars, messages, whole, *others]
        handlers: dict[str, Handler] = {name: one for desk in desks for name, one in desk.handlers().items()}
        app.state.api = api = Api(state, rules, journal, redactor, news, push)
        state.fault_fired = api.tell
        app.state.tokens = Tokens(state, journal, redactor, news)
        app.state.control = control = Control(handlers, token)
        make, base_url = app.state.desk_maker, app.state.base_url
        app.state.desk = make(Inside(state, rules, news, control, base_url)) if make else None
        app.state.commit = state.commit
        resume(state, push, news)
        ready.set()
        yield
        await alarm.close()
        await push.close()

    app = Starlette(lifespan=lifespan)
    # Paths are told apart here, not by the framework's routes: whatever stands in them, the API answers in its words.
    app.router.default = request_response(_dispatch)
    app.state.ready = ready
    return app


def _front(app: Starlette) -> ASGIApp:
    """Calls of the API go straight to it; the framework serves all else."""
    below = f"{API_PATH}/"

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(below):
            await app.state.api.handle(scope, receive, send)
        else:
            await app(scope, receive, send)

    return front


async def _dispatch(request: Request) -> Response:
    path, serving = str(request.scope["path"]), request.app.state
    answered: Response = PlainTextResponse(ABOUT, 200 if path == "/" else 404)
    if serving.desk and (path == DESK_PATH or path.startswith(f"{DESK_PATH}/")):
        answered = await serving.desk(request)
    elif path.startswith(f"{CONTROL_PATH}/"):
        answered = await serving.control.handle(request)
    elif path == TOKEN_PATH:
        # a token service on a domain that redirects is asked by GET, and has nothing for it [seen]
        post = request.method == "POST"
        answered = await serving.tokens.handle(request) if post else Response(None, 405, {"Allow": "POST"})
    serving.commit()  # what is answered stands
    return answered


def _kept(state: State, file: StateFile, clock: MovableClock, token: str) -> str:
    """Go on from the file, if there is anything in it, and keep everything there; the control token."""
    rows = file.read()
    if rows is not None:
        try:
            load(rows, state, clock)
        except ValueError as error:
            message = f"The state file {file.path} cannot be used: {error}."
            raise ConfigurationError(message, hint="Name another file with --state, or its marketplace.") from error
    state.commit = partial(file.commit, state)
    state.commit()
    return file.secret("control_token", token)


def _secrets(state: State) -> Iterator[str]:
    for client in state.clients.values():
        yield client.secret
        yield from client.tokens
        if client.callback_api_key:
            yield client.callback_api_key


def _listen(settings: SandboxSettings) -> socket.socket:
    try:
        return socket.create_server((settings.host, settings.port), backlog=256)
    except OSError as error:
        message = f"The sandbox cannot listen on {settings.host}:{settings.port} ({error.strerror})."
        raise PortTaken(message, hint="Choose another port with --sandbox-port (or --port), or 0 for any.") from error


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "", "::"} else host  # noqa: S104 - compared, not bound
