"""One SQLite file: many readers, one writer at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from harness.stub.tables import metadata

__all__ = ["Database"]

POOL = 64
"""Connections kept: the threads that answer the control contract, and those that work."""


class Database:
    """The stub's database at ``path``; made where it is not there yet."""

    def __init__(self, path: Path) -> None:
        self._engine = create_engine(f"sqlite:///{path}", poolclass=QueuePool, pool_size=POOL, max_overflow=0)
        self._writer = RLock()
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        metadata.create_all(self._engine)
        path.chmod(0o600)  # it holds credentials and patients

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all of it or nothing. Waits for other writers."""
        with self._writer, self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN, below
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
