"""The rows of a version of an article in the store: written, mended, and deleted with all that hangs on them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import numpy as np

from retrieval.article import Article, instant
from retrieval.index.store import LATER
from retrieval.index.written import day_text, layout_text
from retrieval.text.addresses import own_address
from retrieval.text.sentences import sentence_spans
from retrieval.text.shingles import bands
from retrieval.text.tongues import language_of


def mend(connection: sqlite3.Connection, key: int, article: Article) -> None:
    """Have a version that is damaged hold what was once written."""
    columns = {
        "title": article.title,
        "body": article.body,
        "url": article.url,
        "source": article.source,
        "published": day_text(article.published),
        "updated": day_text(article.updated),
        "key_points": json.dumps(article.key_points),
        "summary_only": article.summary_only,
        "sentences": packed_spans(sentence_spans(article.body, article.language)),
    }
    connection.execute(
        f"UPDATE article SET {', '.join(f'{name} = :{name}' for name in columns)} WHERE key = :key",
        {**columns, "key": key},
    )
    connection.execute("DELETE FROM line WHERE article = ?", (key,))  # of what it was not; it is found anew


def insert(
    connection: sqlite3.Connection, article: Article, content_hash: str, origin: str, born: int, copy_of: str | None
) -> int:
    """Write a version; its key. What waits (`LATER`) has nothing but its text yet."""
    language = article.language
    if born != LATER and language is None:  # else when its turn comes, as what takes longer than all else
        language = language_of(f"{article.title}\n{article.body}") or ""
    cursor = connection.execute(
        "INSERT INTO article (id, hash, title, body, url, source, published, updated, key_points, instant, origin,"
        " sentences, born, summary_only, copy_of, seen, canonical, layout)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            b"" if born == LATER else packed_spans(sentence_spans(article.body, language)),
            born,
            article.summary_only,
            copy_of,
            datetime.now(UTC).isoformat(timespec="microseconds"),
            own_address(article.url),
            layout_text(article.layout),
        ),
    )
    key = cursor.lastrowid
    assert key is not None
    if born != LATER:
        numbers = bands(article.body)
        connection.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", [(each, key) for each in numbers])
    note_language(connection, key, language)
    return key


def note_language(connection: sqlite3.Connection, key: int, language: str | None) -> None:
    """Keep in which language a version is, '' where it cannot be told and None where nobody looked: that makes no
    other version of it. What its sentences hold is found anew where that was another one."""
    if language is not None:
        connection.execute(
            "DELETE FROM line WHERE article = ?1 AND EXISTS (SELECT 1 FROM language WHERE article = ?1 AND code <> ?2)",
            (key, language),
        )
        connection.execute(
            "INSERT INTO language VALUES (?, ?) ON CONFLICT (article) DO UPDATE SET code = excluded.code"
            " WHERE code <> excluded.code",
            (key, language),
        )


def delete_versions(connection: sqlite3.Connection, keys: Iterable[int]) -> None:
    """Delete versions, with all that hangs on them."""
    rows = [(key,) for key in keys]
    pairs = "DELETE FROM twin WHERE other = ?1 AND article IN (SELECT other FROM twin WHERE article = ?1)"
    connection.executemany(pairs, rows)
    for table in ("passage", "band", "line", "language", "placed", "twin"):
        connection.executemany(f"DELETE FROM {table} WHERE article = ?", rows)
    connection.executemany("DELETE FROM article WHERE key = ?", rows)


def packed_spans(spans: Sequence[tuple[int, int]]) -> bytes:
    """Sentence spans as they are stored: uint32 pairs, little endian."""
    return np.array(spans, "<u4").reshape(-1, 2).tobytes()
