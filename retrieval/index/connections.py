"""A connection to one SQLite file for each thread that asks for it, and the end of them all."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from weakref import WeakSet

from retrieval.errors import StoreUnavailable
from retrieval.sqlite import can_only_be_read, opened_to_read

SPARE = 2
"""Connections of threads that have ended which wait for the next ones. To open one and read of all tables takes
milliseconds, and each question of a member has a thread of its own."""


class _Held:
    """A thread's connection, which the thread's end lets go of."""

    __slots__ = ("__weakref__", "_let_go", "connection")

    def __init__(self, connection: sqlite3.Connection, let_go: Callable[[sqlite3.Connection], None]) -> None:
        self.connection, self._let_go = connection, let_go

    def __del__(self) -> None:
        self._let_go(self.connection)


class Connections:
    """Connections to the file `path`, one a thread, so that who reads never waits for who writes.

    They only read where nothing could be written when the first was opened: see `only_read`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.only_read: Exception | None = None
        """Why nothing can be written."""
        self._local = threading.local()
        self._open: WeakSet[_Held] = WeakSet()
        self._spare: deque[sqlite3.Connection] = deque()
        self._lock = threading.Lock()
        self._closed = False
        self._unused = True

    def current(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode; when the thread ends, another one may have it.

        Raises `StoreUnavailable` after `close`, and `sqlite3.Error`.
        """
        self._refuse_if_closed()
        held: _Held | None = getattr(self._local, "held", None)
        if held is None:
            held = self._local.held = self._first() if self._unused else self._opened()
        return held.connection

    def _first(self) -> _Held:
        try:
            return self._opened()
        except sqlite3.OperationalError as error:
            if not can_only_be_read(self._path, error):
                raise
            self.only_read = error
            return self._opened()

    def _opened(self) -> _Held:
        with suppress(IndexError):
            return self._kept(self._spare.pop())
        if self.only_read:
            return self._kept(opened_to_read(self._path))
        # autocommit mode: transactions are begun by hand, so that none is ever left open unseen
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=30)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        return self._kept(connection)

    def _kept(self, connection: sqlite3.Connection) -> _Held:
        held = _Held(connection, self._let_go)
        with self._lock:
            self._refuse_if_closed()
            self._open.add(held)
            self._unused = False
        return held

    def _let_go(self, connection: sqlite3.Connection) -> None:
        """Keep it for the next thread, or close it. No lock is taken: whoever collects garbage may be holding it."""
        if self._closed or len(self._spare) >= SPARE or not _is_idle(connection):
            connection.close()
            return
        self._spare.append(connection)
        if self._closed:  # meanwhile
            self._close_spare()

    def _close_spare(self) -> None:
        with suppress(IndexError):
            while True:
                self._spare.pop().close()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise StoreUnavailable("Quotewire is closing: ask again once it has started anew.")

    def close(self) -> None:
        """Let nothing more be asked. What other threads ask is broken off; their connections end with them."""
        self._local.__dict__.pop("held", None)  # before the others: one that was interrupted is not written back
        with self._lock:
            self._closed = True
            for held in list(self._open):
                with suppress(sqlite3.ProgrammingError):  # its thread has ended just now, and closed it
                    held.connection.interrupt()
        self._close_spare()


def _is_idle(connection: sqlite3.Connection) -> bool:
    """Whether nothing that was asked is still being read: that would have whoever asks next see what was there then.

    What is asked after an interrupt is broken off, too, as long as anything is being read, and an interrupt of nothing
    does nothing (https://sqlite.org/c3ref/interrupt.html).
    """
    try:
        connection.interrupt()
        connection.execute("SELECT 1").fetchone()
    except sqlite3.Error:
        return False
    return not connection.in_transaction
