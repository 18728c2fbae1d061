"""What every SQLite file here is kept by: transactions, and the numbered steps that bring an older file to the present.

Step number N makes version N of a file's tables out of version N - 1. Version 0 is an empty file, or one that was
written before files told their version. A step is never changed once it has been released, since files have taken it:
what is to be otherwise is the next step. So its SQL is literal, and shared with no other step and no other code.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from retrieval.errors import WrittenByNewer

logger = logging.getLogger(__name__)

DAMAGED = ("malformed", "not a database", "no such table", "no such column", "datatype mismatch")
"""What SQLite says of a file that is not as it was written."""
WRITTEN_BACK_WITHIN = 2.0  # seconds, which is for whoever reads or writes just then

Step = str | Callable[[sqlite3.Connection], None]
"""SQL, or what does more than SQL can; within a transaction that it leaves open."""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A write transaction: all of it, or (after an error or a crash) nothing. `connection` is in autocommit mode."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back after some errors
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def migrate(connection: sqlite3.Connection, path: Path, steps: Sequence[Step], table: str | None = None) -> None:
    """Have the file `path` take those of `steps` that it has not taken, each in one transaction with its number.

    Whatever instant the process dies at, the file is whole and the next start goes on from there; of several processes
    at once, one takes each step. `connection` is in autocommit mode; its foreign keys are not looked at meanwhile, so
    that a step may make a table anew, and deletes what hangs on what it deletes. The version is SQLite's
    `user_version`, or, in a file whose `user_version` is another library's, the one row of `table`.

    Raises `WrittenByNewer` where a newer Quotewire wrote the file, which is left as it is, and `sqlite3.Error`.
    """
    (foreign_keys,) = connection.execute("PRAGMA foreign_keys").fetchone()
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        while (version := version_of(connection, table)) < len(steps):
            with transaction(connection):
                # Or the step would be read by the tables as this connection saw them last.
                connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
                if version_of(connection, table) == version:  # another process may have been quicker
                    step = steps[version]
                    run(connection, step) if isinstance(step, str) else step(connection)
                    _note(connection, version + 1, table)
    finally:
        connection.execute(f"PRAGMA foreign_keys = {foreign_keys}")
    if version > len(steps):
        raise newer(path)


def can_only_be_read(path: Path, error: Exception) -> bool:
    """Whether the file `path` could not be opened because nothing can be written beside it, which SQLite does also to
    read, and holds all that was stored: then `opened_to_read` reads it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    log = path.with_name(f"{path.name}-wal")
    try:
        whole = path.stat().st_size > 0 and not (log.exists() and log.stat().st_size)
    except OSError:
        return False
    return whole and code in (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
    )


def opened_to_read(path: Path) -> sqlite3.Connection:
    """A connection to the file `path`, in autocommit mode, that needs nothing but that file. Raises `sqlite3.Error`.

    Nobody may change the file meanwhile.
    """
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A transaction that writes nothing, on a connection that may not."""
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        connection.execute("ROLLBACK")


def write_back(path: Path) -> None:
    """Bring what stands in the log of the file `path` into the file itself, so that a copy of it is a copy of all.

    SQLite does so when the last connection is closed, which is not always ours. Who uses the file beside us for longer
    than `WRITTEN_BACK_WITHIN` does it at their own end. What keeps it from being done is a word in the log and loses
    nothing.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=WRITTEN_BACK_WITHIN)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        logger.warning("%s is not whole without the file %s-wal beside it: %s", path, path.name, error)


def tells_of_damage(error: Exception | str) -> bool:
    """Whether an error tells that a file is not as it was written, rather than that it cannot be had just now."""
    return any(sign in str(error) for sign in DAMAGED)


def newer(path: Path) -> WrittenByNewer:
    """What to say of a file that this version is too old for."""
    return WrittenByNewer(f"{path} was written by a newer Quotewire: update Quotewire, or set another DATA_DIR.")


def run(connection: sqlite3.Connection, script: str) -> None:
    """Execute SQL statements, each of which ends its line, within the caller's transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):  # not executescript, which would commit
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    connection.execute(statement)


def version_of(connection: sqlite3.Connection, table: str | None = None) -> int:
    """The version of the tables in a file, as `migrate` keeps it. Raises `sqlite3.Error`."""
    if table is None:
        return connection.execute("PRAGMA user_version").fetchone()[0]
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchone() is None:
        return 0
    return connection.execute(f"SELECT version FROM {table}").fetchone()[0]


def _note(connection: sqlite3.Connection, version: int, table: str | None) -> None:
    if table is None:
        connection.execute(f"PRAGMA user_version = {version}")
        return
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {table} (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL) STRICT"
    )
    connection.execute(f"INSERT OR REPLACE INTO {table} VALUES (1, ?)", (version,))
