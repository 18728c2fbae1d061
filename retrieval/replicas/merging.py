"""What others than us changed in a file, and what has changed in PostgreSQL since, brought together row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

import psycopg

from retrieval.replicas.notes import Changes, Key, forget_notes, last_note, noted
from retrieval.replicas.rows import drop_orphans, pull
from retrieval.replicas.tables import Table


def merge(
    remote: psycopg.Connection[Any],
    own: sqlite3.Connection,
    schema: str,
    tables: Mapping[str, Table],
    theirs: Changes,
) -> None:
    """Take over into the file what was changed there and not here, and what is gone there with all that hangs on it.

    Of a row that was changed in both, the one here stands. What was noted in the file stays noted.
    """
    ours, before = noted(own), last_note(own)
    kept = {(name, key): _row(own, tables[name], key) for name, keys in ours.items() for key in keys}
    some_are_gone = pull(remote, own, schema, tables, theirs)
    forget_notes(own, before)
    for name, keys in theirs.items():
        for key in keys:
            if (name, key) in kept and _row(own, tables[name], key) is not None:
                _put_back(own, tables[name], key, kept[name, key])
    if some_are_gone:
        drop_orphans(own, tables)


def _row(own: sqlite3.Connection, table: Table, key: Key) -> tuple[Any, ...] | None:
    return own.execute(f"{table.selected()} WHERE {table.matched()}", key).fetchone()


def _put_back(own: sqlite3.Connection, table: Table, key: Key, row: tuple[Any, ...] | None) -> None:
    own.execute(f'DELETE FROM "{table.name}" WHERE {table.matched()}', key)
    if row is not None:
        own.execute(table.inserted(), row)
