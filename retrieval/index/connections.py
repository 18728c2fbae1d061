"""A connection to one SQLite file for each thread that asks for it, and the end of them all."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from weakref import WeakSet

from retrieval.errors import StoreUnavailable
from retrieval.sqlite import can_only_be_read, opened_to_read


class _Held:
    """A thread's connection. The thread's end drops it, and with it the connection is closed."""

    __slots__ = ("__weakref__", "connection")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


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
        self._lock = threading.Lock()
        self._closed = False
        self._unused = True

    def current(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode; it is closed when the thread ends.

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
        if self.only_read:
            return self._kept(_Held(opened_to_read(self._path)))
        # autocommit mode: transactions are begun by hand, so that none is ever left open unseen
        held = _Held(sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=30))
        held.connection.execute("PRAGMA journal_mode = WAL")
        held.connection.execute("PRAGMA synchronous = NORMAL")
        held.connection.execute("PRAGMA foreign_keys = ON")
        return self._kept(held)

    def _kept(self, held: _Held) -> _Held:
        with self._lock:
            self._refuse_if_closed()
            self._open.add(held)
            self._unused = False
        return held

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
