"""The whole suite over PostgreSQL: with `QUOTEWIRE_DATABASE` set, each data folder follows a database of its own.

`make test-postgres` sets it. Whatever a test opens then, a newsroom, a store or what the bot remembers, is a replica in
a namespace that is named for its folder, in a database that the tests of a module share; so is what the processes do
that tests start (`tests/support/hook`). What a test wrote without a database before is what the database begins with.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

WANTED = "QUOTEWIRE_DATABASE"
"""Set to anything, the suite is run over PostgreSQL."""
DATABASE = "QUOTEWIRE_DATABASE_URL"
"""Where folders that are new to this process are kept from now on."""

EXAMPLES = 20 if WANTED in os.environ else 4
"""Of what is tried by chance, and takes a second each time that PostgreSQL takes part in it."""

_known: dict[Path, str] = {}
_opened: list[Any] = []


def create() -> str | None:
    """The address of a new database, if whoever runs has any; see `tests/conftest.py`."""
    return None


def shared_of(folder: Path) -> Any:
    """The database that `folder` follows; None where none is wanted just now."""
    from retrieval.replicas.shared import Shared

    folder = folder.resolve()
    url = _known.get(folder) or os.environ.get(DATABASE) or create()
    if not url:
        return None
    if folder not in _known:
        for path in folder.glob("*.sqlite3"):
            _begin_with(path, url)
    _known[folder] = url
    _opened.append(Shared(url, namespace=_namespace(folder)))
    return _opened[-1]


def _namespace(folder: Path) -> str:
    return "q" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]


def close_since(count: int) -> None:
    """Close what was opened since there were so many: tests leave much to the end of their process."""
    while len(_opened) > count:
        _opened.pop().close()


def opened() -> int:
    """How many are open."""
    return len(_opened)


def _begin_with(path: Path, url: str) -> None:
    """Have what was written without a database, or copied from a folder that follows one, be what a replica begins
    with."""
    from retrieval.replicas.marks import is_replica, stand_alone, unsettled

    try:
        with closing(sqlite3.connect(path)) as connection:
            if is_replica(connection):
                if _is_there(url, _namespace(path.parent)):
                    return
                stand_alone(connection)
            if not connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
                return
    except sqlite3.Error:
        return  # damaged, which is what the test is about
    unsettled(path).touch()


def _is_there(url: str, namespace: str) -> bool:
    """Whether a database holds anything of a folder."""
    import psycopg

    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT 1 FROM pg_namespace WHERE starts_with(nspname, %s)", (namespace,))
        return found.fetchone() is not None


def newsrooms(machinery: Any) -> None:
    """Have all newsrooms that name no database follow one."""
    before = machinery._shared
    machinery._shared = lambda settings: before(settings) or shared_of(settings.data_dir)


def alone(opened: Any, name: str) -> None:
    """Have what `opened` opens by itself, without a newsroom, follow one, as the replica `name`."""
    begin, end = opened.__init__, opened.close

    @functools.wraps(begin)
    def open_(self: Any, path: Path, *given: Any) -> None:
        folder = path if name == "discord" else path.parent
        # Of a newsroom that many bots of a module share, each has a folder of its own.
        elsewhere = [each for each in given if each in _opened and each._namespace != _namespace(folder)]
        own = shared_of(folder) if elsewhere or not any(given) else None
        follows = given if own is None else (own,) if name == "discord" else (own.replica(path, name),)
        self.shared_alone = own
        try:
            begin(self, path, *follows)
        except BaseException:
            if own is not None:
                own.close()
            raise

    @functools.wraps(end)
    def close(self: Any) -> None:
        end(self)
        if self.shared_alone is not None:
            self.shared_alone.close()

    opened.__init__, opened.close = open_, close


def stores(store: Any) -> None:
    """As `alone`, of articles."""
    alone(store.Store, "articles")


def memories(database: Any) -> None:
    """As `alone`, of what the bot remembers."""
    alone(database.Database, "discord")


CHANGES: dict[str, Callable[[Any], None]] = {
    "retrieval.machinery": newsrooms,
    "retrieval.index.store": stores,
    "bot.memory.database": memories,
}
"""By module: what is changed in it."""
