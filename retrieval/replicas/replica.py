"""An SQLite file that follows a schema in PostgreSQL, where the truth is.

A change is made in the file and in PostgreSQL together: PostgreSQL's transaction begins first and holds the head of the
log, the file is brought to that head, the change is made to it, the rows that this touched are written to PostgreSQL,
which commits, and then the file does. Wherever the process dies, the file is at most behind, and is brought up when it
is next opened. So every process reads its own file, at the speed of SQLite and also while PostgreSQL is gone.

A file that is changed by others than us (`reader` has connections of its own) is brought together with PostgreSQL
afterwards, row by row (`Replica.exchange`).
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from retrieval.errors import DatabaseUnavailable, StoreUnavailable, WrittenByNewer
from retrieval.replicas.connecting import SILENCE, Address, Primary
from retrieval.replicas.ledger import Head, Ledger, are_made_anew
from retrieval.replicas.merging import merge
from retrieval.replicas.notes import (
    Changes,
    State,
    begin_file,
    begun,
    forget_notes,
    keep_state,
    last_note,
    note_changes,
    noted,
    prepare,
    state_of,
)
from retrieval.replicas.rows import copy_in, copy_out, pull, push
from retrieval.replicas.tables import Table, definition, keep_last_keys, last_keys, tables_of, tables_of_definition
from retrieval.sqlite import transaction

logger = logging.getLogger(__name__)

Fence = Callable[[psycopg.Connection[Any]], None]
"""Raises `DatabaseUnavailable` if this process may not change anything any more."""


class Replica:
    """The file `path`, which follows `ledger`. Safe to use from many threads, and processes with one folder.

    Whoever opens the file calls `begin`, brings its tables to the present version, and calls `settle`; again, should
    that say so.
    """

    def __init__(self, primary: Primary, path: Path, ledger: Ledger, standby: Address | None = None) -> None:
        self._primary = primary
        self._standby = standby
        self._path = path
        self._ledger = ledger
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._settled = self._late = False
        self._edition = 0
        self._tables: dict[str, Table] = {}
        self.brought = 0
        """How many times what others changed was brought into the file."""
        self.within = SILENCE
        """Seconds that a change may take; one that somebody waits for has few."""
        self.fence: Fence | None = None
        """Asked before each change."""

    # --- opening and closing -------------------------------------------------------------------------

    def begin(self) -> None:
        """Bring the file to what PostgreSQL holds, with its tables as they are there.

        Where PostgreSQL cannot be reached, the file is what it was. Raises `DatabaseUnavailable` if that is nothing,
        `StoreUnavailable` if it was filled without a database, and `sqlite3.Error`.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._own() as own:
            begin_file(own, self._path)
            self._know_tables(own)
            filled = state_of(own).edition > 0
        try:
            with self._primary.transaction() as remote:
                self.bring_up(remote, foreign_tables=True)
        except DatabaseUnavailable as error:
            if not (self._begin_from_standby(filled) or filled):
                raise
            logger.warning("%s is served as it was when it was last brought up: %s", self._path, error)

    def _begin_from_standby(self, filled: bool) -> bool:
        """Whether the file holds what the standby does, or something newer."""
        if self._standby is None:
            return False
        try:
            with closing(self._standby.connect()) as remote, remote.transaction():
                return self.bring_up(remote, foreign_tables=True, behind=filled)
        except psycopg.Error as error:
            logger.debug("the standby: %s", error)
            return False

    def settle(self) -> bool:
        """Have PostgreSQL hold the tables as they are in the file, which may have been brought to a new version.

        False where the database was changed by another process meanwhile: then the file is as it is there, and what
        was done to its tables is to be done again. Where PostgreSQL cannot be reached, it is done once it can be.
        Raises `DatabaseUnavailable` where the file is nothing without it, and `StoreUnavailable` where the database
        holds nothing and the file is a copy of another one.
        """
        try:
            with self._primary.transaction() as remote:
                self._ledger.create(remote)
                return self._settle(remote, self._ledger.locked(remote), opening=True)
        except DatabaseUnavailable as error:
            logger.debug("%s", error)
            with self._own() as own:
                if state_of(own).edition == 0:
                    raise
                self._know_tables(own)
            self._late = True
            return True

    def settle_late(self) -> None:
        """Do what `settle` could not. Raises `DatabaseUnavailable`, or `WrittenByNewer` if others were quicker."""
        if not self._settled:
            with self._primary.transaction() as remote:
                self._head(remote)

    def _settle(self, remote: psycopg.Connection[Any], head: Head, *, opening: bool) -> bool:
        with self._own() as own:
            state = state_of(own)
            if state.edition and not head.state.edition:
                raise elsewhere(self._path, self._primary.address.place)
            if state.edition and definition(own) == self._ledger.definition(remote):
                if state.edition != head.state.edition:
                    self.bring_up(remote, head, foreign_tables=True)
            elif state == head.state:
                with transaction(own):
                    prepare(own)
                    head = self._make_anew(remote, own, head)
                    remote.commit()
            elif opening:  # made anew of the file, the database would lack what others did since
                with transaction(own):
                    self._copy(remote, own, head)
                return False
            else:
                raise newer(self._path)
            self._know_tables(own)
            begun(self._path)
            self._edition = head.state.edition
            self._settled = True
        return True

    def _make_anew(self, remote: psycopg.Connection[Any], own: sqlite3.Connection, head: Head) -> Head:
        """Have PostgreSQL hold what the file does, with the tables that it has."""
        remote.execute("SET LOCAL statement_timeout = 0")  # a table is copied by one statement
        was = tables_of_definition(self._ledger.definition(remote))
        now = tables_of(own)
        for table in was.values():
            remote.execute(sql.SQL("DROP TABLE {}").format(table.at(self._ledger.schema)))
        for table in now.values():
            remote.execute(table.created(self._ledger.schema))
            copy_out(remote, self._ledger.schema, table, own.execute(table.selected()))
        moved = self._ledger.renew(remote, replace(head, last_keys=last_keys(own)), definition(own))
        note_changes(own, now.values())
        forget_notes(own)
        keep_state(own, moved.state)
        return moved

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @property
    def is_open(self) -> bool:
        """Whether the file was opened, so that it can follow."""
        return self._settled or self._late

    # --- changing ------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        """A transaction on `connection`, which is one to the file in autocommit mode, and in PostgreSQL: all of it is
        done in both, or nothing. The block sees the newest state.

        Raises `DatabaseUnavailable` where PostgreSQL cannot be written to; then nothing has changed.
        """
        with self._primary.transaction(self.within) as remote:
            head = self._locked(remote)
            if self.fence is not None:
                self.fence(remote)
            with transaction(connection):
                yield connection
                changes = noted(connection)
                if changes or last_keys(connection) != head.last_keys:  # an INSERT OR IGNORE may use up keys in vain
                    with self._primary.explained(), remote.pipeline():  # one round trip, not one a statement
                        self._push(remote, connection, head, changes)
                        remote.commit()

    def _head(self, remote: psycopg.Connection[Any]) -> Head:
        """The head of the log, held until the transaction ends, of tables that are those of this process."""
        head = self._ledger.locked(remote)
        if not self._settled:
            self._settle(remote, head, opening=False)
            head = self._ledger.locked(remote)  # that may have ended the transaction
        if head.state.edition != self._edition:
            raise newer(self._path)
        return head

    def _locked(self, remote: psycopg.Connection[Any]) -> Head:
        """As `_head`; the file is brought to it."""
        head = self._head(remote)
        while self.state() != head.state:  # another process with this folder may bring it to less meanwhile
            self.bring_up(remote, head)
        return head

    def _push(self, remote: psycopg.Connection[Any], local: sqlite3.Connection, head: Head, changes: Changes) -> None:
        push(remote, local, self._ledger.schema, self._tables, changes)
        given = {**head.last_keys, **last_keys(local)}
        last = {name: max(number, head.last_keys.get(name, 0)) for name, number in given.items()}
        moved = self._ledger.append(remote, replace(head, last_keys=last), changes)
        forget_notes(local)
        keep_state(local, moved.state)

    def changed_here(self) -> int:
        """A number that rises with each change to the file that PostgreSQL does not know of; 0 where there is none."""
        with self._own() as own:
            return last_note(own)

    def exchange(self) -> None:
        """Bring what was changed in the file by others into PostgreSQL, and what has changed there into the file.

        Of a row that was changed in both, the one here stands, unless it is gone there. Raises `DatabaseUnavailable`;
        then it is done the next time. Costs next to nothing where nothing was changed here.
        """
        if not self.changed_here():
            return
        with self._primary.transaction() as remote:
            head = self._head(remote)
            with self._own() as own, transaction(own):
                theirs = self._ledger.since(remote, state_of(own))
                if theirs is None:
                    logger.warning("%s is read anew from the database", self._path)
                    self._copy(remote, own, head)
                    self.brought += 1
                    return
                merge(remote, own, self._ledger.schema, self._tables, theirs)
                self.brought += bool(theirs)
                if ours := noted(own):  # else another process with this folder was quicker
                    self._push(remote, own, head, ours)
                    remote.commit()
                else:
                    keep_last_keys(own, head.last_keys)
                    keep_state(own, head.state)

    # --- following -----------------------------------------------------------------------------------

    def state(self) -> State:
        """Up to where the file follows."""
        with self._own() as own:
            return state_of(own)

    def bring_up(
        self,
        remote: psycopg.Connection[Any],
        head: Head | None = None,
        *,
        foreign_tables: bool = False,
        behind: bool = False,
    ) -> bool:
        """Bring the file to what PostgreSQL holds, in one step; whether that changed anything.

        Without `head`, which the caller holds locked, it is what the transaction of `remote`, in which nothing was
        asked yet, sees first. `behind` is for a standby, which may know less than the file. Raises `WrittenByNewer` if
        the tables there are others than here, unless `foreign_tables` are to be taken over, and `DatabaseUnavailable`
        if they are made anew just now.
        """
        with self._own() as own:
            state, held = state_of(own), head is not None
            if head is None:
                remote.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                head = self._ledger.head(remote)
            if head is None or head.state.edition == 0 or head.state == state:
                return False
            if behind and head.state.seq <= state.seq:
                return False
            if not foreign_tables and self._has_other_tables(remote, own, head):
                raise newer(self._path)
            with transaction(own):
                if state_of(own) != state:
                    return False  # another thread, or process with this folder, was quicker
                self._follow(remote, own, head, behind)
                self.brought += 1
                if not held and are_made_anew(remote, self._ledger.schema):
                    raise being_brought(self._primary.address.place)
        return True

    def _has_other_tables(self, remote: psycopg.Connection[Any], own: sqlite3.Connection, head: Head) -> bool:
        if self._settled:
            return head.state.edition != self._edition
        state = state_of(own)
        return state.edition not in (0, head.state.edition) or (
            state.edition > 0 and definition(own) != self._ledger.definition(remote)
        )

    def _follow(self, remote: psycopg.Connection[Any], own: sqlite3.Connection, head: Head, behind: bool) -> None:
        state = state_of(own)
        same = state.edition == head.state.edition
        changes = self._ledger.since(remote, state) if same else None
        if changes is None:
            if behind and same:
                return
            if same:
                logger.warning("%s is read anew from the database, whose log does not tell what it lacks", self._path)
            self._copy(remote, own, head)
            return
        before = last_note(own)
        pull(remote, own, self._ledger.schema, self._tables, changes)
        forget_notes(own, before)
        keep_last_keys(own, head.last_keys)
        keep_state(own, head.state)

    def _copy(self, remote: psycopg.Connection[Any], own: sqlite3.Connection, head: Head) -> None:
        """Make the file anew of all that PostgreSQL holds, within a transaction."""
        prepare(own)
        for table in tables_of(own):
            own.execute(f'DROP TABLE "{table}"')
        for statement in self._ledger.definition(remote):
            own.execute(statement)
        tables = tables_of(own)
        for table in tables.values():
            copy_in(remote, own, self._ledger.schema, table)
        note_changes(own, tables.values())
        forget_notes(own)
        keep_last_keys(own, head.last_keys)
        keep_state(own, head.state)
        self._tables = tables

    # --- the file ------------------------------------------------------------------------------------

    @contextmanager
    def _own(self) -> Iterator[sqlite3.Connection]:
        """A connection to the file of its own, by which rows come as they are: nothing hangs on them."""
        with self._lock:
            if self._connection is None:
                self._connection = sqlite3.connect(
                    self._path, isolation_level=None, check_same_thread=False, timeout=30
                )
                for pragma in (
                    "journal_mode = WAL",
                    "synchronous = NORMAL",
                    "foreign_keys = OFF",
                    "secure_delete = ON",
                ):
                    self._connection.execute(f"PRAGMA {pragma}")
            yield self._connection

    def _know_tables(self, own: sqlite3.Connection) -> None:
        self._tables = tables_of(own)


def newer(path: Path) -> WrittenByNewer:
    """What to say where a newer process has brought the database to its version."""
    return WrittenByNewer(
        f"The database that {path} is a copy of has been brought to another version: restart this process, after an "
        "update of Quotewire if it says so again."
    )


def being_brought(place: str) -> DatabaseUnavailable:
    """What to say where tables were made anew while they were read."""
    return DatabaseUnavailable(
        "The database at {place} is just being brought to another version: try again in a minute.", place=place
    )


def elsewhere(path: Path, place: str) -> StoreUnavailable:
    """What to say of a file that follows a database which is not this one, for here is nothing."""
    return StoreUnavailable(
        f"{path} is a copy of what a database holds, and there is nothing at {place}: set DATABASE_URL as it was, or "
        "`quotewire migrate --back` and `quotewire migrate` bring what it holds to the one that is set."
    )
