"""What has come into the store since a generation, and where its passages lie. Cost follows what has come."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import numpy as np

from retrieval.article import Day
from retrieval.index.store import LIVE, Store, StoredPassage
from retrieval.index.stored import ARTICLE, StoredArticle, stored_article
from retrieval.index.written import day_of

LATELY = 3 * 86_400
"""Seconds for which what was published is news to who has not read it yet."""
FIRST_READING = 3_600
"""Seconds that the first reading of a source may take."""

_SEEN = "CAST(strftime('%s', {}.seen) AS REAL)"
# A copy told its news when its original came, and so did what once was a copy, though that original has changed since.
_NO_COPY = (
    "a.copy_of IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM article b WHERE b.id = a.id AND (b.born <= :after OR b.copy_of IS NOT NULL))"
)
# Where a source is read first, its undated articles may be of any age; those that come later are what is new in it.
# What is in the folder was put there one by one, and each file is a source.
_NEW_IN_ITS_SOURCE = (
    f"(substr(a.origin, 1, 1) <> '/' OR coalesce((SELECT {_SEEN.format('b')} FROM article b WHERE b.origin = a.origin"
    f" AND b.died IS NULL ORDER BY b.key LIMIT 1), 0) < {_SEEN.format('a')} - {FIRST_READING})"
)
_PUBLISHED_LATELY = (
    f"(a.seen IS NULL OR a.instant >= {_SEEN.format('a')} - {LATELY} OR (a.instant IS NULL AND {_NEW_IN_ITS_SOURCE}))"
)


def arrived_since(store: Store, generation: int, after: int) -> dict[int, tuple[str, Day | None]]:
    """By the key of their version, id and date of the news of a generation that came after another, newest first.

    News is what was published lately when it came: what an archive holds, or a feed that was just added, is none.
    A copy of another article, a new version and one that is back did not come. Nor did what had been read before the
    first generation was there, however many generations later it is served: who began to wait by then waits for news.
    """
    rows = store.connection().execute(
        f"SELECT a.key, a.id, a.published FROM article a INDEXED BY article_born WHERE {LIVE}"
        f" AND a.born > :after AND {_NO_COPY} AND {_PUBLISHED_LATELY}"
        " AND (:after = 0 OR a.seen IS NULL OR a.seen >"
        " coalesce((SELECT committed FROM generation WHERE number = 1), ''))"
        " ORDER BY a.instant DESC NULLS LAST, a.key DESC",
        {"generation": generation, "after": after},
    )
    return {key: (id_, day_of(published)) for key, id_, published in rows}


def published_between(store: Store, after: int, generation: int) -> tuple[np.ndarray, np.ndarray]:
    """When those articles were published that a generation has and `after`, an earlier one, had not; and the reverse.

    Copies are left out; float64 seconds since 1970, -inf where undated.
    """

    def instants(index: str, which: str) -> np.ndarray:
        rows = store.connection().execute(
            f"SELECT coalesce(a.instant, -9e999) FROM article a INDEXED BY {index} WHERE {which} AND a.copy_of IS NULL",
            {"generation": generation, "after": after},
        )
        return np.fromiter((instant for (instant,) in rows), np.float64)

    came = instants("article_born", f"a.born > :after AND {LIVE}")
    return came, instants("article_died", "a.died > :after AND a.died <= :generation AND a.born <= :after")


def unseen(store: Store, ids: Collection[str], known: int | None) -> frozenset[str]:
    """Those of these articles of which no version was there in the generation `known`; none where that is None."""
    if known is None:
        return frozenset()
    rows = store.connection().execute(
        "SELECT id FROM article WHERE id IN (SELECT value FROM json_each(?)) GROUP BY id HAVING min(born) > ?",
        (json.dumps(list(ids)), known),
    )
    return frozenset(id_ for (id_,) in rows)


def articles_by_id(store: Store, generation: int, ids: Collection[str]) -> dict[str, StoredArticle]:
    """The articles of a generation with these ids, by id; those that it does not hold are left out."""
    rows = store.connection().execute(
        f"SELECT {ARTICLE} FROM article a WHERE {LIVE} AND a.id IN (SELECT value FROM json_each(:ids))",
        {"generation": generation, "ids": json.dumps(list(ids))},
    )
    return {stored.article.id: stored for row in rows.fetchall() if (stored := stored_article(row))}


def embedded_passages(
    store: Store, keys: Sequence[int], model_key: int | None
) -> tuple[list[StoredPassage], np.ndarray]:
    """The passages of article versions that a model embedded, and their vectors, float32, row by row."""
    rows = (
        store.connection()
        .execute(
            'SELECT key, article, start, "end", vector FROM passage'
            " WHERE article IN (SELECT value FROM json_each(:keys)) AND model = :model"
            " AND length(vector) = (SELECT 2 * dimension FROM model WHERE key = :model)",
            {"keys": json.dumps(list(keys)), "model": model_key},
        )
        .fetchall()
    )
    vectors = np.frombuffer(b"".join(row[-1] for row in rows), "<f2").astype(np.float32)
    passages = [StoredPassage(key=key, article=article, start=start, end=end) for key, article, start, end, _ in rows]
    return passages, vectors.reshape(len(rows), -1) if rows else vectors
