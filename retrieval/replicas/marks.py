"""How a file that follows a database is told from one that stands alone; for who knows nothing of databases, too."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from retrieval.errors import StoreUnavailable

OURS = "replica_"
"""What the names of tables begin with that are about a file and not in it, in SQLite and in PostgreSQL."""


def is_replica(connection: sqlite3.Connection) -> bool:
    """Whether a file follows a database."""
    query = "SELECT 1 FROM sqlite_schema WHERE name = ?"
    return connection.execute(query, (f"{OURS}state",)).fetchone() is not None


def refuse_replica(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `StoreUnavailable` if a file follows a database, of which who is about to use it knows nothing."""
    if is_replica(connection):
        raise StoreUnavailable(
            f"{path} is a copy of what a database holds: set DATABASE_URL as it was, or another DATA_DIR to begin with "
            "nothing."
        )

    with suppress(OSError):  # what is put in it from now on is its own
        unsettled(path).unlink(missing_ok=True)


def unsettled(path: Path) -> Path:
    """The file beside the file `path` that says that what is in it is nobody's, for it is about to be a replica."""
    return path.with_name(f"{path.name}.unsettled")


def stand_alone(connection: sqlite3.Connection) -> None:
    """Have a file follow no database any more; it holds what it held. Within a transaction, if one is begun."""
    named = "SELECT type, name FROM sqlite_schema WHERE substr(name, 1, ?) = ? ORDER BY type DESC"
    for kind, name in connection.execute(named, (len(OURS), OURS)).fetchall():
        connection.execute(f'DROP {kind} "{name}"')
