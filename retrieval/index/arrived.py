"""What has come into the store since a generation, and where its passages lie. Cost follows what has come."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import numpy as np

from retrieval.article import Day
from retrieval.index.sight import SECTION, Sight, listed
from retrieval.index.store import Store, StoredPassage
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
    f" AND b.died IS NULL AND {{within}} ORDER BY b.key LIMIT 1), 0) < {_SEEN.format('a')} - {FIRST_READING})"
)
_PUBLISHED_LATELY = (
    f"(a.seen IS NULL OR a.instant >= {_SEEN.format('a')} - {LATELY} OR (a.instant IS NULL AND {_NEW_IN_ITS_SOURCE}))"
)


def arrived_since(store: Store, sight: Sight, after: int) -> dict[int, tuple[str, Day | None]]:
    """By the key of their version, id and date of the news that came to a reader after a generation, newest first.

    News is what was published lately when it came: what an archive holds, or a feed that was just added, is none.
    A copy of another article, a new version and one that is back did not come. Nor did what had been read before the
    first generation was there, however many generations later it is served: who began to wait by then waits for news.
    What a section held that the reader has joined since came when it joined.
    """
    # A generation may have been looked at before something was joined in it. Who tells the news tells none twice.
    joined = {section: when for section, (since, when) in sight.joined.items() if since >= after}
    within = "true"  # what others read of a source, and since when, tells nothing of what is new to this reader
    if sight.sections is not None:
        within = f"{SECTION.replace('a.', 'b.')} IN ({listed(sight.sections)})"
    lately = _PUBLISHED_LATELY.format(within=within)
    came = f"SELECT a.key, a.id, a.published, a.instant FROM article a INDEXED BY article_born WHERE {sight.live}"
    came += (
        f" AND {sight.original} AND a.born > :after AND {_NO_COPY} AND {lately}"
        " AND (:after = 0 OR a.seen IS NULL OR a.seen >"
        " coalesce((SELECT committed FROM generation WHERE number = 1), ''))"
    )
    if joined:
        came += (
            " UNION SELECT a.key, a.id, a.published, a.instant FROM json_each(:joined) j"
            " CROSS JOIN placed p ON p.section = CAST(j.key AS INTEGER) CROSS JOIN article a ON a.key = p.article"
            f" WHERE {sight.live} AND {sight.original} AND a.instant >= j.value - {LATELY}"
        )
    rows = (
        store.connection()
        .execute(
            f"SELECT * FROM ({came}) ORDER BY instant DESC NULLS LAST, key DESC",
            {**sight.values, "after": after, "joined": json.dumps(joined)},
        )
        .fetchall()
    )
    known = _told_before(store, sight, after, joined, [id_ for _, id_, *_ in rows])
    return {key: (id_, day_of(published)) for key, id_, published, _ in rows if id_ not in known}


def _told_before(
    store: Store, sight: Sight, after: int, joined: Collection[int], ids: Collection[str]
) -> frozenset[str]:
    """Those of these articles that the reader had by the generation `after` in another section, not one `joined`."""
    beside = {key: id_ for key, id_ in sight.stood_for.items() if id_ in {*ids}}
    if not beside:
        return frozenset()
    rows = store.connection().execute(
        "SELECT a.key FROM article a WHERE a.key IN (SELECT value FROM json_each(:keys)) AND EXISTS"
        " (SELECT 1 FROM article b WHERE b.id = a.id AND b.born <= :after)"
        f" AND {SECTION} NOT IN ({listed(joined)})",
        {"keys": json.dumps([*beside]), "after": after},
    )
    return frozenset(beside[key] for (key,) in rows)


def unseen(store: Store, sight: Sight, ids: Collection[str], known: int | None) -> frozenset[str]:
    """Those of these articles that a reader had no version of in the generation `known`; none where that is None."""
    if known is None:
        return frozenset()
    joined = [section for section, (since, _) in sight.joined.items() if since > known]
    rows = store.connection().execute(
        "SELECT a.id FROM article a WHERE a.id IN (SELECT value FROM json_each(:ids)) GROUP BY a.id HAVING"
        f" min(a.born) > :known OR min({SECTION}) IN ({listed(joined)})",
        {"ids": json.dumps(list(ids)), "known": known},
    )
    found = frozenset(id_ for (id_,) in rows)
    return found - _told_before(store, sight, known, joined, found)


def articles_by_id(store: Store, sight: Sight, ids: Collection[str]) -> dict[str, StoredArticle]:
    """The articles with these ids, by id; those that are not seen are left out."""
    rows = store.connection().execute(
        f"SELECT {ARTICLE} FROM article a WHERE {sight.live} AND a.id IN (SELECT value FROM json_each(:ids))",
        {**sight.values, "ids": json.dumps(list(ids))},
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
