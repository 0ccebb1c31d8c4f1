"""The nights in SQLite: every criterion of every night, the other worlds, and which night is the baseline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    UniqueConstraint,
    delete,
    insert,
    select,
)

from harness.errors import ConfigurationError
from harness.history.nights import Latency, Night, Shown, WorldShown
from harness.sqlite import open_sqlite
from harness.verdict.outcome import Outcome

__all__ = ["Baseline", "Nights"]

VERSION = "1"
"""Of the tables below."""
METADATA = MetaData()
NIGHTS = Table(
    "nights",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("run", String, nullable=False),
    Column("at", String, nullable=False),
    *(
        Column(name, String, nullable=False)
        for name in ("system", "version", "assembly", "marketplace", "profile", "delivery", "verdict", "trouble")
    ),
    Column("exit_code", Integer, nullable=False),
    Column("narrowed", Boolean, nullable=False),
    Column("seconds", Float, nullable=False),
    UniqueConstraint("subject", "run"),
)
SHOWN = Table(
    "criteria",
    METADATA,
    Column("night", ForeignKey("nights.id"), primary_key=True),
    Column("criterion", String, primary_key=True),
    Column("outcome", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("blame", String, nullable=False),
    Column("decisive", Boolean, nullable=False),
    Column("scenarios", String, nullable=False),
    Column("timed", Integer),
    Column("median_s", Float),
    Column("p95_s", Float),
)
WORLDS = Table(
    "worlds",
    METADATA,
    Column("night", ForeignKey("nights.id"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("exit_code", Integer, nullable=False),
    Column("said", String, nullable=False),
    Column("red", String, nullable=False),
)
BASELINES = Table(
    "baselines",
    METADATA,
    Column("subject", String, primary_key=True),
    Column("night", ForeignKey("nights.id"), nullable=False),
    Column("accepted_at", String, nullable=False),
)
OF_A_NIGHT = tuple(one.name for one in NIGHTS.columns if one.name not in {"id", "at"})


@dataclass(frozen=True, slots=True)
class Baseline:
    """The night that later ones are held against."""

    night: Night
    accepted_at: datetime


class Nights:
    """One file; use as a context manager."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            ConfigurationError: it cannot be written, is something else, or was written by another version.
        """
        self._engine = open_sqlite(path, METADATA, room="nights", version=VERSION)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._engine.dispose()

    def add(self, night: Night) -> None:
        """Keep the night, all of it or nothing; the same run again takes its own place."""
        with self._engine.begin() as connection:
            there = select(NIGHTS.c.id).where(NIGHTS.c.subject == night.subject, NIGHTS.c.run == night.run)
            number = connection.execute(there).scalar()
            values = {name: getattr(night, name) for name in OF_A_NIGHT} | {"at": _told(night.at)}
            if number is None:
                number = connection.execute(insert(NIGHTS).values(**values)).inserted_primary_key[0]  # type: ignore[index]
            else:
                connection.execute(NIGHTS.update().where(NIGHTS.c.id == number).values(**values))
                for table in (SHOWN, WORLDS):
                    connection.execute(delete(table).where(table.c.night == number))
            if night.shown:
                connection.execute(insert(SHOWN), [_row(number, name, one) for name, one in night.shown.items()])
            if night.worlds:
                connection.execute(insert(WORLDS), [_world(number, one) for one in night.worlds])

    def subjects(self) -> tuple[str, ...]:
        """Every configuration of which there are nights, the last one tested first."""
        last = select(NIGHTS.c.subject, NIGHTS.c.id).order_by(NIGHTS.c.id.desc())
        with self._engine.connect() as connection:
            return tuple(dict.fromkeys(one.subject for one in connection.execute(last)))

    def nights(self, subject: str, *, last: int | None = None) -> tuple[Night, ...]:
        """The last nights of the subject, or all of them, the oldest first."""
        found = select(NIGHTS).where(NIGHTS.c.subject == subject).order_by(NIGHTS.c.at.desc(), NIGHTS.c.id.desc())
        with self._engine.connect() as connection:
            return tuple(reversed(_read(connection, found if last is None else found.limit(last))))

    def night(self, run: str) -> Night | None:
        """The night of that run."""
        with self._engine.connect() as connection:
            return next(iter(_read(connection, select(NIGHTS).where(NIGHTS.c.run == run))), None)

    def accept(self, run: str, at: datetime) -> Night:
        """The night of that run is its subject's baseline from now on.

        Raises:
            ConfigurationError: there is no such night, or it cannot be held against others.
        """
        night = self.night(run)
        if night is None:
            message = f"There is no night {run} in the history."
            raise ConfigurationError(message, hint="`acceptance history` lists them.")
        if not night.judged:
            message = f"The night {run} could not be judged, so it is no baseline."
            raise ConfigurationError(message, hint="Play another one with `acceptance nightly`.")
        with self._engine.begin() as connection:
            wanted = select(NIGHTS.c.id).where(NIGHTS.c.run == run, NIGHTS.c.subject == night.subject)
            number = connection.execute(wanted).scalar_one()
            connection.execute(delete(BASELINES).where(BASELINES.c.subject == night.subject))
            connection.execute(
                insert(BASELINES).values(subject=night.subject, night=number, accepted_at=_told(at)),
            )
        return night

    def baseline(self, subject: str) -> Baseline | None:
        """What was accepted for the subject last."""
        joined = select(NIGHTS, BASELINES.c.accepted_at).join(BASELINES, BASELINES.c.night == NIGHTS.c.id)
        with self._engine.connect() as connection:
            row = connection.execute(joined.where(BASELINES.c.subject == subject)).first()
            if row is None:
                return None
            return Baseline(_night(connection, row), datetime.fromisoformat(row.accepted_at))


def _read(connection: Connection, query: Select[Any]) -> list[Night]:
    return [_night(connection, row) for row in connection.execute(query).all()]


def _night(connection: Connection, row: Row[Any]) -> Night:
    shown = connection.execute(select(SHOWN).where(SHOWN.c.night == row.id).order_by(SHOWN.c.criterion))
    worlds = connection.execute(select(WORLDS).where(WORLDS.c.night == row.id).order_by(WORLDS.c.name))
    return Night(
        **{name: getattr(row, name) for name in OF_A_NIGHT},
        at=datetime.fromisoformat(row.at),
        shown={one.criterion: _shown(one) for one in shown},
        worlds=tuple(WorldShown(one.name, one.exit_code, one.said, tuple(json.loads(one.red))) for one in worlds),
    )


def _shown(row: Row[Any]) -> Shown:
    return Shown(
        Outcome(row.outcome),
        row.reason,
        row.blame,
        row.decisive,
        tuple(json.loads(row.scenarios)),
        Latency(row.timed, row.median_s, row.p95_s) if row.timed else None,
    )


def _row(night: int, criterion: str, shown: Shown) -> dict[str, object]:
    return {
        "night": night,
        "criterion": criterion,
        "outcome": str(shown.outcome),
        "reason": shown.reason,
        "blame": shown.blame,
        "decisive": shown.decisive,
        "scenarios": _texts(shown.scenarios),
        "timed": shown.latency.count if shown.latency else None,
        "median_s": shown.latency.median_s if shown.latency else None,
        "p95_s": shown.latency.p95_s if shown.latency else None,
    }


def _world(night: int, world: WorldShown) -> dict[str, object]:
    told = {"name": world.name, "exit_code": world.exit_code, "said": world.said, "red": _texts(world.red)}
    return {"night": night, **told}


def _texts(texts: Sequence[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False)


def _told(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
