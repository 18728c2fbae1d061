"""What the bot keeps of its own beside the newsroom: settings of servers, answers given, what was posted (SQLite)."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.log import private_file
from bot.memory.schema import STEPS
from retrieval.errors import DatabaseUnavailable, StoreUnavailable
from retrieval.replicas.marks import refuse_replica
from retrieval.sqlite import can_only_be_read, migrate, opened_to_read, reading, tells_of_damage, transaction

if TYPE_CHECKING:
    from retrieval.replicas.shared import Shared

_log = logging.getLogger(__name__)

FILE = "discord.sqlite3"
CHANGED_WITHIN = 5.0
"""Seconds that a change may take in a database that processes share: a member waits for it."""
NAME = "discord"
"""What the file is called among those that several processes share."""


class Database:
    """One SQLite file, shared by the stores of this package, which each know their tables in it (see `schema.py`).

    It is `only_read` where nothing could be written when it was opened: then what would change it raises.
    Safe to use from many threads. What is done in `reading` and `transaction` takes a few milliseconds of disk work, so
    it does not belong on the event loop. Nobody who reads waits for one who writes: the two have a connection each.
    Raises `StoreUnavailable` if the file cannot be used, or a newer Quotewire wrote it.
    """

    def __init__(self, data_dir: Path, shared: Shared | None = None) -> None:
        """`shared` is the database that other processes share with this one, which the file follows then."""
        self._path = data_dir / FILE
        self._lock, self._reading = threading.RLock(), threading.RLock()
        self.only_read = False
        self._gone: tuple[float, DatabaseUnavailable] | None = None
        self._replica = shared.replica(self._path, NAME) if shared else None
        if self._replica:
            self._replica.within = CHANGED_WITHIN
        with self._explained():
            data_dir.mkdir(parents=True, exist_ok=True)
            self._connection = self._opened()
            try:
                self._connection.execute("PRAGMA foreign_keys = ON")
                # What members want forgotten is not to stand in free pages of the file.
                self._connection.execute("PRAGMA secure_delete = ON")
                self._bring_up()
                self._reader = self._opened_to_read()
            except BaseException:
                self._connection.close()
                raise

    def _opened(self) -> sqlite3.Connection:
        with suppress(OSError):  # a disk that takes nothing
            private_file(self._path)  # also one that was written before all were made so
        connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.Error as error:
            connection.close()
            if not can_only_be_read(self._path, error):
                raise
            _log.warning(
                "%s can only be read (%s): answers go without buttons, and nothing is posted, until there is space and "
                "Quotewire is started again",
                *(self._path, error),
            )
            self.only_read = True
            return opened_to_read(self._path)
        return connection

    def _bring_up(self) -> None:
        """Have the file hold what the shared database does, if there is one, with the present tables."""
        if self.only_read:
            self._replica = None  # nothing comes in any more, and nothing goes out
        elif self._replica is None:
            refuse_replica(self._connection, self._path)
        else:
            self._replica.begin()
        while True:
            migrate(self._connection, self._path, STEPS)
            if self._replica is None or self._replica.settle():
                return

    def _opened_to_read(self) -> sqlite3.Connection:
        if self.only_read:
            return opened_to_read(self._path)
        reader = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        reader.execute("PRAGMA query_only = ON")
        return reader

    def close(self) -> None:
        """End: what is done from now on raises `StoreUnavailable`."""
        with self._lock, self._reading:
            self._reader.close()
            self._connection.close()

    def erase(self) -> None:
        """Have what was deleted be gone from the disk, too: not only from the file, but from what is written before it
        (SQLite's WAL), as far as nobody else reads there just now.
        """
        with self._lock, self._reading, self._explained():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """What is read in the block is of one moment; nothing can be written. Raises `StoreUnavailable` if the file
        cannot be used.
        """
        with self._reading, self._explained(), reading(self._reader) as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of the block, or nothing of it, is kept. Raises `StoreUnavailable` if the file cannot be used, of which
        `DatabaseUnavailable` is one kind: what is shared with other processes cannot be reached.
        """
        asked = time.monotonic()
        begun = reading if self.only_read else self._replica.transaction if self._replica else transaction
        with self._lock, self._explained():
            if self._gone and self._gone[0] > asked:
                # Who waited while another one found that out does not wait as long again.
                raise DatabaseUnavailable(self._gone[1].template, **self._gone[1].places)
            try:
                with begun(self._connection) as connection:
                    yield connection
            except DatabaseUnavailable as error:
                self._gone = (time.monotonic(), error)
                raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if tells_of_damage(error):
                raise StoreUnavailable(
                    f"{self._path} is damaged ({error}): stop Quotewire, and `quotewire restore FILE` puts a backup in "
                    "its place; without one, move the file away to begin with none of the servers' settings."
                ) from error
            raise StoreUnavailable(
                f"{self._path} cannot be used ({error}): check that DATA_DIR can be written and that its disk has "
                "space."
            ) from error
