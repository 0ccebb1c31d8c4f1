"""The exchanges of the API clients as the journal has them: redacted when they were written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from starlette.responses import Response

from harness.desk.asking import Asking, Problem
from harness.desk.paper import Paper
from harness.desk.room import Room
from harness.recorder.line import Kind, Line
from harness.recorder.rendering import as_curl, as_text
from harness.sandbox.http.server import Inside

__all__ = ["ExchangePages"]

MOST = 100
"""Exchanges on one page."""
LONGEST_TEXT = 100_000


class ExchangePages(Room):
    """Calls of the partner system, and what the sandbox asked of it."""

    PATHS: ClassVar = {
        ("GET", "/exchanges"): "exchanges",
        ("GET", "/exchanges/{number}"): "exchange",
    }

    def __init__(self, inside: Inside, paper: Paper, lines: Callable[[], Iterable[Line]]) -> None:
        super().__init__(inside, paper)
        self._lines = lines

    async def exchanges(self, asking: Asking) -> Response:
        """Newest first, of one API client if asked."""
        client = asking.query.get("client", "")
        before = int(told) if (told := asking.query.get("before", "")).isdigit() and len(told) < 12 else None  # noqa: PLR2004
        found = [
            one
            for one in self._exchanges()
            if (not client or one.body.get("client_id") == client) and (before is None or one.n < before)
        ][::-1]
        return self._paper.page(
            asking,
            "exchanges.html.j2",
            section="exchanges",
            about="exchange token",
            shown=found[:MOST],
            older=found[MOST - 1].n if len(found) > MOST else None,
            client=client,
            clients=self._state.clients,
        )

    async def exchange(self, asking: Asking) -> Response:
        """Request and answer, redacted, and the curl command that sends the request again."""
        number = asking.params["number"]
        line = next((one for one in self._exchanges() if str(one.n) == number), None)
        if line is None:
            raise Problem("There is no such exchange; the newest are kept, the oldest are gone.", status=404)
        return self._paper.page(
            asking,
            "exchange.html.j2",
            section="exchanges",
            line=line,
            text=as_text(line.body)[:LONGEST_TEXT],
            curl=as_curl(line.body)[:LONGEST_TEXT],
            clients=self._state.clients,
        )

    def _exchanges(self) -> list[Line]:
        return [one for one in self._lines() if one.kind is Kind.EXCHANGE]
