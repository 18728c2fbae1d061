"""What a local file knows of itself as a replica: up to where it follows, and which of its rows were changed here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import StoreUnavailable
from retrieval.replicas.marks import OURS, is_replica, unsettled
from retrieval.replicas.tables import Table

Key = tuple[str | int | float, ...]
"""The values of the columns that tell a row."""
Changes = dict[str, list[Key]]
"""Rows that changed, or are gone, by table."""

_TABLES = (
    f"CREATE TABLE {OURS}state (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, stamp TEXT NOT NULL,"
    " edition INTEGER NOT NULL) STRICT",
    f"INSERT INTO {OURS}state VALUES (1, 0, '', 0)",
    f"CREATE TABLE {OURS}changed (number INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL) STRICT",
)


@dataclass(frozen=True, slots=True)
class State:
    """Up to which entry of the log a file follows, which by its `stamp` is the same one there; and which edition of
    the tables it has. 0 is before the first."""

    seq: int
    stamp: str
    edition: int


def begin_file(connection: sqlite3.Connection, path: Path) -> None:
    """Look whether a file may become a replica: because it is one, or has nothing in it yet.

    Until it is one (`prepare`), a file beside it says that what is in it is nobody's. Raises `StoreUnavailable` where
    it holds what no database knows of, and `OSError`.
    """
    # In this order: of another process that makes it a replica just now, one of these is seen.
    filled = connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    if unsettled(path).exists() or is_replica(connection):
        return
    if filled:
        raise StoreUnavailable(
            f"{path} was filled without DATABASE_URL, and nothing of it is in that database: bring it there with "
            "`quotewire migrate --to URL`, or set another DATA_DIR to begin with what the database holds."
        )
    unsettled(path).touch(mode=0o600)


def prepare(connection: sqlite3.Connection) -> None:
    """Have a file be a replica, within a transaction; one that is one stays as it is."""
    if not is_replica(connection):
        for statement in _TABLES:
            connection.execute(statement)


def begun(path: Path) -> None:
    """Note that a file is a replica now."""
    unsettled(path).unlink(missing_ok=True)


def state_of(connection: sqlite3.Connection) -> State:
    """Up to where a file follows; 0 where it does not yet."""
    if not is_replica(connection):
        return State(0, "", 0)
    return State(*connection.execute(f"SELECT seq, stamp, edition FROM {OURS}state").fetchone())


def keep_state(connection: sqlite3.Connection, state: State) -> None:
    """Note up to where a file follows, within the transaction that brings it there."""
    connection.execute(
        f"UPDATE {OURS}state SET seq = ?, stamp = ?, edition = ?", (state.seq, state.stamp, state.edition)
    )


def note_changes(connection: sqlite3.Connection, tables: Iterable[Table]) -> None:
    """Have changes to these tables be noted from now on."""
    rows = connection.execute(
        f"SELECT name FROM sqlite_schema WHERE type = 'trigger' AND substr(name, 1, {len(OURS)}) = '{OURS}'"
    )
    for (name,) in rows.fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    for table in tables:
        for trigger in table.triggers():
            connection.execute(trigger)


def last_note(connection: sqlite3.Connection) -> int:
    """The number of the last change that was noted; 0 where none is."""
    return connection.execute(f"SELECT coalesce(max(number), 0) FROM {OURS}changed").fetchone()[0]


def noted(connection: sqlite3.Connection) -> Changes:
    """Which rows were changed here and are not in the database yet."""
    return by_table(connection.execute(f"SELECT DISTINCT name, key FROM {OURS}changed"))


def by_table(rows: Iterable[tuple[str, str]]) -> Changes:
    """Changes of which a row each tells the table, and the key as JSON."""
    changes: Changes = {}
    for name, key in rows:
        changes.setdefault(name, []).append(tuple(json.loads(key)))
    return changes


def forget_notes(connection: sqlite3.Connection, after: int = 0) -> None:
    """Forget the changes that were noted later than the one with this number."""
    connection.execute(f"DELETE FROM {OURS}changed WHERE number > ?", (after,))
