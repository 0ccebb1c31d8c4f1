"""Writing to a Docplanner that is not embedded: what comes before the first write, and the guarded way to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx

from harness.client.api import DocplannerApi
from harness.client.calls import Calls, Endpoint
from harness.client.models import CalendarAt
from harness.clock import Clock
from harness.errors import ConfigurationError, NotAllowed
from harness.safety.estate import Confirmations, Estate, read_estate
from harness.safety.guard import Guard, Scope, origin_of
from harness.safety.noting import guarded
from harness.safety.picture import Picture, Window, take
from harness.safety.undo import Report, undo
from harness.safety.writes import Begun, WriteJournal, Writes, read_writes, unfinished

__all__ = [
    "WEEKS",
    "Rules",
    "Way",
    "confirmed_estate",
    "noted_way",
    "reading",
    "tidied",
    "tidied_way",
    "tidy",
    "undoing",
    "writing",
]

WEEKS = 12
"""How far ahead calendars reach. Source: behaviour.md, "Calendars"."""
PATIENCE = timedelta(seconds=90)
"""Longest wait for a limit: writes are counted by the minute."""

Transport = Callable[[], httpx.BaseTransport]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the user allows. The tester's phones and addresses do not show in a repr."""

    facilities: frozenset[str]
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    nin: str | None = None
    """The tester's national number."""
    nin_at: frozenset[CalendarAt] = frozenset()
    """Where one is demanded."""

    def __repr__(self) -> str:
        return f"Rules(facilities={sorted(self.facilities)})"


@dataclass(frozen=True, slots=True)
class Way:
    """By what may be written, and what each calendar showed before."""

    transport: httpx.BaseTransport
    before: Mapping[CalendarAt, Picture]


@contextmanager
def reading(
    endpoint: Endpoint, transport: Transport, clock: Clock, *, patience: timedelta = PATIENCE
) -> Iterator[DocplannerApi]:
    """A client that can read, and nothing else; ``patience`` is the longest that it waits for a limit."""
    scope = Scope(_origin(endpoint))
    api = DocplannerApi(Calls(endpoint, clock=clock, transport=Guard(transport(), scope), patience=patience))
    try:
        yield api
    finally:
        api.close()


def confirmed_estate(
    api: DocplannerApi,
    endpoint: Endpoint,
    rules: Rules,
    confirmations: Confirmations,
    ask: Callable[[str], str | None],
    clock: Clock,
) -> Estate:
    """The visible estate; where it is not the one that was confirmed last, ``ask`` shows it and answers who confirms.

    Raises:
        NotAllowed: nobody confirms it.
        ConfigurationError: a facility may be written to that cannot be seen.
    """
    client_id = endpoint.credentials.client_id
    estate = read_estate(api, origin=_origin(endpoint), client_id=client_id, writable=rules.facilities)
    if estate.unknown:
        message = f"Facilities that may be written to cannot be seen by {client_id}: {', '.join(estate.unknown)}."
        raise ConfigurationError(message, hint="Are they of this marketplace, and shared with this API client?")
    if not confirmations.has(estate):
        who = ask(estate.text())
        if not who:
            raise NotAllowed("Nobody confirmed what may be written to, so nothing is written.")
        confirmations.add(estate, who, clock.now())
    return estate


@contextmanager
def noted_way(
    endpoint: Endpoint,
    transport: Transport,
    estate: Estate,
    rules: Rules,
    *,
    run: str,
    time_zone: str,
    journal: Path,
    clock: Clock,
    owner: bool = False,
) -> Iterator[Way]:
    """The way by which the confirmed calendars may be written to; what they show is on the disk before it is given.

    ``owner``: who asks by it is the partner system, which may pull its notifications.

    Raises:
        NotAllowed: an earlier run left something: what is there now is not what was there before it.
    """
    if earlier := [one for one in unfinished(journal.parent) if _same(one, estate)]:
        message = f"An earlier run wrote to Docplanner and did not take it back: {', '.join(map(str, earlier))}."
        raise NotAllowed(message, hint="Run `acceptance cleanup` first.")
    now = clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    window = Window(midnight - timedelta(days=1), midnight + timedelta(weeks=WEEKS, days=1))
    notes = WriteJournal(journal)
    try:
        notes.begin(
            Begun(run, now, estate.origin, estate.client_id, tuple(sorted(rules.facilities)), time_zone, window)
        )
        before: dict[CalendarAt, Picture] = {}
        with reading(endpoint, transport, clock) as api:
            for calendar in sorted(estate.calendars, key=lambda one: one.path):
                before[calendar] = take(api, calendar, window, clock.now(), rules.phones)
                notes.before(calendar, before[calendar])
        scope = Scope(
            estate.origin,
            rules.facilities,
            estate.calendars,
            rules.phones,
            rules.emails,
            rules.nin,
            rules.nin_at,
            owner=owner,
        )
        way = guarded(transport(), scope, notes, before, clock)
        try:
            yield Way(way, before)
        finally:
            way.close()
    finally:
        notes.close()


@contextmanager
def writing(
    endpoint: Endpoint,
    transport: Transport,
    estate: Estate,
    rules: Rules,
    *,
    run: str,
    time_zone: str,
    journal: Path,
    clock: Clock,
) -> Iterator[DocplannerApi]:
    """A client that may write to the confirmed calendars, by :func:`noted_way`.

    Raises:
        NotAllowed: an earlier run left something: what is there now is not what was there before it.
    """
    with (
        noted_way(
            endpoint, transport, estate, rules, run=run, time_zone=time_zone, journal=journal, clock=clock
        ) as way,
        _client(endpoint, way.transport, clock) as api,
    ):
        yield api


@contextmanager
def tidied_way(
    endpoint: Endpoint,
    transport: Transport,
    estate: Estate,
    rules: Rules,
    *,
    run: str,
    time_zone: str,
    journal: Path,
    clock: Clock,
    settle: timedelta,
    tell: Callable[[Report], None],
) -> Iterator[Way]:
    """As :func:`noted_way`, for the partner system; what was written is undone at the end, however that comes."""
    try:
        with noted_way(
            endpoint, transport, estate, rules, run=run, time_zone=time_zone, journal=journal, clock=clock, owner=True
        ) as way:
            yield way
    finally:
        _tidy_what_is_left(endpoint, transport, journal, clock, rules, settle, tell)


@contextmanager
def tidied(
    endpoint: Endpoint,
    transport: Transport,
    estate: Estate,
    rules: Rules,
    *,
    run: str,
    time_zone: str,
    journal: Path,
    clock: Clock,
    settle: timedelta,
    tell: Callable[[Report], None],
) -> Iterator[DocplannerApi]:
    """As :func:`writing`; what was written is undone at the end, however that comes; ``tell`` is given the report."""
    try:
        with writing(
            endpoint, transport, estate, rules, run=run, time_zone=time_zone, journal=journal, clock=clock
        ) as api:
            yield api
    finally:
        _tidy_what_is_left(endpoint, transport, journal, clock, rules, settle, tell)


def _tidy_what_is_left(
    endpoint: Endpoint,
    transport: Transport,
    journal: Path,
    clock: Clock,
    rules: Rules,
    settle: timedelta,
    tell: Callable[[Report], None],
) -> None:
    if journal in unfinished(journal.parent):
        tell(tidy(endpoint, transport, read_writes(journal), clock=clock, phones=rules.phones, settle=settle))


def tidy(
    endpoint: Endpoint,
    transport: Transport,
    writes: Writes,
    *,
    clock: Clock,
    phones: frozenset[str],
    settle: timedelta,
    report: Report | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Undo what the journal says; where everything is as before, the journal says so too. ``say`` is told what goes on.

    Raises:
        ConfigurationError: the journal is about another Docplanner or another API client.
        DocplannerError: a calendar cannot be read; ``report`` holds what was done until then.
    """
    report = report or Report()
    with undoing(endpoint, transport, writes, clock) as (api, notes):
        undo(api, writes, clock=clock, phones=phones, settle=settle, report=report, say=say)
        report.left += [
            f"address {one.address_id}: working time of {one.days[0]} in the clinic's system was not given back"
            for one in writes.scheduled
        ]
        if report.clean:
            notes.finish(clock.now(), ())
    return report


@contextmanager
def undoing(
    endpoint: Endpoint, transport: Transport, writes: Writes, clock: Clock
) -> Iterator[tuple[DocplannerApi, WriteJournal]]:
    """A client that may write to the calendars of the journal, and the journal, which notes what it writes too.

    Raises:
        ConfigurationError: the journal is about another Docplanner or another API client.
    """
    begun = writes.begun
    if begun is None or (begun.origin, begun.client_id) != (_origin(endpoint), endpoint.credentials.client_id):
        message = f"{writes.path} is about another Docplanner, or another API client."
        told = f"It is about {begun.client_id} at {begun.origin}." if begun else ""
        raise ConfigurationError(message, hint=told)
    notes = WriteJournal(writes.path)
    try:
        scope = Scope(begun.origin, frozenset(begun.facilities), frozenset(writes.before))
        with _client(endpoint, guarded(transport(), scope, notes, writes.before, clock), clock) as api:
            yield api, notes
    finally:
        notes.close()


@contextmanager
def _client(endpoint: Endpoint, way: httpx.BaseTransport, clock: Clock) -> Iterator[DocplannerApi]:
    api = DocplannerApi(Calls(endpoint, clock=clock, transport=way, patience=PATIENCE))
    try:
        yield api
    finally:
        api.close()


def _same(journal: Path, estate: Estate) -> bool:
    begun = read_writes(journal).begun
    return begun is not None and (begun.origin, begun.client_id) == (estate.origin, estate.client_id)


def _origin(endpoint: Endpoint) -> str:
    return origin_of(httpx.URL(endpoint.api_base_url))
