"""What a reload writes: versions and passages of the next generation, and the step that makes it current."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from retrieval.article import Article, Failure, instant
from retrieval.embed import ModelIdentity, Vectors
from retrieval.recognise import same_text
from retrieval.schema import recognisable
from retrieval.segment import sentence_spans
from retrieval.store import ARTICLE, Generation, Store, StoredArticle, day_text, failures_text, stored_article


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file looked like before it was read, and what of it could not be taken.

    `again` tells that it has to be read at the next reload even when it looks the same.
    """

    name: str
    size: int
    modified_ns: int
    failures: tuple[Failure, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class FolderRead:
    """What a reload read of `folder`: the files it opened, and the names of those that are gone."""

    folder: str
    files: Sequence[FileRead]
    vanished: Sequence[str]
    failures: Sequence[Failure]


@dataclass(frozen=True, slots=True)
class PendingPassage:
    """A passage without a vector: the span `[start, end)` of the article version `article`."""

    key: int
    article: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage to write: its span in the body, and `text` as it will be embedded."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Staging:
    """The next generation in the making. Nothing of it is seen before `commit`.

    `kept` are the origins that are not read this time: their articles stay as they are, and their ids taken.
    """

    store: Store
    current: Generation
    kept: frozenset[str]
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    _seen: dict[str, str] = field(default_factory=dict)  # article id -> origin that gave it this time
    _staged: set[int] = field(default_factory=set)
    _moved: list[tuple[str, int]] = field(default_factory=list)  # new origins of live versions

    @property
    def number(self) -> int:
        """The number of the generation in the making."""
        return self.current.number + 1

    def put(
        self, connection: sqlite3.Connection, origin: str, article: Article, copy_of: str | None = None
    ) -> str | None:
        """Take in an article as `origin` has it now; returns the origin that has its id already, if any.

        `copy_of` is the id of the article that holds the same text: a copy gets no passages.
        """
        rows = connection.execute(
            "SELECT key, hash, origin, born, copy_of FROM article WHERE id = ? AND died IS NULL", (article.id,)
        ).fetchall()
        live = next((row for row in rows if row[3] < self.number), None)
        staged = next((row for row in rows if row[3] == self.number), None)
        owner = self._seen.get(article.id) or (live[2] if live and live[2] in self.kept else None)
        if owner is not None:
            return owner
        self._seen[article.id] = origin
        content_hash = article.content_hash
        if live and (live[1], live[4]) == (content_hash, copy_of):
            self.unchanged += 1
            if live[2] != origin:
                self._moved.append((origin, live[0]))
            return None
        if live:
            self.updated += 1
        else:
            self.added += 1
        if staged and (*staged[1:3], staged[4]) == (content_hash, origin, copy_of):
            self._staged.add(staged[0])  # an interrupted reload had come this far
            return None
        if staged:
            _delete_versions(connection, [staged[0]])
        self._staged.add(_insert(connection, article, content_hash, origin, self.number, copy_of))
        return None

    def drop_leftovers(self) -> None:
        """Forget what an interrupted reload staged and the sources no longer hold."""
        rows = self.store.connection().execute("SELECT key FROM article WHERE born = ?", (self.number,))
        leftovers = [key for (key,) in rows if key not in self._staged]
        if leftovers:
            with self.store.transaction() as connection:
                _delete_versions(connection, leftovers)

    def removed(self, vanished: Iterable[str], reread: Iterable[str]) -> list[int]:
        """Live versions whose file is gone, or was read to its end and no longer holds them."""
        rows = self.store.connection().execute(
            "SELECT key, id FROM article WHERE died IS NULL AND born < ?"
            " AND origin IN (SELECT value FROM json_each(?))",
            (self.number, json.dumps([*vanished, *reread])),
        )
        return [key for key, id_ in rows if id_ not in self._seen]

    def promote_copies(self, gone: Collection[int]) -> None:
        """Let copies stand for themselves whose original the next generation no longer holds.

        `gone` are the versions that end with the current generation.
        """
        rows = self.store.connection().execute(
            f"SELECT {ARTICLE}, a.origin FROM article a WHERE a.died IS NULL AND a.copy_of IS NOT NULL"
            " AND a.key NOT IN (SELECT value FROM json_each(:gone)) AND NOT EXISTS (SELECT 1 FROM article o"
            " WHERE o.id = a.copy_of AND o.died IS NULL AND o.copy_of IS NULL"
            " AND o.key NOT IN (SELECT value FROM json_each(:gone)))"
            " AND NOT EXISTS (SELECT 1 FROM article n WHERE n.id = a.id AND n.born = :number AND a.born < :number)",
            {"gone": json.dumps(list(gone)), "number": self.number},
        )
        for *columns, origin in rows.fetchall():
            if copy := stored_article(columns):
                with self.store.transaction() as connection:
                    original = same_text(connection, copy.article, gone)
                    self._seen.pop(copy.article.id, None)
                    self.put(connection, origin, copy.article, original.id if original else None)

    # --- passages ------------------------------------------------------------------------------------

    def unsegmented(self, model_key: int, *, all_articles: bool) -> list[int]:
        """Versions of the next generation without passages for the model (`all_articles`: a new model)."""
        rows = self.store.connection().execute(
            "SELECT a.key FROM article a WHERE a.died IS NULL AND a.born >= ? AND a.copy_of IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM passage p WHERE p.article = a.key AND p.model = ?)",
            (0 if all_articles else self.number, model_key),
        )
        return [key for (key,) in rows]

    def put_passages(
        self,
        connection: sqlite3.Connection,
        stored: StoredArticle,
        model_key: int,
        passages: Sequence[NewPassage],
    ) -> None:
        """Write the passages of a version; those that its predecessor had word for word keep their vector."""
        known = dict(
            connection.execute(
                "SELECT p.hash, p.vector FROM passage p JOIN article a ON a.key = p.article"
                " WHERE a.id = ? AND p.model = ? AND p.vector IS NOT NULL",
                (stored.article.id, model_key),
            ).fetchall()
        )
        for passage in passages:
            digest = hashlib.blake2b(passage.text.encode(), digest_size=16).digest()
            connection.execute(
                'INSERT INTO passage (article, model, start, "end", hash, vector) VALUES (?, ?, ?, ?, ?, ?)',
                (stored.key, model_key, passage.start, passage.end, digest, known.get(digest)),
            )

    def pending(self, model_key: int) -> int:
        """How many passages wait to be embedded."""
        (count,) = (
            self.store.connection()
            .execute("SELECT count(*) FROM passage WHERE vector IS NULL AND model = ?", (model_key,))
            .fetchone()
        )
        return count

    def pending_passages(self, model_key: int, chunk: int) -> list[PendingPassage]:
        """The next passages to embed, at most `chunk`; none when all have their vector."""
        rows = self.store.connection().execute(
            'SELECT key, article, start, "end" FROM passage WHERE vector IS NULL AND model = ? ORDER BY key LIMIT ?',
            (model_key, chunk),
        )
        return [PendingPassage(*row) for row in rows]

    def put_vectors(self, passages: Sequence[PendingPassage], vectors: Vectors) -> None:
        """Write the vectors of `passages`, shape (len(passages), dimension)."""
        with self.store.transaction() as connection:
            connection.executemany(
                "UPDATE passage SET vector = ? WHERE key = ?",
                [
                    (vector.astype("<f2").tobytes(), passage.key)
                    for passage, vector in zip(passages, vectors, strict=True)
                ],
            )

    def model_key(self, identity: ModelIdentity, dimension: int) -> int:
        """The key of the model, which is recorded when it is new."""
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO model (name, revision, dimension) VALUES (?, ?, ?)",
                (identity.name, identity.revision, dimension),
            )
            return connection.execute(
                "SELECT key FROM model WHERE name = ? AND revision = ?", (identity.name, identity.revision)
            ).fetchone()[0]

    # --- the end -------------------------------------------------------------------------------------

    def commit(
        self, model_key: int | None, removed: Sequence[int], pruned: Sequence[int], read: FolderRead | None
    ) -> None:
        """Make the next generation the current one; with `model_key` None only note what was `read`.

        Passages of versions that died before the current generation are deleted: no question can reach them
        any more. The versions themselves stay readable, except those of `pruned` articles.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.store.transaction() as connection:
            if read:
                _note_read(connection, read, now)
            connection.executemany("UPDATE article SET origin = ? WHERE key = ?", self._moved)
            if model_key is None:
                return
            connection.execute(
                "UPDATE article SET died = :number WHERE died IS NULL AND born < :number"
                " AND id IN (SELECT id FROM article WHERE born = :number)",
                {"number": self.number},
            )
            gone = [(self.number, key) for key in (*removed, *pruned)]
            connection.executemany("UPDATE article SET died = ? WHERE key = ? AND died IS NULL", gone)
            connection.executemany(
                "UPDATE article SET pruned = 1 WHERE id = (SELECT id FROM article WHERE key = ?)",
                [(key,) for key in pruned],
            )
            connection.execute("INSERT INTO generation VALUES (?, ?, ?)", (self.number, model_key, now))
            _sweep(connection, self.current.number)


def _note_read(connection: sqlite3.Connection, read: FolderRead, now: str) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO file (name, folder, size, modified_ns, failures) VALUES (?, ?, ?, ?, ?)",
        [
            (
                file.name,
                read.folder,
                -1 if file.again else file.size,
                -1 if file.again else file.modified_ns,
                failures_text(file.failures),
            )
            for file in read.files
        ],
    )
    connection.executemany("DELETE FROM file WHERE name = ?", [(name,) for name in read.vanished])
    connection.execute("INSERT OR REPLACE INTO last_reload VALUES (1, ?, ?)", (now, failures_text(read.failures)))


def _sweep(connection: sqlite3.Connection, generation: int) -> None:
    """Delete what only generations before `generation` held."""
    for table in ("passage", "band"):
        connection.execute(
            f"DELETE FROM {table} WHERE article IN (SELECT key FROM article WHERE died = ?)", (generation,)
        )
    pruned = connection.execute("SELECT key FROM article WHERE pruned AND died <= ?", (generation,)).fetchall()
    _delete_versions(connection, [key for (key,) in pruned])


def forget_other_models(store: Store, current: Generation, wanted: ModelIdentity) -> None:
    """Delete what was embedded by models that are neither the current nor the wanted one."""
    rows = store.connection().execute("SELECT key, name, revision FROM model").fetchall()
    others = [
        key
        for key, name, revision in rows
        if key != current.model_key and (name, revision) != (wanted.name, wanted.revision)
    ]
    if others:
        with store.transaction() as connection:
            for statement in (
                "DELETE FROM passage WHERE model = ?",
                "DELETE FROM generation WHERE model = ?",
                "DELETE FROM model WHERE key = ?",
            ):
                connection.executemany(statement, [(key,) for key in others])


def _insert(
    connection: sqlite3.Connection, article: Article, content_hash: str, origin: str, born: int, copy_of: str | None
) -> int:
    cursor = connection.execute(
        "INSERT INTO article (id, hash, title, body, url, source, published, updated, key_points, instant, origin,"
        " sentences, born, summary_only, copy_of, seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            article.id,
            content_hash,
            article.title,
            article.body,
            article.url,
            article.source,
            day_text(article.published),
            day_text(article.updated),
            json.dumps(article.key_points),
            instant(article.published) if article.published else None,
            origin,
            packed_spans(sentence_spans(article.body)),
            born,
            article.summary_only,
            copy_of,
            datetime.now(UTC).isoformat(timespec="seconds"),
        ),
    )
    assert cursor.lastrowid is not None
    recognisable(connection, cursor.lastrowid, article.url, article.body)
    return cursor.lastrowid


def _delete_versions(connection: sqlite3.Connection, keys: Iterable[int]) -> None:
    rows = [(key,) for key in keys]
    for table, column in (("passage", "article"), ("band", "article"), ("article", "key")):
        connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", rows)


def packed_spans(spans: Sequence[tuple[int, int]]) -> bytes:
    """Sentence spans as they are stored: uint32 pairs, little endian."""
    return np.array(spans, "<u4").reshape(-1, 2).tobytes()
