"""The embedded sandbox of a run, before it plays: that it answers, what time it has, whom it tells and where."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import msgspec

from harness.clock import Clock
from harness.config import RunSettings
from harness.errors import DocplannerError
from harness.marketplace.control import SandboxControl
from harness.preflight.clocks import SKEW
from harness.preflight.line import Line, Status
from harness.sandbox.http.server import ABOUT

__all__ = ["embedded_lines", "public_line"]

TIMEOUT_S = 5.0


class _Health(msgspec.Struct, frozen=True):
    version: str
    now: datetime
    marketplace: str


class _Client(msgspec.Struct, frozen=True):
    client_id: str
    delivery: str
    callback_url: str | None = None
    callback_api_key_header: str = ""


class _Clients(msgspec.Struct, frozen=True):
    items: tuple[_Client, ...]


def embedded_lines(settings: RunSettings, clock: Clock) -> tuple[Line, ...]:
    """By its control API, so that no call counts as the partner system's."""
    control = SandboxControl(settings.control_url, token=settings.control_token, transport=httpx.HTTPTransport())
    try:
        health = msgspec.json.decode(control.call("GET", "/health"), type=_Health)
        now = clock.now()
        clients = msgspec.json.decode(control.call("GET", "/clients"), type=_Clients).items
    except (DocplannerError, msgspec.DecodeError) as error:
        return (Line("Docplanner", Status.TROUBLE, str(error), "Is another program on the sandbox's port?"),)
    finally:
        control.close()
    apart = health.now - now - timedelta(seconds=settings.clock_ahead_s)
    seen = f"{apart.total_seconds():+.1f} s from where it should be" + (
        f", {timedelta(seconds=round(settings.clock_ahead_s))} ahead of ours" if settings.clock_ahead_s else ""
    )
    status = Status.OK if abs(apart) <= SKEW else Status.TROUBLE
    remedy = "" if status is Status.OK else "Was this machine asleep, or its clock set? Run again."
    return (
        Line("Docplanner", Status.OK, f"embedded sandbox {health.version}, {health.marketplace}, {settings.profile}"),
        Line("clock of Docplanner", status, seen, remedy),
        _estate(settings),
        _told(settings, clients),
    )


def public_line(url: str) -> Line:
    """Whether the sandbox is behind the address under which others are told to reach it."""
    what = "public address of the sandbox"
    try:
        answer = httpx.get(url, timeout=TIMEOUT_S, trust_env=False, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        remedy = f"Try `curl {url}` where the system runs: its name or port may be known there alone."
        return Line(what, Status.UNKNOWN, f"no answer to this machine ({type(error).__name__})", remedy)
    if answer.text != ABOUT:
        remedy = "Let --public-url name this machine, and the port of --sandbox-port."
        return Line(what, Status.TROUBLE, f"something else answers there ({answer.status_code})", remedy)
    return Line(what, Status.OK, "the sandbox answers there")


def _estate(settings: RunSettings) -> Line:
    what = "facilities"
    if not settings.facilities:
        return Line(
            what, Status.TROUBLE, "the API client sees none", "Tell the makers of the harness: this is its own."
        )
    return Line(what, Status.OK, f"{len(settings.facilities)} visible, all made for this run, all may be written to")


def _told(settings: RunSettings, clients: tuple[_Client, ...]) -> Line:
    what = "notifications of Docplanner"
    mine = next((one for one in clients if one.client_id == settings.client_id), None)
    if mine is None or (mine.delivery, mine.callback_url is not None) != (settings.delivery, settings.pushes):
        return Line(what, Status.TROUBLE, "not as the run set them", "Does another program steer this sandbox?")
    where = f" to the system's endpoint, key in {mine.callback_api_key_header}" if settings.pushes else ""
    return Line(what, Status.OK, f"{mine.delivery}{where}")
