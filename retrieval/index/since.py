"""What a generation holds that an earlier one did not, and what of that one it holds no more."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from retrieval.index.embed import Vectors
from retrieval.index.sight import LIVE
from retrieval.index.store import Generation, Store
from retrieval.index.stored import FILE

logger = logging.getLogger(__name__)

CHUNK = 8_192  # passages read at a time: 6 MB of vectors
TOLD = 1_000
"""For so many generations it is known what died."""


@dataclass(frozen=True, slots=True)
class PassageColumns:
    """Passages as columns of equal length, by ascending key. `owners` are the keys of their articles' versions;
    `instants` are -inf where undated."""

    keys: np.ndarray
    owners: np.ndarray
    instants: np.ndarray
    sources: tuple[str, ...]
    languages: tuple[str, ...]
    vectors: Vectors


def columns(store: Store, generation: Generation, after: int = 0) -> Iterator[PassageColumns]:
    """The passages of a generation that were not in generation `after`, in chunks, by ascending key."""
    rows = store.connection().execute(
        "SELECT p.key, coalesce(a.instant, -9e999), coalesce(a.source, ''), p.vector, a.key,"
        " coalesce((SELECT code FROM language WHERE article = a.key), '')"
        f" FROM {_joined(after)} WHERE {LIVE} AND a.born > :after AND p.model = :model ORDER BY p.key",
        {"generation": generation.number, "after": after, "model": generation.model_key},
    )
    size, damaged = 2 * generation.dimension, 0
    while chunk := rows.fetchmany(CHUNK):
        whole = [row for row in chunk if row[3] is not None and len(row[3]) == size]
        if len(whole) < len(chunk):
            damaged += len(chunk) - len(whole)
            store.damaged |= {row[4] for row in chunk} - {row[4] for row in whole}
        if not whole:
            continue
        keys, instants, sources, vectors, owners, languages = zip(*whole, strict=True)
        yield PassageColumns(
            keys=np.array(keys, np.int64),
            owners=np.array(owners, np.int64),
            instants=np.array(instants, np.float64),
            sources=sources,
            languages=languages,
            vectors=np.frombuffer(b"".join(vectors), "<f2").reshape(len(keys), generation.dimension),
        )
    if damaged:
        logger.error(
            "%d passages have damaged vectors and are not found: `quotewire reload` embeds those of the folder "
            "anew; for others restore a backup of %s",
            *(damaged, FILE),
        )


def _joined(after: int) -> str:
    # Left alone, SQLite walks all passages in order of their key. That is right for a whole generation;
    # for what a small reload added it has to begin with the few articles, which CROSS JOIN makes it do.
    return f"article a {'CROSS JOIN' if after else 'JOIN'} passage p ON p.article = a.key"


def passage_texts(
    store: Store, generation: Generation, after: int = 0
) -> Iterator[tuple[int, str, float | None, str, str | None, int]]:
    """Passage key, headline and text, instant, outlet, language and section of the passages new since `after`."""
    articles = store.connection().execute(
        "SELECT a.key, a.title, a.body, a.instant, coalesce(a.source, ''), nullif(l.code, ''),"
        " coalesce(p.section, 0) FROM article a LEFT JOIN language l ON l.article = a.key"
        f" LEFT JOIN placed p ON p.article = a.key WHERE {LIVE} AND a.born > :after",
        {"generation": generation.number, "after": after},
    )
    for article, title, body, instant, source, language, section in articles:
        passages = store.connection().execute(
            'SELECT key, start, "end" FROM passage WHERE article = ? AND model = ? ORDER BY key',
            (article, generation.model_key),
        )
        for key, start, end in passages:
            yield key, f"{title}\n{body[start:end]}", instant, source, language, section


def died_passages(store: Store, generation: Generation, after: int) -> list[int]:
    """Keys of the passages that generation `after` had and this one has no more."""
    rows = store.connection().execute(
        "SELECT p.key FROM article a JOIN passage p ON p.article = a.key"
        " WHERE a.died > :after AND a.died <= :generation AND a.born <= :after",
        {"generation": generation.number, "after": after},
    )
    return [*(key for (key,) in rows), *swept(store, "passage", generation.number, after)]


def swept(store: Store, kind: str, generation: int, after: int) -> list[int]:
    """Keys of the passages, or articles, that are gone from the file itself and that `after` may have had."""
    query = "SELECT key FROM dead WHERE died > ? AND died <= ? AND kind = ? AND born <= ?"
    return [key for (key,) in store.connection().execute(query, (after, generation, kind, after))]


def can_tell_since(store: Store, number: int) -> bool:
    """Whether it is known what has changed since generation `number`."""
    (first,) = (
        store.connection()
        .execute(
            "SELECT max(d.generation, (SELECT coalesce(max(number), 0) FROM generation) - ?) FROM dead_since d", (TOLD,)
        )
        .fetchone()
    )
    return number >= first
