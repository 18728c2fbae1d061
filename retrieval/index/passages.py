"""The passages that a reload cuts, the vectors that it gives them, and the models that the vectors are of."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.errors import ModelUnavailable
from retrieval.index.embed import ModelIdentity, Vectors
from retrieval.index.sections import id_anywhere
from retrieval.index.store import NEXT, Generation, Store, StoredPassage
from retrieval.index.stored import StoredArticle


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage to write: its span in the body, and `text` as it will be embedded."""

    start: int
    end: int
    text: str


def model_key(store: Store, identity: ModelIdentity, dimension: int) -> int:
    """The key of the model, which is recorded when it is new.

    Raises `ModelUnavailable` where the same model gave vectors of another dimension before.
    """
    with store.transaction() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO model (name, revision, dimension) VALUES (?, ?, ?)",
            (identity.name, identity.revision, dimension),
        )
        key, known = connection.execute(
            "SELECT key, dimension FROM model WHERE name = ? AND revision = ?", (identity.name, identity.revision)
        ).fetchone()
    if known != dimension:
        raise ModelUnavailable(
            f"The embedding model {identity.name!r} gives vectors of {dimension} components, where it gave {known} "
            "before: name the model that the index was made with in EMBEDDING_MODEL, or another one."
        )
    return key


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


def uncut(store: Store, model: int, keys: Sequence[int]) -> list[int]:
    """Those of the versions `keys` that have no passages for the model yet."""
    rows = store.connection().execute(
        "SELECT a.key FROM article a WHERE a.died IS NULL AND a.copy_of IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM passage p WHERE p.article = a.key AND p.model = :model)"
        " AND a.key IN (SELECT value FROM json_each(:keys)) ORDER BY a.key",
        {"model": model, "keys": json.dumps(keys)},
    )
    return [key for (key,) in rows]


def put_passages(
    connection: sqlite3.Connection, model: int, stored: StoredArticle, passages: Sequence[NewPassage]
) -> None:
    """Write the passages of a version; those that its predecessor, or the same article in another section, had word for
    word keep their vector."""
    known = dict(
        connection.execute(
            "SELECT p.hash, p.vector FROM passage p JOIN article a ON a.key = p.article"
            " JOIN model m ON m.key = p.model AND length(p.vector) = 2 * m.dimension"
            " WHERE (a.id IN (:id, :own) OR (a.id > :own || ' [' AND a.id < :own || ' [:')) AND p.model = :model",
            {"id": stored.article.id, "own": id_anywhere(stored.article.id), "model": model},
        ).fetchall()
    )
    for passage in passages:
        digest = hashlib.blake2b(passage.text.encode(), digest_size=16).digest()
        connection.execute(
            'INSERT INTO passage (article, model, start, "end", hash, vector) VALUES (?, ?, ?, ?, ?, ?)',
            (stored.key, model, passage.start, passage.end, digest, known.get(digest)),
        )


def renew_keys(store: Store, model: int, keys: Sequence[int]) -> None:
    """Give those passages of the versions `keys` that no generation holds yet keys later than any, in their order.

    For keys of passages ascend from generation to generation, and others may have come since these were cut.
    """
    rows = (
        store.connection()
        .execute(
            "SELECT p.key FROM passage p JOIN article a ON a.key = p.article WHERE a.born >= ? AND p.model = ?"
            " AND a.key IN (SELECT value FROM json_each(?)) ORDER BY p.key",
            (NEXT, model, json.dumps(keys)),
        )
        .fetchall()
    )
    if rows:
        columns = 'article, model, start, "end", hash, vector'
        with store.transaction() as connection:
            connection.executemany(f"INSERT INTO passage ({columns}) SELECT {columns} FROM passage WHERE key = ?", rows)
            connection.executemany("DELETE FROM passage WHERE key = ?", rows)


def pending(store: Store, model: int, keys: Sequence[int]) -> list[int]:
    """The passages of the versions `keys` that wait to be embedded, in the order of their keys."""
    rows = store.connection().execute(
        "SELECT key FROM passage INDEXED BY passage_pending WHERE vector IS NULL AND model = ?"
        " AND article IN (SELECT value FROM json_each(?)) ORDER BY key",
        (model, json.dumps(keys)),
    )
    return [key for (key,) in rows]


def put_vectors(store: Store, passages: Sequence[StoredPassage], vectors: Vectors) -> None:
    """Write the vectors of `passages`, shape (len(passages), dimension)."""
    with store.transaction() as connection:
        connection.executemany(
            "UPDATE passage SET vector = ? WHERE key = ?",
            [(vector.astype("<f2").tobytes(), passage.key) for passage, vector in zip(passages, vectors, strict=True)],
        )
