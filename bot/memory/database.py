"""What the bot keeps of its own beside the newsroom: settings of servers, answers given, what was posted (SQLite)."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.log import private_file
from bot.memory.schema import STEPS
from retrieval.errors import StoreUnavailable
from retrieval.sqlite import migrate, tells_of_damage, transaction

FILE = "discord.sqlite3"


class Database:
    """One SQLite file, shared by the stores of this package, which each know their tables in it (see `schema.py`).

    Safe to use from many threads. What is done in `transaction` takes a few milliseconds of disk work, so it does not
    belong on the event loop. Raises `StoreUnavailable` if the file cannot be used, or a newer Quotewire wrote it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE
        self._lock = threading.RLock()
        with self._explained():
            data_dir.mkdir(parents=True, exist_ok=True)
            private_file(self._path)  # also one that was written before all were made so
            self._connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA foreign_keys = ON")
                migrate(self._connection, self._path, STEPS)
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """End: what is done from now on raises `StoreUnavailable`."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of the block, or nothing of it, is kept. Raises `StoreUnavailable` if the file cannot be used."""
        with self._lock, self._explained(), transaction(self._connection) as connection:
            yield connection

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
