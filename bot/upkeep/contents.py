"""What a data folder holds: what cannot be derived, and so is backed up; what is derived from that; and what passes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.memory import database
from bot.memory import schema as memory_schema
from retrieval.errors import QuotewireError
from retrieval.index import lexical, stored
from retrieval.index import schema as articles_schema
from retrieval.index.data_folder import BESIDE
from retrieval.reading.feeds import schema as feeds_schema
from retrieval.replicas.marks import stand_alone
from retrieval.sqlite import can_only_be_read, opened_to_read, version_of

ARTICLES = stored.FILE
FEEDS = feeds_schema.FILE
DERIVED = (lexical.FOLDER, f"{FEEDS}.search")
"""What is made from these, and goes with them."""


TERMINAL_HISTORY = "terminal-history"
PASSING = (
    "discord-commands.json",
    "last-error.txt",
    *("reload.lock", "reload.lock.by", "run.lock", "run.lock.by", "restore.lock", "in-use.lock"),
)
"""Files that tell of the present only: what Discord was last sent, the last error, who is at work."""


class Damaged(QuotewireError):
    """A file is not what was once written."""


@dataclass(frozen=True, slots=True)
class StoreFile:
    """A SQLite file of the data folder. `newest` is the version of its tables that this Quotewire makes, and `table`
    where a file whose `user_version` is another library's keeps it."""

    name: str
    newest: int
    table: str | None = None

    def version(self, folder: Path) -> int:
        """The version of the tables in the file. Raises `sqlite3.Error`."""
        with closing(reading(folder / self.name)) as connection:
            return version_of(connection, self.table)


STORES = (
    # In this order they are copied. What is copied first may know less than what is copied after it, never more: posts
    # tell of articles that are there, and an entry of a feed is ticked off once its article is.
    StoreFile(database.FILE, len(memory_schema.STEPS)),
    StoreFile(FEEDS, len(feeds_schema.STEPS), feeds_schema.VERSION_TABLE),
    StoreFile(ARTICLES, len(articles_schema.STEPS)),
)


def reading(path: Path) -> sqlite3.Connection:
    """A connection that only reads, also from a disk that takes nothing. Raises `sqlite3.Error`, also where the file
    does not exist."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=30)
    try:
        connection.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        connection.close()
        if not can_only_be_read(path, error):
            raise
        return opened_to_read(path)
    return connection


def rows_in(path: Path) -> Mapping[str, int]:
    """How many rows each table of a SQLite file has. Raises `Damaged` where the file is not whole."""
    try:
        with closing(reading(path)) as connection:
            faults = [fault for (fault,) in connection.execute("PRAGMA integrity_check(1)")]
            if faults != ["ok"]:
                raise Damaged("{file} is damaged ({reason})", file=path.name, reason=faults[0].splitlines()[-1])
            tables = connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            ).fetchall()
            return {
                name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
                for (name,) in tables
            }
    except sqlite3.Error as error:
        raise Damaged("{file} is damaged ({reason})", file=path.name, reason=error) from error


NAMES = (*(each.name for each in STORES), TERMINAL_HISTORY)
"""The files that are backed up."""


def alone(path: Path) -> None:
    """Have a SQLite file hold all that stands in the files beside it, and remove those; if it follows a database, it
    does so no more. Raises `sqlite3.Error`."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        stand_alone(connection)
        connection.execute("PRAGMA journal_mode = DELETE")
    for end in BESIDE[1:]:
        path.with_name(path.name + end).unlink(missing_ok=True)
