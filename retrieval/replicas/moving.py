"""A folder that stood alone moves to a database: each file's rows, part by part, then compared row by row.

Each part is committed, so a move that is broken off goes on where it was; what was changed meanwhile is found when all
is compared, and that table is copied anew. A file counts as a replica from the transaction on in which the log begins.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from retrieval.errors import DatabaseUnavailable
from retrieval.replicas.connecting import Address, unavailable
from retrieval.replicas.ledger import Ledger, is_there
from retrieval.replicas.marks import is_replica, stand_alone
from retrieval.replicas.notes import begun, keep_state, note_changes, prepare
from retrieval.replicas.rows import AT_A_TIME, all_rows, copy_out
from retrieval.replicas.tables import Table, definition, keep_last_keys, last_keys, tables_of
from retrieval.sqlite import transaction

Told = Callable[[str, int, int], object]
"""Called with the name of a table, and how many of its rows are moved, of how many."""


def move(path: Path, ledger: Ledger, address: Address, told: Told) -> int:
    """Have the file `path`, which nobody else uses, follow `ledger` in the database at `address`; how many rows it has.

    Raises `DatabaseUnavailable` where that cannot be reached or holds something already, and `sqlite3.Error`.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as local:
        tables = tables_of(local)
        counts = _counts(local, tables)
        if is_replica(local):
            return sum(counts.values())
        try:
            with closing(address.connect()) as remote:
                with remote.transaction():
                    begun_there = _make_room(remote, ledger, tables)
                if begun_there and not _is_all_there(remote, local, ledger, tables):
                    raise _holds_news(address)
                if not begun_there:
                    for name, table in tables.items():
                        _move(remote, local, ledger.schema, table, lambda done, of=name: told(of, done, counts[of]))
                _begin(remote, local, ledger, tables)
        except psycopg.Error as error:
            raise unavailable(address, error) from None
    begun(path)
    return sum(counts.values())


def leave(path: Path) -> int:
    """Have a replica stand alone again, with what it holds: how many rows. Nobody else uses it meanwhile.

    Raises `sqlite3.Error`.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as local, transaction(local):
        stand_alone(local)
        return sum(_counts(local, tables_of(local)).values())


def _counts(local: sqlite3.Connection, tables: Iterable[str]) -> dict[str, int]:
    """How many rows each table of the file has."""
    return {name: local.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def _make_room(remote: psycopg.Connection[Any], ledger: Ledger, tables: dict[str, Table]) -> bool:
    """The tables, empty or as far as they were filled by a move that was broken off; whether the log has begun."""
    ledger.create(remote)
    if ledger.locked(remote).state.edition:
        return True
    for table in tables.values():
        if not is_there(remote, ledger.schema, table.name):
            remote.execute(table.created(ledger.schema))
    return False


def _is_all_there(
    remote: psycopg.Connection[Any], local: sqlite3.Connection, ledger: Ledger, tables: dict[str, Table]
) -> bool:
    """Whether a database that others may use holds what the file does: an earlier move died at its very end."""
    return ledger.definition(remote) == definition(local) and all(
        _is_same(remote, local, ledger.schema, table) for table in tables.values()
    )


def _holds_news(address: Address) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        "The database at {place} holds news already: name one that is empty, or begin with what it holds in a new "
        "DATA_DIR.",
        place=address.place,
    )


def _move(
    remote: psycopg.Connection[Any],
    local: sqlite3.Connection,
    schema: str,
    table: Table,
    told: Callable[[int], object],
) -> None:
    _copy_rest(remote, local, schema, table, told)
    if not _is_same(remote, local, schema, table):  # changed since an earlier try, or it could not have gone on
        remote.execute(sql.SQL("TRUNCATE {}").format(table.at(schema)))
        _copy_rest(remote, local, schema, table, told)
        if not _is_same(remote, local, schema, table):
            raise DatabaseUnavailable("The table {name} was changed while it was moved: stop the bot.", name=table.name)


def _copy_rest(
    remote: psycopg.Connection[Any],
    local: sqlite3.Connection,
    schema: str,
    table: Table,
    told: Callable[[int], object],
) -> None:
    (done,) = remote.execute(sql.SQL("SELECT count(*) FROM {}").format(table.at(schema))).fetchone() or (0,)
    rest = local.execute(f"{table.selected()} ORDER BY {table.order()} LIMIT -1 OFFSET ?", (done,))
    while rows := rest.fetchmany(AT_A_TIME):
        with remote.transaction():
            copy_out(remote, schema, table, rows)
        told(done := done + len(rows))


def _is_same(remote: psycopg.Connection[Any], local: sqlite3.Connection, schema: str, table: Table) -> bool:
    """Whether each row is the same in both, value by value."""
    here = local.execute(f"{table.selected()} ORDER BY {table.order()}")
    with remote.transaction():
        there = chain.from_iterable(all_rows(remote, schema, table, in_order=True))
        return all(row is not None and other == tuple(row) for other, row in zip_longest(here, there))


def _begin(
    remote: psycopg.Connection[Any], local: sqlite3.Connection, ledger: Ledger, tables: dict[str, Table]
) -> None:
    """Have the log begin, unless it has, and the file follow it."""
    with transaction(local), remote.transaction():
        prepare(local)
        head = ledger.locked(remote)
        if not head.state.edition:
            head = ledger.renew(remote, replace(head, last_keys=last_keys(local)), definition(local))
        note_changes(local, tables.values())
        keep_last_keys(local, head.last_keys)  # where others have used up some meanwhile
        keep_state(local, head.state)
