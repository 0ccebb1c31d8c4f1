"""How a run leaves the vendor's own system: with its working time of before, and connected to Docplanner again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from harness.assembly.connecting import Controlled
from harness.assembly.options import Say
from harness.clock import Clock
from harness.errors import PartnerError
from harness.marketplace.news import NewsFeed
from harness.partner.port import Connection, Partner
from harness.safety.guard import API_PATH, TOKEN_PATH
from harness.safety.schedules import put_back
from harness.safety.writes import WriteJournal, read_writes

__all__ = ["connected_directly", "given_back"]

LONGEST = timedelta(seconds=60)
"""How long the system may take to send Docplanner what it was given back."""


def given_back(
    partner: Partner, journal: Path, gateway: Controlled, quiet: timedelta, clock: Clock, say: Say
) -> Callable[[], None]:
    """What to do while the gateway still stands: what is left then is told by who undoes the rest."""

    def give_back() -> None:
        writes = read_writes(journal)
        if not writes.scheduled:
            return
        notes = WriteJournal(journal)
        try:
            put_back(partner, writes, notes, clock, say)
        finally:
            notes.close()
        with NewsFeed(gateway.control_url, token=gateway.control_token) as news:
            end = clock.now() + LONGEST
            about = {one.address_id for one in writes.scheduled}  # fetches of notifications never end
            while clock.now() < end and news.wait(news.mark(), quiet, about):
                continue

    return give_back


def connected_directly(partner: Partner, connection: Connection, origin: str, *, can: bool) -> Callable[[], None]:
    """What to do when all is over: the gateway, to which the system was connected, is gone."""

    def connect() -> None:
        direct = replace(connection, api_base_url=f"{origin}{API_PATH}", token_url=f"{origin}{TOKEN_PATH}")
        if can:
            try:
                partner.connect(direct)
            except PartnerError as error:
                sys.stderr.write(f"The clinic's system did not take its own connection back: {error}\n")
            else:
                return
        sys.stderr.write(
            "The clinic's system still sends to the gateway, which is closed now.\n"
            f"Give it its own addresses again: {direct.api_base_url} and {direct.token_url}\n"
        )

    return connect
