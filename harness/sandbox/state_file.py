"""A file that keeps everything the sandbox knows, over restarts and kills.

SQLite with a write-ahead log and ``synchronous=NORMAL``: what is committed survives the end of the process, however it
ends. A power cut may take the latest commits with it and leaves the file whole; a sync for each answer would make every
write many times slower and is not worth that for a sandbox. The file holds the credentials of the API clients and the
patients of visits: only its owner may read it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import orjson

from harness.errors import ConfigurationError
from harness.sandbox.kept import Kept
from harness.sandbox.rows import KINDS, Kind, Rows, row_of
from harness.sandbox.state import State

__all__ = ["StateFile"]

VERSION = 1
OWN_ID = 0x444F4353
"""By which SQLite's header says whose file it is."""
SCHEMA = """
CREATE TABLE row (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, json BLOB NOT NULL,
                  UNIQUE (kind, key));
CREATE TABLE secret (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
SET = """INSERT INTO row (kind, key, json) VALUES (?, ?, ?)
         ON CONFLICT (kind, key) DO UPDATE SET json = excluded.json"""


class StateFile:
    """One sandbox's file. Belongs to one process at a time, and to one thread at a time in it."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            ConfigurationError: it is no state of a sandbox, is in use, or cannot be written.
        """
        self.path = path
        self._known: dict[str, Mapping[str, Any]] = {}
        self._written: dict[str, dict[str, int]] = {kind.name: {} for kind in KINDS}
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._rows = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1)
            self._begin()
        except OSError as error:
            message = f"The state file {path} cannot be opened: {error.strerror}."
            raise ConfigurationError(message) from error
        except sqlite3.DatabaseError as error:
            used = "locked" in str(error)
            why = "another sandbox uses it" if used else f"it is no state of a sandbox ({error})"
            message = f"The state file {path} cannot be used: {why}."
            hint = "Stop the other one, or name another file." if used else "Name another file with --state."
            raise ConfigurationError(message, hint=hint) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Keep nothing more; closing twice is fine."""
        self._rows.close()

    def read(self) -> Rows | None:
        """What the file holds; None where it is new."""
        found: dict[str, dict[str, Any]] = {kind.name: {} for kind in KINDS}
        for kind, key, told in self._rows.execute("SELECT kind, key, json FROM row ORDER BY number"):
            found[kind][key] = orjson.loads(told)
        return found if found["whole"] else None

    def secret(self, name: str, new: str) -> str:
        """The secret of that name; ``new`` where there was none, from now on."""
        self._rows.execute("INSERT OR IGNORE INTO secret (name, value) VALUES (?, ?)", (name, new))
        return str(self._rows.execute("SELECT value FROM secret WHERE name = ?", (name,)).fetchone()[0])

    def commit(self, state: State) -> None:
        """Keep what has changed. When this returns, a kill of the process takes nothing of it away."""
        changed = [(kind, key, value) for kind in KINDS for key, value in self._changed(kind, state)]
        if changed:
            self._rows.execute("BEGIN IMMEDIATE")
            self._rows.executemany(SET, [(kind.name, key, row) for kind, key, row in changed if row is not None])
            gone = [(kind.name, key) for kind, key, row in changed if row is None]
            self._rows.executemany("DELETE FROM row WHERE kind = ? AND key = ?", gone)
            self._rows.execute("COMMIT")
        for kind, key, row in changed:
            if row is None:
                del self._written[kind.name][key]
            else:
                self._written[kind.name][key] = hash(row)
        for kind in KINDS:
            entries = self._known[kind.name] = kind.entries(state)
            if isinstance(entries, Kept):
                entries.settle()

    def _changed(self, kind: Kind, state: State) -> list[tuple[str, bytes | None]]:
        """Keys of the kind with their new rows; None for what is gone."""
        entries, written = kind.entries(state), self._written[kind.name]
        if isinstance(entries, Kept) and self._known.get(kind.name) is entries:
            keys = list(entries.touched)
        else:
            keys = [*entries, *(key for key in written if key not in entries)]
        found: list[tuple[str, bytes | None]] = []
        for key in keys:
            if key not in entries:
                found += [(key, None)] if key in written else []
            elif written.get(key) != hash(row := row_of(kind, _peeked(entries, key))):
                found.append((key, row))
        return found

    def _begin(self) -> None:
        self._rows.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._rows.execute("PRAGMA journal_mode = WAL")
        self._rows.execute("PRAGMA synchronous = NORMAL")
        self._rows.execute("BEGIN IMMEDIATE")
        owner = self._rows.execute("PRAGMA application_id").fetchone()[0]
        version = self._rows.execute("PRAGMA user_version").fetchone()[0]
        tables = self._rows.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not tables:
            for statement in SCHEMA.split(";"):
                self._rows.execute(statement)
            self._rows.execute(f"PRAGMA application_id = {OWN_ID}")
            self._rows.execute(f"PRAGMA user_version = {VERSION}")
        elif (owner, version) != (OWN_ID, VERSION):
            message = "another program made it" if owner != OWN_ID else f"its version is {version}, not {VERSION}"
            raise sqlite3.DatabaseError(message)
        self._rows.execute("COMMIT")


def _peeked(entries: Mapping[str, Any], key: str) -> object:
    return entries.peek(key) if isinstance(entries, Kept) else entries[key]
