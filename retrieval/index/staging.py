"""What a reload writes: the versions of the next generation, and the step that makes it current."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

from retrieval.article import Article, Failure
from retrieval.index.rows import delete_versions, insert, mend, note_language
from retrieval.index.sections import NEWS, Within, forget_empty, is_sectioned, is_shared, place, section_of_version
from retrieval.index.since import TOLD
from retrieval.index.store import LATER, NEXT, Generation, Store
from retrieval.index.stored import ARTICLE, stored_article
from retrieval.index.written import failures_text


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


@dataclass
class Staging:
    """The next generation in the making. Nothing of it is seen before `commit`.

    `kept` are the origins that are not read this time: their articles stay as they are, and their ids taken.
    With `patient` (of the folder), what is staged waits for its generation whatever other change comes before that, and
    what is merely new, if many, for one after the next (see `waiting.py`).
    `ending` are the keys of versions that the current generation is the last one to hold.
    """

    store: Store
    current: Generation
    kept: frozenset[str]
    patient: bool = False
    ending: set[int] = field(default_factory=set)
    closing: list[tuple[str, Sequence[object]]] = field(default_factory=list)
    """SQL with its parameters, to be run with the commit."""
    _seen: dict[str, str] = field(default_factory=dict)  # article id -> origin that gave it this time
    _became: dict[str, Literal["added", "updated", "unchanged", "promoted"]] = field(default_factory=dict)
    _staged: set[int] = field(default_factory=set)
    _refused: set[str] = field(default_factory=set)  # ids of what was staged and is not to be kept
    _moved: list[tuple[str, int]] = field(default_factory=list)  # new origins of live versions
    _folds: dict[int, bool] = field(default_factory=dict)  # by section: whether texts are folded into copies there

    @property
    def number(self) -> int:
        """The number of the generation in the making."""
        return self.current.number + 1

    @property
    def added(self) -> int:
        """How many articles are new."""
        return self._count("added")

    @property
    def updated(self) -> int:
        """How many articles say something else than before."""
        return self._count("updated")

    @property
    def unchanged(self) -> int:
        """How many of the articles that were put are as they were."""
        return self._count("unchanged")

    @property
    def writes(self) -> bool:
        """Whether there are new versions."""
        return bool(self._staged)

    @property
    def staged(self) -> list[int]:
        """The keys of the new versions."""
        return sorted(self._staged)

    def _count(self, what: str) -> int:
        return sum(became == what for became in self._became.values())

    @cached_property
    def sectioned(self) -> bool:
        """Whether there is more than one section, so that it has to be looked up which one a version is of."""
        return is_sectioned(self.store.connection())

    def holds(self, key: int, born: int) -> bool:
        """Whether the next generation, as far as it is made, holds a version that has not died."""
        return key not in self.ending and (born < self.number or key in self._staged)

    def holds_in(self, connection: sqlite3.Connection, section: int = NEWS) -> Within:
        """As `holds`, of the versions of one section."""
        if not self.sectioned:
            return Within(connection, holds=self.holds)
        folds = self._folds.setdefault(section, is_shared(connection, section))
        return Within(connection, holds=self.holds, section=section, alone=False, folds=folds)

    def put(
        self,
        connection: sqlite3.Connection,
        origin: str,
        article: Article,
        copy_of: str | None = None,
        section: int = NEWS,
    ) -> str | None:
        """Take in an article as `origin` has it now; returns the origin that has its id already, if any.

        `copy_of` is the id of the article that holds the same text: a copy gets no passages. The article has its id in
        the `section` (`sections.id_within`).
        """
        rows = connection.execute(
            "SELECT key, hash, origin, born, copy_of FROM article WHERE id = ? AND died IS NULL", (article.id,)
        ).fetchall()
        live = next((row for row in rows if row[3] < self.number), None)
        staged = next((row for row in rows if row[3] >= self.number), None)
        owner = self._seen.get(article.id) or (live[2] if live and live[2] in self.kept else None)
        if owner is not None:
            return owner
        self._seen[article.id] = origin
        content_hash = article.content_hash
        if live and (live[1], live[4]) == (content_hash, copy_of) and live[0] not in self.store.damaged:
            self._became[article.id] = "unchanged"
            note_language(connection, live[0], article.language)
            if live[2] != origin:
                self._moved.append((origin, live[0]))
            return None
        self._became[article.id] = "updated" if live else "added"
        if live:
            self.ending.add(live[0])
            if live[1] == content_hash and live[0] in self.store.damaged:
                mend(connection, live[0], article)  # for its history; the new version has passages that are whole
        if staged and (*staged[1:3], staged[4]) == (content_hash, origin, copy_of):
            self._staged.add(staged[0])  # an interrupted reload had come this far
            return None
        if staged:
            self._unstage(connection, staged[0])
        born = self.number if not self.patient else NEXT if live else LATER
        key = insert(connection, article, content_hash, origin, born, copy_of)
        place(connection, key, section)
        self._staged.add(key)
        return None

    def _unstage(self, connection: sqlite3.Connection, key: int) -> None:
        delete_versions(connection, [key])
        self._staged.discard(key)

    def drop_leftovers(self) -> None:
        """Forget what an interrupted change staged and is not staged now: of the folder's, its next reload decides."""
        until = LATER if self.patient else NEXT - 1
        rows = self.store.connection().execute(
            "SELECT key FROM article WHERE born BETWEEN ? AND ?", (self.number, until)
        )
        leftovers = [key for (key,) in rows if key not in self._staged]
        if leftovers:
            with self.store.transaction() as connection:
                delete_versions(connection, leftovers)

    def removed(self, vanished: Iterable[str], reread: Iterable[str]) -> list[int]:
        """Live versions whose file is gone, or was read to its end and no longer holds them."""
        rows = self.store.connection().execute(
            "SELECT key, id FROM article WHERE died IS NULL AND born < ?"
            " AND origin IN (SELECT value FROM json_each(?))",
            (self.number, json.dumps([*vanished, *reread])),
        )
        return [key for key, id_ in rows if id_ not in self._seen]

    def prune(self, expired: Sequence[int]) -> tuple[list[int], list[Article]]:
        """Let go of versions of the next generation: the keys of those that were live, and what is refused for it.

        What was staged is not embedded for nothing; of an update, the version before it goes too.
        """
        pruned: list[int] = []
        refused: list[Article] = []
        if not expired:
            return pruned, refused
        with self.store.transaction() as connection:
            for key in expired:
                if key not in self._staged:
                    pruned.append(key)
                    continue
                stored = self.store.articles([key])[key]
                id_ = stored.article.id
                refused.append(stored.article)
                rows = connection.execute(
                    "SELECT key FROM article WHERE id = ? AND born < ? AND died IS NULL", (id_, self.number)
                )
                pruned += [before for (before,) in rows]
                self._unstage(connection, key)
                self._refused.add(id_)
                self._became.pop(id_, None)
        self.ending.update(pruned)
        return pruned, refused

    def promote_copies(self, original_of: Callable[[Article, Within], str | None]) -> None:
        """Let copies stand for themselves whose original the next generation does not hold, or with another text.

        `original_of` gives the id of the article that holds the same text by then; None when there is none.
        """
        if not self.ending and not self._refused:
            return
        with self.store.transaction() as connection:
            ids = connection.execute(
                "SELECT id FROM article WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(self.ending)),)
            )
            rows = connection.execute(
                f"SELECT {ARTICLE}, a.born, a.origin, a.copy_of FROM article a WHERE a.died IS NULL"
                " AND a.copy_of IN (SELECT value FROM json_each(?)) ORDER BY a.key",
                (json.dumps([*(id_ for (id_,) in ids), *self._refused]),),
            )
            for *columns, born, origin, copy_of in rows.fetchall():
                if self.holds(columns[0], born) and (copy := stored_article(columns)):
                    section = section_of_version(connection, copy.key) if self.sectioned else NEWS
                    original = original_of(copy.article, self.holds_in(connection, section))
                    self._promote(connection, origin, copy.article, copy_of, original, section)

    def _promote(
        self,
        connection: sqlite3.Connection,
        origin: str,
        copy: Article,
        copy_of: str,
        original: str | None,
        section: int,
    ) -> None:
        if original == copy_of:
            return
        before = self._became.get(copy.id)
        self._seen.pop(copy.id, None)
        self.put(connection, origin, copy, original, section)
        self._became[copy.id] = before if before in ("added", "updated") else "promoted"

    # --- the end -------------------------------------------------------------------------------------

    def commit(
        self,
        model_key: int | None,
        keys: Sequence[int],
        removed: Sequence[int] = (),
        pruned: Sequence[int] = (),
        read: FolderRead | None = None,
    ) -> None:
        """Make the next generation, with the new versions `keys`, the current one; with `model_key` None only note
        what was `read`.

        Passages of versions that died before the current generation are deleted: no question can reach them
        any more. The versions themselves stay readable, except those of `pruned` articles.
        """
        self.current = self.store.generation()  # other changes may have had their turn
        now = datetime.now(UTC)
        with self.store.transaction() as connection:
            if read:
                _note_read(connection, read, now.isoformat(timespec="seconds"))
            for statement, parameters in self.closing:
                connection.execute(statement, parameters)
            connection.executemany("UPDATE article SET origin = ? WHERE key = ?", self._moved)
            if model_key is None:
                return
            connection.executemany(
                "UPDATE article SET born = ? WHERE key = ? AND born > ?",
                [(self.number, key, self.number) for key in keys],
            )
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
            committed = now.isoformat(timespec="microseconds")  # what was read before is told from what was read after
            connection.execute("INSERT INTO generation VALUES (?, ?, ?)", (self.number, model_key, committed))
            _sweep(connection, self.current.number)
        self.current = self.store.generation()


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
    """Delete what only generations before `generation` held, and note of what is indexed that it is gone."""
    connection.execute(
        "INSERT OR IGNORE INTO dead SELECT a.died, 'passage', p.key, a.born FROM article a"
        " JOIN passage p ON p.article = a.key WHERE a.died = ?",
        (generation,),
    )
    connection.execute(
        "INSERT OR IGNORE INTO dead SELECT died, 'article', key, born FROM article WHERE pruned AND died <= ?",
        (generation,),
    )
    connection.execute("DELETE FROM dead WHERE died < ?", (generation - TOLD,))
    for table in ("passage", "band", "line"):
        connection.execute(
            f"DELETE FROM {table} WHERE article IN (SELECT key FROM article WHERE died = ?)", (generation,)
        )
    pruned = connection.execute("SELECT key, id FROM article WHERE pruned AND died <= ?", (generation,)).fetchall()
    delete_versions(connection, [key for key, _ in pruned])
    connection.executemany(
        "DELETE FROM called WHERE article = ?1 AND NOT EXISTS (SELECT 1 FROM article WHERE id = ?1)",
        [(id_,) for _, id_ in pruned],
    )
    forget_empty(connection)
