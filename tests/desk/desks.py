"""A sandbox with its desk as tests use one: a browser without a screen, and what stands on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

import httpx
from sandbox.served import Served

from harness.clock import MovableClock
from harness.desk.app import Desk
from harness.recorder.journal import MemoryJournal
from harness.recorder.redaction import Redactor
from harness.sandbox.http.server import serve
from harness.sandbox.settings import SandboxSettings

BLOCK = "50000"
TOKEN = re.compile(r'name="form_token" value="(\w+)"')


@dataclass
class Seat:
    """Somebody who is logged in."""

    docplanner: Served
    base: str
    link: str
    http: httpx.Client

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A page below ``/desk``."""
        return self.http.get(f"{self.base}/desk{path}", headers=headers)

    def page(self, path: str) -> str:
        """What a page that must be there says, entities read."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return unescape(answer.text)

    def form_token(self) -> str:
        """What every form of the session carries."""
        found = TOKEN.search(self.get("/clinics").text)
        assert found
        return found[1]

    def post(self, path: str, **typed: str) -> httpx.Response:
        """A form, as a browser sends it."""
        sent = {"form_token": self.form_token(), **typed}
        return self.http.post(f"{self.base}/desk{path}", data=sent, headers={"Origin": self.base})

    def done(self, path: str, **typed: str) -> str:
        """A form that must be taken, and the page that follows."""
        answer = self.post(path, **typed)
        assert answer.status_code == 303, f"{path}: {answer.status_code}\n{unescape(answer.text)}"
        return self.page(answer.headers["location"].removeprefix("/desk"))


@contextmanager
def seated() -> Iterator[Seat]:
    """A desk at which somebody sits."""
    clock = MovableClock()
    redactor = Redactor((), patient_key=b"desk", own_phone_block=BLOCK)
    journal = MemoryJournal(clock=clock, sandbox_clock=clock, redactor=redactor)
    desk = Desk(lambda: list(journal.lines))
    settings = SandboxSettings(slots_delay_s=0.05, own_phone_block=BLOCK)
    with (
        serve(settings, journal=journal, clock=clock, redactor=redactor, desk=desk.open) as sandbox,
        httpx.Client(timeout=20, trust_env=False) as http,
        httpx.Client(timeout=20, trust_env=False) as browser,
    ):
        link = urljoin(sandbox.control_url, desk.link_path)
        assert browser.get(link).status_code == 303
        yield Seat(Served(sandbox, journal, clock, http), sandbox.control_url.partition("/control")[0], link, browser)
