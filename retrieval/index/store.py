"""The one source of truth: articles and their versions, passages and vectors, in one SQLite file.

Generations are kept as row lifetimes. An article row is one version; it is part of generation g when
`born <= g` and it has not `died` by then. A reload writes rows that are born in the *next* generation, in
as many transactions as it likes, and nobody sees them; one short transaction then makes that generation
the current one. Whatever instant the process dies at, the current generation is complete, and the next
reload finds and reuses what had been written.
"""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from retrieval.article import Day, Failure
from retrieval.errors import StoreUnavailable
from retrieval.index.connections import Connections
from retrieval.index.embed import ModelIdentity
from retrieval.index.schema import STEPS
from retrieval.index.sight import LIVE, Sight
from retrieval.index.stored import ARTICLE, FILE, StoredArticle, stored_article
from retrieval.index.written import day_of, failures_of
from retrieval.replicas.marks import refuse_replica
from retrieval.sqlite import migrate, tells_of_damage, transaction, write_back

if TYPE_CHECKING:
    from retrieval.replicas.leases import Leases
    from retrieval.replicas.replica import Replica

logger = logging.getLogger(__name__)

LATER = 2**40
"""`born` of a version that was read and waits for a generation that is to hold it (see `waiting.py`)."""
NEXT = LATER - 1
"""`born` of a version that goes with the next generation of who read it, whatever comes before that."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GENERATION = (
    "SELECT g.number, g.committed, m.key, m.name, m.revision, m.dimension"
    " FROM generation g JOIN model m ON m.key = g.model"
)
SERVED = ", then start Quotewire again; until then it serves what was there, and takes in nothing"


@dataclass(frozen=True, slots=True)
class Generation:
    """The number of a complete state and the model whose vectors it holds (None before the first).

    `committed` is when it was made, in microseconds since 1970 (UTC). A number may come twice: where a backup was put
    back, or a database that others follow has lost its last generations, the next ones have numbers that were there.
    """

    number: int
    committed: int
    model_key: int | None
    model: ModelIdentity | None
    dimension: int


class StoredPassage(NamedTuple):
    """Where a passage lies: `[start, end)` in the body of the article version `article`."""

    key: int
    article: int
    start: int
    end: int


def unusable(data_dir: Path, error: Exception, meanwhile: str = "") -> StoreUnavailable:
    """What to say when the data folder cannot be read or written, and what is done meanwhile."""
    if "locked" in str(error):
        return StoreUnavailable("Another process is writing to the same DATA_DIR: wait until it has ended.")
    if tells_of_damage(error):
        return StoreUnavailable(
            f"{data_dir / FILE} is damaged ({error}): stop Quotewire, and `quotewire restore FILE` puts a backup in "
            "its place. Without one, move this file, and those whose names begin with its, out of the way and reload: "
            "the folder and feeds are read again, and what was added by hand has to be added again. Leave the other "
            "files where they are: they hold the feeds and the servers' settings."
        )
    return StoreUnavailable(
        f"The data folder {data_dir} cannot be used ({error}): check that DATA_DIR can be written and that its "
        f"disk has space{meanwhile}."
    )


def _identity(connection: sqlite3.Connection) -> int:
    """A number that no other store has, so that what belongs to one is not taken for another's."""
    (number,) = connection.execute("PRAGMA application_id").fetchone()
    if number == 0:
        number = secrets.randbelow(2**31 - 1) + 1
        connection.execute(f"PRAGMA application_id = {number}")
    return number


def _generation(number: int, committed: str, key: int, name: str, revision: str, dimension: int) -> Generation:
    microseconds = (datetime.fromisoformat(committed) - _EPOCH) // timedelta(microseconds=1)
    return Generation(
        number=number,
        committed=microseconds,
        model_key=key,
        model=ModelIdentity(name, revision),
        dimension=dimension,
    )


class Store:
    """The SQLite file `path`. Each thread has a connection of its own; readers never wait for a reload.

    `damaged` are the keys of the article versions of which something was found not to be what was once written.
    """

    def __init__(self, path: Path, replica: Replica | None = None) -> None:
        self._path = path
        self.replica = replica
        """What has the file follow a database that several processes share; None: there is none."""
        self.damaged: set[int] = set()
        self._looked_through = False
        self._connections = Connections(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open(path, replica)
            if self._connections.only_read:
                logger.warning("%s", unusable(path.parent, self._connections.only_read, SERVED))
        except StoreUnavailable:
            self._connections.close()
            raise
        except (sqlite3.Error, OSError) as error:
            self._connections.close()
            raise unusable(path.parent, error) from error

    def _open(self, path: Path, replica: Replica | None) -> None:
        connection = self.connection()
        if self._connections.only_read:
            replica = self.replica = None  # nothing comes in any more, and nothing goes out
        elif replica is None:
            refuse_replica(connection, path)
        else:
            replica.begin()
        while True:
            migrate(connection, path, STEPS)
            self.identity = _identity(connection)
            if replica is None or replica.settle():
                return

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode. Raises `StoreUnavailable` once the store is closed."""
        return self._connections.current()

    def close(self) -> None:
        """Let nothing more be asked, and have the file alone hold all that was stored."""
        self._connections.close()
        if not self._connections.only_read:
            write_back(self._path)

    @contextmanager
    def guarded(self, leases: Leases, name: str) -> Iterator[None]:
        """Within the block all is there that others wrote while they had the lease, and nothing is written any more
        once this process has lost it. Raises `DatabaseUnavailable`."""
        if self.replica is None:
            yield
            return
        self.replica.fence = partial(leases.guard, name)
        try:
            # What the last holder committed may not have been heard of: what is read now would be the state before.
            with self.transaction():
                pass
            yield
        finally:
            self.replica.fence = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: all of it, or (after an error or a crash) nothing. Raises `StoreUnavailable`."""
        connection = self.connection()
        if self._connections.only_read:
            raise unusable(self._path.parent, self._connections.only_read, SERVED)
        with self.replica.transaction(connection) if self.replica else transaction(connection):
            yield connection

    def _row(self, query: str, parameters: Mapping[str, object] | Sequence[object] = ()) -> Any:
        """The first row of a query, or None."""
        return self.connection().execute(query, parameters).fetchone()

    # --- reading -----------------------------------------------------------------------------------

    def generation(self) -> Generation:
        """The current generation; number 0 before the first reload."""
        row = self._row(f"{_GENERATION} ORDER BY g.number DESC LIMIT 1")
        return _generation(*row) if row else Generation(number=0, committed=0, model_key=None, model=None, dimension=0)

    def earlier(self, number: int) -> Generation | None:
        """The generation of this number, if it is still known."""
        row = self._row(f"{_GENERATION} WHERE g.number = ?", (number,))
        return _generation(*row) if row else None

    def passages(self, keys: Iterable[int]) -> dict[int, StoredPassage]:
        """Passages by key; keys that are gone are left out."""
        rows = self.connection().execute(
            'SELECT key, article, start, "end" FROM passage WHERE key IN (SELECT value FROM json_each(?))',
            (json.dumps(list(keys)),),
        )
        return {row[0]: StoredPassage._make(row) for row in rows}

    def articles(self, keys: Iterable[int]) -> dict[int, StoredArticle]:
        """Article versions by key, each checked against its hash; those that fail are left out."""
        rows = self.connection().execute(
            f"SELECT l.held, {ARTICLE} FROM article a LEFT JOIN line l ON l.article = a.key"
            " WHERE a.key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return {stored.key: stored for kept, *row in rows if (stored := self._whole(row, kept))}

    def _whole(self, row: Sequence, kept: str | None = None) -> StoredArticle | None:
        if (stored := stored_article(row, kept)) is None:
            self.damaged.add(row[0])
        return stored

    def origins_of_damaged(self, generation: int) -> frozenset[str]:
        """Where what is `damaged` came from. The first time, each article of the folder is looked at.

        What else there is is looked at when it is read: of that there is far more, and nothing to read it anew from.
        """
        if not self._looked_through:
            of_files = "a.died IS NULL AND substr(a.origin, 1, 1) <> '/'"
            for row in self.connection().execute(
                f"SELECT {ARTICLE} FROM article a INDEXED BY article_origin WHERE {of_files} AND {LIVE}",
                {"generation": generation},
            ):
                self._whole(row)
            self._looked_through = True
        query = "SELECT origin FROM article WHERE died IS NULL AND key IN (SELECT value FROM json_each(?))"
        return frozenset(origin for (origin,) in self.connection().execute(query, (json.dumps([*self.damaged]),)))

    def passage_keys(self, ids: Collection[str]) -> frozenset[int]:
        """The passages of every version of the articles with these ids."""
        rows = self.connection().execute(
            "SELECT p.key FROM passage p JOIN article a ON a.key = p.article"
            " WHERE a.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return frozenset(key for (key,) in rows)

    def newest(
        self,
        sight: Sight,
        limit: int,
        since: float | None = None,
        source: str | None = None,
        until: float | None = None,
        language: str | None = None,
    ) -> list[StoredArticle]:
        """The newest articles that are seen; undated ones last, the latest read of those first.

        `since` leaves undated ones out, `until` does not: nothing says that they are later.
        """
        rows = self.connection().execute(
            f"SELECT {ARTICLE} FROM article a WHERE {sight.live} AND {sight.original}"
            " AND (:since IS NULL OR a.instant >= :since) AND (:source IS NULL OR a.source = :source)"
            " AND (:until IS NULL OR a.instant IS NULL OR a.instant <= :until) AND (:language IS NULL OR"
            " EXISTS (SELECT 1 FROM language l WHERE l.article = a.key AND l.code = :language))"
            " ORDER BY a.instant DESC NULLS LAST, a.key DESC LIMIT :limit",
            {
                **sight.values,
                "since": since,
                "source": source,
                "until": until,
                "language": language,
                "limit": limit,
            },
        )
        return [stored for row in rows if (stored := self._whole(row))]

    def span_of_dates(self, sight: Sight) -> tuple[Day | None, Day | None]:
        """The oldest and the newest date of what is seen."""
        ends = []
        for order in ("ASC", "DESC"):
            row = self._row(
                f"SELECT a.published FROM article a INDEXED BY article_instant WHERE {sight.live}"
                f" AND a.instant IS NOT NULL AND {sight.original} ORDER BY a.instant {order} LIMIT 1",
                sight.values,
            )
            ends.append(day_of(row[0]) if row else None)
        return ends[0], ends[1]

    def sources(self, sight: Sight) -> list[str]:
        """The outlets of what is seen, in alphabetical order."""
        # From each outlet to the next, so that not all articles are walked to tell a few outlets.
        rows = self.connection().execute(
            "WITH RECURSIVE outlet(source) AS (SELECT min(source) FROM article UNION ALL"
            " SELECT (SELECT min(a.source) FROM article a WHERE a.source > outlet.source) FROM outlet"
            " WHERE outlet.source IS NOT NULL)"
            " SELECT source FROM outlet WHERE EXISTS (SELECT 1 FROM article a INDEXED BY article_life"
            f" WHERE a.source = outlet.source AND {sight.live} AND {sight.original}) ORDER BY 1",
            sight.values,
        )
        return [source for (source,) in rows]

    def languages(self, sight: Sight) -> list[str]:
        """The languages of what is seen, by their codes in alphabetical order."""
        # As with outlets. An article that is gone has a language, too; one that is there is soon found.
        rows = self.connection().execute(
            "WITH RECURSIVE each(code) AS (SELECT min(code) FROM language WHERE code > '' UNION ALL"
            " SELECT (SELECT min(l.code) FROM language l WHERE l.code > each.code) FROM each"
            " WHERE each.code IS NOT NULL)"
            " SELECT code FROM each WHERE EXISTS (SELECT 1 FROM language l CROSS JOIN article a ON a.key = l.article"
            f" WHERE l.code = each.code AND {sight.live} AND {sight.original}) ORDER BY 1",
            sight.values,
        )
        return [code for (code,) in rows]

    def files(self, folder: str) -> dict[str, tuple[int, int, tuple[Failure, ...]]]:
        """Of each file read: its size, its modification time in ns, and what could not be read of it.

        Files that were read in another folder, or are to be read again, have the size and time -1.
        """
        rows = self.connection().execute(
            "SELECT name, iif(folder = :folder, size, -1), iif(folder = :folder, modified_ns, -1), failures FROM file",
            {"folder": folder},
        )
        return {name: (size, modified, failures_of(text)) for name, size, modified, text in rows}

    def live_articles(self, sight: Sight) -> int:
        """How many articles are seen, copies of one report counted once."""
        # Left alone, SQLite reads the row of every article, with its text.
        query = f"SELECT count(*) FROM article a INDEXED BY article_life WHERE {sight.live} AND {sight.original}"
        return self._row(query, sight.values)[0]

    def live(self, generation: int) -> list[int]:
        """The keys of the versions that a generation holds."""
        query = f"SELECT a.key FROM article a WHERE {LIVE} ORDER BY a.key"
        return [key for (key,) in self.connection().execute(query, {"generation": generation})]

    def unchanged_articles(self, generation: int, first: int) -> int:
        """How many articles a generation holds as the one before `first` did, copies of one report counted once."""
        # Until that one only: what waits for a generation is not among these.
        query = "SELECT count(*) FROM article WHERE born BETWEEN ? AND ? AND died IS NULL AND copy_of IS NULL"
        (new,) = self._row(query, (first, generation))
        return self.live_articles(Sight(generation)) - new

    def last_reload(self) -> tuple[datetime | None, tuple[Failure, ...]]:
        """When the last reload ended, and what it could not read."""
        row = self._row("SELECT ended, failures FROM last_reload")
        return (datetime.fromisoformat(row[0]), failures_of(row[1])) if row else (None, ())
