"""Reads of a real Docplanner, counted by ourselves: the run's own, and those of the system that it tests.

Both have one API client, and so one limit. The count stands in a file, because the run is several processes and an hour
outlasts it; what the headers say of others' reads stands there too. The run's own reads stop while some are left: the
system must be able to go on, and what was written to be undone.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock

import httpx

from harness.client.pacing import number_of, remaining_of, reset_of
from harness.clock import Clock
from harness.errors import LimitSpent, OutputUnusable
from harness.safety.pacing import READS, Limit, Told, by_count, by_headers

__all__ = ["CountedReads", "Reads", "ahead", "kept"]

READING = frozenset({"GET", "HEAD"})
TOO_MANY = 429
SHARE_KEPT = 16
"""One in so many is left to the system and to undoing: 500 of 8000. [assumed]"""
SHARE_AHEAD = 40
"""One in so many must be left beside those before something is done: 200 of 8000, as a wait may take. [assumed]"""
TABLES = """
create table if not exists reads (client text not null, at integer not null);
create index if not exists reads_by_time on reads (client, at);
create table if not exists told (
    client text primary key, at integer not null, calls integer, remaining integer not null, reset integer not null
);
create table if not exists none_left (client text primary key, at integer not null);
"""
BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def kept(limit: Limit) -> int:
    """How many of the reads the run leaves to others."""
    return limit.calls // SHARE_KEPT


def ahead(limit: Limit) -> int:
    """How many reads of its own the run wants to have before it does something."""
    return limit.calls // SHARE_AHEAD


class Reads:
    """The reads of one API client. Safe for threads, and for several processes with one ``path``."""

    def __init__(self, path: Path, client: str, clock: Clock, limit: Limit = READS) -> None:
        """Make the file, or go on with it; ``client`` names the Docplanner as well.

        Raises:
            OutputUnusable: it cannot be written, or is something else.
        """
        self._path, self._client, self._clock, self._limit = path, client, clock, limit
        self._lock = Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._rows = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            self._rows.execute("pragma journal_mode=wal")
            self._rows.execute("pragma synchronous=off")  # a count that a power cut shortens does no harm
            self._rows.executescript(TABLES)
        except (OSError, sqlite3.DatabaseError) as error:
            message = f"The count of reads {path} cannot be kept: {error}."
            raise OutputUnusable(message, hint="Remove it, or let this directory be written to.") from error

    def close(self) -> None:
        """Count no more."""
        self._rows.close()

    def count(self) -> None:
        """A read is about to be made by whom we do not hold back."""
        with self._lock:
            self._add(self._clock.now())

    def take(self) -> timedelta:
        """Count a read of the run where one may be made; how long to wait where it may not, and nothing is counted."""
        with self._lock:
            self._rows.execute("begin immediate")
            try:
                now = self._clock.now()
                left = self._pause(now, 1)
                if not left:
                    self._add(now)
            finally:
                self._rows.execute("commit")
        return left

    def pause(self) -> timedelta:
        """How long to wait until the run can do something and look what comes of it."""
        with self._lock:
            return self._pause(self._clock.now(), ahead(self._now_allowed()))

    def heard(self, headers: httpx.Headers, status: int) -> None:
        """Keep what an answer to a read says of what is left: its headers, and whether it is refused for haste."""
        told, now = _told(headers), self._clock.now()
        with self._lock:
            if told is not None:
                calls = number_of(headers, "X-RateLimit-Limit")
                row = (self._client, _ticks(now), calls, told.remaining, _ticks(told.reset))
                self._rows.execute("insert or replace into told values (?, ?, ?, ?, ?)", row)
            if status == TOO_MANY and (told is None or told.remaining == 0):
                self._rows.execute("insert or replace into none_left values (?, ?)", (self._client, _ticks(now)))

    def none_left_since(self, moment: datetime) -> bool:
        """Whether Docplanner refused a read since then because none was left, the system's reads included."""
        with self._lock:
            found = self._rows.execute("select at from none_left where client = ?", (self._client,)).fetchone()
        return found is not None and bool(found[0] >= _ticks(moment))

    def _pause(self, now: datetime, need: int) -> timedelta:
        limit = self._now_allowed()
        need = need + kept(limit)
        since = _ticks(now - limit.window)
        where = "from reads where client = ? and at > ?"
        within = self._rows.execute(f"select count(*) {where}", (self._client, since)).fetchone()[0]
        waits = [timedelta(0)]
        if (over := within + need - limit.calls) > 0:
            query = f"select at {where} order by at limit ?"
            oldest = [_moment(at) for (at,) in self._rows.execute(query, (self._client, since, over))]
            waits.append(by_count(oldest, over, now, replace(limit, calls=len(oldest))))
        told = self._rows.execute("select at, remaining, reset from told where client = ?", (self._client,)).fetchone()
        if told is not None:
            later = self._rows.execute(f"select count(*) {where}", (self._client, told[0])).fetchone()[0]
            waits.append(by_headers(Told(told[1] - later, _moment(told[2])), need, now, limit.window))
        return max(waits)

    def _now_allowed(self) -> Limit:
        """The limit; of an API client that was given another one, as the headers tell it."""
        found = self._rows.execute("select calls from told where client = ?", (self._client,)).fetchone()
        return replace(self._limit, calls=found[0]) if found and found[0] else self._limit

    def _add(self, now: datetime) -> None:
        gone = _ticks(now - self._limit.window)
        self._rows.execute("delete from reads where at <= ?", (gone,))
        self._rows.execute("insert into reads values (?, ?)", (self._client, _ticks(now)))


class CountedReads(httpx.BaseTransport):
    """Counts each read that it hands on. Where ``patience`` is told, one that may not be made waits so long at most."""

    def __init__(self, inner: httpx.BaseTransport, reads: Reads, patience: timedelta | None = None) -> None:
        self._inner = inner
        self._reads = reads
        self._patience = patience
        self._closed = Event()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``.

        Raises:
            LimitSpent: the read would have to wait too long; nothing was sent.
        """
        if request.method not in READING:
            return self._inner.handle_request(request)
        if self._patience is None:
            self._reads.count()
        else:
            self._wait(self._patience)
        answer = self._inner.handle_request(request)
        self._reads.heard(answer.headers, answer.status_code)
        return answer

    def close(self) -> None:
        """Close what is beneath, and let nobody wait any longer."""
        self._closed.set()
        self._inner.close()

    def _wait(self, left: timedelta) -> None:
        while (more := self._reads.take()) > timedelta(0):
            left -= more
            if left < timedelta(0) or self._closed.wait(more.total_seconds()):
                message = f"Docplanner's limit of reads leaves none for {more.total_seconds():.0f} s more."
                raise LimitSpent(message, hint="Let nothing else read with this API client, or go on after that.")


def _told(headers: httpx.Headers) -> Told | None:
    remaining, reset = remaining_of(headers), reset_of(headers)
    return Told(remaining, reset) if remaining is not None and reset is not None else None


def _ticks(moment: datetime) -> int:
    """Microseconds: what is compared is exact."""
    return (moment - BEGAN) // TICK


def _moment(ticks: int) -> datetime:
    return BEGAN + ticks * TICK
