"""A data folder of a wanted size out of one that has an index: a part of it, or its articles again and again.

    python benchmarks/sizes/making.py DATA_DIR TARGET PASSAGES

Runs with any checkout's `retrieval` on the path, and writes as that one's store has its tables. Each repetition is of
earlier days, with ids and headlines of its own and vectors that are turned away from the original's at random, by as
much as those of passages that say much the same (`TURNED`). Links between articles are repeated with them and count as
found, for to find them anew takes as long as the articles took to come. The program itself then indexes words.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from retrieval.article import instant
from retrieval.index.generations import Generations
from retrieval.index.store import ARTICLE, FILE, Store, stored_article
from retrieval.index.written import day_text

TURNED = 0.9  # cosine of a repeated passage's vector with the original's
APART = timedelta(days=3)  # by so much is each repetition earlier than the one before it
ROWS = 2_000  # written at once
OF_LIVING = "article IN (SELECT key FROM article WHERE died IS NULL)"

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is repeated: the living articles of a data folder, their passages, bands and links, as rows by column."""

    model: tuple[str, str, int]
    articles: list[Row]
    columns: dict[int, Sequence[object]]
    """Of each article, those of `ARTICLE`."""
    passages: dict[int, list[Row]]
    bands: dict[int, list[int]]
    links: list[Row]
    beside: dict[str, dict[int, Row]]
    """By table, and by article, the one row that says more of an article: its language, what its sentences hold."""


def kept_in(path: Path) -> Kept:
    """The newest generation of the store `path`, which may be written to meanwhile; it is only read."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row

    def rows(query: str) -> list[Row]:
        return [dict(row) for row in connection.execute(query)]

    (model,) = connection.execute("SELECT model FROM generation ORDER BY number DESC LIMIT 1").fetchone()
    passages: dict[int, list[Row]] = {}
    for row in rows(f"SELECT * FROM passage WHERE {OF_LIVING} AND model = {model} ORDER BY key"):  # noqa: S608
        passages.setdefault(int(str(row["article"])), []).append(row)
    bands: dict[int, list[int]] = {}
    for number, article in connection.execute(f"SELECT number, article FROM band WHERE {OF_LIVING}"):  # noqa: S608
        bands.setdefault(article, []).append(number)
    living = f"SELECT {ARTICLE} FROM article a WHERE died IS NULL"  # noqa: S608
    name = connection.execute("SELECT name, revision, dimension FROM model WHERE key = ?", (model,)).fetchone()
    return Kept(
        model=tuple(name),
        articles=rows("SELECT * FROM article WHERE died IS NULL AND copy_of IS NULL ORDER BY key"),
        passages=passages,
        bands=bands,
        links=rows("SELECT * FROM link WHERE died IS NULL"),
        columns={row[0]: tuple(row) for row in connection.execute(living)},
        beside={
            table: {int(str(row["article"])): row for row in rows(f"SELECT * FROM {table}")}  # noqa: S608
            for table in _beside(connection)
        },
    )


def _beside(connection: sqlite3.Connection) -> list[str]:
    """Those of the tables that say more of an article which a store has: it did not always."""
    known = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('line', 'language')"
    return [name for (name,) in connection.execute(known)]


def repeated(row: Row, columns: Sequence[object], turn: int) -> Row:
    """An article's row as the repetition `turn` has it; `columns` are those of `ARTICLE`."""
    again = {**row, "born": 1, "key": None}
    stored = stored_article(columns)
    assert stored is not None, f"{row['id']} is damaged"
    if turn == 0:
        return again
    article = stored.article
    days = [day - turn * APART if day else None for day in (article.published, article.updated)]
    article = replace(
        article, id=f"{article.id}#{turn}", title=f"{article.title} ({turn})", published=days[0], updated=days[1]
    )
    return again | {
        "id": article.id,
        "title": article.title,
        "hash": article.content_hash,
        "published": day_text(article.published),
        "updated": day_text(article.updated),
        "instant": instant(article.published) if article.published else None,
        "canonical": row["canonical"] and f"{row['canonical']}#{turn}",
    }


def turned(vectors: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Unit vectors with the cosine `TURNED` to those given, shape (rows, dimension)."""
    noise = random.standard_normal(vectors.shape, np.float32)
    noise -= np.sum(noise * vectors, axis=1, keepdims=True) * vectors
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    return (TURNED * vectors + np.sqrt(1 - TURNED**2) * noise).astype("<f2")


class Making:
    """Writes articles into a new store, with the keys that they get in it."""

    def __init__(self, store: Store, kept: Kept) -> None:
        self._kept, self._connection = kept, store.connection()
        self._random = np.random.default_rng(1)
        self._beside = _beside(self._connection)
        self.passages = 0

    def put(self, row: Row, turn: int) -> str:
        """One repetition of an article, with its passages and bands; its id."""
        before = int(str(row["key"]))
        again = repeated(row, self._kept.columns[before], turn)
        key = self._insert("article", again)
        passages = self._kept.passages.get(before, [])
        vectors = [each["vector"] for each in passages]
        if turn and passages:
            straight = np.frombuffer(b"".join(bytes(each) for each in vectors), "<f2").reshape(len(passages), -1)  # pyright: ignore[reportArgumentType]
            vectors = [vector.tobytes() for vector in turned(straight.astype(np.float32), self._random)]
        for each, vector in zip(passages, vectors, strict=True):
            digest = hashlib.blake2b(f"{turn} {each['key']}".encode(), digest_size=16).digest()
            self._insert("passage", {**each, "key": None, "article": key, "model": 1, "hash": digest, "vector": vector})
        self._connection.executemany(
            "INSERT OR IGNORE INTO band VALUES (?, ?)",
            [(number ^ (turn * 0x9E3779B9), key) for number in self._kept.bands.get(before, [])],
        )
        for table in self._beside:
            if more := self._kept.beside.get(table, {}).get(before):
                self._insert(table, {**more, "article": key})
        self._connection.execute("INSERT INTO numbered (article) VALUES (?)", (again["id"],))
        self.passages += len(passages)
        return str(again["id"])

    def link(self, ids: dict[str, str], earlier_by: float) -> None:
        """The links between the articles of a repetition: `ids` are theirs by the originals'."""
        for row in self._kept.links:
            if row["article"] not in ids or (row["earlier"] and row["earlier"] not in ids):
                continue
            moment = None if row["instant"] is None else float(str(row["instant"])) - earlier_by
            ends = {"article": ids[str(row["article"])], "earlier": row["earlier"] and ids[str(row["earlier"])]}
            self._insert("link", {**row, **ends, "key": None, "born": 1, "instant": moment})

    def _insert(self, table: str, row: Row) -> int | None:
        names = ", ".join(f'"{name}"' for name in row)
        query = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})"  # noqa: S608 (of our tables)
        return self._connection.execute(query, list(row.values())).lastrowid


def to_write(kept: Kept) -> Iterator[tuple[int, Row]]:
    """All articles, repetition after repetition, without end."""
    turn = 0
    while True:
        yield from ((turn, row) for row in kept.articles)
        turn += 1


def make(source: Path, target: Path, passages: int) -> dict[str, float]:
    """A data folder `target` with at least so many passages; how long the program took to index words."""
    kept = kept_in(source / FILE)
    store = Store(target / FILE)
    connection, making = store.connection(), Making(store, kept)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("INSERT INTO model VALUES (1, ?, ?, ?)", kept.model)
    ids: dict[str, str] = {}
    at = 0
    connection.execute("BEGIN")
    for written, (turn, row) in enumerate(to_write(kept), start=1):
        if turn != at or making.passages >= passages:
            making.link(ids, at * APART.total_seconds())
            ids, at = {}, turn
        if making.passages >= passages:
            break
        ids[str(row["id"])] = making.put(row, turn)
        if written % ROWS == 0:
            connection.execute("COMMIT")
            connection.execute("BEGIN")
    connection.execute("INSERT INTO generation VALUES (1, 1, ?)", (datetime.now(UTC).isoformat(timespec="seconds"),))
    connection.execute("INSERT INTO linked VALUES (1, 1)")
    connection.execute("COMMIT")
    began = time.perf_counter()
    generations = Generations(target, store)
    indexed = time.perf_counter() - began
    made = {"articles": generations.current().articles, "passages": len(generations.current().dense)}
    store.close()
    return {**made, "indexed": indexed}


if __name__ == "__main__":
    source, target, passages = sys.argv[1:]
    print(json.dumps(make(Path(source), Path(target), int(passages))))
