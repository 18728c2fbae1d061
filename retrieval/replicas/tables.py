"""The tables of an SQLite file, as PostgreSQL holds them: what each column is there, and values on their way.

Nothing here knows whose tables they are. Each value comes back as it went: 64-bit integers, floats, text and bytes have
types that hold all of them; a column that SQLite lets hold anything (`reader` calls some TIMESTAMP) is JSON. Text may
hold U+0000 in SQLite and not in PostgreSQL: there it is written as two characters, and U+0001, which these begin with,
too, so that the order of texts is the same.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from psycopg import sql
from psycopg.types.json import Json

from retrieval.replicas.marks import OURS

TYPES = {"INTEGER": "bigint", "INT": "bigint", "REAL": "double precision", "TEXT": "text", "BLOB": "bytea"}

LOOSE = ("json", "jsonb")
"""The types of columns that may hold anything, and of those of them that tell a row. `jsonb` knows one kind of number
only, so that a large float would come back as an integer; but `json` cannot be compared."""


_PAIR = re.compile("\1[\1\2]")


def sent(text: Any) -> Any:
    """A value of a column of text as PostgreSQL can hold it."""
    if isinstance(text, str) and ("\0" in text or "\1" in text):
        return text.replace("\1", "\1\2").replace("\0", "\1\1")
    return text


def came(text: Any) -> Any:
    """A value of a column of text that was `sent`, as it was."""
    if isinstance(text, str) and "\1" in text:
        return _PAIR.sub(lambda pair: "\0" if pair[0] == "\1\1" else "\1", text)
    return text


@dataclass(frozen=True)
class Table:
    """A table: its columns with their types in PostgreSQL, and those of them that tell a row."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(name for name, _ in self.columns)

    @cached_property
    def key_types(self) -> tuple[str, ...]:
        """The types of the columns that tell a row."""
        types = dict(self.columns)
        return tuple(types[name] for name in self.key)

    @cached_property
    def loose(self) -> tuple[int, ...]:
        """Which columns are JSON."""
        return tuple(number for number, (_, kind) in enumerate(self.columns) if kind in LOOSE)

    @cached_property
    def texts(self) -> tuple[int, ...]:
        """Which columns are text."""
        return tuple(number for number, (_, kind) in enumerate(self.columns) if kind == "text")

    def sent(self, row: Sequence[Any]) -> Sequence[Any]:
        """A row as `psycopg` takes it."""
        if not (self.loose or self.texts):
            return row
        taken = list(row)
        for at in self.texts:
            taken[at] = sent(taken[at])
        for at in self.loose:
            taken[at] = None if taken[at] is None else Json(taken[at])
        return taken

    def came(self, row: Sequence[Any]) -> Sequence[Any]:
        """A row that was `sent`, as it was."""
        if not any(isinstance(row[at], str) and "\1" in row[at] for at in self.texts):
            return row
        return tuple(came(value) if at in self.texts else value for at, value in enumerate(row))

    def sent_key(self, key: Sequence[Any]) -> list[Any]:
        """The values that tell a row, as `psycopg` takes them."""
        return list(map(sent, key))

    def created(self, schema: str) -> sql.Composed:
        """SQL that creates it in PostgreSQL.

        Texts that tell a row are indexed by their hash: PostgreSQL's indexes hold none that is longer than 2,704 bytes,
        and what strangers call their articles may be.
        """
        columns = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in self.columns]  # type: ignore[arg-type]
        return sql.SQL("CREATE TABLE {0} ({1}); CREATE UNIQUE INDEX ON {0} ({2})").format(
            self.at(schema), sql.SQL(", ").join(columns), sql.SQL(", ").join(self.indexed())
        )

    def indexed(self) -> Iterable[sql.Composable]:
        """SQL for what its rows are told by in that index."""
        for name, kind in zip(self.key, self.key_types, strict=True):
            yield hashed(sql.Identifier(name)) if kind == "text" else sql.Identifier(name)

    def told_by(self) -> tuple[sql.Composed, sql.Composed]:
        """SQL for names of the values that tell a row that is wanted, and for the condition that a row `t` is the one
        with those of `wanted`."""
        names, same = [sql.Identifier(f"k{number}") for number in range(len(self.key))], list[sql.Composable]()
        for name, kind, wanted in zip(self.key, self.key_types, names, strict=True):
            both = sql.SQL("t.{}").format(sql.Identifier(name)), sql.SQL("wanted.{}").format(wanted)
            same.append(sql.SQL("{} = {}").format(*both))
            if kind == "text":
                same.append(sql.SQL("{} = {}").format(*map(hashed, both)))
        return sql.SQL(", ").join(names), sql.SQL(" AND ").join(same)

    def at(self, schema: str) -> sql.Identifier:
        """Where it is in PostgreSQL."""
        return sql.Identifier(schema, self.name)

    def chosen(self) -> sql.Composed:
        """Its columns in PostgreSQL."""
        return _names(self.names)

    # --- in SQLite -----------------------------------------------------------------------------------

    def selected(self) -> str:
        """SQL for all of its rows, columns in order."""
        return f"SELECT {_quoted(self.names)} FROM {_quote(self.name)}"

    def order(self) -> str:
        """SQL for the columns that tell a row, by which rows are put in order."""
        return _quoted(self.key)

    def matched(self) -> str:
        """SQL for the condition that a row is the one with a key."""
        return " AND ".join(f"{_quote(name)} IS ?" for name in self.key)

    def inserted(self) -> str:
        """SQL that inserts a row."""
        places = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {_quote(self.name)} ({_quoted(self.names)}) VALUES ({places})"

    def triggers(self) -> Iterable[str]:
        """SQL for the triggers that note which rows change (see `notes.py`)."""
        note = f"INSERT INTO {OURS}changed (name, key) VALUES ('{self.name}', json_array({{}}))"
        new = ", ".join(f"NEW.{_quote(name)}" for name in self.key)
        old = ", ".join(f"OLD.{_quote(name)}" for name in self.key)
        table = _quote(self.name)
        noted = {"INSERT": [new], "DELETE": [old], "UPDATE": [old, new]}
        for event, keys in noted.items():
            notes = "; ".join(note.format(key) for key in keys)
            yield f"CREATE TRIGGER {OURS}{event.lower()}_{self.name} AFTER {event} ON {table} BEGIN {notes}; END"


def hashed(text: sql.Composable) -> sql.Composed:
    """SQL for a number that two texts hardly share."""
    return sql.SQL("hashtextextended({}, 0)").format(text)


def tables_of(connection: sqlite3.Connection) -> dict[str, Table]:
    """The tables of a file, by name. Raises `sqlite3.Error`."""
    names = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        f" AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND substr(name, 1, {len(OURS)}) <> '{OURS}' ORDER BY name"
    )
    return {name: _table(connection, name) for (name,) in names.fetchall()}


def _table(connection: sqlite3.Connection, name: str) -> Table:
    rows: list[tuple[str, str, int]]
    rows = connection.execute("SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid", (name,)).fetchall()
    columns = [(column, TYPES.get(kind.upper()) or LOOSE[at > 0]) for column, kind, at in rows]
    key = tuple(column for column, _, at in sorted(rows, key=lambda row: row[2]) if at)
    if not key:
        columns, key = [("rowid", "bigint"), *columns], ("rowid",)
    return Table(name, tuple(columns), key)


def definition(connection: sqlite3.Connection) -> list[str]:
    """SQL that makes a file with the tables, indexes and numbers of this one, but no rows. Raises `sqlite3.Error`."""
    rows = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        f" AND substr(name, 1, {len(OURS)}) <> '{OURS}' AND substr(tbl_name, 1, {len(OURS)}) <> '{OURS}'"
        " ORDER BY type = 'table' DESC, name"
    )
    made = [statement for (statement,) in rows]
    numbers = {each: connection.execute(f"PRAGMA {each}").fetchone()[0] for each in ("user_version", "application_id")}
    return [*made, *(f"PRAGMA {name} = {number}" for name, number in numbers.items())]


def tables_of_definition(statements: Iterable[str]) -> dict[str, Table]:
    """The tables of a file that is made by these statements."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for statement in statements:
            connection.execute(statement)
        return tables_of(connection)
    finally:
        connection.close()


def last_keys(connection: sqlite3.Connection) -> dict[str, int]:
    """The last keys that AUTOINCREMENT gave, by table: a key that was given once is given to no other row."""
    known = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").fetchone()
    return dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall()) if known else {}


def keep_last_keys(connection: sqlite3.Connection, last: dict[str, int]) -> None:
    """Have AUTOINCREMENT go on from there, and from nowhere else."""
    if last != last_keys(connection):
        connection.execute("DELETE FROM sqlite_sequence")
        connection.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", last.items())


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(map(_quote, names))


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
