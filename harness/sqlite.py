"""SQLite files of ours: opened, or made, so that what was written is still there after a power cut."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Column, Engine, MetaData, String, Table, create_engine, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError

from harness.errors import ConfigurationError

__all__ = ["open_sqlite"]


def open_sqlite(path: Path, metadata: MetaData, *, room: str, version: str) -> Engine:
    """The file with the tables of ``metadata``; several rooms may keep theirs in one file.

    ``version`` is that of the room's tables, and stands in the file.

    Raises:
        ConfigurationError: the file cannot be written, is something else, or the room's tables are of another version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{path}")
        event.listen(engine, "connect", _durable)
        with engine.begin() as connection:
            VERSIONS.metadata.create_all(connection)
            first = insert(VERSIONS).values(room=room, version=version).on_conflict_do_nothing()
            connection.execute(first)
            there = connection.execute(select(VERSIONS.c.version).where(VERSIONS.c.room == room)).scalar_one()
            if there == version:
                metadata.create_all(connection)
    except (OSError, DatabaseError) as error:
        raise _unusable(path, error.args) from error
    if there != version:
        engine.dispose()
        message = f"The history {path} was written by another version: expected {room} {version}, saw {there}."
        raise ConfigurationError(message, hint="Name another file with --history.")
    return engine


VERSIONS = Table(
    "versions",
    MetaData(),
    Column("room", String, primary_key=True),
    Column("version", String, nullable=False),
)


def _durable(connection: object, _: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]
    connection.execute("PRAGMA synchronous=NORMAL")  # type: ignore[attr-defined]
    connection.execute("PRAGMA busy_timeout=5000")  # type: ignore[attr-defined]


def _unusable(path: Path, why: Iterable[object]) -> ConfigurationError:
    told = next((str(one) for one in why), "it cannot be opened")
    message = f"The history {path} cannot be used: {told}."
    return ConfigurationError(message, hint="Name another file with --history.")
