"""Whether an article that arrives is known already: by its id, its address, or what it says."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from retrieval.article import Article
from retrieval.duplicates import bands, same_report, shingles
from retrieval.sources.identity import canonical_url

STAYS_OUT = "was removed and stays out; `quotewire restore` brings it back"


@dataclass(frozen=True, slots=True)
class Known:
    """The article of the next generation that another one turns out to be, and what it was recognised by."""

    id: str
    origin: str
    source: str | None
    canonical: str | None
    summary_only: bool
    by: Literal["id", "address", "text"]


_KNOWN = "SELECT id, origin, source, canonical, summary_only FROM article"


def recognised(connection: sqlite3.Connection, article: Article) -> Known | None:
    """What `article` is known as; None when it is new."""
    row = connection.execute(f"{_KNOWN} WHERE id = ? AND died IS NULL", (article.id,)).fetchone()
    if row:
        return _known(row, "id")
    if article.url:
        address = canonical_url(article.url)
        row = connection.execute(f"{_KNOWN} WHERE canonical = ? AND died IS NULL", (address,)).fetchone()
        if row:
            return _known(row, "address")
    return same_text(connection, article)


def same_text(connection: sqlite3.Connection, article: Article, without: Collection[int] = ()) -> Known | None:
    """The article, of another id and no copy itself, that holds the same report; the earliest read one if several.

    `without` are keys of versions that the next generation does not hold.
    """
    runs = shingles(article.body)
    if not runs:
        return None
    rows = connection.execute(
        "SELECT DISTINCT a.key, a.body FROM band b JOIN article a ON a.key = b.article"
        " WHERE b.number IN (SELECT value FROM json_each(?))"
        " AND a.died IS NULL AND a.copy_of IS NULL AND a.id <> ? ORDER BY a.key",
        (json.dumps(bands(article.body)), article.id),
    )
    for key, body in rows:
        if key not in without and same_report(runs, shingles(body)):
            return _known(connection.execute(f"{_KNOWN} WHERE key = ?", (key,)).fetchone(), "text")
    return None


def withdrawn(connection: sqlite3.Connection, article: Article) -> bool:
    """Whether the article was taken out by hand, or by its publisher, and is not to come back."""
    address = canonical_url(article.url) if article.url else None
    row = connection.execute("SELECT 1 FROM withdrawn WHERE id = ? OR canonical = ?", (article.id, address)).fetchone()
    return row is not None


def _known(row: tuple, by: Literal["id", "address", "text"]) -> Known:
    id_, origin, source, canonical, summary_only = row
    return Known(id_, origin, source, canonical, bool(summary_only), by)
