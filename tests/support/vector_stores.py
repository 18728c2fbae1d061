"""A store of articles with nothing but vectors, and what finds passages by them: FAISS, and a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from retrieval.index.by_meaning import Dense, Mask
from retrieval.index.loading import nothing_yet
from retrieval.index.since import columns, died_passages
from retrieval.index.store import Store
from retrieval.replicas.vectors import SharedVectors

OF_AN_ARTICLE = 5  # passages


def unit(vectors: np.ndarray) -> np.ndarray:
    """The vectors in the length and precision that are stored."""
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype("<f2")


def about_topics(count: int, dimension: int, seed: int) -> np.ndarray:
    """Vectors as texts have them: some topics, more and less written about, and what is said of each."""
    random = np.random.default_rng(seed)
    topics = np.random.default_rng(0).normal(size=(60, dimension))
    of = random.zipf(1.3, size=count) % len(topics)
    return unit(topics[of] + 0.9 * random.normal(size=(count, dimension)))


class VectorStore:
    """A store in `folder`, whose generations are made of vectors alone; it may be `made` already."""

    def __init__(self, folder: Path, dimension: int, *, made: bool = False) -> None:
        self.store = Store(folder / "articles.sqlite3")
        self._dimension = dimension
        if not made:
            self.model("first")

    def model(self, name: str) -> None:
        """Embed by this model from now on."""
        with self.store.transaction() as connection:
            query = "INSERT INTO model (name, revision, dimension) VALUES (?, '1', ?) RETURNING key"
            (self._model,) = connection.execute(query, (name, self._dimension)).fetchone()

    def commit(self, added: np.ndarray, gone: Sequence[int] = ()) -> list[int]:
        """A generation with these vectors and without the articles with these keys; the keys of the articles added."""
        number, made = self.store.generation().number + 1, datetime.now(UTC).isoformat(timespec="microseconds")
        articles: list[int] = []
        with self.store.transaction() as connection:
            for at in range(0, len(added), OF_AN_ARTICLE):
                (article,) = connection.execute(
                    "INSERT INTO article (born, id, hash, origin, title, key_points, sentences, body)"
                    " VALUES (?, ?, '', '/', '', '[]', x'', '') RETURNING key",
                    (number, f"{number}.{at}"),
                ).fetchone()
                articles.append(article)
                connection.executemany(
                    "INSERT INTO passage (article, model, start, \"end\", hash, vector) VALUES (?, ?, 0, 1, x'', ?)",
                    [(article, self._model, each.tobytes()) for each in added[at : at + OF_AN_ARTICLE]],
                )
            connection.executemany("UPDATE article SET died = ? WHERE key = ?", [(number, key) for key in gone])
            connection.execute("INSERT INTO generation VALUES (?, ?, ?)", (number, self._model, made))
        return articles

    def sweep(self) -> None:
        """Delete what died, as is done some time later."""
        with self.store.transaction() as connection:
            died = "FROM article a JOIN passage p ON p.article = a.key WHERE a.died IS NOT NULL"
            connection.execute(
                f"INSERT INTO dead (died, kind, key, born) SELECT a.died, 'passage', p.key, a.born {died}"
            )
            connection.execute(f"DELETE FROM passage WHERE key IN (SELECT p.key {died})")

    def living(self) -> list[int]:
        """The keys of the passages of the newest generation."""
        generation = self.store.generation()
        return [key for chunk in columns(self.store, generation) for key in chunk.keys.tolist()]

    def index(self, vectors: SharedVectors | None, base: tuple[int, Dense] | None = None) -> Dense:
        """The newest generation, of FAISS's or the database's, made of that of an earlier number where there is one."""
        generation = self.store.generation()
        number, before = base or (0, nothing_yet(self.store, vectors)(generation))
        added = ((chunk.keys, chunk.vectors) for chunk in columns(self.store, generation, number))
        return before.changed(added, died_passages(self.store, generation, number))


def held_keys(vectors: SharedVectors) -> list[int]:
    """The keys of all vectors in the database."""
    with vectors.writing() as writing:
        return writing.keys().tolist()


def found(index: Dense, query: np.ndarray, limit: int, allowed: Mask | None = None) -> list[int]:
    """The keys of what is nearest."""
    return [key for key, _ in index.search(query.astype(np.float32), limit, allowed)]


def recall(exact: Dense, other: Dense, queries: np.ndarray, limit: int, share: float = 1.0) -> float:
    """Of what is nearest to each of some vectors, how much another index finds; of a random share of all passages."""
    row_of = {key: row for row, key in enumerate(other.keys.tolist())}
    allowed = np.random.default_rng(5).random(len(exact.keys)) < share
    allowed_there = np.zeros(len(other.keys), np.bool_)
    kept = [row_of[key] for key in exact.keys[allowed].tolist() if key in row_of]
    allowed_there[kept] = True
    hits = total = 0
    for query in queries:
        wanted = found(exact, query, limit, allowed)
        hits += len(set(wanted) & set(found(other, query, limit, allowed_there)))
        total += len(wanted)
    return hits / total
