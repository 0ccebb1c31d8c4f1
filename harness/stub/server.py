"""The reference stub as a server: control contract and notification endpoint on one port."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import uvicorn

from harness.errors import PortTaken
from harness.stub.http.app import application
from harness.stub.http.endpoint import PATH
from harness.stub.http.lacking import known_capabilities
from harness.stub.settings import StubSettings
from harness.stub.system import ClinicSystem

__all__ = ["RunningStub", "StubSettings", "serve"]

STOP_S = 10.0


@dataclass(frozen=True, slots=True)
class RunningStub:
    """Where the stub listens. ``system`` is for tests alone."""

    control_url: str
    callback_url: str
    system: ClinicSystem


@contextmanager
def serve(settings: StubSettings, transport: httpx.BaseTransport | None = None) -> Iterator[RunningStub]:
    """Serve the stub in a thread until the block ends; it accepts connections once the block begins.

    ``transport`` is what calls to Docplanner go through; None for real connections.

    Raises:
        PortTaken: another program listens on the port.
        UnknownName: there is no defect, or no capability, of a name that was given.
    """
    logging.getLogger("stamina").setLevel(logging.ERROR)  # repeated reads are everyday
    known_capabilities((*settings.without, *settings.undeclared))
    system = ClinicSystem(settings, transport)
    try:
        listening = _listen(settings.host, settings.port)
    except PortTaken:
        system.stop()
        raise
    host, port = settings.host, listening.getsockname()[1]
    control_url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    callback_url = f"{control_url}{PATH}"
    config = uvicorn.Config(
        application(system, lambda: callback_url),
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
        ws="none",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="stub-http", daemon=True)
    thread.start()
    try:
        system.start()
        yield RunningStub(control_url, callback_url, system)
    finally:
        server.should_exit = True
        thread.join(STOP_S)
        system.stop()
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(1024)  # from here on connections are accepted, answered once the server runs
    except OSError as error:
        listening.close()
        message = f"The reference stub cannot listen on {host}:{port} ({error.strerror})."
        raise PortTaken(message, hint="Choose another port, or 0 for any that is free.") from error
    return listening
