"""One write by hand, noted like those of a run: ``acceptance cleanup`` finds it and undoes it.

Calls that follow each other share a journal until it is undone: what the first one found there is what counts as
before, and what one call made the next may change.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from harness.client.api import DocplannerApi
from harness.client.calls import Endpoint
from harness.client.models import CalendarAt
from harness.client.outcome import Done
from harness.clock import Clock
from harness.contract.json_value import object_of
from harness.errors import NotAllowed
from harness.safety.guard import Asked, Scope
from harness.safety.noting import Noting
from harness.safety.picture import Window, take
from harness.safety.session import Transport, reading
from harness.safety.writes import Begun, WriteJournal, Writes, read_writes, unfinished

__all__ = ["NotedCall", "Noter", "noted_call"]

PREFIX = "call-"
"""How the names of such journals begin."""
WEEKS = 12
"""How far ahead calendars reach. Source: behaviour.md, "Calendars"."""
REFUSED = frozenset(range(400, 500)) - {408}
"""Statuses after which nothing was written; with 408 nobody knows."""


@dataclass(frozen=True, slots=True)
class NotedCall:
    """Where the write is noted, and how a transport is made that notes it."""

    journal: Path
    wrap: Callable[[httpx.BaseTransport], httpx.BaseTransport]


@dataclass(frozen=True, slots=True)
class Noter:
    """Everything that is needed to note a write. ``phones`` are the tester's, and do not show in a repr."""

    endpoint: Endpoint
    transport: Transport
    scope: Scope
    directory: Path
    """Where journals of writes are kept."""
    time_zone: str
    phones: frozenset[str]
    clock: Clock
    keep: bool = False
    """Whether the write is meant to stay: then it is noted, and not undone."""

    def __repr__(self) -> str:
        return f"Noter(scope={self.scope!r}, directory={self.directory!r}, keep={self.keep})"


@contextmanager
def noted_call(noter: Noter, asked: Asked) -> Iterator[NotedCall]:
    """What the calendars show is on the disk before the block begins, what is written before it is sent.

    A write that was refused, and one that is kept, leave nothing to undo.

    Raises:
        NotAllowed: a run left something there, or what is to be kept might be taken back with earlier calls.
        DocplannerError: the calendars cannot be read.
    """
    earlier = _earlier(noter)
    now = noter.clock.now()
    name = f"{PREFIX}{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    before = dict(earlier.before) if earlier else {}
    window = earlier.begun.window if earlier and earlier.begun else _window(now)
    with reading(noter.endpoint, noter.transport, noter.clock) as api:
        fresh = {one: take(api, one, window, now, noter.phones) for one in _calendars(api, asked) if one not in before}
    notes = WriteJournal(earlier.path if earlier else noter.directory / f"{name}.jsonl")
    try:
        if earlier is None:
            notes.begin(_begun(noter, name, now, window))
        for calendar, picture in fresh.items():
            notes.before(calendar, picture)
        yield NotedCall(notes.path, lambda inner: Noting(inner, noter.scope, notes, before | fresh, noter.clock))
    finally:
        _end(noter, notes)
        notes.close()


def _earlier(noter: Noter) -> Writes | None:
    """The journal of earlier calls with which this one will be undone."""
    mine = (noter.scope.origin, noter.endpoint.credentials.client_id)
    for path in unfinished(noter.directory):
        writes = read_writes(path)
        begun = writes.begun
        if begun is None or (begun.origin, begun.client_id) != mine:
            continue
        if noter.keep or not begun.run.startswith(PREFIX):
            message = f"What was written to Docplanner before is not taken back yet: {path}."
            raise NotAllowed(message, hint="Run `acceptance cleanup` first.")
        if frozenset(begun.facilities) >= noter.scope.facilities:
            return writes
    return None


def _begun(noter: Noter, name: str, now: datetime, window: Window) -> Begun:
    client_id, facilities = noter.endpoint.credentials.client_id, tuple(sorted(noter.scope.facilities))
    return Begun(name, now, noter.scope.origin, client_id, facilities, noter.time_zone, window)


def _window(now: datetime) -> Window:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(midnight - timedelta(days=1), midnight + timedelta(weeks=WEEKS, days=1))


def _calendars(api: DocplannerApi, asked: Asked) -> Iterator[CalendarAt]:
    """The calendar that is written to, and the one to which a visit moves, whoever's it is."""
    calendar = asked.calendar
    if calendar is None:
        return
    yield calendar
    target = object_of(asked.body).get("address_id")
    if target is None or str(target) == calendar.address_id:
        return
    doctors = api.directory.doctors(calendar.facility_id)
    for doctor in doctors.value if isinstance(doctors, Done) else ():
        addresses = api.directory.addresses(calendar.facility_id, doctor.id)
        if isinstance(addresses, Done) and str(target) in {one.id for one in addresses.value}:
            yield CalendarAt(calendar.facility_id, doctor.id, str(target))
            return


def _end(noter: Noter, notes: WriteJournal) -> None:
    """Where nothing was meant the journal goes; where nothing is to be undone it says so."""
    writes = read_writes(notes.path)
    if not writes.intended:
        notes.path.unlink()
        return
    ended = [writes.ended.get(one.id) for one in writes.intended]
    refused = all(one is not None and one.status in REFUSED for one in ended)
    if refused or noter.keep:
        kept = () if refused else tuple(f"{one.operation}, kept as it was asked" for one in writes.intended)
        notes.finish(noter.clock.now(), kept)
