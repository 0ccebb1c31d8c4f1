"""What the monitor remembers, in SQLite: every ping, where each endpoint stands, and letters still to go out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from harness.monitor.rules import Occasion, Ping, Standing, after
from harness.sqlite import open_sqlite

__all__ = ["History", "Letter"]

VERSION = "1"
"""Of the tables below."""
METADATA = MetaData()
PINGS = Table(
    "pings",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("endpoint", String, nullable=False, index=True),
    Column("at", String, nullable=False, index=True),
    Column("status", Integer),
    Column("took_ms", Float, nullable=False),
    Column("trouble", String, nullable=False),
)
STANDINGS = Table(
    "standings",
    METADATA,
    Column("endpoint", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("alerted", Boolean, nullable=False),
    Column("failing_since", String),
)
LETTERS = Table(
    "letters",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("channel", String, nullable=False),
    Column("endpoint", String, nullable=False),
    Column("occasion", String, nullable=False),
    Column("at", String, nullable=False),
    Column("failing_since", String),
    Column("trouble", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("problem", String, nullable=False),
    Column("delivered_at", String),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One alert, or word that it is over, for one channel; ``problem`` says why the last try failed."""

    id: int
    channel: str
    endpoint: str
    occasion: Occasion
    at: datetime
    failing_since: datetime | None
    trouble: str
    tries: int
    problem: str


class History:
    """One file; several processes may read it while one writes."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            ConfigurationError: it cannot be written, or is something else.
        """
        self._engine = open_sqlite(path, METADATA, room="monitor", version=VERSION)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def note(self, endpoint: str, ping: Ping, channels: Sequence[str]) -> Standing:
        """Keep the ping and what follows from it, letters for every channel included: all or nothing."""
        with self._writing() as connection:
            before = _standing(connection, endpoint)
            standing, occasion = after(before, ping)
            since = standing.failing_since or before.failing_since
            connection.execute(
                insert(PINGS).values(
                    endpoint=endpoint,
                    at=_told(ping.at),
                    status=ping.status,
                    took_ms=ping.took_ms,
                    trouble=ping.trouble,
                )
            )
            connection.execute(delete(STANDINGS).where(STANDINGS.c.endpoint == endpoint))
            connection.execute(
                insert(STANDINGS).values(
                    endpoint=endpoint,
                    failures=standing.failures,
                    alerted=standing.alerted,
                    failing_since=standing.failing_since and _told(standing.failing_since),
                )
            )
            for channel in channels if occasion else ():
                connection.execute(
                    insert(LETTERS).values(
                        channel=channel,
                        endpoint=endpoint,
                        occasion=occasion,
                        at=_told(ping.at),
                        failing_since=since and _told(since),
                        trouble=ping.trouble or (f"HTTP {ping.status}" if ping.status else ""),
                        tries=0,
                        problem="",
                    )
                )
        return standing

    def standing(self, endpoint: str) -> Standing:
        """Where the endpoint stands."""
        with self._engine.connect() as connection:
            return _standing(connection, endpoint)

    def waiting(self) -> tuple[Letter, ...]:
        """Letters that nobody has been given yet, in the order in which they were written."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(LETTERS).where(LETTERS.c.delivered_at.is_(None)).order_by(LETTERS.c.id))
            return tuple(
                Letter(
                    one.id,
                    one.channel,
                    one.endpoint,
                    Occasion(one.occasion),
                    _read(one.at),
                    one.failing_since and _read(one.failing_since),
                    one.trouble,
                    one.tries,
                    one.problem,
                )
                for one in rows
            )

    def tried(self, letter: Letter, at: datetime, problem: str = "") -> None:
        """A letter was given to its channel, or could not be: ``problem`` says why."""
        delivered = None if problem else _told(at)
        changes = {"tries": letter.tries + 1, "problem": problem, "delivered_at": delivered}
        with self._writing() as connection:
            connection.execute(update(LETTERS).where(LETTERS.c.id == letter.id).values(**changes))

    def pings(self, endpoint: str, since: datetime) -> tuple[Ping, ...]:
        """Every ping since then, in order."""
        c = PINGS.c
        query = select(PINGS).where(c.endpoint == endpoint, c.at >= _told(since)).order_by(c.id)
        with self._engine.connect() as connection:
            found = connection.execute(query)
            return tuple(Ping(_read(one.at), one.status, one.took_ms, one.trouble) for one in found)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection


def _standing(connection: Connection, endpoint: str) -> Standing:
    row = connection.execute(select(STANDINGS).where(STANDINGS.c.endpoint == endpoint)).first()
    if row is None:
        return Standing()
    return Standing(row.failures, row.alerted, row.failing_since and _read(row.failing_since))


def _told(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _read(told: str) -> datetime:
    return datetime.fromisoformat(told)
