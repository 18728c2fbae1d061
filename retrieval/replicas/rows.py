"""Rows on their way between an SQLite file and PostgreSQL. Each function works within its callers' transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import psycopg
from psycopg import sql

from retrieval.replicas.notes import Changes, Key
from retrieval.replicas.tables import Table

AT_A_TIME = 2_000
"""Rows that are held in memory at once."""
Row = Sequence[Any]


def push(
    remote: psycopg.Connection[Any],
    local: sqlite3.Connection,
    schema: str,
    tables: Mapping[str, Table],
    changes: Changes,
) -> None:
    """Have the rows of `changes` in PostgreSQL be as they are in the file, or be gone as they are there."""
    for name, keys in changes.items():
        for some in _in_parts(keys):
            _push(remote, local, schema, tables[name], some)


def _push(
    remote: psycopg.Connection[Any], local: sqlite3.Connection, schema: str, table: Table, keys: Sequence[Key]
) -> None:
    query = f"{table.selected()} WHERE {table.matched()}"
    found = [(key, local.execute(query, key).fetchone()) for key in keys]
    gone = [table.sent_key(key) for key, row in found if row is None]
    there = [table.sent(row) for _, row in found if row is not None]
    with remote.cursor() as cursor:
        if gone:
            cursor.executemany(_deleted(schema, table), gone)
        if there:
            cursor.executemany(_upsert(schema, table), there)


def _deleted(schema: str, table: Table) -> sql.Composed:
    names, same = table.told_by()
    return sql.SQL("DELETE FROM {} t USING (VALUES ({})) AS wanted ({}) WHERE {}").format(
        table.at(schema), sql.SQL(", ").join(map(_typed, table.key_types)), names, same
    )


def _upsert(schema: str, table: Table) -> sql.Composed:
    rest = [name for name in table.names if name not in table.key]
    changed = sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in rest)
    return sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO {}").format(
        table.at(schema),
        table.chosen(),
        sql.SQL(", ").join(_typed(kind) for _, kind in table.columns),
        sql.SQL(", ").join(table.indexed()),
        sql.SQL("UPDATE SET {}").format(changed) if rest else sql.SQL("NOTHING"),
    )


def _typed(kind: str) -> sql.Composable:
    return sql.SQL("%b" if kind == "bytea" else f"%s::{kind}")  # type: ignore[arg-type]


def pull(
    remote: psycopg.Connection[Any],
    local: sqlite3.Connection,
    schema: str,
    tables: Mapping[str, Table],
    changes: Changes,
) -> bool:
    """Have the rows of `changes` in the file be as they are in PostgreSQL; whether any is gone there.

    Nothing hangs on rows in the file meanwhile: its foreign keys are off.
    """
    # All that changes goes first, or a row might come while another one still has what is to be its own alone.
    for name, keys in changes.items():
        table = tables[name]
        local.executemany(f'DELETE FROM "{name}" WHERE {table.matched()}', keys)
    came = 0
    for name, keys in changes.items():
        table = tables[name]
        for some in _in_parts(keys):
            wanted = list(map(list, zip(*map(table.sent_key, some), strict=True)))
            rows = remote.execute(_chosen(schema, table), wanted, binary=True).fetchall()
            came += local.executemany(table.inserted(), map(table.came, rows)).rowcount
    return came < sum(map(len, changes.values()))


def _chosen(schema: str, table: Table) -> sql.Composed:
    """SQL for the rows with keys that are given as one array a column."""
    arrays = sql.SQL(", ").join(sql.SQL(f"%s::{kind}[]") for kind in table.key_types)  # type: ignore[arg-type]
    names, same = table.told_by()
    return sql.SQL("SELECT {} FROM {} t JOIN unnest({}) AS wanted ({}) ON {}").format(
        sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(name)) for name in table.names),
        table.at(schema),
        arrays,
        names,
        same,
    )


def copy_out(remote: psycopg.Connection[Any], schema: str, table: Table, rows: Iterable[Row]) -> None:
    """Bring rows of a table from the file to PostgreSQL, where they are not yet."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table.at(schema), table.chosen())
    with remote.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(table.sent(row))


def copy_in(remote: psycopg.Connection[Any], local: sqlite3.Connection, schema: str, table: Table) -> None:
    """Bring all rows of a table from PostgreSQL into the file, where it is empty."""
    for rows in all_rows(remote, schema, table):
        local.executemany(table.inserted(), rows)


def all_rows(
    remote: psycopg.Connection[Any], schema: str, table: Table, *, in_order: bool = False
) -> Iterator[Sequence[Row]]:
    """All rows of a table in PostgreSQL, some at a time; `in_order` of what tells them, as SQLite orders it."""
    query = sql.SQL("SELECT {} FROM {}").format(table.chosen(), table.at(schema))
    if in_order:
        by = zip(table.key, table.key_types, strict=True)
        query += sql.SQL(" ORDER BY ") + sql.SQL(", ").join(
            sql.SQL('{} COLLATE "C"' if kind == "text" else "{}").format(sql.Identifier(name)) for name, kind in by
        )
    with remote.cursor(f"copy_{table.name}", binary=True) as cursor:
        cursor.itersize = AT_A_TIME
        cursor.execute(query)
        while rows := cursor.fetchmany(AT_A_TIME):
            yield [table.came(row) for row in rows]


def drop_orphans(local: sqlite3.Connection, tables: Mapping[str, Table]) -> None:
    """Delete the rows of the file that hang on rows which are gone, and what hangs on them."""
    while sum([_drop_orphans(local, name, tables) for name in tables]):
        pass


def _drop_orphans(local: sqlite3.Connection, name: str, tables: Mapping[str, Table]) -> int:
    columns: dict[int, list[tuple[str, str, str]]] = {}
    listed = 'SELECT id, "table", "from", "to", seq FROM pragma_foreign_key_list(?)'
    for number, parent, here, there, at in local.execute(listed, (name,)).fetchall():
        columns.setdefault(number, []).append((parent, here, there or tables[parent].key[at]))
    count = 0
    for each in columns.values():
        given = " AND ".join(f'"{here}" IS NOT NULL' for _, here, _ in each)
        same = " AND ".join(f'p."{there}" = "{name}"."{here}"' for _, here, there in each)
        parents = f'SELECT 1 FROM "{each[0][0]}" p WHERE {same}'
        count += local.execute(f'DELETE FROM "{name}" WHERE {given} AND NOT EXISTS ({parents})').rowcount
    return count


def _in_parts(keys: Iterable[Key]) -> Iterator[list[Key]]:
    rest = iter(keys)
    while some := list(islice(rest, AT_A_TIME)):
        yield some
